// Builds the package: dist/ holds the compiled TypeScript, the module and its base64 twin.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildWasm, root } from "./wasm.mjs";

const here = join(root, "npm");
const dist = join(here, "dist");
const pkg = join(here, "pkg");

// `npm pack` builds only when nobody did: the tests have just built what they pack.
if (!process.argv.includes("--skip-if-built") || !existsSync(join(dist, "guwu_bg.wasm"))) build();
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, name), join(here, name));

function build() {
  rmSync(dist, { recursive: true, force: true });
  buildWasm({ exports: ["memory", "triage", "__wbindgen_malloc"], outDir: pkg });
  const tsc = join(here, "node_modules", ".bin", "tsc");
  execFileSync(tsc, ["-p", join(here, "tsconfig.json")], { stdio: ["ignore", 2, 2] });
  copyFileSync(join(pkg, "guwu_bg.wasm"), join(dist, "guwu_bg.wasm"));
  const base64 = readFileSync(join(pkg, "guwu_bg.wasm")).toString("base64");
  writeFileSync(join(dist, "wasm-base64.js"), `export const wasmBase64 = "${base64}";\n`);
}
