// This module is browser compatible.
import type { Usage } from "../../protocol/mod.ts";
import type { ConversationEntry } from "./conversation/conversation.ts";

/** Characters of text that make about one token. */
const CHARACTERS_PER_TOKEN = 4;
/** Documented rates: one token for 100 ms of the user's audio, one for 50 ms of the model's. */
const USER_MS_PER_TOKEN = 100;
const MODEL_MS_PER_TOKEN = 50;
/** Cached tokens come in blocks of this size; fewer than one block count as a whole, so that short tests show them. */
const CACHE_BLOCK = 64;

/** Tokens of text and of audio. */
export interface TokenCount {
  /** Tokens of text. */
  readonly text: number;
  /** Tokens of audio. */
  readonly audio: number;
}

/** No tokens. */
export const NO_TOKENS: TokenCount = { text: 0, audio: 0 };

/** Adds up counts. */
export function addTokens(...counts: readonly TokenCount[]): TokenCount {
  return counts.reduce((sum, count) => ({ text: sum.text + count.text, audio: sum.audio + count.audio }), NO_TOKENS);
}

/** Tokens of a text. */
export function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Tokens of the user's speech. */
export function userAudioTokens(ms: number): number {
  return Math.floor(ms / USER_MS_PER_TOKEN);
}

/** Tokens of the model's speech. */
export function modelAudioTokens(ms: number): number {
  return Math.floor(ms / MODEL_MS_PER_TOKEN);
}

/** Tokens of an item as the model reads it. Images count as 0, as their rate is not documented. */
export function itemTokens(entry: ConversationEntry): TokenCount {
  const { item } = entry;
  switch (item.type) {
    case "message": {
      const byUser = item.role === "user";
      const audio = byUser ? userAudioTokens(entry.audioMs) : modelAudioTokens(entry.audioMs);
      const text = item.content.reduce((sum, part) => sum + textTokens(textOf(part, byUser)), 0);
      return { text, audio };
    }
    case "function_call":
      return { text: textTokens(item.name + item.arguments), audio: 0 };
    case "function_call_output":
      return { text: textTokens(item.output), audio: 0 };
    default:
      return { text: textTokens(JSON.stringify(item)), audio: 0 };
  }
}

/** The text that the model reads of a content: of its own speech also the words. */
function textOf(part: object, byUser: boolean): string {
  const { text, transcript } = part as { text?: string | null; transcript?: string | null };
  return text ?? (byUser ? "" : transcript ?? "");
}

/** The cached part of `input`, as the server counts it. */
export function cachedTokens(input: TokenCount, before: TokenCount): TokenCount {
  return { text: inBlocks(Math.min(input.text, before.text)), audio: inBlocks(Math.min(input.audio, before.audio)) };
}

function inBlocks(tokens: number): number {
  return tokens < CACHE_BLOCK ? tokens : tokens - tokens % CACHE_BLOCK;
}

/**
 * Creates the usage of a response for the wire. Reasoning tokens are included if the model states them,
 * and count as text tokens, too.
 */
export function usageOf(input: TokenCount, cached: TokenCount, output: TokenCount, reasoningTokens?: number): Usage {
  const inputTokens = input.text + input.audio;
  const outputTokens = output.text + output.audio;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: 0,
      cached_tokens: cached.text + cached.audio,
      cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: 0 },
    },
    output_token_details: {
      text_tokens: output.text,
      audio_tokens: output.audio,
      ...reasoningTokens !== undefined && { reasoning_tokens: reasoningTokens },
    },
  };
}
