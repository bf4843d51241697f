/** Runtimes that a snippet can name. */
export const RUNTIMES = ["deno", "bun", "node", "worker"] as const;

/** A runtime that a snippet names. */
export type Runtime = typeof RUNTIMES[number];

/** One fenced block of TypeScript in a document. */
export interface Snippet {
  /** Where it is, e.g. `README.md:42`. */
  readonly place: string;
  /** Its code. */
  readonly code: string;
  /** `ts` or `tsx`. */
  readonly language: string;
  /** Words behind the language: `ignore` keeps it from `deno test --doc`, the others name runtimes. `types` is for a page: it is only type-checked. */
  readonly flags: readonly string[];
}

/** The fenced blocks of TypeScript in a document. */
export function readSnippets(name: string, text: string): readonly Snippet[] {
  const snippets: Snippet[] = [];
  for (const { index, 1: language, 2: flags, 3: code } of text.matchAll(/^```(tsx?)\b(.*)\n([\s\S]*?)^```$/gm)) {
    const line = text.slice(0, index).split("\n").length;
    const words = flags!.trim().split(/\s+/).filter(Boolean);
    snippets.push({ place: `${name}:${line}`, code: code!, language: language!, flags: words });
  }
  return snippets;
}

/** The runtimes on which a snippet is to run. */
export function runtimesOf({ flags }: Snippet): readonly Runtime[] {
  return RUNTIMES.filter((runtime) => flags.includes(runtime));
}

/** Whether anything proves that a snippet is right: `deno test --doc`, a run, or its types. */
export function isProved({ flags }: Snippet): boolean {
  return !flags.includes("ignore") || flags.some((flag) => flag === "types" || RUNTIMES.includes(flag as Runtime));
}
