// Owns the wasm instance: starts it once, guards every call, and gives up for good after the first trap. It knows
// nothing of errors or of where the module comes from.
import { startModule, type Triage } from "./module.js";
import type { Failure, Fallback, Options } from "./types.js";

/** Longest text that crosses into wasm, in UTF-16 units: wasm memory grows with it and never shrinks. */
export const MAX_CHARS = 64 * 1024;

export type Result = { failures: Failure[]; fallback: null } | { failures: []; fallback: Fallback };

let started: Promise<boolean> | undefined;
let state: "off" | "ready" | "trapped" = "off";
let call: Triage;

/** Starts the module once. A start that failed may be tried again; one that succeeded or runs is shared. */
export function startEngine(load: () => Promise<BufferSource | WebAssembly.Module>): Promise<boolean> {
  started ??= begin(load);
  return started;
}

async function begin(load: () => Promise<BufferSource | WebAssembly.Module>): Promise<boolean> {
  try {
    call = await startModule(await load());
    state = "ready";
    return true;
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
  const settings = flatten(options);
  try {
    const json = call(text, settings);
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

/** Options as the one text that wasm takes. Odd options are no options: they are not worth losing a report. */
function flatten(options: Options = {}): string {
  try {
    const { source = "", projectRoots = [], inAppInclude = [], inAppExclude = [] } = options;
    return [[source], projectRoots, inAppInclude, inAppExclude].map((entries) => entries.join("\n")).join("\0");
  } catch {
    return "";
  }
}
