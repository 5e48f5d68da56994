// Takes secrets out of text before it leaves the page. Patterns have bounded repeats only: linear time on any input.
// It does not try to know every secret: `beforeSend` is for what an application alone knows.

const RULES: readonly [RegExp, string][] = [
  [/\b(bearer|basic)(\s{1,4})[\w.~+/=-]{8,4096}/gi, "$1$2[redacted]"],
  [/\beyJ[\w-]{8,4096}\.[\w-]{1,4096}(?:\.[\w-]{0,4096})?/g, "[redacted]"],
  // The value ends before `:line:column`, so that a stack keeps its places.
  [
    /((?:password|passwd|secret|token|api[_-]?key|authorization|session[_-]?id)["']?\s{0,4}[=:]\s{0,4}["']?)(?!bearer\b|basic\b|\[redacted)[^\s"'&,;)}\]]{1,16384}?(?=(?::\d{1,9}){0,2}(?:[\s"'&,;)}\]]|$))/gi,
    "$1[redacted]",
  ],
  // https://user:password@host
  [/(:\/\/)[^\s/@:]{1,256}:[^\s/@]{1,256}@/g, "$1[redacted]@"],
  [/\b[\w.%+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,4}\.[a-z]{2,24}\b(?![\w/:])/gi, "[redacted]"],
];

/** `text` without what looks like a secret. */
export function redact(text: string): string {
  return RULES.reduce((redacted, [pattern, by]) => redacted.replace(pattern, by), text);
}

/** An address without its query and fragment, which hold tokens and names. */
export function withoutQuery(address: string): string {
  return redact(address.split(/[?#]/, 1)[0] ?? "");
}
