// Turns whatever was thrown into text that the parser reads, in the words of the runtime that printed it. Anything
// may be thrown and any property may be a trap of its own, so every look at the value is guarded. No parsing here.

/** What JavaScript itself knows of a thrown value. */
export interface Described {
  type: string | null;
  message: string | null;
  /** As the runtime would print it. */
  text: string;
}

// Chains longer than this say nothing more about the failure and may be made to hurt.
const MAX_DEPTH = 8;
const MAX_ERRORS = 50;

/** Describes a thrown value. Never throws. */
export function describe(thrown: unknown): Described {
  if (typeof thrown === "string") return { type: null, message: thrown, text: thrown };
  if (!isErrorLike(thrown)) {
    const text = asText(thrown);
    return { type: null, message: text, text };
  }
  return {
    type: stringOf(thrown, "name"),
    message: stringOf(thrown, "message"),
    text: print(thrown, [], { left: MAX_ERRORS }),
  };
}

/** One line for a person: `TypeError: x is not a function`. */
export function headline(described: Described): string {
  const line = (described.message ?? "").split("\n", 1)[0] ?? "";
  const text = described.type ? (line ? `${described.type}: ${line}` : described.type) : line;
  return text.slice(0, 200) || "unknown error";
}

// An error of another frame or realm is no `instanceof Error` here, and many libraries throw look-alikes.
function isErrorLike(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Error || stringOf(value, "stack") !== null || stringOf(value, "message") !== null;
}

function print(error: object, above: readonly object[], budget: { left: number }): string {
  budget.left -= 1;
  const own = ownText(error);
  // Node's way of printing what belongs to an error is read with V8's frames only: the other engines' stay alone.
  if (!hasFramesOfV8(own) && own.split("\n").some((line, index) => index > 0 && line.includes("@"))) return own;
  const seen = [...above, error];
  const worthIt = (other: unknown): other is object =>
    budget.left > 0 && seen.length < MAX_DEPTH && isErrorLike(other) && !seen.includes(other);
  const parts: string[] = [];
  const cause = read(error, "cause");
  if (worthIt(cause)) parts.push(`[cause]: ${print(cause, seen, budget)}`);
  const members = read(error, "errors");
  if (isList(members)) {
    const printed: string[] = [];
    const length = read(members, "length");
    const count = typeof length === "number" ? Math.min(length, MAX_ERRORS) : 0;
    for (let index = 0; index < count; index += 1) {
      const member = read(members, String(index));
      if (worthIt(member)) printed.push(indent(print(member, seen, budget)));
    }
    if (printed.length > 0) parts.push(`[errors]: [\n${printed.join(",\n")}\n]`);
  }
  // As Node prints it: braces around what belongs to the error, two blanks deeper.
  const head = hasFramesOfV8(own) ? own : `[${own}]`;
  return parts.length === 0 ? own : `${head} {\n${parts.map(indent).join(",\n")}\n}`;
}

function ownText(error: object): string {
  const name = stringOf(error, "name") || "Error";
  const message = stringOf(error, "message") ?? "";
  const head = message ? `${name}: ${message}` : name;
  const stack = stringOf(error, "stack")?.trimEnd();
  if (!stack) return head;
  return hasHead(stack, head, message) ? stack : `${head}\n${stack}`;
}

/** V8 prints the message above the frames, the other engines print frames alone. */
function hasHead(stack: string, head: string, message: string): boolean {
  if (stack.startsWith(head)) return true;
  // A V8 stack keeps the head of the moment in which it was made: the name may be older than the error's.
  const rest = message ? stack.replace(message, () => "") : stack;
  return hasFramesOfV8(rest) && !/^[ \t]*at /.test(rest);
}

function hasFramesOfV8(text: string): boolean {
  return /\n[ \t]+at /.test(text);
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a revoked proxy
  }
}

function read(from: object, key: string): unknown {
  try {
    return (from as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function stringOf(from: object, key: string): string | null {
  const value = read(from, key);
  return typeof value === "string" ? value : null;
}

function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "unprintable value";
  }
}
