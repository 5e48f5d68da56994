// What wasm-bindgen makes of wasm/src/lib.rs (slim). Written by hand so that the types can be checked without a build.

export default function init(input: {
  module_or_path: BufferSource | WebAssembly.Module;
}): Promise<unknown>;

/** JSON array of failures; the three lists hold one entry a line. */
export function triage(text: string, source: string, roots: string, include: string, exclude: string): string;
