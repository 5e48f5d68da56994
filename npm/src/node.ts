// Entry for Node: the module is read from beside this file.
import { readFile } from "node:fs/promises";

import { startEngine } from "./engine.js";
import { load } from "./load.js";
import type { WasmInput } from "./types.js";

export * from "./api.js";

/** Loads the parser, as in browsers. */
export function init(input?: WasmInput): Promise<boolean> {
  const beside = new URL("./guwu_bg.wasm", import.meta.url);
  return startEngine(() => (input === undefined ? readFile(beside) : load(input, beside)));
}
