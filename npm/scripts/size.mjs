// Measures what a page downloads. `--write` puts it into size.txt, which is committed so that growth shows in a diff;
// test/size.test.mjs holds the two together and tells the distance to the goal.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

const here = join(fileURLToPath(new URL(".", import.meta.url)), "..");
const dist = join(here, "dist");

/** What module and glue should weigh together, gzipped, at most. */
export const GOAL_GZIP = 24 * 1024;

/** Name to `{ raw, gzip, brotli }`, in bytes. */
export async function measure() {
  const wasm = weigh(readFileSync(join(dist, "guwu_bg.wasm")));
  const glue = weigh(await bundle("index.js"));
  return {
    wasm,
    glue,
    "wasm + glue": Object.fromEntries(Object.keys(wasm).map((key) => [key, wasm[key] + glue[key]])),
    inline: weigh(await bundle("inline.js")),
    logger: weigh(await bundle("logger.js")),
  };
}

export function format(sizes) {
  const rows = Object.entries(sizes).map(([name, size]) => [name, size.raw, size.gzip, size.brotli]);
  const lines = [["bytes", "raw", "gzip", "brotli"], ...rows].map(
    ([name, ...numbers]) => name.padEnd(12) + numbers.map((number) => String(number).padStart(9)).join(""),
  );
  return `${lines.join("\n")}\n`;
}

export function parse(text) {
  const rows = text.trimEnd().split("\n").slice(1);
  return Object.fromEntries(
    rows.map((row) => {
      const [raw, gzip, brotli] = row.slice(12).trim().split(/\s+/).map(Number);
      return [row.slice(0, 12).trim(), { raw, gzip, brotli }];
    }),
  );
}

function weigh(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
}

// As a page's own bundler would: one minified module. `logger` holds the glue too, since it classifies.
async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(dist, entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = format(await measure());
  if (process.argv.includes("--write")) writeFileSync(join(here, "size.txt"), text);
  process.stdout.write(text);
}
