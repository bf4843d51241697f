// This module is browser compatible.
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import type { Clock } from "../../_internal/clock.ts";
import type { PlayoutItem, PlayoutState, PlayoutTracker } from "../playout_tracker.ts";
import {
  FRESH,
  hasSounded,
  isOver,
  type PlayoutPlace,
  type PlayoutRecord,
  ROUNDING_MS,
  toItem,
  toWhole,
} from "./playout_record.ts";

/** How many items are remembered that are over, and how many in all. */
const MAX_OVER = 64;
const MAX_RECORDS = 256;

/** How long after an interruption a report still counts as the position where the player stopped, in milliseconds. */
const STOP_REPORT_MS = 1000;

/** Options of {@linkcode PlayoutRecords}. */
export interface PlayoutRecordsOptions {
  /** Source of time. */
  clock: Clock;
  /** Called before every look at the records, to bring them up to date. */
  sync?: () => void;
  /** Called when a player has said where it stopped, after a cut. */
  onStopped?: (record: PlayoutRecord) => void;
}

/**
 * One record per spoken item. Server events, the clock and the player write it; the output, interruptions and `heardText`
 * read it. Sums are maintained, so that an audio delta costs the same however much waits.
 */
export class PlayoutRecords implements PlayoutTracker {
  /** When everything that has arrived should have been heard, on the clock. Moves with each arrival and each report. */
  endsAt = -Infinity;
  readonly #records = new LazyMap<string, PlayoutRecord>();
  readonly #options: PlayoutRecordsOptions;
  readonly #waiters = new LazySet<() => void>();
  #unheardMs = 0;

  constructor(options: PlayoutRecordsOptions) {
    this.#options = options;
  }

  get items(): readonly PlayoutItem[] {
    this.#sync();
    return [...this.#records.values()].filter(hasSounded).map(toItem);
  }

  get unheardMs(): number {
    this.#sync();
    return this.#options.clock.now() < this.endsAt ? Math.max(0, this.#unheardMs) : 0;
  }

  get(itemId: string): PlayoutItem | undefined {
    this.#sync();
    const record = this.#records.get(itemId);
    return record && hasSounded(record) ? toItem(record) : undefined;
  }

  /** The record of an item as it is, without a look at the clock. */
  find(itemId: string): PlayoutRecord | undefined {
    return this.#records.get(itemId);
  }

  /** Notes that an item has begun. Does nothing for an item that is known. */
  begin(place: PlayoutPlace, state: PlayoutState = "playing"): PlayoutRecord {
    const known = this.#records.get(place.itemId);
    if (known) return known;
    const { itemId, responseId, contentIndex, inConversation } = place;
    const record: PlayoutRecord = { itemId, responseId, contentIndex, inConversation, state, ...FRESH };
    this.#records.set(itemId, record);
    this.#forgetOldest();
    return record;
  }

  /** Notes that `ms` more milliseconds of an item have arrived. */
  receive(itemId: string, ms: number): void {
    const record = this.#records.get(itemId);
    if (record?.state !== "playing") return;
    const now = this.#options.clock.now();
    if (this.#unheardMs > 0 && now >= this.endsAt) this.#expire();
    this.#lengthen(record, ms);
    this.endsAt = Math.max(this.endsAt, now) + ms;
  }

  /** Notes that the audio of an item that somebody else plays is `ms` milliseconds longer than was thought. */
  lengthen(itemId: string, ms: number): void {
    const record = this.#records.get(itemId);
    if (record?.state === "playing") this.#lengthen(record, ms);
  }

  /** Notes that all audio of an item, or of a response, has arrived. */
  complete(id: string): void {
    this.#each(id, (record) => record.complete = true);
  }

  /**
   * Notes that the server has finished an item, or all items of a response. Returns those that waited for it to be deleted:
   * they are gone with this.
   */
  end(id: string): readonly PlayoutRecord[] {
    const gone: PlayoutRecord[] = [];
    this.#each(id, (record) => {
      record.complete = true;
      record.ended = true;
      if (record.state !== "discarding") return;
      record.state = "gone";
      gone.push(record);
    });
    return gone;
  }

  /** Notes that the server has no such item any more. */
  remove(itemId: string): void {
    const record = this.#records.get(itemId);
    if (!record) return;
    this.#settle(record);
    record.state = "gone";
    this.#wake();
  }

  /** Notes that `ms` more milliseconds of an item were heard, by the clock. */
  advance(itemId: string, ms: number): void {
    const record = this.#records.get(itemId);
    if (record?.state === "playing") this.#hear(record, record.playedMs + ms);
  }

  /** Notes that playback is under way: what is still to be heard will be, without a pause. */
  resume(): void {
    this.endsAt = this.#options.clock.now() + Math.max(0, this.#unheardMs);
  }

  /** Notes when playback ends, as the server that plays says it. */
  endAt(time: number): void {
    this.endsAt = time;
    this.#wake();
  }

  /** Notes that the server that plays has cut an item after `playedMs`. */
  truncate(record: PlayoutRecord, playedMs: number): void {
    this.#settle(record);
    record.playedMs = playedMs;
    record.receivedMs = Math.max(record.receivedMs, playedMs);
    record.state = "truncated";
    record.cutAt = this.#options.clock.now();
  }

  report(itemId: string, heardMs: number): void {
    if (!Number.isFinite(heardMs) || heardMs < 0) {
      throw new RangeError(`Cannot report playback as heardMs must be >= 0: current value is ${heardMs}`);
    }
    this.#sync();
    const record = this.#records.get(itemId);
    if (!record) return;
    // A player may count whole milliseconds.
    const playedMs = heardMs + 1 > record.receivedMs ? record.receivedMs : heardMs;
    if (record.state !== "playing") return this.#correct(record, playedMs);
    // One that stands still does not say that it goes on.
    if (playedMs <= record.playedMs) return;
    this.#hear(record, playedMs);
    this.resume();
    this.#wake();
  }

  /** Cuts every item that is not heard to its end: audio has arrived, or the server may still send some. */
  cut(): readonly PlayoutRecord[] {
    this.#sync();
    const now = this.#options.clock.now();
    if (now >= this.endsAt) this.#expire();
    const cut = [...this.#records.values()].filter((record) => !isOver(record));
    for (const record of cut) {
      this.#settle(record);
      record.state = toWhole(record.playedMs) > 0 ? "truncated" : record.ended ? "gone" : "discarding";
      record.cutAt = now;
      // What comes next may have no name either, and must be heard.
      if (record.itemId === "") this.#records.delete("");
    }
    this.endsAt = Math.min(this.endsAt, now);
    this.#wake();
    return cut;
  }

  /** Notes that the connection has ended: nothing more arrives for these items, and no command about them is sent. */
  detach(): void {
    for (const record of this.#records.values()) {
      record.complete = record.ended = true;
      record.inConversation = false;
    }
  }

  /** Resolves when everything that has arrived was heard; `signal` ends the waiting. */
  async playedOut(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    // Not for each wait: every report of a player ends one.
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    this.#sync();
    for (let restMs = this.endsAt - clock.now(); restMs > ROUNDING_MS; restMs = this.endsAt - clock.now()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.add(resolve);
      const cancelTimer = restMs === Infinity ? undefined : clock.schedule(resolve, restMs);
      await promise;
      cancelTimer?.();
      this.#waiters.delete(resolve);
      if (signal.aborted) return;
      this.#sync();
    }
  }

  #sync(): void {
    this.#options.sync?.();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }

  #lengthen(record: PlayoutRecord, ms: number): void {
    record.receivedMs += ms;
    this.#unheardMs += ms;
  }

  #hear(record: PlayoutRecord, playedMs: number): void {
    if (record.expired) {
      // Its player was late, and not gone.
      record.expired = false;
      this.#unheardMs += record.receivedMs - record.playedMs;
    }
    const heardMs = Math.min(playedMs, record.receivedMs) - record.playedMs;
    record.playedMs += heardMs;
    this.#unheardMs -= heardMs;
  }

  /** Takes a record out of the sum of what is still to be heard. */
  #settle(record: PlayoutRecord): void {
    if (record.state === "playing" && !record.expired) this.#unheardMs -= record.receivedMs - record.playedMs;
  }

  /** Gives up on what should have been heard by now: no report must be waited for that was lost. */
  #expire(): void {
    for (const record of this.#records.values()) {
      if (isOver(record) || !record.complete) continue;
      this.#settle(record);
      record.expired = true;
    }
  }

  /** Takes in where a player has stopped. */
  #correct(record: PlayoutRecord, playedMs: number): void {
    if (record.state === "gone" || this.#options.clock.now() - record.cutAt > STOP_REPORT_MS) return;
    record.playedMs = playedMs;
    if (toWhole(playedMs) > 0) record.state = "truncated";
    this.#options.onStopped?.(record);
  }

  #each(id: string, change: (record: PlayoutRecord) => void): void {
    const item = this.#records.get(id);
    if (item) return change(item);
    for (const record of this.#records.values()) if (record.responseId === id) change(record);
  }

  #forgetOldest(): void {
    if (this.#records.size <= MAX_OVER) return;
    const over = [...this.#records.values()].filter((record) => record.state !== "discarding" && isOver(record));
    const oldest = over.length > MAX_OVER ? over[0] : this.#records.size > MAX_RECORDS ? this.#first : undefined;
    if (!oldest) return;
    this.#settle(oldest);
    this.#records.delete(oldest.itemId);
  }

  get #first(): PlayoutRecord | undefined {
    return this.#records.values().next().value;
  }
}
