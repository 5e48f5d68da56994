// What a page downloads stays within its budget, and growth shows in a diff.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { BUDGET_GZIP, measure, parse } from "../scripts/size.mjs";
import { npmDir } from "./packed.mjs";

const sizes = await measure();

test("module and glue stay within the budget", () => {
  const { gzip } = sizes["wasm + glue"];
  assert.ok(gzip <= BUDGET_GZIP, `${gzip} bytes gzipped are over the budget of ${BUDGET_GZIP}`);
});

test("size.txt tells the truth", () => {
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
