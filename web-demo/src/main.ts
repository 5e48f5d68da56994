// Wires the page: text in, failures out. No state but what the page shows.
import { byId, count, element } from "./element.js";
import { drawFailure } from "./failure.js";
import { MAX_CHARS, read, startParser } from "./parser.js";
import { samples } from "./samples.js";

// More than this makes a page nobody reads.
const MAX_SHOWN = 100;
// A text field with megabytes in it makes every key stroke slow.
const MAX_FIELD = 512 * 1024;
const PAUSE_MS = 120;

const text = byId("text", HTMLTextAreaElement);
const results = byId("results", HTMLElement);
const status = byId("status", HTMLElement);
const drop = byId("drop", HTMLElement);
const file = byId("file", HTMLInputElement);
const only = byId("only", HTMLInputElement);

function show(input: string, source: string): void {
  results.replaceChildren();
  if (input.trim() === "") return say("nothing to read yet");
  const answer = read(input, source);
  if ("problem" in answer) return say(answer.problem, true);
  const { failures } = answer;
  if (failures.length === 0) return say("no failure found in this text");
  const shown = failures.slice(0, MAX_SHOWN);
  const more = failures.length > shown.length ? `; the first ${MAX_SHOWN} are shown` : "";
  say(`${count(failures.length, "failure")}${source === "pasted text" ? "" : ` in ${source}`}${more}`);
  results.append(...shown.map(drawFailure));
}

function say(words: string, bad = false): void {
  status.textContent = words;
  status.classList.toggle("bad", bad);
}

async function open(chosen: File): Promise<void> {
  if (chosen.size > MAX_CHARS) {
    text.value = "";
    results.replaceChildren();
    return say(`${chosen.name} is too long for a page; use \`guwu triage FILE\` on the command line`, true);
  }
  try {
    const content = await chosen.text();
    text.value = content.length > MAX_FIELD ? "" : content;
    show(content, chosen.name);
  } catch {
    say(`${chosen.name} can not be read; open a file, not a folder`, true);
  }
}

let timer = 0;
text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => show(text.value, "pasted text"), PAUSE_MS);
});

byId("clear", HTMLButtonElement).addEventListener("click", () => {
  text.value = "";
  show("", "pasted text");
  text.focus();
});

file.addEventListener("change", () => {
  const chosen = file.files?.[0];
  if (chosen) void open(chosen);
  file.value = "";
});

only.addEventListener("change", () => results.classList.toggle("only", only.checked));

// `dragenter` and `dragleave` come for every element that the pointer crosses, hence `relatedTarget`.
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.hidden = !event.dataTransfer?.types.includes("Files");
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) drop.hidden = true;
});
document.addEventListener("drop", (event) => {
  drop.hidden = true;
  const dropped = event.dataTransfer?.files[0];
  if (!dropped) return; // text dropped into the field is the field's business
  event.preventDefault();
  void open(dropped);
});

byId("samples", HTMLElement).append(
  ...samples.map(({ name, text: sample }) => {
    const button = element("button", name);
    button.type = "button";
    button.addEventListener("click", () => {
      text.value = sample;
      show(sample, "pasted text");
    });
    return button;
  }),
);

say("starting the parser");
if (await startParser()) show(text.value, "pasted text");
else show(text.value || " .", "pasted text");
