// This module is browser compatible.
import { addBounded } from "../../_internal/add_bounded.ts";
import { callListener } from "../../_internal/call_listener.ts";
import { LazySet } from "../../_internal/lazy_collections.ts";
import { asString, at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { checkClientEvent, type ItemParam } from "../../protocol/mod.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "../conversation.ts";
import type { ContextLoss } from "./image_watch.ts";
import { withoutImages } from "./item_content.ts";
import { ItemEvents } from "./item_events.ts";
import { ItemTable } from "./item_table.ts";
import { SentItems } from "./sent_items.ts";
import { toItemParam } from "./to_item_param.ts";
import { takeAudio, takeWords } from "./word_events.ts";

/** Number of out-of-band responses remembered. The items of an older one that is still active would appear. */
const MAX_ELSEWHERE = 256;

/**
 * The {@linkcode ConversationView} of a session, and its writable side, which the event pump feeds: a state machine
 * without a clock and without I/O.
 */
export class ConversationStore implements ConversationView {
  readonly #listeners = new LazySet<(change: ConversationChange) => void>();
  readonly #onListenerError: (error: unknown) => void;
  readonly #table = new ItemTable();
  readonly #sent = new SentItems();
  readonly #items = new ItemEvents(this.#table, this.#sent);
  readonly #elsewhere = new LazySet<string>();
  #msPerCharacter = msPerCharacter(undefined);
  #isPublishing = false;

  /** Starts empty; `onListenerError` is called with exceptions of listeners. */
  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  readonly getSnapshot = (): readonly ConversationEntry[] => this.#table.entries;

  readonly subscribe = (listener: (change: ConversationChange) => void): () => void => {
    // Changes that are still to be published are part of the snapshot.
    let known = this.#table.pending;
    const entry = (change: ConversationChange) => known > 0 ? void known-- : listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  };

  export(): readonly ItemParam[] {
    const items = this.getSnapshot().flatMap((entry) => toItemParam(entry) ?? []);
    return items.filter((item) => checkClientEvent({ type: "conversation.item.create", item }).length === 0);
  }

  /** Processes an event that is sent. */
  send(event: object): void {
    this.#sent.send(event);
  }

  /** Processes a server event. */
  receive(event: WireEvent): void {
    if (!this.#isElsewhere(event)) {
      this.#table.images.receive(event);
      this.#receive(event);
    }
    this.#publish();
  }

  /**
   * Drops the images that a response, whose `response.done` this is, can no longer have read; before
   * {@linkcode receive} processes it.
   */
  loseContext(event: WireEvent, loss: ContextLoss): void {
    for (const record of this.#table.images.lost(event, loss, this.#table.entries)) {
      record.hasLostImages = true;
      this.#table.images.remove(record);
      this.#table.change(record, { item: withoutImages(record.entry.item) });
    }
    this.#publish();
  }

  /** Records that the audio of an item was cut; `heardOf` returns the heard words of its text. */
  cut(itemId: string, heardOf: (text: string) => string): void {
    const record = this.#table.get(itemId);
    if (record) this.#table.change(record, { interrupted: true, heardOf });
    this.#publish();
  }

  /** Records that a response is out-of-band, which not every server says. */
  exclude(responseId: string): void {
    addBounded(this.#elsewhere, responseId, MAX_ELSEWHERE);
  }

  /** Records items that the server no longer has. */
  forget(ids: readonly (string | undefined)[]): void {
    for (const id of ids) if (id) this.#table.forget(id);
  }

  /** Ends the open items, and gives up the deletions, as their connection has ended. */
  endOpen(): void {
    this.#sent.forgetDeletes();
    for (const record of [...this.#table.open]) {
      const { role, transcription } = record.entry;
      this.#table.change(record, {
        isEnded: true,
        transcription: transcription === "streaming" ? "failed" : transcription,
        interrupted: role !== "user",
      });
    }
    this.#publish();
  }

  /** A listener that interrupts the model causes changes, which follow those of which it is being notified. */
  #publish(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    for (let change; (change = this.#table.takeChange());) {
      for (const listener of [...this.#listeners]) {
        // A listener called earlier may have removed it.
        callListener(() => this.#listeners.has(listener) && listener(change), this.#onListenerError);
      }
    }
    this.#isPublishing = false;
  }

  #receive(event: WireEvent): void {
    switch (event.type) {
      case "session.created":
      case "session.updated":
        return this.#configure(event.session);
      case "error":
        return this.#sent.refuse(event);
      case "input_audio_buffer.committed":
        return this.#items.commit(event);
      case "conversation.item.added":
      case "conversation.item.created":
      case "conversation.item.retrieved":
      case "response.output_item.added":
        return void this.#items.put(event);
      case "conversation.item.done":
      case "response.output_item.done":
        return void this.#items.put(event, true);
      case "conversation.item.deleted":
        return this.#items.remove(event);
      case "conversation.item.truncated":
        return this.#items.truncate(event);
      case "response.output_audio.delta":
      case "response.audio.delta":
        return takeAudio(this.#table, event, (asString(event.delta) ?? "").length * this.#msPerCharacter);
      case "response.done":
        return this.#finish(event);
    }
    const progress = /^(?:mcp_list_tools|response\.mcp_call)\.(in_progress|completed|failed)$/.exec(event.type)?.[1];
    if (progress) this.#items.progress(event, progress as NonNullable<ConversationEntry["progress"]>);
    else takeWords(this.#table, event);
  }

  #configure(session: unknown): void {
    const transcription = at(session, "audio", "input", "transcription") ?? at(session, "input_audio_transcription");
    this.#items.transcribes = isRecord(transcription);
    this.#msPerCharacter = msPerCharacter(session);
  }

  /** Whether an event belongs to an out-of-band response. */
  #isElsewhere(event: WireEvent): boolean {
    const { response } = event;
    const isOutside = at(response, "conversation_id") === null;
    // True of most sessions at all times.
    if (!isOutside && this.#elsewhere.size === 0) return false;
    const id = asString(event.response_id) ?? stringAt(response, "id");
    if (id === undefined || !event.type.startsWith("response.")) return false;
    if (!isOutside || this.#elsewhere.has(id)) return this.#elsewhere.has(id);
    this.exclude(id);
    // Without the start of the response, its items were taken for items of the conversation.
    for (const { id: itemId } of this.#table.entries) {
      const record = this.#table.get(itemId);
      if (record?.responseId === id && !record.isAnnounced) this.#table.delete(itemId);
    }
    return true;
  }

  /** The end of a response ends its items, even those whose own end did not arrive. */
  #finish(event: WireEvent): void {
    const output = at(event.response, "output");
    const responseId = stringAt(event.response, "id");
    const isCancelled = stringAt(event.response, "status") === "cancelled";
    for (const item of Array.isArray(output) ? output : []) {
      const record = this.#items.put({ type: "response.done", item, response_id: responseId }, true);
      const interrupted = isCancelled && stringAt(item, "status") !== "completed";
      if (record && interrupted) this.#table.change(record, { interrupted });
    }
    for (const record of this.#table.open) {
      const { item, role, interrupted } = record.entry;
      const isMade = role === "assistant" || item.type === "function_call";
      const isItsOwn = (record.responseId ?? responseId) === (responseId ?? record.responseId);
      if (isMade && isItsOwn) this.#table.change(record, { isEnded: true, interrupted: interrupted || isCancelled });
    }
  }
}
