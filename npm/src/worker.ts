// A module worker for bulk work: post `{ id, text, options? }`, get `{ id, failures, fallback }` back. One error takes
// well under a millisecond, so a page that reports its own errors needs no worker.
import { isReady, run, type Result } from "./engine.js";
import { init } from "./index.js";
import type { Options } from "./types.js";

/** What to post. */
export interface WorkerRequest {
  /** Comes back with the answer. */
  id: number | string;
  text: string;
  options?: Options;
}

/** What comes back. */
export type WorkerAnswer = { id: number | string } & Result;

addEventListener("message", (event: MessageEvent<WorkerRequest>) => {
  void answer(event.data);
});

async function answer({ id, text, options }: WorkerRequest): Promise<void> {
  if (!isReady()) await init();
  const message: WorkerAnswer = { id, ...run(String(text), options) };
  postMessage(message);
}
