// Gets the module's bytes in a browser. Plain `fetch` and `arrayBuffer`: streaming gains nothing at this size and would
// make the content type of the answer matter.
import type { WasmInput } from "./types.js";

/** Bytes or a module from whatever the caller gave; `fallback` says where to look when it gave nothing. */
export async function load(input: WasmInput | undefined, fallback: URL): Promise<BufferSource | WebAssembly.Module> {
  const source = input ?? fallback;
  if (typeof source === "string" || source instanceof URL) return bytes(await fetch(source));
  // Not `instanceof Response`: the mere name makes Node load its whole HTTP client.
  return "ok" in source ? bytes(source) : source;
}

async function bytes(response: Response): Promise<ArrayBuffer> {
  if (!response.ok) throw new Error(`no module at \`${response.url}\`: status ${response.status}`);
  return response.arrayBuffer();
}
