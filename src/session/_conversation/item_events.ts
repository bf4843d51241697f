// This module is browser compatible.
import { asString, isRecord, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ConversationEntry, TranscriptionState } from "../conversation.ts";
import { isSpeech, isTranscribed, mergeItem, textOf } from "./item_content.ts";
import { createRecord, type ItemPatch, type ItemRecord } from "./item_record.ts";
import type { ItemTable } from "./item_table.ts";
import { Predecessors } from "./predecessors.ts";
import type { SentItems } from "./sent_items.ts";

type Item = ConversationEntry["item"];

/** Processes events that carry an item or concern one as a whole. */
export class ItemEvents {
  readonly #table: ItemTable;
  readonly #sent: SentItems;
  readonly #predecessors = new Predecessors();
  /** Whether the user's speech is transcribed. */
  transcribes = false;

  constructor(table: ItemTable, sent: SentItems) {
    this.#table = table;
    this.#sent = sent;
  }

  /** Adds or updates the item in an event. `ends` means that the item is complete now. */
  put(event: WireEvent, ends = false): ItemRecord | undefined {
    if (!isRecord(event.item)) return undefined;
    const { type } = event;
    const id = stringAt(event.item, "id") || undefined;
    const newer = typed(event.item);
    const known = id === undefined ? this.#findUnnamed(newer, type, ends) : this.#table.get(id);
    const isAnnouncement = type === "conversation.item.added" || type === "conversation.item.created";
    const isRetrieved = type === "conversation.item.retrieved";
    const create = this.#sent.takeCreate(id);
    // An item of this session, or with a successor, belongs to the conversation.
    if (!known && isRetrieved && !create && !this.#table.isAwaited(id ?? "")) return undefined;
    if (!known && id !== undefined && type.startsWith("response.") && this.#table.isRemoved(id)) return undefined;
    const before = known?.entry;
    // The server reports its current state: the events that led to it may not have arrived.
    const isCaughtUp = isRetrieved && !before?.final;
    const areWordsOpen = isCaughtUp || ends && !known?.isEnded && (before?.transcription ?? "none") === "none";
    const item = mergeItem(before?.item, newer, {
      words: areWordsOpen ? "newer" : "known",
      dropImages: known?.hasLostImages ?? false,
    });
    const isOwn = known?.isOwn || create !== undefined;
    const isEnded = known?.isEnded || ends || isWhole(item, isOwn);
    const transcription = this.#transcriptionOf(item, known, isOwn);
    const record = known ?? createRecord(id ?? this.#table.makeId(), { item, isEnded, transcription });
    record.isOwn = isOwn;
    record.responseId ??= asString(event.response_id);
    if (id === undefined) (record.carriedBy ??= new Set()).add(type);
    const after = isAnnouncement || create
      ? this.#predecessors.resolve({
        previous: event.previous_item_id,
        item,
        create,
        isMade: record.responseId !== undefined,
        hasOthers: this.#table.newest((other) => other !== record && other.isAnnounced) !== undefined,
      })
      // The end of an item often comes without its predecessor.
      : ends && record.after === undefined
      ? asString(event.previous_item_id)
      : undefined;
    record.isAnnounced ||= isAnnouncement;
    this.#save(record, known && { item, isEnded, transcription }, after);
    return record;
  }

  /** The user's speech has become an item, which some servers do not announce otherwise. */
  commit(event: WireEvent): void {
    const id = asString(event.item_id) || undefined;
    if (id === undefined || this.#table.isRemoved(id)) return;
    const known = this.#table.get(id);
    const item = known?.entry.item ?? SPEECH(id);
    const before = known?.entry.transcription ?? "none";
    const isWaiting = before === "none" && this.transcribes && !known?.isEnded;
    const patch = { isEnded: true, transcription: isWaiting ? "streaming" : before } as const;
    const after = asString(event.previous_item_id) || undefined;
    this.#save(known ?? createRecord(id, { item, ...patch }), known && patch, after);
  }

  /** An item was deleted. xAI does not name it. */
  remove(event: WireEvent): void {
    const id = this.#sent.takeDelete(asString(event.item_id) || undefined);
    if (id !== undefined) this.#table.delete(id);
  }

  /** The audio of an item was truncated at the heard position. */
  truncate(event: WireEvent): void {
    const record = this.#table.get(asString(event.item_id) ?? "");
    if (record) this.#table.change(record, { interrupted: true, truncatedMs: numberAt(event, "audio_end_ms") });
  }

  /** The progress of a hosted tool has changed. */
  progress(event: WireEvent, progress: NonNullable<ConversationEntry["progress"]>): void {
    const record = this.#table.get(asString(event.item_id) ?? "");
    // After a failure no further words may arrive.
    if (record) this.#table.change(record, { progress, isEnded: record.isEnded || progress === "failed" });
  }

  /** Adds a new record, or changes a known one, which has a patch. */
  #save(record: ItemRecord, patch: ItemPatch | undefined, after: string | null | undefined): void {
    if (!patch) return this.#table.add(record, after);
    this.#table.change(record, patch);
    if (after !== undefined) this.#table.place(record, after);
  }

  /** The record of an item without an id: one of its kind that no event of this type has carried yet. */
  #findUnnamed(item: Item, type: string, ends: boolean): ItemRecord | undefined {
    return this.#table.newest(({ entry, carriedBy }) =>
      isOfKind(entry.item, item) && (carriedBy ? !carriedBy.has(type) : ends && !entry.final)
    );
  }

  #transcriptionOf(item: Item, known: ItemRecord | undefined, isOwn: boolean): TranscriptionState {
    const before = known?.entry.transcription ?? "none";
    if (before === "final" || before === "failed" || !isSpeech(item)) return before;
    // An item with part of a sentence must not end its transcription.
    if (before === "streaming" && isTranscribed(known!.entry.item)) return before;
    if (isTranscribed(item) && stringAt(item, "status") !== "in_progress") return "final";
    // The server transcribes neither items created by a client nor items that ended before transcription was enabled.
    return this.transcribes && !isOwn && !known?.isEnded ? "streaming" : before;
  }
}

const SPEECH = (id: string): Item =>
  ({ id, type: "message", role: "user", content: [{ type: "input_audio", transcript: null }] }) as unknown as Item;

function typed(item: Record<string, unknown>): Item {
  if (typeof item.type === "string") return item as unknown as Item;
  return { ...item, type: item.role || item.content ? "message" : "unknown" } as unknown as Item;
}

function isWhole(item: Item, isOwn: boolean): boolean {
  const status = stringAt(item, "status");
  const isMade = stringAt(item, "role") === "assistant" || /_call$|list_tools/.test(item.type);
  if (isOwn || !isMade) return status !== "in_progress";
  return (status === "completed" || status === "incomplete") && textOf(item) !== "";
}

function isOfKind(a: Item, b: Item): boolean {
  return a.type === b.type && ["role", "call_id"].every((name) => stringAt(a, name) === stringAt(b, name));
}
