// This module is browser compatible.

import type { FunctionTool } from "../../protocol/mod.ts";
import { spellings, wholeWord } from "../_text/text_values.ts";

/** A function that a text asks for. */
export interface AskedTool {
  /** The function. */
  readonly tool: FunctionTool;
  /** The text without the functions' names, which are not arguments. */
  readonly text: string;
}

/** Words in the names of functions that do not describe their subject. */
const GENERAL_WORDS = new Set(
  ("a an and api by call check create current delete do fetch find for from function get in list look lookup make my " +
    "of on open query read run save search send set show start stop the to tool update use with write").split(" "),
);
const REFUSES_BEFORE =
  /(?<!\p{L})(?:don['’]?t|do not|never|without|not|instead of|rather than)(?!\p{L})(?:(?! but )[^.!?;,])*$/iu;
const REFUSES_TOOLS =
  /\b(?:don['’]?t|do not|never|without|no)\b[^.!?;,]*\b(?:use|using|call|calling|tools?|functions?)\b/i;
const ASKS_ANY_TOOL = /\b(?:use|call|invoke|run|try)\b[^.!?]*\b(?:tools?|functions?)\b/i;

/** Finds the functions that a text mentions by name, in any spelling, in the order of the text. */
export function toolsNamed(text: string, tools: readonly FunctionTool[]): AskedTool[] {
  let rest = text;
  const found: (AskedTool & { index: number })[] = [];
  const longestFirst = [...tools].sort((a, b) => b.name.length - a.name.length);
  for (const tool of longestFirst) {
    const spelled = spellings(tool.name, String.raw`(?:[\s_.-]*|\s+(?:me\s+)?(?:the|a|an|my|your|some|current)\s+)`);
    if (spelled === "") continue;
    const match = wholeWord(spelled).exec(rest);
    if (match === null) continue;
    const blank = "_".repeat(match[0].length);
    const before = rest.slice(0, match.index);
    rest = before + blank + rest.slice(match.index + blank.length);
    if (!REFUSES_BEFORE.test(before)) found.push({ tool, text: "", index: match.index });
  }
  return found.sort((a, b) => a.index - b.index).map(({ tool }) => ({ tool, text: rest }));
}

/** Finds the function that a text is about without naming it: "the weather tool", "How is the weather?". */
export function toolMeant(text: string, tools: readonly FunctionTool[]): AskedTool | undefined {
  if (REFUSES_TOOLS.test(text)) return undefined;
  const said = new Set(wordsOf(text));
  let best: FunctionTool | undefined;
  let bestShare = 0;
  for (const tool of tools) {
    const telling = wordsOf(tool.name).filter((word) => word.length > 2 && !GENERAL_WORDS.has(word));
    const share = telling.filter((word) => said.has(word)).length / telling.length;
    if (share >= 0.5 && share > bestShare) [best, bestShare] = [tool, share];
  }
  if (best === undefined && ASKS_ANY_TOOL.test(text)) best = tools[0];
  return best === undefined ? undefined : { tool: best, text };
}

function wordsOf(text: string): string[] {
  const words = text.replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => word.length > 3 ? word.replace(/s$/, "") : word);
}
