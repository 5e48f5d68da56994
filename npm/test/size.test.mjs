// What a page downloads is committed, so that growth shows in a diff and fails here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { GOAL_GZIP, measure, parse } from "../scripts/size.mjs";
import { npmDir } from "./packed.mjs";

const sizes = await measure();

test("size.txt tells the truth", (t) => {
  const { gzip } = sizes["wasm + glue"];
  t.diagnostic(`module and glue: ${gzip} bytes gzipped; the goal is ${GOAL_GZIP}, ${Math.max(0, gzip - GOAL_GZIP)} too many`);
  // Compilers are pinned; zlib and brotli are not, hence the hundredth.
  const committed = parse(readFileSync(join(npmDir, "size.txt"), "utf8"));
  assert.deepEqual(Object.keys(committed), Object.keys(sizes));
  for (const [name, size] of Object.entries(sizes)) {
    for (const [unit, bytes] of Object.entries(size)) {
      const told = committed[name][unit];
      assert.ok(
        Math.abs(told - bytes) <= bytes / 100,
        `\`${name}\` is ${bytes} bytes ${unit}, size.txt says ${told}; run \`make size\` and commit the difference`,
      );
    }
  }
});
