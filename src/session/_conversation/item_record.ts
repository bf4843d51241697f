// This module is browser compatible.
import { heardText } from "../../_internal/heard_text.ts";
import { stringAt } from "../../_internal/wire.ts";
import type { ConversationEntry, TranscriptionState } from "../conversation.ts";
import { textOf } from "./item_content.ts";

/** Everything the view knows about one item. */
export interface ItemRecord {
  /** The public state. */
  entry: ConversationEntry;
  /** The predecessor that the server named last: `null` for the front, `undefined` if it has named none. */
  after: string | null | undefined;
  /** Whether a `conversation.item.added` has announced it. */
  isAnnounced: boolean;
  /** The response that generates the item, if the server names it. */
  responseId: string | undefined;
  /** Whether this session created the item. */
  isOwn: boolean;
  /** Whether the server has ended the item; words of a transcription may still arrive. */
  isEnded: boolean;
  /** Length of the audio received for it, in milliseconds. */
  audioMs: number;
  /** Position at which its audio was truncated, in milliseconds. */
  truncatedMs: number | undefined;
  /** Returns the heard words of its text, if its audio was cut: from the part that plays it. */
  heardOf: ((text: string) => string) | undefined;
  /** Whether its images have left the context. */
  hasLostImages: boolean;
  /** For an item without an id: the types of the events that have carried it. */
  carriedBy: Set<string> | undefined;
}

/** Changes of an item by an event. */
export interface ItemPatch {
  readonly item?: ConversationEntry["item"];
  readonly isEnded?: boolean;
  readonly transcription?: TranscriptionState;
  readonly progress?: ConversationEntry["progress"];
  readonly interrupted?: boolean;
  readonly truncatedMs?: number;
  readonly heardOf?: (text: string) => string;
}

/** Creates the record of a new item. */
export function createRecord(id: string, patch: ItemPatch & { readonly item: ConversationEntry["item"] }): ItemRecord {
  const record: ItemRecord = {
    entry: { id, item: {}, text: "", transcription: "none", interrupted: false } as unknown as ConversationEntry,
    after: undefined,
    isAnnounced: false,
    responseId: undefined,
    isOwn: false,
    isEnded: false,
    audioMs: 0,
    truncatedMs: undefined,
    heardOf: undefined,
    hasLostImages: false,
    carriedBy: undefined,
  };
  patchRecord(record, patch);
  return record;
}

/** Applies a patch; returns whether the public state has changed. */
export function patchRecord(record: ItemRecord, patch: ItemPatch): boolean {
  const before = record.entry;
  record.isEnded = patch.isEnded ?? record.isEnded;
  record.truncatedMs = patch.truncatedMs ?? record.truncatedMs;
  record.heardOf = patch.heardOf ?? record.heardOf;
  const { item = before.item, transcription = before.transcription } = patch;
  const text = item === before.item ? before.text : textOf(item);
  const { truncatedMs, audioMs } = record;
  const isEstimated = truncatedMs !== undefined && audioMs > 0;
  const entry: ConversationEntry = {
    id: before.id,
    item,
    role: roleOf(item),
    text,
    final: isFinal(record.isEnded, transcription),
    transcription,
    progress: patch.progress ?? before.progress,
    interrupted: patch.interrupted ?? before.interrupted,
    heardText: record.heardOf?.(text) ?? (isEstimated ? heardText(text, truncatedMs, audioMs) : undefined),
  };
  const names = Object.keys(entry) as (keyof ConversationEntry)[];
  if (names.every((name) => entry[name] === before[name])) return false;
  record.entry = entry;
  return true;
}

function isFinal(isEnded: boolean, transcription: TranscriptionState): boolean {
  return transcription === "none" ? isEnded : transcription !== "streaming";
}

function roleOf(item: ConversationEntry["item"]): ConversationEntry["role"] {
  const role = item.type === "message" ? stringAt(item, "role") : undefined;
  return role === "user" || role === "assistant" || role === "system" ? role : undefined;
}
