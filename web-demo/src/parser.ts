// The parser of this page: the full wasm module, started from the bytes inside the script. It knows nothing of the page.
import start, { explain as explainCode, triage as call } from "../pkg/guwu.js";
import bytes from "../pkg/guwu_bg.wasm";

import type { Failure } from "../../npm/src/types.js";

/** Longest text that is read, in UTF-16 units; the module's memory never shrinks again. */
export const MAX_CHARS = 16 * 1024 * 1024;

export type Answer = { failures: Failure[] } | { problem: string };

let state: "off" | "ready" | "stopped" = "off";

/** Starts the module; false where the browser does not let it. */
export async function startParser(): Promise<boolean> {
  try {
    await start({ module_or_path: bytes });
    state = "ready";
  } catch {
    state = "off";
  }
  return state === "ready";
}

/** Reads a text. Never throws; what went wrong is said in words for the reader. */
export function read(text: string, source: string): Answer {
  if (text.length > MAX_CHARS) {
    return { problem: "this text is too long for a page; use `guwu triage FILE` on the command line" };
  }
  if (state === "off") return { problem: "the parser could not be started; allow WebAssembly for this page and reload" };
  if (state === "stopped") return { problem: "the parser stopped on an earlier text; reload the page" };
  try {
    return { failures: JSON.parse(call(text, source)) as Failure[] };
  } catch {
    state = "stopped";
    return { problem: "the parser stopped on this text, which is a fault of ours; reload the page to go on" };
  }
}

/** What a pattern code means and what to do about it; empty where nothing is known. */
export function explain(code: string): string {
  if (state !== "ready") return "";
  try {
    return explainCode(code);
  } catch {
    state = "stopped";
    return "";
  }
}
