// The border to wasm: wasm-bindgen's calling convention for the one function of wasm/src/lib.rs (slim). By hand, because
// the glue that comes with it is for any module and weighs a tenth of this one. The tool's version is pinned.

interface Exports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(length: number, align: number): number;
  /** Addresses and lengths of the two texts in, of the JSON out. */
  triage(text: number, textLength: number, settings: number, settingsLength: number): [number, number];
}

/** Text and settings in, a JSON array of failures out; see `triage_json` of core. Throws when the module traps. */
export type Triage = (text: string, settings: string) => string;

/** Starts the module. Rejects where it can not be compiled. */
export async function startModule(source: BufferSource | WebAssembly.Module): Promise<Triage> {
  const started: object = await WebAssembly.instantiate(source as BufferSource);
  const instance = "instance" in started ? started.instance : started;
  const { memory, triage, __wbindgen_malloc: allocate } = (instance as WebAssembly.Instance).exports as unknown as Exports;
  const fresh = new Uint8Array(memory.buffer.slice(0));
  const put = (text: string): [number, number] => {
    const bytes = new TextEncoder().encode(text);
    const at = allocate(bytes.length, 1);
    new Uint8Array(memory.buffer).set(bytes, at);
    return [at, bytes.length];
  };
  return (text, settings) => {
    const [at, length] = triage(...put(text), ...put(settings));
    const top = allocate(1, 1);
    const all = new Uint8Array(memory.buffer);
    const json = new TextDecoder().decode(all.subarray(at, at + length));
    // The module frees nothing, each allocation lies behind the one before: the next call finds the memory as the first
    // one did, zeros behind the initial part.
    all.fill(0, fresh.length, top + 1);
    all.set(fresh);
    return json;
  };
}
