// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import { encodeBase64, toBytes } from "../../../audio/mod.ts";
import type {
  ConversationItemCreateEvent,
  ConversationItemDeleteEvent,
  ConversationItemRetrieveEvent,
  ConversationItemTruncateEvent,
  Item,
} from "../../../protocol/mod.ts";
import { announceItem } from "./announce_item.ts";
import type { Conversation, ConversationEntry } from "./conversation.ts";
import { takeInItem } from "./item_intake.ts";
import type { ListeningParts, SessionParts } from "../session_parts.ts";

/** Adds an item; the output of a call of the active response only after that has ended. */
export function createItem(parts: SessionParts, event: ConversationItemCreateEvent): void {
  const { event_id = null, item, previous_item_id } = event;
  const { conversation, ids, inputWire: wire, mcpCalls, outbox, profile, responses, speech } = parts;
  const entry = takeInItem(item, { path: "item", wire, ids, keepsIds: profile.itemIds === "client" });
  if (item.type === "mcp_approval_response") mcpCalls.assertAsked(item);
  if (item.type === "function_call_output") assertCalled(conversation, item.call_id);
  const add = () => {
    conversation.insert(entry, previous_item_id);
    if (entry.audio) speech.hear(entry);
    announceItem(outbox, entry.item, conversation.previousIdOf(entry.id));
    if (item.type === "mcp_approval_response") mcpCalls.answer(item);
  };
  if (item.type === "function_call_output") responses.afterCall(item.call_id, event_id, add);
  else add();
}

/** @throws {ServerError} when the output answers no function call of the conversation. */
function assertCalled({ entries }: Conversation, callId: string): void {
  if (entries.some(({ item }) => item.type === "function_call" && item.call_id === callId)) return;
  throw serverError("call_unknown", { id: callId });
}

/** Removes an item. */
export function deleteItem({ conversation, outbox }: ListeningParts, event: ConversationItemDeleteEvent): void {
  if (!conversation.find(event.item_id)) throw serverError("item_to_delete_unknown", { id: event.item_id });
  conversation.remove(event.item_id);
  outbox.emit({ type: "conversation.item.deleted", item_id: event.item_id });
}

/** Shows an item with its audio. */
export function retrieveItem({ conversation, outbox }: ListeningParts, event: ConversationItemRetrieveEvent): void {
  const entry = conversation.find(event.item_id);
  if (!entry) throw serverError("item_to_retrieve_unknown", { id: event.item_id });
  outbox.emit({ type: "conversation.item.retrieved", item: withAudio(entry) });
}

/** Truncates a message of the model. */
export function truncateItem(
  { conversation, outbox, profile }: SessionParts,
  event: ConversationItemTruncateEvent,
): void {
  const { item_id, content_index, audio_end_ms } = event;
  const entry = conversation.find(item_id);
  if (!entry) throw serverError("item_to_truncate_unknown", { id: item_id });
  const { item } = entry;
  const hasAudio = entry.audioMs > 0 || entry.truncated;
  if (item.type !== "message" || item.role !== "assistant" || !hasAudio || content_index !== 0) {
    throw serverError("truncate_not_audio");
  }
  const audioMs = Math.max(0, Math.floor(entry.audioMs - profile.audioShortfallMs));
  if (audio_end_ms > audioMs) {
    throw serverError("truncate_beyond_audio", { audio: audioMs, end: audio_end_ms });
  }
  entry.truncate(audio_end_ms);
  outbox.emit({ type: "conversation.item.truncated", item_id, content_index, audio_end_ms });
}

/** The item with its stored audio: PCM16, 24 kHz mono. */
function withAudio({ item, audio }: ConversationEntry): Item {
  if (item.type !== "message" || !audio) return item;
  const encoded = encodeBase64(toBytes(audio));
  return {
    ...item,
    content: item.content.map((part) =>
      part.type === "input_audio" || part.type === "output_audio" ? { ...part, audio: encoded, format: "pcm16" } : part
    ),
  };
}
