// Small looks into a failure. No parsing.
import type { Exception, Failure, Frame, StackEntry } from "./types.js";

/** The exception that reached the top: the last one that is no group member. */
export function primary(failure: Failure): Exception | undefined {
  const { exceptions } = failure;
  return exceptions.findLast((exception) => exception.group_path.length === 0) ?? exceptions[exceptions.length - 1];
}

/** Whether a stack entry is a frame, and no mark that stands for several. */
export function isFrame(entry: StackEntry): entry is Frame {
  return "function" in entry;
}
