import { runDeno } from "./command.ts";
import { ROOT } from "./repository.ts";

const bundles = new Map<string, Promise<string>>();

/** {@linkcode bundleModule} of a module of this repository, which is bundled only once for all tests of a worker. */
export function bundleOnce(module: string, options: readonly string[]): Promise<string> {
  const key = [module, ...options].join(" ");
  const bundle = bundles.get(key) ?? bundleModule(ROOT, module, options);
  bundles.set(key, bundle);
  return bundle;
}

/**
 * Bundles a module of the repository at `root`, with all it imports, into one ESM file, and returns its code. Further
 * `options` are those of `deno bundle`.
 *
 * @throws {Error} when it cannot be bundled.
 */
export async function bundleModule(root: string, module: string, options: readonly string[]): Promise<string> {
  const bundle = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { code, output } = await runDeno(["bundle", "--quiet", ...options, "--output", bundle, module], {
      cwd: root,
    });
    if (code !== 0) throw new Error(`Cannot bundle ${module}: ${output}`);
    return await Deno.readTextFile(bundle);
  } finally {
    await Deno.remove(bundle);
  }
}
