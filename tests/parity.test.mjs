// The packed npm package and the command line give the same failures, byte for byte after key sort: over the fixtures,
// over what is left of them when they are cut or mangled, and over the shared corpus where it lies beside the tree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { guwuBinary, importFrom, install, root } from "../npm/test/packed.mjs";

const { project } = install();
const guwu = await importFrom(project, "guwu");
assert.equal(await guwu.init(), true);

const folder = mkdtempSync(join(tmpdir(), "guwu-parity-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = ["js", "python"].flatMap((platform) => {
  const place = join(dirname(fileURLToPath(import.meta.url)), "fixtures", platform);
  return readdirSync(place)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => ({ name: `${platform}/${name}`, text: readFileSync(join(place, name), "utf8") }));
});

/** Failures of many texts by the command line: one process for many files. */
function byCommandLine(inputs) {
  const found = new Map(inputs.map(({ name }) => [name, []]));
  for (let start = 0; start < inputs.length; start += 200) {
    const names = inputs.slice(start, start + 200).map(({ name, text }) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
      return name;
    });
    for (const line of run(names).split("\n").filter(Boolean)) {
      found.get(JSON.parse(line).origin.source).push(line);
    }
  }
  return found;
}

function run(names) {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 };
  try {
    return execFileSync(guwuBinary(), ["triage", "--format", "jsonl", ...names], options);
  } catch (error) {
    // Status 1 says that there are failures.
    if (error.status !== 1) throw error;
    return error.stdout;
  }
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

// The command line frames logs, the package reads traces: what stands around a trace is known to the former alone.
const isFramed = ({ level, logger, timestamp, log_message }) => [level, logger, timestamp, log_message].some(Boolean);
const withoutFraming = ({ exceptions, fingerprint, family, pattern, title, platform, partial }) =>
  sorted({ exceptions, fingerprint, family, pattern, title, platform, partial });

/** Holds both frontends together; returns how many failures they agree on. */
function agree(inputs, { mayBeLogs = false } = {}) {
  const found = byCommandLine(inputs);
  let failures = 0;
  for (const { name, text } of inputs) {
    const read = guwu.triage(text, { source: name });
    const printed = found.get(name).map((line) => JSON.parse(line));
    // Tracebacks are read by the command line and by the full module; the package is for pages and leaves them out.
    if (printed.some(({ platform }) => platform === "python")) continue;
    const shape = mayBeLogs && printed.some(isFramed) ? withoutFraming : sorted;
    const here = read.map((failure) => JSON.stringify(shape(failure)));
    const there = printed.map((failure) => JSON.stringify(shape(failure)));
    assert.deepEqual(here, there, name);
    failures += here.length;
  }
  return failures;
}

test("the package and the command line read the fixtures alike", () => {
  const stacks = fixtures.filter(({ name }) => name.startsWith("js/"));
  assert.ok(stacks.length >= 8, "fixtures are there");
  assert.ok(agree(stacks) >= stacks.length);
});

test("a Python traceback is nothing to the package", () => {
  const tracebacks = fixtures.filter(({ name }) => name.startsWith("python/"));
  assert.ok(tracebacks.length >= 5, "fixtures are there");
  for (const { name, text } of tracebacks) assert.deepEqual(guwu.triage(text), [], name);
});

test("and what is left of them when they are cut, or their line ends and blanks change", () => {
  const inputs = fixtures.flatMap(({ name, text }) => {
    const variants = [
      text.replaceAll("\n", "\r\n"),
      text.replaceAll("\n", "\n\n"),
      text.replaceAll(/^/gm, "    "),
      text.replaceAll("/", "\\"),
      text.replaceAll("a", "\u00e4"),
      text.replaceAll("e", "\u{1f600}"),
      text.replaceAll("(", "\u001b[31m("),
      text + text,
    ];
    const step = Math.max(1, Math.floor(text.length / 20));
    for (let end = step; end < text.length; end += step) variants.push(text.slice(0, end), text.slice(end));
    return variants.map((variant, index) => ({ name: `${name}.${index}`, text: variant }));
  });
  assert.ok(agree(inputs) > 100);
});

test("and the shared corpus", (t) => {
  const shared = process.env.GUWU_SHARED ?? join(root, "..", "shared");
  if (!existsSync(join(shared, "corpus"))) {
    console.log(`skipped: no corpus in \`${shared}\``);
    t.skip("no corpus");
    return;
  }
  const inputs = ["js_engines", "js_peers", "python"].flatMap((file) =>
    readFileSync(join(shared, "corpus", `${file}.jsonl`), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line, index) => ({ name: `corpus/${file}.${index}`, text: JSON.parse(line).input }))
      .filter(({ text }) => text.length <= guwu.MAX_CHARS)
      // A lone surrogate is no UTF-8: it can not reach the command line at all.
      .filter(({ text }) => text.isWellFormed()),
  );
  assert.ok(agree(inputs, { mayBeLogs: true }) > inputs.length / 3);
});
