// This module is browser compatible.
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import type { Clock } from "../../_internal/clock.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { asString, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { PlayoutPlace, PlayoutRecord } from "./playout_record.ts";
import type { PlayoutRecords } from "./playout_records.ts";
import { speakingRate } from "./speaking_rate.ts";

/** Shortest playback whose speed counts, in milliseconds: some servers report start and stop at once. */
const MIN_MEASURED_MS = 1000;

/** Time that playback may exceed its estimated end, in milliseconds, if the server does not report its stop. */
const GRACE_MS = 60_000;

/** Time that the server has to start the next response, in milliseconds; it does not play one that had no audio yet. */
const START_MS = 5_000;

/** Number of unplayed responses and items that are remembered. */
const MAX_REMEMBERED = 64;

/** Options of {@linkcode ServerPlayout}. */
export interface ServerPlayoutOptions {
  /** Source of time. */
  clock: Clock;
  /** Records of the progress. */
  records: PlayoutRecords;
  /** The words of an item so far. */
  words(itemId: string): string;
}

/**
 * The server's playback, of which only start and stop are reported. The clock determines how much of each item was
 * heard; its length is estimated from its words and the speed of earlier ones.
 */
export class ServerPlayout {
  /** The response that is currently heard. */
  responseId: string | undefined;
  readonly #options: ServerPlayoutOptions;
  /** Spoken items, by id. */
  readonly #places = new LazyMap<string, PlayoutPlace>();
  /** Responses that have ended, and are played after the current one. */
  readonly #waiting = new LazySet<string>();
  #startedAt = 0;
  /** The answers that were heard to their end. */
  readonly #heard = { letters: 0, ms: 0 };

  constructor(options: ServerPlayoutOptions) {
    this.#options = options;
  }

  /** Records a spoken item. */
  note(event: WireEvent): void {
    const isSpeech = event.type === "response.output_audio_transcript.delta" ||
      (event.type === "response.content_part.added" && stringAt(event.part, "type") === "audio");
    if (!isSpeech) return;
    const itemId = asString(event.item_id) ?? "";
    const responseId = asString(event.response_id) ?? "";
    if (!this.#places.has(itemId)) {
      const contentIndex = numberAt(event, "content_index");
      // The server truncates what it plays, so that no command about it is sent.
      this.#places.set(itemId, { itemId, responseId, contentIndex, inConversation: false });
      evictOldest(this.#places, MAX_REMEMBERED);
    }
    if (responseId === this.responseId) this.#expectStop();
  }

  /** The record of an item that is, or was to be, played. */
  recordOf(itemId: string): PlayoutRecord | undefined {
    const place = this.#places.get(itemId);
    return this.#options.records.find(itemId) ?? (place && this.#options.records.begin(place));
  }

  /** A response has ended: if it was spoken during another one, it is played after that. */
  finish(responseId: string): void {
    if (this.responseId === undefined || responseId === this.responseId) return;
    for (const place of this.#places.values()) if (place.responseId === responseId) this.#waiting.add(responseId);
  }

  /** The server begins to play a response. */
  start(responseId: string): void {
    // The server plays responses in order: it has skipped what was to come before.
    if (!this.#waiting.delete(responseId)) this.#waiting.clear();
    this.responseId = responseId;
    this.#startedAt = this.#options.clock.now();
    this.#expectStop();
  }

  /** The server has stopped playing; returns the items that were not heard to their end. */
  stop(wasCut: boolean): readonly PlayoutRecord[] {
    const { clock, records } = this.#options;
    const items = this.#items();
    const elapsedMs = clock.now() - this.#startedAt;
    records.endAt(Math.min(records.endsAt, clock.now()));
    this.responseId = undefined;
    if (wasCut) {
      this.#waiting.clear();
      return items;
    }
    if (this.#waiting.size > 0) records.endAt(clock.now() + START_MS);
    const letters = items.reduce((sum, { itemId }) => sum + this.#options.words(itemId).length, 0);
    if (elapsedMs >= MIN_MEASURED_MS && letters > 0) {
      this.#heard.letters += letters;
      this.#heard.ms += elapsedMs;
    }
    for (const record of items) {
      const { itemId, playedMs, receivedMs } = record;
      records.advance(record, receivedMs - playedMs);
      records.complete(itemId);
      this.#places.delete(itemId);
    }
    return [];
  }

  /** Updates the records to the current time. */
  sync(): void {
    const { clock, records, words } = this.#options;
    if (this.responseId === undefined || clock.now() >= records.endsAt) return;
    let elapsedMs = clock.now() - this.#startedAt;
    const items = this.#items();
    const lettersPerMs = speakingRate(this.#heard);
    for (const [index, record] of items.entries()) {
      const { itemId, playedMs, receivedMs } = record;
      const estimatedMs = words(itemId).length / lettersPerMs;
      // The last one continues, regardless of its estimated length.
      const lengthMs = Math.max(receivedMs, estimatedMs, index === items.length - 1 ? elapsedMs : 0);
      records.lengthen(record, lengthMs - receivedMs);
      records.advance(record, Math.min(elapsedMs, lengthMs) - playedMs);
      elapsedMs = Math.max(0, elapsedMs - lengthMs);
    }
  }

  /** Limits the playback: the server may never report its stop. */
  #expectStop(): void {
    const { clock, records } = this.#options;
    records.endsAt = Infinity;
    this.sync();
    const restMs = this.#items().reduce((sum, { playedMs, receivedMs }) => sum + receivedMs - playedMs, 0);
    records.endAt(clock.now() + 2 * restMs + GRACE_MS);
  }

  /** The items that are currently heard, in order. */
  #items(): readonly PlayoutRecord[] {
    return [...this.#places.values()].filter(({ responseId }) => responseId === this.responseId)
      .map((place) => this.#options.records.begin(place))
      .filter(({ state }) => state === "playing");
  }
}
