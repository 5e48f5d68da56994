// Entry for browsers: the module is fetched from beside this file, or from where the caller says.
import { startEngine } from "./engine.js";
import { load } from "./load.js";
import type { WasmInput } from "./types.js";

export * from "./api.js";

/**
 * Loads the parser. Call it once, early; more calls share the first one's promise. Resolves to false, and never
 * rejects, when the module can not be loaded (offline, or a `script-src` without `'wasm-unsafe-eval'`).
 */
export function init(input?: WasmInput): Promise<boolean> {
  return startEngine(() => load(input, new URL("./guwu_bg.wasm", import.meta.url)));
}
