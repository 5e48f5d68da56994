// Owns the wasm instance: starts it once, guards every call, and gives up for good after the first trap. It knows
// nothing of errors or of where the module comes from.
import start, { triage as call } from "./guwu.js";
import type { Failure, Fallback, Options } from "./types.js";

/** Longest text that crosses into wasm, in UTF-16 units: wasm memory grows with it and never shrinks. */
export const MAX_CHARS = 64 * 1024;

export type Result = { failures: Failure[]; fallback: null } | { failures: []; fallback: Fallback };

let started: Promise<boolean> | undefined;
let state: "off" | "ready" | "trapped" = "off";

/** Starts the module once. A start that failed may be tried again; one that succeeded or runs is shared. */
export function startEngine(load: () => Promise<BufferSource | WebAssembly.Module>): Promise<boolean> {
  started ??= begin(load);
  return started;
}

async function begin(load: () => Promise<BufferSource | WebAssembly.Module>): Promise<boolean> {
  try {
    await start({ module_or_path: await load() });
    if (state === "off") state = "ready";
    return state === "ready";
  } catch {
    started = undefined;
    return false;
  }
}

/** Whether `run` would reach the parser. */
export function isReady(): boolean {
  return state === "ready";
}

/** Runs the parser over `text`. Never throws. */
export function run(text: string, options?: Options): Result {
  if (state !== "ready") return nothing(state === "trapped" ? "trapped" : "not-ready");
  if (text.length > MAX_CHARS) return nothing("too-large");
  const [source, roots, include, exclude] = flatten(options);
  try {
    const json = call(text, source, roots, include, exclude);
    return { failures: JSON.parse(json) as Failure[], fallback: null };
  } catch {
    // After a trap the module's memory may be half-written: another call could answer wrongly without a sign.
    state = "trapped";
    return nothing("trapped");
  }
}

function nothing(fallback: Fallback): Result {
  return { failures: [], fallback };
}

/** Options as the four strings that wasm takes. Odd options are no options: they are not worth losing a report. */
function flatten(options: Options | undefined): [string, string, string, string] {
  try {
    const list = (entries: readonly string[] | undefined) => (entries ? entries.map(String).join("\n") : "");
    return [
      String(options?.source ?? ""),
      list(options?.projectRoots),
      list(options?.inAppInclude),
      list(options?.inAppExclude),
    ];
  } catch {
    return ["", "", "", ""];
  }
}
