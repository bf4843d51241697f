// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { ReplayOptions } from "../../_recovery/recovery_options.ts";
import { checkClientEvent, type ItemParam } from "../../protocol/mod.ts";
import { toItemParam } from "../_conversation/to_item_param.ts";
import type { ConversationEntry } from "../conversation.ts";

/** An item of the old conversation, and the item that recreates it in the new one. */
export interface ReplayedItem {
  readonly id: string;
  readonly item: ItemParam;
}

/** The part of a conversation that is replayed. */
export interface ReplayPlan {
  /** Items to create, oldest first. */
  readonly items: readonly ReplayedItem[];
  /** Items that did not fit, oldest first. */
  readonly omitted: readonly ReplayedItem[];
  /** Entries that cannot be replayed: speech without a transcript, and calls that were cut off. */
  readonly wordless: readonly ConversationEntry[];
}

/** Estimated tokens of an image. */
const IMAGE_TOKENS = 1000;

/**
 * Chooses the items to replay: the pinned ones, and as many of the newest ones as fit. An output without its call is
 * omitted, as the server would reject it. `heard` returns the heard words of an item, if known.
 */
export function planReplay(
  entries: readonly ConversationEntry[],
  { maxTokens = 16_000, pinned = [] }: ReplayOptions,
  heard: (entry: ConversationEntry) => string | undefined,
): ReplayPlan {
  const wordless: ConversationEntry[] = [];
  const all: ReplayedItem[] = [];
  for (const entry of entries) {
    const item = toItemParam({ ...entry, heardText: heard(entry) ?? entry.heardText });
    const isValid = item && checkClientEvent({ type: "conversation.item.create", item }).length === 0;
    // Half a sentence may mean the opposite of the whole.
    const isWhole = !/streaming|failed/.test(entry.transcription);
    if (isValid && isWhole) all.push({ id: entry.id, item });
    else wordless.push(entry);
  }
  const callOf = ({ item }: ReplayedItem) =>
    item.type === "function_call_output" ? stringAt(item, "call_id") : undefined;
  const isPinned = ({ id }: ReplayedItem) => pinned.includes(id);
  // An output needs its call.
  const needed = all.filter(isPinned).map(callOf);
  const chosen = new Set(
    all.filter((entry) =>
      isPinned(entry) || entry.item.type === "function_call" && needed.includes(stringAt(entry.item, "call_id"))
    ),
  );
  let tokens = 0;
  for (const { item } of chosen) tokens += estimateTokens(item);
  for (const candidate of all.filter((item) => !chosen.has(item)).reverse()) {
    tokens += estimateTokens(candidate.item);
    if (tokens > maxTokens) break;
    chosen.add(candidate);
  }
  const calls = new Set<string | undefined>();
  const items = all.filter((candidate) => {
    if (!chosen.has(candidate)) return false;
    const callId = stringAt(candidate.item, "call_id");
    if (candidate.item.type === "function_call") calls.add(callId);
    return candidate.item.type !== "function_call_output" || calls.has(callId);
  });
  return { items, omitted: all.filter((item) => !items.includes(item)), wordless };
}

/** Estimates the number of tokens: a token has four letters, or one character of other scripts. */
export function estimateTokens(item: ItemParam): number {
  let tokens = 4;
  const add = (value: unknown): void => {
    if (typeof value === "string") {
      tokens += value.startsWith("data:")
        ? IMAGE_TOKENS
        : [...value].reduce((sum, c) => sum + (c < "\u0250" ? 0.25 : 1), 0);
    } else if (typeof value === "object" && value) Object.values(value).forEach(add);
  };
  add("content" in item ? item.content : item);
  return Math.ceil(tokens);
}
