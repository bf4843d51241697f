/**
 * Bundles what runs on the audio thread: once as a file that can be served, once as a string that is loaded without one.
 * `deno task worklets` writes both; the tests fail when they are stale.
 *
 * @module
 */

import { bundleModule } from "./bundle.ts";
import { ROOT } from "./repository.ts";

const SOURCE = "src/browser/_worklets/main.ts";

/**
 * The generated files: path → text. They are not minified: bundlers turn files below 4 kB into data: URLs, which a
 * strict Content-Security-Policy forbids.
 */
export async function generateWorklets(root: string): Promise<ReadonlyMap<string, string>> {
  const readable = (await bundleModule(root, SOURCE, ["--platform", "browser"])).trim();
  const code = (await bundleModule(root, SOURCE, ["--platform", "browser", "--minify"])).trim();
  return new Map([
    [
      "src/browser/worklet.js",
      `// deno-fmt-ignore-file\n// Generated from ${SOURCE} by \`deno task worklets\`.\n${readable}\n`,
    ],
    [
      "src/browser/_worklets/source.ts",
      "// This module is browser compatible.\n// deno-fmt-ignore-file\n" +
      `// Generated from ${SOURCE} by \`deno task worklets\`.\n\n` +
      "/** What runs on the audio thread, as code. */\n" +
      `export const WORKLET_SOURCE: string = ${JSON.stringify(code)};\n`,
    ],
  ]);
}

if (import.meta.main) {
  for (const [path, text] of await generateWorklets(ROOT)) await Deno.writeTextFile(`${ROOT}/${path}`, text);
}
