// Builds one wasm module: cargo, wasm-bindgen, wasm-opt. Refuses to go on when one of them is missing or has the wrong
// version, because a package without wasm-opt is a third larger and nobody would notice.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { nameInOrder } from "./order.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The version of wasm-bindgen that Cargo.lock holds; the command line tool must have the same. */
export function bindgenVersion() {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const found = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock);
  if (!found) throw new Error("`Cargo.lock` holds no `wasm-bindgen`; run `cargo generate-lockfile`");
  return found[1];
}

/** Where `make` keeps tools that are slow to build. */
export function cacheDir() {
  return process.env.GUWU_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "guwu");
}

function bindgen() {
  const version = bindgenVersion();
  const tool = join(cacheDir(), `wasm-bindgen-${version}`, "bin", "wasm-bindgen");
  if (!existsSync(tool)) throw new Error(`\`${tool}\` is missing; run \`make wasm-bindgen\``);
  const printed = execFileSync(tool, ["--version"], { encoding: "utf8" }).trim();
  if (!printed.endsWith(` ${version}`)) {
    throw new Error(`\`${tool}\` says \`${printed}\`, \`Cargo.lock\` wants \`${version}\`; run \`make wasm-bindgen\``);
  }
  return tool;
}

function binaryen(name) {
  const tool = join(root, "npm", "node_modules", ".bin", name);
  if (!existsSync(tool)) throw new Error(`\`${tool}\` is missing; run \`npm ci\` in \`npm/\``);
  return tool;
}

/** Stack of the slim module in bytes: its deepest recursion (32 levels of causes) takes a fifth of it. */
const SLIM_STACK = 128 * 1024;

/**
 * Builds the crate into `outDir`: `guwu.js`, `guwu.d.ts`, `guwu_bg.wasm`. With `exports` the module keeps those alone and
 * needs no `guwu.js`.
 */
export function buildWasm({ features = [], exports, outDir }) {
  const bindgenTool = bindgen();
  const cargo = ["rustc", "-p", "guwu-wasm", "--lib", "--profile", "wasm-release", "--target", "wasm32-unknown-unknown"];
  if (features.length) cargo.push("--features", features.join(","));
  // Pointers that run along with a loop's counter (`lsr`) are faster, and longer.
  if (exports) cargo.push("--", "-C", `link-arg=-zstack-size=${SLIM_STACK}`, "-C", "llvm-args=-disable-lsr");
  execFileSync("cargo", cargo, { cwd: root, stdio: ["ignore", 2, 2] });

  mkdirSync(outDir, { recursive: true });
  // The other feature set puts its module at the same place: it is used at once.
  const module = join(root, "target", "wasm32-unknown-unknown", "wasm-release", "guwu_wasm.wasm");
  execFileSync(
    bindgenTool,
    ["--target", "web", "--omit-default-module-path", "--out-name", "guwu", "--out-dir", outDir, module],
    { stdio: ["ignore", 2, 2] },
  );
  const [large, small] = [join(outDir, "guwu_bg.wasm"), join(outDir, "guwu_opt.wasm")];
  if (exports) keepExports(large, exports);
  const optimize = (...passes) => {
    execFileSync(binaryen("wasm-opt"), [...passes, large, "-o", small], { stdio: ["ignore", 2, 2] });
    renameSync(small, large);
  };
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  // `--low-memory-unused`: nothing lies in the first kilobyte, which belongs to the stack's far end.
  const shrink = ["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--low-memory-unused", "--reorder-functions"];
  if (exports) {
    optimize(...shrink);
    nameInOrder(large);
    // The levels and the stack IR decide how the module is written: as by `-Oz`, whose passes are done.
    const write = ["--optimize-level=2", "--shrink-level=2", "--generate-stack-ir", "--optimize-stack-ir"];
    optimize("--reorder-functions-by-name", ...write, ...strip);
  } else {
    optimize(...shrink, ...strip);
  }
  rmSync(join(outDir, "guwu_bg.wasm.d.ts"), { force: true });
}

/** Drops every other export, with all that only they need. */
function keepExports(module, exports) {
  const graph = join(dirname(module), "exports.json");
  const nodes = exports.map((name) => ({ name, export: name, root: true }));
  writeFileSync(graph, JSON.stringify(nodes));
  const features = ["--enable-multivalue", "--enable-reference-types", "--enable-bulk-memory"];
  execFileSync(binaryen("wasm-metadce"), [...features, module, "--graph-file", graph, "-o", module], {
    stdio: ["ignore", "ignore", 2],
  });
  rmSync(graph);
}
