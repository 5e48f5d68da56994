// The built page in a real browser: it reads what is pasted, shows hostile text as text, and asks nobody for anything.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(here);
const page = readFileSync(join(here, "dist", "index.html"));
const LIMIT = { timeout: 60_000 };

const requests = [];
const server = createServer((request, response) => {
  requests.push(request.url);
  response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
  response.end(request.url === "/" ? page : "");
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
after(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
});

/** Opens the page; what it asks for and complains of is kept. */
async function open(options = {}) {
  const tab = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options });
  const asked = [];
  const complaints = [];
  tab.on("request", (request) => asked.push(request.url()));
  tab.on("console", (message) => complaints.push(message.text()));
  tab.on("pageerror", (error) => complaints.push(String(error)));
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.getByRole("status").filter({ hasText: "nothing to read yet" }).waitFor();
  return { tab, asked, complaints };
}

async function paste(tab, text) {
  // Cleared first: what is waited for must not be the answer to the text before.
  await tab.getByRole("button", { name: "Clear" }).click();
  await tab.locator("#text").fill(text);
  await tab.getByRole("status").filter({ hasText: /failure|too long/ }).waitFor();
}

/** `GUWU_SCREENSHOTS=folder` keeps pictures for a person to look at. */
async function picture(tab, name) {
  if (process.env.GUWU_SCREENSHOTS) await tab.screenshot({ path: join(process.env.GUWU_SCREENSHOTS, `${name}.png`) });
}

const fixture = (name) => readFileSync(join(root, "tests", "fixtures", name), "utf8");

test("a pasted trace is shown with its frames, fingerprint, pattern and advice", LIMIT, async () => {
  const { tab, asked, complaints } = await open();
  await paste(tab, fixture("python/library.txt"));
  const [expected] = JSON.parse(fixture("python/library.json"));
  const article = tab.locator("article");
  assert.equal(await article.count(), 1);
  assert.equal(await article.locator(".title").textContent(), expected.title);
  assert.match(await article.locator(".facts").textContent(), new RegExp(expected.fingerprint));
  assert.match(await article.locator(".facts").textContent(), new RegExp(expected.pattern));
  assert.equal(await article.locator(".frames li").count(), 5);
  assert.deepEqual(await article.locator(".frames li.own .function").allTextContents(), [
    "<module>in-app",
    "read_settingsin-app",
  ]);
  assert.ok((await article.locator(".advice").textContent()).length > 50);
  await picture(tab, "library-light");
  assert.deepEqual(complaints, []);
  assert.equal(asked.length, 1);
  await tab.close();
});

test("every fixture reads as on the command line", LIMIT, async () => {
  const { tab } = await open();
  for (const platform of ["python", "js"]) {
    for (const name of readdirSync(join(root, "tests", "fixtures", platform)).filter((file) => file.endsWith(".json"))) {
      const expected = JSON.parse(fixture(`${platform}/${name}`));
      await paste(tab, fixture(`${platform}/${name.replace(".json", ".txt")}`));
      const shown = (await tab.locator("article details:last-of-type pre").allTextContents()).map((text) => JSON.parse(text));
      for (const failure of shown) failure.origin.source = expected[0].origin.source;
      assert.deepEqual(shown, expected, name);
    }
  }
  await tab.close();
});

test("hostile text stays text", LIMIT, async () => {
  const { tab, asked, complaints } = await open();
  const bad = `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script><a href="javascript:window.hurt=1">x</a>`;
  await paste(
    tab,
    `Traceback (most recent call last):\n  File "/srv/${bad}.py", line 1, in ${bad}\n    ${bad}\nValueError: ${bad}\n\u202e\u0000${bad}\n`,
  );
  const results = tab.locator("#results");
  assert.equal(await results.locator("img, script, a, iframe, svg, style, form").count(), 0);
  assert.match(await results.textContent(), /<img src=x onerror=/);
  assert.equal(await tab.evaluate(() => window.hurt), undefined);
  assert.deepEqual(complaints, []);
  assert.equal(asked.length, 1);
  await picture(tab, "hostile");
  await tab.close();
});

test("the browser itself forbids markup from text and any connection", LIMIT, async () => {
  const { tab, asked } = await open();
  const outcome = await tab.evaluate(async () => {
    const tried = {};
    try {
      document.body.innerHTML = "<p>x</p>";
      tried.markup = "allowed";
    } catch {
      tried.markup = "refused";
    }
    tried.fetch = await fetch("/leak").then(
      () => "allowed",
      () => "refused",
    );
    tried.image = await new Promise((done) => {
      const image = new Image();
      image.onload = () => done("allowed");
      image.onerror = () => done("refused");
      image.src = "/leak.png";
    });
    return tried;
  });
  assert.deepEqual(outcome, { markup: "refused", fetch: "refused", image: "refused" });
  assert.ok(!requests.some((path) => path.includes("leak")), String(requests));
  assert.equal(asked.filter((url) => !url.includes("leak")).length, 1);
  await tab.close();
});

test("a log of several records shows several failures, and library frames can be hidden", LIMIT, async () => {
  const { tab } = await open({ colorScheme: "dark" });
  await tab.getByRole("button", { name: "a log" }).click();
  await tab.getByRole("status").filter({ hasText: "3 failures" }).waitFor();
  assert.equal(await tab.locator("article").count(), 3);
  await picture(tab, "log-dark");
  await paste(tab, fixture("js/cause.txt"));
  await picture(tab, "cause-dark");
  const foreign = tab.locator(".frames li.foreign").first();
  assert.ok(await foreign.isVisible());
  await tab.getByRole("checkbox").check();
  assert.ok(!(await foreign.isVisible()));
  await tab.close();
});

test("a dropped file and a chosen file are read", LIMIT, async () => {
  const { tab } = await open();
  const file = join(tmpdir(), `guwu-page-${process.pid}.log`);
  writeFileSync(file, fixture("js/uncaught.txt"));
  await tab.locator("#file").setInputFiles(file);
  await tab.getByRole("status").filter({ hasText: "guwu-page" }).waitFor();
  assert.equal(await tab.locator("article").count(), 1);
  const transfer = await tab.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.log"));
    return data;
  }, fixture("python/chained.txt"));
  await tab.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  assert.ok(await tab.locator("#drop").isVisible());
  await tab.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await tab.getByRole("status").filter({ hasText: "dropped.log" }).waitFor();
  assert.ok(!(await tab.locator("#drop").isVisible()));
  assert.equal(await tab.locator("section.exception").count(), 3);
  await tab.close();
});

test("everything can be reached and used from the keyboard", LIMIT, async () => {
  const { tab } = await open();
  const reached = [];
  for (let press = 0; press < 11; press += 1) {
    await tab.keyboard.press("Tab");
    reached.push(await tab.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim()));
  }
  for (const wanted of ["Skip to what was found", "file", "clear", "text", "Python: a wrong call", "only"]) {
    assert.ok(reached.includes(wanted), `${wanted} in ${reached}`);
  }
  await tab.getByRole("button", { name: "Python: a chain" }).focus();
  await tab.keyboard.press("Enter");
  await tab.getByRole("status").filter({ hasText: "1 failure" }).waitFor();
  const summary = tab.locator("summary").first();
  await summary.focus();
  await tab.keyboard.press("Enter");
  assert.ok(await tab.locator(".advice").first().isVisible());
  await picture(tab, "advice");
  await tab.close();
});

test("the page works on a phone and from disk", LIMIT, async () => {
  const tab = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await tab.goto(`file://${join(here, "dist", "index.html")}`);
  await tab.getByRole("button", { name: "Python: a group" }).click();
  await tab.locator("article").waitFor();
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, "nothing is cut off to the right");
  await tab.locator("article").scrollIntoViewIfNeeded();
  await picture(tab, "phone");
  await tab.close();
});

test("a long log is read, and only its beginning is drawn", LIMIT, async () => {
  const { tab } = await open();
  const one = fixture("python/swallowed_call.txt");
  const names = Array.from({ length: 150 }, (_, index) => one.replaceAll("refresh", `refresh_${index}`));
  await paste(tab, names.join("\n"));
  await tab.getByRole("status").filter({ hasText: "150 failures; the first 100 are shown" }).waitFor();
  assert.equal(await tab.locator("article").count(), 100);
  await tab.close();
});

test("the built page holds no address but its own", () => {
  const text = page.toString("utf8").replaceAll("http://www.w3.org", "");
  const addresses = text.match(/\b(?:src|href)="?(?:https?:)?\/\/[^"\s>]+/g) ?? [];
  assert.deepEqual(addresses, []);
});
