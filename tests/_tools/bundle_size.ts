import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { bundleModule } from "./bundle.ts";
import type { Repository } from "./repository.ts";

/** The size budget of one import in a page. */
export interface SizeBudget {
  /** Name that is imported; `*` is everything. */
  readonly name: string;
  /** Module that it is imported from, relative to the root. */
  readonly module: string;
  /** Names that are imported with it, and the modules they are from. */
  readonly and?: readonly (readonly [name: string, module: string])[];
  /**
   * Limit in bytes: bundled, minified and gzipped, with all dependencies. It is slightly above the current size. A
   * commit that reduces the size lowers the limit; one that raises it explains the benefit.
   */
  readonly maxBytes: number;
  /** Target of the design in bytes, if that is smaller: it is printed, and the limit should be lowered to it. */
  readonly targetBytes?: number;
}

/** One line for each function whose size matters to users. CONTRIBUTING.md explains the sizes. */
export const SIZE_BUDGETS: readonly SizeBudget[] = [
  { name: "connectWebSocket", module: "mod.ts", maxBytes: 11_345, targetBytes: 10_000 },
  // The same without the checks of events, for pages that must be small.
  {
    name: "dialTransport",
    module: "src/transport/mod.ts",
    and: [["uncheckedRealtimeCodec", "src/protocol/mod.ts"]],
    maxBytes: 6_740,
  },
  // The kernel, without parts and without checks of outgoing events.
  {
    name: "openSessionWith",
    module: "src/session/mod.ts",
    and: [["dialTransport", "src/transport/mod.ts"], ["uncheckedRealtimeCodec", "src/protocol/mod.ts"]],
    maxBytes: 22_160,
    targetBytes: 15_000,
  },
  { name: "connect", module: "mod.ts", maxBytes: 44_260, targetBytes: 25_000 },
  { name: "connectVoice", module: "mod.ts", maxBytes: 57_130, targetBytes: 31_000 },
  { name: "connectVoiceWebRtc", module: "src/browser/mod.ts", maxBytes: 59_200, targetBytes: 33_000 },
  { name: "connectLive", module: "src/live/mod.ts", maxBytes: 25_340, targetBytes: 16_000 },
  { name: "*", module: "mod.ts", maxBytes: 66_930 },
  { name: "RealtimeRest", module: "src/rest/mod.ts", maxBytes: 8_455 },
];

/** A budget, and the measured size. */
export interface MeasuredSize extends SizeBudget {
  /** The measured size, in bytes. */
  readonly bytes: number;
}

/**
 * Bundles what each budget imports for browsers, minified, and measures it after `gzip -9`.
 *
 * @throws {Error} when it cannot be bundled, for instance because the name does not exist.
 */
export async function measureSizes(
  { root }: Pick<Repository, "root">,
  budgets: readonly SizeBudget[] = SIZE_BUDGETS,
): Promise<readonly MeasuredSize[]> {
  const sizes: MeasuredSize[] = [];
  for (const budget of budgets) sizes.push({ ...budget, bytes: await measure(root, budget) });
  return sizes;
}

async function measure(root: string, { name, module, and = [] }: SizeBudget): Promise<number> {
  const options = ["--platform", "browser", "--minify", "--config", `${root}/deno.json`];
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = [
      [name === "*" ? "*" : `{ ${name} }`, module],
      ...and.map(([name, module]) => [`{ ${name} }`, module]),
    ];
    const code = lines.map(([names, module]) => `export ${names} from "${pathToFileURL(`${root}/${module}`)}";\n`).join(
      "",
    );
    await Deno.writeTextFile(entry, code);
    const bundle = await bundleModule(root, entry, options);
    // A missing name could be a type, which the bundler drops silently.
    if (name !== "*" && !new RegExp(`\\bexport ?\\{[^}]*\\b${name}\\b`).test(bundle)) {
      throw new Error(`Cannot measure ${name} as ${module} does not export it`);
    }
    return gzipSync(bundle, { level: 9 }).byteLength;
  } finally {
    await Deno.remove(entry);
  }
}

/** Lists the imports that exceed their budget. */
export function sizeViolations(sizes: readonly MeasuredSize[]): readonly string[] {
  return sizes.filter(({ bytes, maxBytes }) => bytes > maxBytes).map((size) =>
    `${labelOf(size)} takes ${size.bytes} bytes gzipped: at most ${size.maxBytes} are allowed`
  );
}

/** Sizes and bounds, a line for each, e.g. `connect: 25.9 kB, at most 26.2, target 25.0`. */
export function describeSizes(sizes: readonly MeasuredSize[]): readonly string[] {
  const inKb = (bytes: number) => (bytes / 1000).toFixed(1);
  return sizes.map((size) => {
    const { bytes, maxBytes, targetBytes } = size;
    const target = targetBytes === undefined || bytes <= targetBytes ? "" : `, target ${inKb(targetBytes)}`;
    return `${labelOf(size)}: ${inKb(bytes)} kB, at most ${inKb(maxBytes)}${target}`;
  });
}

function labelOf({ name, module, and = [] }: SizeBudget): string {
  const first = name === "*" ? `everything in ${module}` : name;
  return [first, ...and.map(([name]) => name)].join(" and ");
}

if (import.meta.main) {
  const { ROOT } = await import("./repository.ts");
  for (const line of describeSizes(await measureSizes({ root: ROOT }))) console.log(line);
}
