// The packed package keeps its promises in Node.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import binaryen from "binaryen";

import { importFrom, install, runInProject } from "./packed.mjs";

const { project, files } = install();
const guwu = await importFrom(project, "guwu");

function fails() {
  return undefined.label;
}

function caught() {
  try {
    return fails();
  } catch (error) {
    return error;
  }
}

test("every file that the exports map names is packed, and nothing that is not needed", () => {
  const manifest = JSON.parse(readFileSync(join(project, "node_modules/guwu/package.json"), "utf8"));
  const named = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const path of named) assert.ok(existsSync(join(project, "node_modules/guwu", path)), path);
  const foreign = files.filter((path) => !/^(dist\/[\w.-]+|package\.json|README\.md|LICENSE-(MIT|APACHE))$/.test(path));
  assert.deepEqual(foreign, []);
  assert.ok(files.includes("LICENSE-MIT") && files.includes("LICENSE-APACHE") && files.includes("README.md"));
});

test("before init an error still gets the answer that JavaScript alone can give", () => {
  const [known, list, ready] = runInProject(
    project,
    `import { classify, ready, triage } from "guwu";
     const error = new RangeError("too far");
     done([classify(error), triage(error), ready()]);`,
  );
  assert.deepEqual(known, {
    fingerprint: null,
    family: null,
    pattern: null,
    title: "RangeError: too far",
    type: "RangeError",
    message: "too far",
    failure: null,
    fallback: "not-ready",
  });
  assert.deepEqual(list, []);
  assert.equal(ready, false);
});

test("init is shared, and an error is read down to its frames", async () => {
  assert.equal(guwu.init(), guwu.init());
  assert.equal(await guwu.init(), true);
  assert.equal(guwu.ready(), true);
  const known = guwu.classify(caught());
  assert.equal(known.fallback, null);
  assert.equal(known.type, "TypeError");
  assert.match(known.fingerprint, /^\d+:[0-9a-f]+$/);
  assert.match(known.pattern, /^GW\d+$/);
  const { frames } = known.failure.exceptions.at(-1);
  assert.deepEqual(
    frames.slice(-2).map((frame) => frame.function),
    ["caught", "fails"],
  );
});

test("the same error, thrown twice, has one fingerprint; another one has another", () => {
  assert.equal(guwu.classify(caught()).fingerprint, guwu.classify(caught()).fingerprint);
  assert.notEqual(guwu.classify(caught()).fingerprint, guwu.classify(new Error("else")).fingerprint);
});

test("causes and aggregated errors come along", () => {
  const cause = new RangeError("port 70000");
  const chain = guwu.classify(new Error("start failed", { cause })).failure.exceptions;
  assert.deepEqual(
    chain.map(({ type, message, relation }) => [type, message, relation]),
    [
      ["RangeError", "port 70000", null],
      ["Error", "start failed", "cause"],
    ],
  );
  const members = [new TypeError("a"), new SyntaxError("b")];
  const group = guwu.classify(new AggregateError(members, "both")).failure.exceptions;
  assert.deepEqual(
    group.map(({ type, group_path }) => [type, group_path]),
    [
      ["AggregateError", []],
      ["TypeError", [0]],
      ["SyntaxError", [1]],
    ],
  );
});

test("a cause does not spoil a stack of Firefox or Safari, nor a group without frames", () => {
  const error = new Error("start failed", { cause: new RangeError("port 70000") });
  error.stack = "boot@https://shop.test/app.js:30:9\n@https://shop.test/app.js:40:1\n";
  const top = guwu.classify(error).failure.exceptions.at(-1);
  assert.deepEqual([top.type, top.message, top.frames.length], ["Error", "start failed", 2]);
  assert.equal(top.frames[0].column, 1);
  const group = new AggregateError([new TypeError("a")], "both");
  group.stack = undefined;
  const [first, second] = guwu.classify(group).failure.exceptions;
  assert.deepEqual([first.type, first.message, second.type], ["AggregateError", "both", "TypeError"]);
});

test("a stack without a head, as Firefox and Safari give it, gets one", () => {
  const error = new TypeError("x is undefined");
  error.stack = "draw@https://shop.test/app.js:10:5\n@https://shop.test/app.js:20:1\n";
  const top = guwu.classify(error).failure.exceptions.at(-1);
  assert.deepEqual([top.type, top.message], ["TypeError", "x is undefined"]);
  assert.deepEqual(
    top.frames.map(({ function: name, line }) => [name, line]),
    [
      [null, 20],
      ["draw", 10],
    ],
  );
});

test("a Python traceback is left to the command line, and classify says so", () => {
  const text = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: \'k\'\n';
  assert.deepEqual(guwu.triage(text, { source: "paste" }), []);
  assert.equal(guwu.classify(text).fallback, "no-trace");
});

test("options decide what is in-app", () => {
  const text = "Error: x\n    at f (/srv/shop/vendor/a.js:1:1)\n    at g (/srv/shop/src/b.js:2:2)";
  const inApp = (options) => guwu.triage(text, options)[0].exceptions[0].frames.map((frame) => frame.in_app);
  assert.deepEqual(inApp({ inAppExclude: ["src"], inAppInclude: ["vendor"] }), [false, true]);
});

test("nothing that can be thrown makes classify throw", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const trap = new Proxy(new Error("p"), {
    get() {
      throw new Error("no");
    },
  });
  const cyclic = new Error("cyclic");
  cyclic.cause = cyclic;
  let deep = new Error("0");
  for (let index = 1; index < 5000; index += 1) deep = new Error(String(index), { cause: deep });
  const wide = new AggregateError(Array.from({ length: 5000 }, (_, index) => new Error(String(index))), "wide");
  const knotted = new AggregateError([], "knotted");
  for (let index = 0; index < 20; index += 1) knotted.errors.push(new AggregateError(knotted.errors, "k"));
  const sparse = Object.assign(new Error("sparse"), { errors: new Array(2 ** 32 - 1) });
  const unprintable = { toString: () => ({}) };
  const long = new Error("x");
  long.stack = `${"\n".repeat(1000)}${" ".repeat(30_000)}at`;
  const thrown = [undefined, null, 0, -0, 1n, Symbol("s"), "", "boom", "\ud800", [], {}, () => {}, Object.create(null)];
  thrown.push(revoked.proxy, trap, cyclic, deep, wide, knotted, sparse, unprintable, long, { message: 5 }, { stack: 5 });
  for (const value of thrown) {
    const known = guwu.classify(value);
    assert.equal(typeof known.title, "string");
    assert.ok(known.title.length > 0);
    assert.ok(Array.isArray(guwu.triage(value)));
  }
  for (const options of [null, 5, { source: 5 }, { projectRoots: "x" }, { inAppInclude: [Symbol("s")] }]) {
    assert.equal(guwu.classify(caught(), options).fallback, null);
  }
  assert.equal(guwu.ready(), true);
});

test("a text without a trace says so", () => {
  const known = guwu.classify("all is well");
  assert.equal(known.fallback, "no-trace");
  assert.equal(known.title, "all is well");
});

test("a text over the cap stays outside", () => {
  const known = guwu.classify("x".repeat(guwu.MAX_CHARS + 1));
  assert.equal(known.fallback, "too-large");
  assert.equal(known.title.length, 200);
  assert.equal(guwu.classify("x".repeat(guwu.MAX_CHARS)).fallback, "no-trace");
});

test("an error whose getter classifies again gets an answer, not a loop", () => {
  let inner;
  const error = {
    name: "E",
    message: "m",
    get stack() {
      inner = guwu.classify(error);
      return "E: m\n    at f (/srv/a.js:1:2)";
    },
  };
  assert.equal(guwu.classify(error).fallback, null);
  assert.equal(inner.fallback, "busy");
});

test("a module that can not be started is no error, and init may be tried again", () => {
  const answers = runInProject(
    project,
    `import { classify, init } from "guwu";
     const first = await init(new Uint8Array([1, 2, 3]));
     const between = classify(new Error("x")).fallback;
     done([first, between, await init(), classify(new Error("x")).fallback]);`,
  );
  assert.deepEqual(answers, [false, "not-ready", true, null]);
});

test("after a trap the module is never called again", () => {
  // The real module with the parser's body replaced: a real trap, not a thrown stand-in.
  const module = binaryen.readBinary(readFileSync(join(project, "node_modules/guwu/dist/guwu_bg.wasm")));
  const name = binaryen.getExportInfo(module.getExport("triage")).value;
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(name));
  module.removeFunction(name);
  module.addFunction(name, params, results, [], module.unreachable());
  writeFileSync(join(project, "trap.wasm"), module.emitBinary());
  const [answers, calls] = runInProject(
    project,
    `import { readFileSync } from "node:fs";
     import { classify, init, ready, triage } from "guwu";
     let calls = 0;
     const instantiate = WebAssembly.instantiate;
     WebAssembly.instantiate = async (bytes, imports) => {
       const started = await instantiate(bytes, imports);
       if (!started.instance?.exports.triage) return started; // Node's own modules
       const { instance, module } = started;
       const counted = (...args) => (calls++, instance.exports.triage(...args));
       return { instance: { exports: { ...instance.exports, triage: counted } }, module };
     };
     const started = await init(readFileSync("trap.wasm"));
     const error = new Error("x");
     const answers = [started, classify(error).fallback, ready(), classify(error).fallback, triage(error).length];
     answers.push(await init(), classify(error).title);
     done([answers, calls]);`,
  );
  assert.deepEqual(answers, [true, "trapped", false, "trapped", 0, true, "Error: x"]);
  assert.equal(calls, 1);
});

test("the inline entry needs no file beside it", () => {
  const answer = runInProject(
    project,
    `import { rmSync } from "node:fs";
     import { createRequire } from "node:module";
     import { classify, init } from "guwu/inline";
     globalThis.fetch = () => { throw new Error("no network"); };
     done([await init(), classify(new TypeError("x")).type]);`,
  );
  assert.deepEqual(answer, [true, "TypeError"]);
});

test("the module itself can be reached, for bundlers that want its address", async () => {
  const answer = runInProject(project, `done(import.meta.resolve("guwu/guwu_bg.wasm").endsWith("dist/guwu_bg.wasm"));`);
  assert.equal(answer, true);
});
