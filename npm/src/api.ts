// What callers use, once a module is started: `triage` and `classify`. Neither ever throws, whatever it is given.
import { type Described, describe, headline } from "./describe.js";
import { isReady, run } from "./engine.js";
import { primary } from "./primary.js";
import type { Classification, Failure, Fallback, Options } from "./types.js";

export { MAX_CHARS } from "./engine.js";
export type * from "./types.js";

/** Whether `init()` has succeeded and no trap happened since. */
export function ready(): boolean {
  return isReady();
}

// A getter of the error may call in again: it gets an answer, but none that could loop.
let busy = false;

/**
 * Every failure that a text or an error holds, in the order in which they stand there. Empty before `init()`, after a
 * trap and for a text longer than `MAX_CHARS`: `classify` tells which.
 */
export function triage(input: unknown, options?: Options): Failure[] {
  return guarded(input, options).failures;
}

/** What is known about a thrown value (or a text): of several failures in it, the last one. */
export function classify(thrown: unknown, options?: Options): Classification {
  const { described, failures, fallback } = guarded(thrown, options);
  const failure = failures[failures.length - 1];
  if (!failure) {
    return {
      fingerprint: null,
      family: null,
      pattern: null,
      title: headline(described),
      type: described.type,
      message: described.message,
      failure: null,
      fallback: fallback ?? "no-trace",
    };
  }
  const top = primary(failure);
  return {
    fingerprint: failure.fingerprint,
    family: failure.family,
    pattern: failure.pattern,
    title: failure.title || headline(described),
    type: top?.type ?? described.type,
    message: top?.message ?? described.message,
    failure,
    fallback: null,
  };
}

function guarded(
  input: unknown,
  options: Options | undefined,
): { described: Described; failures: Failure[]; fallback: Fallback | null } {
  const nothing: Described = { type: null, message: null, text: "" };
  if (busy) return { described: nothing, failures: [], fallback: "busy" };
  busy = true;
  let described = nothing;
  try {
    described = describe(input);
    return { described, ...run(described.text, options) };
  } catch {
    // Only a machine out of stack or memory comes here: every look at the value is guarded.
    return { described, failures: [], fallback: "busy" };
  } finally {
    busy = false;
  }
}
