import { gzipSync } from "node:zlib";
import { bundleModule } from "./bundle.ts";
import type { Repository } from "./repository.ts";

/**
 * What the main entry point may take, in bytes, bundled, minified and gzipped with all it depends on. The design's budget
 * is 20,000; CONTRIBUTING.md says why it is missed. Whoever adds a feature looks at what it costs here; whoever makes
 * something smaller lowers the bound.
 */
export const MAX_BUNDLE_BYTES = 35_700;

/**
 * Bundles the main entry point for browsers, minified, and returns its size after `gzip -9` in bytes.
 *
 * @throws {Error} when it cannot be bundled.
 */
export async function measureBundle({ root }: Pick<Repository, "root">): Promise<number> {
  const code = await bundleModule(root, "mod.ts", ["--platform", "browser", "--minify"]);
  return gzipSync(code, { level: 9 }).byteLength;
}

/** Lists a bundle that is over budget. */
export function bundleSizeViolations(bytes: number): readonly string[] {
  return bytes <= MAX_BUNDLE_BYTES ? [] : [`mod.ts is ${bytes} bytes gzipped: at most ${MAX_BUNDLE_BYTES} are allowed`];
}
