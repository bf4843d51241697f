import { ROOT } from "../_tools/repository.ts";

/** Runtimes that a snippet can name and that run programs. A snippet for a page names `chromium` instead. */
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
  /** Words after the language: `ignore` excludes it from `deno test --doc`, the others name runtimes. */
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

/** Reads the snippets of the README and of `docs/`. */
export async function readDocuments(): Promise<readonly Snippet[]> {
  const names = ["README.md"];
  for await (const { name } of Deno.readDir(`${ROOT}/docs`)) if (name.endsWith(".md")) names.push(`docs/${name}`);
  const texts = await Promise.all(names.sort().map((name) => Deno.readTextFile(`${ROOT}/${name}`)));
  return texts.flatMap((text, index) => readSnippets(names[index]!, text));
}

/** The runtimes on which a snippet runs as a program. */
export function runtimesOf({ flags }: Snippet): readonly Runtime[] {
  return RUNTIMES.filter((runtime) => flags.includes(runtime));
}

/** Whether a snippet is for a page, and runs in Chromium. */
export function isForPage({ flags }: Snippet): boolean {
  return flags.includes("chromium");
}

/** Whether a snippet is run: by `deno test --doc`, as a program or in a page. */
export function isRun(snippet: Snippet): boolean {
  return !snippet.flags.includes("ignore") || runtimesOf(snippet).length > 0 || isForPage(snippet);
}
