// The failure JSON, `schema_version` 1: the same document that `guwu triage --format jsonl` prints. Types only.
// Written by hand; test/expected.ts holds them against what the parsers really return.

/** One occurrence of an exception found in a text. */
export interface Failure {
  schema_version: 1;
  platform: "python" | "javascript";
  /** Root cause first, the exception that reached the top last; members follow their group. */
  exceptions: Exception[];
  /** `1:` and hex digits: the same in the CLI, in Python and here. */
  fingerprint: string;
  /** Looser than the fingerprint: type, message template and innermost in-app function. */
  family: string;
  /** Pattern code such as `GW101`; `guwu explain GW101` tells what it means. */
  pattern: string;
  title: string;
  level: string | null;
  logger: string | null;
  timestamp: string | null;
  log_message: string | null;
  count: number;
  /** The text ended inside the trace. */
  partial: boolean;
  origin: { source: string; line: number; offset: number };
  /** What was odd, in words. */
  notes: string[];
}

export interface Exception {
  type: string | null;
  module: string | null;
  message: string | null;
  notes: string[];
  /** How it came from the exception before it. */
  relation: "cause" | "context" | "member" | null;
  /** `[1, 0]` is the first member of the second member of a group. */
  group_path: number[];
  syntax: SyntaxPlace | null;
  /** Oldest call first, whatever the runtime's order. */
  frames: StackEntry[];
}

export interface SyntaxPlace {
  file: string | null;
  line: number | null;
  source_line: string | null;
}

export interface Frame {
  function: string | null;
  file: string | null;
  line: number | null;
  column: number | null;
  source_line: string | null;
  /** The project's own code. */
  in_app: boolean;
  async: boolean;
}

/** A frame, or a mark that stands for several. */
export type StackEntry = Frame | { repeated: number } | { elided: number };

/** What a caller may tell about the input. */
export interface Options {
  /** Name of the source, returned as `origin.source`. */
  source?: string;
  /** Folders that hold the project's own code; without them the path alone decides `in_app`. */
  projectRoots?: readonly string[];
  /** Path parts that are in-app although the rules say no. */
  inAppInclude?: readonly string[];
  /** Path parts that are not in-app although the rules say yes. */
  inAppExclude?: readonly string[];
}

/** Why the parser did not look at an error (or found nothing in it). */
export type Fallback =
  /** `init()` was not called, is still running, or resolved to false. */
  | "not-ready"
  /** The module stopped on an earlier input and is not used again on this page. */
  | "trapped"
  /** The text is longer than `MAX_CHARS`. */
  | "too-large"
  /** Called from inside a call (a getter of the error did). */
  | "busy"
  /** The text holds no trace. */
  | "no-trace";

/** What is known about an error. Never missing: where the parser could not help, `fallback` says why. */
export interface Classification {
  fingerprint: string | null;
  family: string | null;
  pattern: string | null;
  title: string;
  type: string | null;
  message: string | null;
  failure: Failure | null;
  fallback: Fallback | null;
}

/** Bytes, a compiled module, or where to fetch the module. */
export type WasmInput = BufferSource | WebAssembly.Module | Response | URL | string;
