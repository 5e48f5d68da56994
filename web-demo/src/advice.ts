// Shows the explain page of a pattern. Headings and paragraphs are told apart by line; nothing else of it is markup.
import { element } from "./element.js";
import { explain } from "./parser.js";

/** The page of a code, or null where there is none. */
export function advice(code: string): HTMLElement | null {
  const text = explain(code).trim();
  if (!text) return null;
  const page = element("div.advice");
  for (const block of text.split(/\n{2,}/)) {
    const heading = /^#+ (.*)$/.exec(block);
    page.append(heading ? element("h4", heading[1]) : element("p", block));
  }
  return page;
}
