// This module is browser compatible.
import { at, numberAt } from "../_internal/wire.ts";

/**
 * Usage of one model, in one modality and direction.
 *
 * @category Usage
 */
export interface UsageLine {
  /** The model, empty when the server does not name it. */
  readonly model: string;
  /** Whether the model read or generated it; reasoning counts as output text. */
  readonly direction: "input" | "output";
  /** Modality of the tokens. */
  readonly modality: "text" | "audio" | "image";
  /** Whether they came from the cache, and cost less. */
  readonly cached: boolean;
  /** Number of tokens. */
  readonly tokens: number;
  /** Seconds of audio, for transcriptions billed by duration; their tokens are 0. */
  readonly seconds: number;
}

/**
 * The usage that a price applies to.
 *
 * @category Usage
 */
export type PricedUsage =
  | `${"cached " | ""}${"text" | "audio" | "image"} input`
  | `${"text" | "audio" | "image"} output`
  | "minute";

/**
 * Prices by model; this package contains none. In US dollars per million tokens; `minute`, for transcriptions billed by
 * duration, in US dollars per minute.
 *
 * @category Usage
 */
export type PriceTable = { readonly [model: string]: { readonly [U in PricedUsage]?: number | undefined } };

const MODALITIES = ["text", "audio", "image"] as const;

/**
 * The usage of one response, or of the transcription of one turn; `usage` is that of its last event. Tokens without a
 * breakdown count as text. Empty for a count of an unknown kind.
 *
 * @category Usage
 *
 * @example The usage of a response
 * ```ts
 * import { usageLines } from "@oai-rt/edge";
 * import { assertEquals } from "@std/assert";
 *
 * const usage = { input_tokens: 10, input_token_details: { text_tokens: 10, cached_tokens: 4 } };
 * assertEquals(usageLines(usage, "gpt-realtime-2.1").map(({ cached, tokens }) => [cached, tokens]), [[true, 4], [false, 6]]);
 * ```
 */
export function usageLines(usage: unknown, model: string): readonly UsageLine[] {
  const lines: UsageLine[] = [];
  const seconds = countAt(usage, "seconds");
  if (seconds > 0) lines.push({ model, direction: "input", modality: "audio", cached: false, tokens: 0, seconds });
  for (const direction of ["input", "output"] as const) {
    const details = at(usage, `${direction}_token_details`);
    const counted = MODALITIES.map((modality) => countAt(details, `${modality}_tokens`));
    const cachedTokens = MODALITIES.map((modality) => countAt(details, "cached_tokens_details", `${modality}_tokens`));
    const rest = countAt(usage, `${direction}_tokens`) - sumOf(counted);
    // Some servers count cached tokens, and leave the breakdown empty.
    let unplaced = Math.max(0, countAt(details, "cached_tokens") - sumOf(cachedTokens));
    for (const [index, modality] of MODALITIES.entries()) {
      const all = counted[index]! + (index === 0 ? Math.max(0, rest) : 0);
      const cached = Math.min(all, cachedTokens[index]! + unplaced);
      unplaced -= Math.max(0, cached - cachedTokens[index]!);
      const add = (cached: boolean, tokens: number) => {
        if (tokens > 0) lines.push({ model, direction, modality, cached, tokens, seconds: 0 });
      };
      add(true, cached);
      add(false, all - cached);
    }
  }
  return lines;
}

/**
 * The cost of usage, in US dollars.
 *
 * @category Usage
 *
 * @returns `NaN` when a price is missing, so that a partial sum is not taken for the total.
 *
 * @example The cost of a conversation
 * ```ts
 * import { costOf, usageLines } from "@oai-rt/edge";
 * import { assertEquals } from "@std/assert";
 *
 * const usage = usageLines({ output_tokens: 500, output_token_details: { audio_tokens: 500 } }, "gpt-realtime-2.1");
 * assertEquals(costOf(usage, { "gpt-realtime-2.1": { "audio output": 64 } }), 0.032);
 * ```
 */
export function costOf(lines: readonly UsageLine[], prices: PriceTable): number {
  let cost = 0;
  for (const { model, direction, modality, cached, tokens, seconds } of lines) {
    const price = (name: string) => prices[model]?.[name as PricedUsage] ?? NaN;
    if (seconds > 0) cost += price("minute") * seconds / 60;
    if (tokens > 0) cost += price(`${cached ? "cached " : ""}${modality} ${direction}`) * tokens / 1e6;
  }
  return cost;
}

/** A number that can be a count: servers may send anything. */
function countAt(value: unknown, ...path: string[]): number {
  const count = numberAt(value, ...path);
  return count >= 0 && count < Infinity ? count : 0;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
