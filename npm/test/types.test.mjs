// The hand-written types fit what the parsers return, and say no to what they do not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { install, npmDir, root } from "./packed.mjs";

const { project } = install();

const expected = ["js", "python"].flatMap((platform) => {
  const folder = join(root, "tests", "fixtures", platform);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => readFileSync(join(folder, name), "utf8").trim());
});

/** Compiles `source` as a user's strict project would, against the installed package. */
function compile(name, source) {
  writeFileSync(join(project, name), source);
  const flags = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--types", ""];
  flags.push("--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext", "--moduleResolution", "nodenext");
  flags.push("--ignoreConfig");
  const tsc = join(npmDir, "node_modules", ".bin", "tsc");
  return spawnSync(tsc, [...flags, name], { cwd: project, encoding: "utf8" });
}

// Inlined, because an imported JSON file loses the literal types ("python" would be any string).
const source = (failures) => `import type { Failure } from "guwu";\nexport const all = [${failures}] satisfies Failure[][];\n`;

test("every expected failure satisfies the type", () => {
  assert.ok(expected.length >= 10, "fixtures are there");
  const { status, stdout } = compile("fits.ts", source(expected.join(",\n")));
  assert.equal(status, 0, stdout);
});

test("a failure of another shape does not", () => {
  for (const [from, to] of [
    ['"platform": "python"', '"platform": "ruby"'],
    ['"count": 1', '"count": "1"'],
    ['"in_app"', '"inApp"'],
    ['"family"', '"kin"'],
  ]) {
    const text = expected.find((candidate) => candidate.includes(from));
    const { status } = compile("misfits.ts", source(text.replace(from, to)));
    assert.notEqual(status, 0, to);
  }
});

test("the entries are typed", () => {
  const { status, stdout } = compile(
    "entries.ts",
    `import { classify, init, triage, type Classification } from "guwu";
     import { init as inline } from "guwu/inline";
     import { clientErrorLogger, type Report } from "guwu/logger";
     import type { WorkerAnswer } from "guwu/worker";
     const started: Promise<boolean> = init();
     void inline();
     const known: Classification = classify(new Error("x"), { source: "a" });
     const frames = triage("x")[0]?.exceptions[0]?.frames ?? [];
     const lines = frames.map((entry) => ("line" in entry ? entry.line : null));
     const logger = clientErrorLogger({ endpoint: "/errors", beforeSend: (report: Report) => report });
     logger.stop();
     export const answer = (message: WorkerAnswer) => [message.id, message.failures.length, started, known, lines];`,
  );
  assert.equal(status, 0, stdout);
});
