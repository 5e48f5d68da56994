// Shows one failure. It only draws: what is shown comes from the parser.
import { isFrame } from "../../npm/src/primary.js";
import type { Exception, Failure, Frame, StackEntry } from "../../npm/src/types.js";

import { advice } from "./advice.js";
import { count, element } from "./element.js";

// A stack of two functions that call each other has thousands of frames.
const MAX_ENTRIES = 200;

const RELATIONS: Record<string, string> = {
  cause: "which directly caused",
  context: "and while that was being handled",
  member: "member of the group",
};

/** One failure as an article. */
export function drawFailure(failure: Failure): HTMLElement {
  const known = advice(failure.pattern);
  const head = element("header", element("h3.title", failure.title || "A failure without a title"));
  if (known) {
    const sentence = element("p.sentence", `${known.name}: ${known.sentence}`);
    if (known.noise) sentence.prepend(element("span.noise", "noise"), " ");
    head.append(sentence);
  }
  head.append(facts(failure));
  const article = element("article.failure", head, ...failure.exceptions.map(drawException));
  if (known) {
    article.append(element("details", element("summary", `${failure.pattern}: what it means and how to test it`), known.page));
  }
  const json = element("pre", JSON.stringify(failure, null, 2));
  json.tabIndex = 0;
  article.append(element("details", element("summary", "As JSON"), json));
  return article;
}

function facts(failure: Failure): HTMLElement {
  const list = element("dl.facts");
  const add = (name: string, value: string | null, kind = "", ...more: Node[]) => {
    if (value) list.append(element("div", element("dt", name), element(`dd.${kind || "plain"}`, value), ...more));
  };
  add("pattern", failure.pattern, "mono");
  add("fingerprint", failure.fingerprint, "mono", copyButton(failure.fingerprint));
  add("platform", failure.platform);
  add("level", failure.level);
  add("logger", failure.logger, "mono");
  add("time", failure.timestamp, "mono");
  add("times", failure.count > 1 ? String(failure.count) : null);
  add("line", failure.origin.line > 1 ? String(failure.origin.line) : null);
  add("message", failure.log_message);
  if (failure.partial) add("incomplete", "the text ends inside the trace");
  for (const note of failure.notes) add("note", note);
  return list;
}

function copyButton(text: string): HTMLElement {
  const button = element("button", "copy");
  button.type = "button";
  button.setAttribute("aria-label", "copy the fingerprint");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => (button.textContent = "copied"),
      () => (button.textContent = "not allowed"),
    );
  });
  return button;
}

function drawException(exception: Exception): HTMLElement {
  const section = element("section.exception");
  const relation = exception.relation && RELATIONS[exception.relation];
  if (relation) section.append(element("p.relation", relation));
  const depth = Math.min(exception.group_path.length, 3);
  if (depth > 0) section.classList.add("member", `member-${depth}`);
  const type = element("h4.type");
  if (exception.module) type.append(element("span.module", `${exception.module}.`));
  type.append(exception.type ?? "message only");
  section.append(type);
  if (exception.message) section.append(element("p.message", exception.message));
  if (exception.notes.length > 0) {
    section.append(element("ul.notes", ...exception.notes.map((note) => element("li", note))));
  }
  if (exception.syntax) {
    const { file, line, source_line } = exception.syntax;
    section.append(element("ol.frames", drawPlace("does not parse", place(file, line, null), source_line)));
  }
  if (exception.frames.length > 0) section.append(drawFrames(exception.frames));
  return section;
}

function drawFrames(entries: StackEntry[]): DocumentFragment {
  const list = element("ol.frames");
  list.setAttribute("aria-label", "frames, oldest call first");
  // Both ends say most: where it began and where it broke.
  const half = MAX_ENTRIES / 2;
  const shown = entries.length <= MAX_ENTRIES ? entries : [...entries.slice(0, half), ...entries.slice(-half)];
  shown.forEach((entry, index) => {
    if (shown !== entries && index === half) {
      list.append(element("li.stands", `${count(entries.length - MAX_ENTRIES, "frame")} not shown here`));
    }
    list.append(drawEntry(entry));
  });
  const fragment = document.createDocumentFragment();
  fragment.append(list);
  const foreign = list.querySelectorAll(".foreign").length;
  if (foreign > 0) fragment.append(element("p.foreign-count", `${count(foreign, "frame")} of others hidden`));
  return fragment;
}

function drawEntry(entry: StackEntry): HTMLElement {
  if (!isFrame(entry)) {
    const text =
      "repeated" in entry ? `the line above ${count(entry.repeated, "more time")}` : `${count(entry.elided, "frame")} left out`;
    return element("li.stands", text);
  }
  return drawFrame(entry);
}

function drawFrame(frame: Frame): HTMLElement {
  const name = frame.function
    ? element("span.function", `${frame.async ? "async " : ""}${frame.function}`)
    : element("span.function.anonymous", frame.async ? "async, anonymous" : "anonymous");
  // The word says what the colour says.
  if (frame.in_app) name.append(element("span.mark", "in-app"));
  const item = drawPlace(name, place(frame.file, frame.line, frame.column), frame.source_line);
  item.className = frame.in_app ? "own" : "foreign";
  return item;
}

function drawPlace(name: Node | string, where: string, source: string | null): HTMLElement {
  const row = element("div.where", name, element("span.place", where));
  return element("li", row, source ? element("code.source", source) : null);
}

function place(file: string | null, line: number | null, column: number | null): string {
  return [file ?? "native", line, column].filter((part) => part !== null).join(":");
}
