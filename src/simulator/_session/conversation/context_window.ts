// This module is browser compatible.
import { type ServerError, serverError } from "../../_errors/server_error.ts";
import type { EffectiveTruncation } from "../../../protocol/mod.ts";
import type { ConversationEntry } from "./conversation.ts";
import { itemTokens } from "../usage.ts";

/** Maximum tokens that the model reads: 32k minus 4,096 for its answer, according to the API reference. */
const MAX_INPUT_TOKENS = 28_224;

/** The part of a conversation that the model reads. */
export interface ContextView {
  /** The items that are not omitted, in order. */
  readonly entries: readonly ConversationEntry[];
  /** Whether items are omitted that the last response has still read. */
  readonly hasMoved: boolean;
}

/**
 * Omits the oldest items of a conversation that exceeds the model's context, without an event: they stay in the
 * conversation, and can be retrieved. An omitted item stays omitted.
 */
export class ContextWindow {
  readonly #leftOut = new WeakSet<ConversationEntry>();

  /**
   * Returns the part that the model reads.
   *
   * @param promptTokens tokens of instructions and tools.
   * @throws {ServerError} when that is too much, and nothing may be omitted.
   */
  view(
    all: readonly ConversationEntry[],
    truncation: EffectiveTruncation | null | undefined,
    promptTokens: number,
  ): ContextView {
    const rule = typeof truncation === "object" ? truncation : undefined;
    // As documented: the limit of a session cannot exceed the model's.
    const most = Math.min(rule?.token_limits?.post_instructions ?? Infinity, MAX_INPUT_TOKENS - promptTokens);
    const entries = all.filter((entry) => !this.#leftOut.has(entry));
    const tokens = entries.map(tokensOf);
    let used = tokens.reduce((sum, count) => sum + count, 0);
    if (used <= most) return { entries, hasMoved: false };
    if (truncation === "disabled") throw tooLong(used, most);
    const kept = most * (rule?.retention_ratio ?? 1);
    let oldest = 0;
    // The last item is the one to be answered.
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
