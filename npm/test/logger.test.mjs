// The logger, packed and installed, in a real browser: real errors of a page arrive at a server, classified.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

import { browser, serve } from "./chromium.mjs";
import { guwuBinary, install } from "./packed.mjs";

const { project } = install();
const folder = join(project, "node_modules/guwu/dist");
const chrome = await browser();
const LIMIT = { timeout: 60_000 };

// The application under watch: no test code in it.
const APP = `
  function label(node) { return node.label.trim(); }
  function render(graph) { return graph.nodes.map((node) => label(node)); }
  export function draw() { return render({ nodes: [{ label: "a" }, {}] }); }
  export async function load() { await null; throw new Error("load failed", { cause: new RangeError("port 70000") }); }
`;

/** A page that starts the logger with `options` (source text) and then runs `script`. */
const page = (script, options = "") => `<!doctype html><title>t</title><script type="module">
  import { clientErrorLogger } from "/package/logger.js";
  window.logger = clientErrorLogger({ endpoint: "/errors", ${options} });
  import * as app from "/app.js";
  window.app = app;
  ${script}
</script>`;

/** Opens a page on a server of its own; what the page says on its console is kept. */
async function open(html, { headers = {}, pages = {} } = {}) {
  const server = await serve({ "/": { body: html, headers }, "/app.js": APP, ...pages }, folder);
  const tab = await chrome.newPage();
  const said = [];
  tab.on("console", (message) => said.push(message.text()));
  await tab.goto(`${server.origin}/`);
  await tab.waitForFunction(() => window.logger !== undefined);
  return { ...server, tab, said };
}

const ready = "import('/package/index.js').then(({ init }) => init())";

test("an uncaught error of a page arrives, classified as the command line classifies it", LIMIT, async () => {
  const { tab, origin, reports } = await open(page("setTimeout(() => app.draw());"));
  const [report] = await reports(1);
  assert.deepEqual(Object.keys(report).sort(), [
    "column",
    "guwu",
    "level",
    "line",
    "message",
    "stack",
    "timestamp",
    "url",
  ]);
  assert.equal(report.level, "error");
  assert.equal(report.message, "Uncaught TypeError: Cannot read properties of undefined (reading 'trim')");
  assert.equal(report.url, `${origin}/app.js`);
  assert.equal(report.line, 2);
  assert.ok(report.column > 0);
  assert.match(report.stack, /at label .*\n.*\n?.*at Array\.map/s);
  assert.equal(new Date(report.timestamp).toISOString(), report.timestamp);
  const [known] = cli(report.stack);
  assert.deepEqual(report.guwu, { fingerprint: known.fingerprint, pattern: known.pattern, title: known.title });
  assert.deepEqual(
    known.exceptions.at(-1).frames.slice(-4).map((frame) => frame.function),
    ["render", "Array.map", null, "label"],
  );
  await tab.close();
});

test("an unhandled rejection arrives with its cause", LIMIT, async () => {
  const { tab, origin, reports } = await open(page("app.load();"));
  const [report] = await reports(1);
  assert.equal(report.message, "Unhandled Promise Rejection: Error: load failed");
  assert.deepEqual([report.url, report.line, report.column], [`${origin}/`, 0, 0]);
  const [known] = cli(report.stack);
  assert.deepEqual(
    known.exceptions.map(({ type }) => type),
    ["RangeError", "Error"],
  );
  assert.equal(report.guwu.fingerprint, known.fingerprint);
  await tab.close();
});

test("noise is not reported, what follows it is", LIMIT, async () => {
  const { tab, posted, reports } = await open(
    page(`dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered notifications." }));
          dispatchEvent(new ErrorEvent("error", { message: "Script error." }));
          setTimeout(() => app.draw());`),
  );
  await reports(1);
  assert.match(posted[0].message, /trim/);
  await tab.close();
});

test("patterns named as noise are not reported", LIMIT, async () => {
  const first = await open(page("setTimeout(() => app.draw());"));
  const [{ guwu }] = await first.reports(1);
  await first.tab.close();
  const { tab, posted, reports } = await open(
    page(`${ready}.then(() => { logger.report(new TypeError("Cannot read properties of undefined (reading 'x')"));
          setTimeout(() => app.draw()); app.load(); });`, `ignorePatterns: [${JSON.stringify(guwu.pattern)}]`),
  );
  await reports(1);
  assert.match(posted[0].message, /load failed/);
  await tab.close();
});

test("without the parser errors are reported all the same", LIMIT, async () => {
  // A policy that forbids wasm: init resolves to false.
  const headers = { "content-security-policy": "script-src 'self' 'unsafe-inline'" };
  const { tab, reports } = await open(page("setTimeout(() => app.draw());"), { headers });
  const [report] = await reports(1);
  assert.equal(report.guwu, null);
  assert.match(report.message, /trim/);
  assert.match(report.stack, /at label/);
  await tab.close();
});

test("a page that is left before the parser is there sends what it has", LIMIT, async () => {
  const { tab, reports, posted } = await open(
    page("setTimeout(() => { app.draw(); }); ", "init: () => new Promise(() => {})"),
  );
  await tab.waitForTimeout(50);
  assert.equal(posted.length, 0);
  await tab.goto("about:blank");
  const [report] = await reports(1);
  assert.match(report.message, /trim/);
  assert.equal(report.guwu, null);
  await tab.close();
});

test("over the limit reports are counted, not sent", LIMIT, async () => {
  const { tab, posted, reports } = await open(
    page(`${ready}.then(() => { for (let i = 0; i < 10; i++) logger.report(new Error("loop"));
          const now = Date.now(); Date.now = () => now + 61_000; logger.report(new Error("later")); });`, "maxPerMinute: 3"),
  );
  await reports(4);
  assert.deepEqual(
    posted.map(({ message, dropped }) => [message, dropped]).sort(),
    [
      ["Error: loop", undefined],
      ["Error: loop", undefined],
      ["Error: loop", undefined],
      ["Error: later", 7],
    ].sort(),
  );
  await tab.close();
});

test("a server that refuses makes no further reports and no noise on the console", LIMIT, async () => {
  const { tab, posted, reports, state, said } = await open(page("window.failures = [];"));
  state.status = 500;
  await tab.evaluate(() => {
    addEventListener("unhandledrejection", (event) => window.failures.push(String(event.reason)));
    setTimeout(() => app.draw());
  });
  await reports(1);
  await tab.waitForTimeout(300);
  assert.equal(posted.length, 1);
  assert.deepEqual(await tab.evaluate(() => window.failures), []);
  // The browser itself writes of the error and of the refused request; the logger writes nothing.
  assert.deepEqual(said.filter((text) => !/Failed to load resource|Uncaught/.test(text)), []);
  state.status = 204;
  await tab.evaluate(() => logger.report(new Error("again")));
  assert.equal((await reports(2))[1].dropped, 1);
  await tab.close();
});

test("hooks may change a report, keep it back, or fail", LIMIT, async () => {
  const { tab, posted, reports } = await open(
    page(
      `${ready}.then(() => { for (const name of ["keep", "change", "fail"]) logger.report(new Error(name)); });`,
      `beforeSend: (report) => {
         if (report.message.includes("keep")) return null;
         if (report.message.includes("fail")) throw new Error("hook");
         return { ...report, message: "changed" };
       }`,
    ),
  );
  await reports(2);
  assert.deepEqual(posted.map(({ message }) => message).sort(), ["Error: fail", "changed"]);
  await tab.close();
});

test("secrets and queries stay on the page", LIMIT, async () => {
  const { tab, posted, reports } = await open(
    page(`${ready}.then(() => logger.report(new Error("login of ann@shop.test failed: token=abc123def, " +
          "Authorization: Bearer abcdefgh12345678, https://u:pw@db.test/x")));
          import("/late.js?session_id=12345678&v=1.2");`),
    { pages: { "/late.js": `setTimeout(() => { throw new Error("late"); });` } },
  );
  await reports(2);
  const text = JSON.stringify(posted);
  for (const secret of ["ann@", "abc123def", "abcdefgh12345678", "u:pw", "12345678"]) {
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
  assert.ok(text.includes("[redacted]"));
  assert.match(posted.find(({ message }) => message.includes("late")).url, /\/late\.js$/);
  await tab.close();
});

test("stop stops", LIMIT, async () => {
  const { tab, posted, reports } = await open(page("logger.report(new Error('first')); logger.stop();"));
  await reports(1);
  await tab.evaluate(() => {
    setTimeout(() => app.draw());
    app.load().catch(() => {});
  });
  await tab.waitForTimeout(200);
  assert.equal(posted.length, 1);
  await tab.close();
});

test("the worker answers in a real worker", LIMIT, async () => {
  const { tab } = await open(page(""));
  const answer = await tab.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker("/package/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage({ id: 7, text: "TypeError: x\n    at f (https://shop.test/a.js:1:2)" });
      }),
  );
  assert.equal(answer.id, 7);
  assert.equal(answer.failures[0].exceptions[0].type, "TypeError");
  await tab.close();
});

/** The failures that the command line finds in a text. */
function cli(text) {
  const run = (input) => execFileSync(guwuBinary(), ["triage", "--format", "jsonl"], { input, encoding: "utf8" });
  try {
    return run(text).trim().split("\n").map((line) => JSON.parse(line));
  } catch (error) {
    // Status 1 says that there are failures.
    if (error.status !== 1) throw error;
    return error.stdout.trim().split("\n").map((line) => JSON.parse(line));
  }
}
