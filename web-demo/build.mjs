// Builds dist/index.html: one file that holds style, script and wasm, works from any server or from disk, and asks the
// network for nothing. The policy names what may run by hash.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { buildWasm } from "../npm/scripts/wasm.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const pkg = join(here, "pkg");
buildWasm({ features: ["full"], outDir: pkg });

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    charset: "utf8",
    loader: { ".wasm": "binary", ".txt": "text" },
    write: false,
  });
  return outputFiles[0].text;
}

/** Text as the content of an element that has no escapes: it must not hold the element's end. */
function inline(text, element) {
  if (new RegExp(`</${element}`, "i").test(text) || text.includes("<!--")) {
    throw new Error(`the ${element} would end early; write \`<\` another way in it`);
  }
  return text;
}

const sha = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const script = inline((await bundle("main.ts")).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--"), "script");
const style = inline(await bundle("style.css"), "style");
const policy = [
  "default-src 'none'",
  `script-src ${sha(script)} 'wasm-unsafe-eval'`,
  `style-src ${sha(style)}`,
  "img-src data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  // No text ever becomes markup: the browser refuses the attempt.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const page = readFileSync(join(here, "src", "index.html"), "utf8")
  .replace("%POLICY%", () => policy)
  .replace("%STYLE%", () => style)
  .replace("%SCRIPT%", () => script);
mkdirSync(join(here, "dist"), { recursive: true });
writeFileSync(join(here, "dist", "index.html"), page);
console.log(`dist/index.html: ${page.length} bytes`);
