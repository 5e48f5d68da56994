// Entry for builds that can not ship a second file: the module travels inside the script, a quarter larger.
import { startEngine } from "./engine.js";
import { wasmBase64 } from "./wasm-base64.js";

export * from "./api.js";

/** Starts the parser from the bytes in this script: no request. */
export function init(): Promise<boolean> {
  return startEngine(async () => {
    const text = atob(wasmBase64);
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  });
}
