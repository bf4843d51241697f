// This module is browser compatible.
import { type ServerError, serverError } from "../../_errors/server_error.ts";
import type { EffectiveTruncation } from "../../../protocol/mod.ts";
import type { ConversationEntry } from "./conversation.ts";
import { itemTokens } from "../usage.ts";

/** Tokens that the model reads at most: 32k but for 4 096 that it may answer, as the API reference reckons. */
const MAX_INPUT_TOKENS = 28_224;

/** What the model gets to see of a conversation. */
export interface ContextView {
  /** The items that are not left out, in order. */
  readonly entries: readonly ConversationEntry[];
  /** Whether some are left out that the last response has still seen. */
  readonly hasMoved: boolean;
}

/**
 * Leaves the oldest items out of a conversation that has outgrown the model's context, without an event: they stay in
 * the conversation, and can be retrieved. What was left out once stays out.
 */
export class ContextWindow {
  readonly #leftOut = new WeakSet<ConversationEntry>();

  /**
   * Tells what the model gets to see.
   *
   * @param promptTokens tokens of instructions and tools.
   * @throws {ServerError} when that is too much, and nothing may be left out.
   */
  view(
    all: readonly ConversationEntry[],
    truncation: EffectiveTruncation | null | undefined,
    promptTokens: number,
  ): ContextView {
    const rule = typeof truncation === "object" ? truncation : undefined;
    const most = rule?.token_limits?.post_instructions ?? MAX_INPUT_TOKENS - promptTokens;
    const entries = all.filter((entry) => !this.#leftOut.has(entry));
    const tokens = entries.map(tokensOf);
    let used = tokens.reduce((sum, count) => sum + count, 0);
    if (used <= most) return { entries, hasMoved: false };
    if (truncation === "disabled") throw tooLong(used, most);
    const kept = most * (rule?.retention_ratio ?? 1);
    let oldest = 0;
    // The last item is what is answered.
    while (used > kept && oldest < entries.length - 1) {
      this.#leftOut.add(entries[oldest]!);
      used -= tokens[oldest++]!;
    }
    return { entries: entries.slice(oldest), hasMoved: true };
  }
}

function tokensOf(entry: ConversationEntry): number {
  const { audio, text } = itemTokens(entry);
  return audio + text;
}

function tooLong(used: number, most: number): ServerError {
  return serverError("context_too_long", { used, most });
}
