// The package as a user gets it: packed, installed into an empty project, reached through its exports map.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

export const npmDir = dirname(dirname(fileURLToPath(import.meta.url)));
export const root = dirname(npmDir);

/** The binary that the package must agree with. */
export function guwuBinary() {
  const path = process.env.GUWU_BINARY ?? join(root, "target", "debug", "guwu");
  if (!existsSync(path)) throw new Error(`\`${path}\` is missing; run \`make build\``);
  return path;
}

/** Packs and installs; the folder goes when the test file ends. */
export function install() {
  const project = mkdtempSync(join(tmpdir(), "guwu-packed-"));
  after(() => rmSync(project, { recursive: true, force: true }));
  const quiet = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: npmDir, ...quiet }).replace(
      /^[^[]*/,
      "",
    ),
  );
  writeFileSync(join(project, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
  const flags = ["--offline", "--no-audit", "--no-fund", "--no-package-lock"];
  execFileSync("npm", ["install", ...flags, `./${packed.filename}`], { cwd: project, ...quiet });
  return { project, files: packed.files.map((file) => file.path) };
}

/** Imports `specifier` as a module of the project does. */
export async function importFrom(project, specifier) {
  const entry = join(project, `entry-${specifier.replaceAll(/\W/g, "-")}.mjs`);
  writeFileSync(entry, `export * from ${JSON.stringify(specifier)};\n`);
  return import(pathToFileURL(entry).href);
}

/** Runs `code` in a process of its own (the parser's state is the process's) and returns what it calls `done` with. */
export function runInProject(project, code) {
  const script = join(project, `script-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(script, `const done = (value) => console.log(JSON.stringify(value));\n${code}`);
  return JSON.parse(execFileSync(process.execPath, [script], { cwd: project, encoding: "utf8" }));
}
