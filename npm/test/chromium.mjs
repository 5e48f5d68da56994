// A real browser and a loopback server for the tests. Nothing is reached but 127.0.0.1.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { after } from "node:test";

import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** Starts Chromium; it ends with the test file. */
export async function browser() {
  const started = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  after(() => started.close());
  return started;
}

/**
 * Serves `pages` (path to text, or to `{ body, headers }`) and, below `/package/`, the files of `folder`. What is
 * posted to `/errors` is kept; `status` is what such a post gets for an answer.
 */
export async function serve(pages, folder) {
  const posted = [];
  const state = { status: 204, posted, waiting: [] };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    if (request.method === "POST" && path === "/errors") {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        posted.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        response.writeHead(state.status).end();
        for (const wake of state.waiting.splice(0)) wake();
      });
      return;
    }
    const page = pages[path];
    try {
      const body = page?.body ?? page ?? readFileSync(`${folder}/${path.slice("/package/".length)}`);
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html", ...page?.headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => server.close());
  after(() => server.closeAllConnections());
  const origin = `http://127.0.0.1:${server.address().port}`;
  /** Resolves once `count` reports are there; the test's own timeout is the limit. */
  const reports = async (count) => {
    while (posted.length < count) await new Promise((wake) => state.waiting.push(wake));
    return posted;
  };
  return { origin, reports, posted, state };
}
