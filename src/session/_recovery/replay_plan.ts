// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { ReplayOptions } from "../../_recovery/recovery_options.ts";
import { checkClientEvent, type ItemParam } from "../../protocol/mod.ts";
import { isTranscribed } from "../_conversation/item_content.ts";
import { toItemParam } from "../_conversation/to_item_param.ts";
import type { ConversationEntry } from "../conversation.ts";

/** An item of the old conversation, and the item that recreates it in the new one. */
export interface ReplayedItem {
  readonly id: string;
  readonly item: ItemParam;
  /** The call that this output answers, if it is one: the server rejects an output without its call. */
  readonly call: ReplayedItem | null;
}

/** The part of a conversation that is replayed. */
export interface ReplayPlan {
  /** Items to create, oldest first. */
  readonly items: readonly ReplayedItem[];
  /** Items that did not fit, oldest first. */
  readonly omitted: readonly ReplayedItem[];
  /** Everything that is not replayed. */
  readonly lost: readonly { readonly kind: "item" | "utterance"; readonly id: string; readonly reason: string }[];
}

/** Estimated tokens of an image. */
const IMAGE_TOKENS = 1000;

/**
 * Chooses the items to replay: the pinned ones with the calls that they answer, and as many of the newest ones as fit.
 * Items that were reported lost do not return.
 */
export function planReplay(
  entries: readonly ConversationEntry[],
  { maxTokens = 16_000, pinned = [] }: ReplayOptions,
  reported: { has(id: string): boolean },
): ReplayPlan {
  const lost: ReplayPlan["lost"][number][] = [];
  const all: ReplayedItem[] = [];
  const chosen = new Set<ReplayedItem>();
  const calls = new Map<string | undefined, ReplayedItem>();
  for (const entry of entries) {
    const { id, role, transcription } = entry;
    const item = toItemParam(entry);
    const callId = stringAt(item, "call_id");
    const call = item?.type === "function_call_output" ? calls.get(callId) : null;
    // The next session lists hosted tools by itself.
    // The ids of calls are the server's own, which accepts them at any length.
    const isValid = item && item.type !== "mcp_list_tools" && call !== undefined &&
      checkClientEvent({ type: "conversation.item.create", item }).every(({ path }) => path === "item.call_id");
    // Half a sentence may mean the opposite of the whole.
    if (isValid && isTranscribed(entry.item) && /none|final/.test(transcription)) {
      const replayed = { id, item, call };
      all.push(replayed);
      if (item.type === "function_call") calls.set(callId, replayed);
      if (pinned.includes(id) && !reported.has(id)) {
        for (const needed of [call, replayed]) if (needed) chosen.add(needed);
      }
    } else if (role === "user") lost.push({ kind: "utterance", id, reason: "it has no transcript" });
    else lost.push({ kind: "item", id, reason: "it cannot be replayed" });
  }
  const others = all.filter((item) => !chosen.has(item) && !reported.has(item.id)).reverse();
  let tokens = 0;
  for (const candidate of [...chosen, ...others]) {
    tokens += estimateTokens(candidate.item);
    if (tokens > maxTokens && !chosen.has(candidate)) break;
    chosen.add(candidate);
  }
  for (const item of chosen) if (item.call && !chosen.has(item.call)) chosen.delete(item);
  const omitted = all.filter((item) => !chosen.has(item));
  for (const { id } of omitted) lost.push({ kind: "item", id, reason: "it did not fit into maxTokens" });
  return { items: all.filter((item) => chosen.has(item)), omitted, lost };
}

/** Estimates the number of tokens: a token has four letters, or one character of other scripts. */
export function estimateTokens(item: ItemParam): number {
  let tokens = 4;
  const add = (value: unknown): void => {
    if (typeof value === "string") {
      if (value.startsWith("data:")) tokens += IMAGE_TOKENS;
      else for (const character of value) tokens += character < "\u0250" ? 0.25 : 1;
    } else Object.values(value ?? {}).forEach(add);
  };
  add("content" in item ? item.content : item);
  return Math.ceil(tokens);
}
