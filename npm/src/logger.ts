// Reports a page's own errors to its server: uncaught errors and unhandled rejections, classified where they happen.
// It never throws, never keeps a report back for the parser's sake, and never reports a failure of its own. It leaves
// `console` alone: a logger that listens there reports its own failed requests, in a loop.
import { classify, ready } from "./api.js";
import { describe } from "./describe.js";
import { init as initDefault } from "./index.js";
import { redact, withoutQuery } from "./redact.js";

/** What is posted, as JSON. */
export interface Report {
  level: "error";
  message: string;
  /** Script in which an error was thrown; the page for a rejection. Without its query. */
  url: string;
  /** 0 where unknown. */
  line: number;
  /** 0 where unknown. */
  column: number;
  /** Head, frames and causes. */
  stack: string;
  /** When it happened, ISO 8601 in UTC. */
  timestamp: string;
  /** Null when the parser was not ready or found no trace. */
  guwu: { fingerprint: string; pattern: string; title: string } | null;
  /** How many reports were not sent since the last one: over the limit, or the server was out of reach. */
  dropped?: number;
}

/** How to report. */
export interface LoggerOptions {
  /** Where reports are posted to. */
  endpoint: string;
  /** More reports than this within a minute are counted and not sent; 30 unless told. */
  maxPerMinute?: number;
  /** Pattern codes that are not worth a report; `NOISE_PATTERNS` unless told. */
  ignorePatterns?: readonly string[];
  /** Last look at a report: change it, or return null to keep it back. A hook that throws changes nothing. */
  beforeSend?: (report: Report) => Report | null;
  /** How to start the parser; the package's own `init` unless told (`init` of `guwu/inline`, for one). */
  init?: () => Promise<boolean>;
}

/** A running logger. */
export interface Logger {
  /** Reports an error that the page caught itself. */
  report(error: unknown): void;
  /** Sends what waits for the parser, unclassified. */
  flush(): void;
  /** Stops listening. */
  stop(): void;
}

/** Patterns that are no fault of the page: the noise of the catalogue, without what only Python has. */
export const NOISE_PATTERNS: readonly string[] = [
  "GW901",
  "GW902",
  "GW903",
  "GW904",
  "GW907",
  "GW908",
  "GW910",
  "GW911",
  "GW912",
];

// What a page can not act on, whether or not the parser is there.
const NOISE_MESSAGES = ["ResizeObserver loop ", "Script error"];
const MAX_WAITING = 20;
const MAX_WAIT_MS = 3000;
const MAX_STACK = 16 * 1024;
const MAX_MESSAGE = 2 * 1024;
const MINUTE_MS = 60_000;

interface Seen {
  message: string;
  url: string;
  line: number;
  column: number;
  stack: string;
}

/** Starts reporting. Safe to call before anything else of the page has run. */
export function clientErrorLogger(options: LoggerOptions): Logger {
  const waiting: Report[] = [];
  const sentAt: number[] = [];
  const noise = new Set(options.ignorePatterns ?? NOISE_PATTERNS);
  const limit = options.maxPerMinute ?? 30;
  // Taken now: what other scripts put in their place later may log, fail or call us.
  const { fetch } = globalThis;
  let dropped = 0;
  let waitIsOver = false;
  let inside = false;

  /** Runs `step` unless we are in one already; what goes wrong in it is nobody's business. */
  function quietly(step: () => void): void {
    if (inside) return;
    inside = true;
    try {
      step();
    } catch {
      dropped += 1;
    } finally {
      inside = false;
    }
  }

  function take(seen: Seen): void {
    if (NOISE_MESSAGES.some((start) => seen.message.replace(/^Uncaught /, "").startsWith(start))) return;
    const now = Date.now();
    while (sentAt.length > 0 && now - (sentAt[0] as number) >= MINUTE_MS) sentAt.shift();
    if (sentAt.length >= limit) {
      dropped += 1;
      return;
    }
    sentAt.push(now);
    const report: Report = {
      level: "error",
      message: redact(seen.message.slice(0, MAX_MESSAGE)),
      url: withoutQuery(seen.url),
      line: seen.line,
      column: seen.column,
      stack: redact(cut(seen.stack, MAX_STACK)),
      timestamp: new Date(now).toISOString(),
      guwu: null,
    };
    if (ready() || waitIsOver) deliver(report, false);
    else if (waiting.length < MAX_WAITING) waiting.push(report);
    else dropped += 1;
  }

  function deliver(report: Report, leaving: boolean): void {
    // The text that is sent is the text that is classified: whoever reads the report gets the same fingerprint.
    const known = classify(report.stack || report.message);
    if (known.failure) {
      if (noise.has(known.failure.pattern)) {
        sentAt.pop(); // a page full of noise still has its reports left
        return;
      }
      const { fingerprint, pattern, title } = known.failure;
      report.guwu = { fingerprint, pattern, title };
    }
    if (dropped > 0) report.dropped = dropped;
    const final = asked(report);
    if (final === null) return;
    dropped = 0;
    send(JSON.stringify(final), leaving);
  }

  function asked(report: Report): Report | null {
    if (!options.beforeSend) return report;
    try {
      return options.beforeSend({ ...report });
    } catch {
      return report;
    }
  }

  function send(body: string, leaving: boolean): void {
    if (leaving && beacon(body)) return;
    const lost = () => {
      dropped += 1;
    };
    try {
      // `keepalive`: the request outlives the page.
      fetch(options.endpoint, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        keepalive: true,
        credentials: "same-origin",
      }).then((answer) => {
        if (!answer.ok) lost();
      }, lost);
    } catch {
      if (!beacon(body)) lost();
    }
  }

  function beacon(body: string): boolean {
    try {
      return navigator.sendBeacon(options.endpoint, new Blob([body], { type: "application/json" }));
    } catch {
      return false;
    }
  }

  function release(leaving: boolean): void {
    waitIsOver = true;
    quietly(() => {
      for (const report of waiting.splice(0)) deliver(report, leaving);
    });
  }

  const onError = (event: ErrorEvent) => quietly(() => take(fromErrorEvent(event)));
  const onRejection = (event: PromiseRejectionEvent) => quietly(() => take(fromRejection(event.reason)));
  const onHide = () => release(true);

  quietly(() => {
    addEventListener("error", onError);
    addEventListener("unhandledrejection", onRejection);
    addEventListener("pagehide", onHide);
    const start = options.init ?? initDefault;
    start().then(
      () => release(false),
      () => release(false),
    );
    // A parser that takes its time holds nothing up.
    setTimeout(() => release(false), MAX_WAIT_MS);
  });

  return {
    report: (error) => quietly(() => take(fromCaught(error))),
    flush: () => release(false),
    stop: () =>
      quietly(() => {
        removeEventListener("error", onError);
        removeEventListener("unhandledrejection", onRejection);
        removeEventListener("pagehide", onHide);
      }),
  };
}

function fromErrorEvent(event: ErrorEvent): Seen {
  const { filename = "", lineno = 0, colno = 0 } = event;
  const message = event.message || "unknown error";
  const error: unknown = event.error;
  const stack =
    typeof error === "object" && error !== null
      ? describe(error).text
      : filename
        ? `${message}\n    at ${filename}:${lineno}:${colno}`
        : message;
  return { message, url: filename, line: lineno, column: colno, stack };
}

function fromRejection(reason: unknown): Seen {
  const { type, message, text } = describe(reason);
  const head = [type, message].filter(Boolean).join(": ") || "unknown reason";
  return { message: `Unhandled Promise Rejection: ${head}`, url: location.href, line: 0, column: 0, stack: text };
}

function fromCaught(error: unknown): Seen {
  const { type, message, text } = describe(error);
  const head = [type, message].filter(Boolean).join(": ") || "unknown error";
  return { message: head, url: location.href, line: 0, column: 0, stack: text };
}

/** At most `max` characters, cut at the end of a line where there is one. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.lastIndexOf("\n", max);
  return text.slice(0, end > 0 ? end : max);
}
