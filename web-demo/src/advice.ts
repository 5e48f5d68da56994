// Shows what is known about a pattern. The explain page is plain text with a few headings; nothing of it is markup.
import { element } from "./element.js";
import { explain } from "./parser.js";

const LAYERS: Record<string, string> = {
  unit: "A unit test would have caught it.",
  integration: "An integration test would have caught it.",
  e2e: "An end-to-end test would have caught it.",
};

/** What is known about a code. */
export interface Advice {
  name: string;
  /** One sentence: what to do. */
  sentence: string;
  /** Why it is no fault of the program, where that is so. */
  noise: string;
  /** The whole page. */
  page: HTMLElement;
}

/** The advice for a code, or null where nothing is known. */
export function advice(code: string): Advice | null {
  const [name, sentence, layer, noise, ...rest] = explain(code).split("\n");
  if (!name || !sentence) return null;
  const page = element("div.advice");
  page.append(...rest.length > 0 ? draw(rest) : []);
  const caught = LAYERS[layer ?? ""];
  if (caught && !noise) page.append(element("p", caught));
  return { name, sentence, noise: noise ?? "", page };
}

// `Heading: text that may go on` on the next lines; `Heading:` alone, with an indented example below it.
function draw(lines: string[]): HTMLElement[] {
  const drawn: HTMLElement[] = [];
  for (const line of lines) {
    const [, heading, text] = /^([A-Z][a-z ]{2,40}):(?: (.*))?$/.exec(line) ?? [];
    const last = drawn[drawn.length - 1];
    if (heading) {
      drawn.push(element("h4", heading));
      if (text) drawn.push(element("p", text));
    } else if (line.startsWith("    ")) {
      if (last?.tagName === "PRE") last.append(`\n${line.slice(4)}`);
      else drawn.push(element("pre", line.slice(4)));
    } else if (last?.tagName === "P") {
      last.append(` ${line}`);
    } else if (line.trim()) {
      drawn.push(element("p", line));
    }
  }
  return drawn;
}
