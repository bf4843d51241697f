import { gzipSync } from "node:zlib";
import { runDeno } from "./command.ts";
import type { Repository } from "./repository.ts";

/** Budget of the main entry point: 20 kB, which is 20,000 bytes, bundled, minified and gzipped with all it depends on. */
export const MAX_BUNDLE_BYTES = 20_000;

/**
 * Bundles the main entry point for browsers, minified, and returns its size after `gzip -9` in bytes.
 *
 * @throws {Error} when it cannot be bundled.
 */
export async function measureBundle({ root }: Pick<Repository, "root">): Promise<number> {
  const bundle = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const args = ["bundle", "--quiet", "--platform", "browser", "--minify", "--output", bundle, "mod.ts"];
    const { code, output } = await runDeno(args, { cwd: root });
    if (code !== 0) throw new Error(`Cannot bundle mod.ts: ${output}`);
    return gzipSync(await Deno.readFile(bundle), { level: 9 }).byteLength;
  } finally {
    await Deno.remove(bundle);
  }
}

/** Lists a bundle that is over budget. */
export function bundleSizeViolations(bytes: number): readonly string[] {
  return bytes <= MAX_BUNDLE_BYTES ? [] : [`mod.ts is ${bytes} bytes gzipped: at most ${MAX_BUNDLE_BYTES} are allowed`];
}
