// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { Wakeup } from "../../_internal/wakeup.ts";
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

/** Number of finished items that are remembered, and of all items. */
const MAX_OVER = 64;
const MAX_RECORDS = 256;

/** Time after an interruption in which a report still counts as the player's stop position, in milliseconds. */
const STOP_REPORT_MS = 1000;

/** Options of {@linkcode PlayoutRecords}. */
export interface PlayoutRecordsOptions {
  /** Source of time. */
  clock: Clock;
  /** Called before each read of the records, to update them. */
  sync?: () => void;
  /** Called when a player has reported its stop position, after a cut. */
  onStopped?: (record: PlayoutRecord) => void;
}

/**
 * One record per spoken item. Server events, the clock and the player write it; the output, interruptions and
 * `heardText` read it. Sums are maintained, so that the cost of an audio delta does not depend on the amount that
 * waits.
 */
export class PlayoutRecords implements PlayoutTracker {
  /** Time of the clock at which all received audio should have been heard. Moves with each arrival and each report. */
  endsAt = -Infinity;
  readonly #records = new LazyMap<string, PlayoutRecord>();
  readonly #options: PlayoutRecordsOptions;
  readonly #changed = new Wakeup();
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

  /** The record of an item, without an update. */
  find(itemId: string): PlayoutRecord | undefined {
    return this.#records.get(itemId);
  }

  /** Records that an item has begun. Does nothing for a known item. */
  begin(place: PlayoutPlace, state: PlayoutState = "playing"): PlayoutRecord {
    const known = this.#records.get(place.itemId);
    if (known) return known;
    const { itemId, responseId, contentIndex, inConversation } = place;
    const record: PlayoutRecord = { itemId, responseId, contentIndex, inConversation, state, ...FRESH };
    this.#records.set(itemId, record);
    this.#forgetOldest();
    return record;
  }

  /** Records that `ms` more milliseconds of an item have arrived. */
  receive(record: PlayoutRecord, ms: number): void {
    if (record.state !== "playing") return;
    const now = this.#options.clock.now();
    if (this.#unheardMs > 0 && now >= this.endsAt) this.#expire();
    this.lengthen(record, ms);
    this.endsAt = Math.max(this.endsAt, now) + ms;
  }

  /** Records that the audio of an item to be heard is `ms` milliseconds longer. */
  lengthen(record: PlayoutRecord, ms: number): void {
    record.receivedMs += ms;
    this.#unheardMs += ms;
  }

  /** Records that all audio of an item, or of a response, has arrived. */
  complete(id: string): void {
    this.#each(id, (record) => record.complete = true);
  }

  /**
   * Records that the server has finished an item, or all items of a response. Returns the items that were waiting to be
   * deleted, and marks them as gone.
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

  /** Records that the server no longer has an item. */
  remove(itemId: string): void {
    const record = this.#records.get(itemId);
    if (!record) return;
    this.#settle(record);
    record.state = "gone";
  }

  /** Records that `ms` more milliseconds of an item were heard, by the clock. */
  advance(record: PlayoutRecord | undefined, ms: number): void {
    if (record?.state === "playing") this.#hear(record, record.playedMs + ms);
  }

  /** Records that playback is running: the remaining audio will be heard without a pause. */
  resume(now: number = this.#options.clock.now()): void {
    // Outputs of single responses play beside it.
    this.#sync();
    this.endsAt = now + Math.max(0, this.#unheardMs);
  }

  /** Sets the end of playback, as reported by the server that plays. */
  endAt(time: number): void {
    this.#sync();
    this.endsAt = time;
    this.#changed.wake();
  }

  /** Records that the server that plays has cut an item after `playedMs`. */
  truncate(record: PlayoutRecord, playedMs: number): void {
    this.#settle(record);
    record.playedMs = playedMs;
    record.receivedMs = Math.max(record.receivedMs, playedMs);
    record.state = "truncated";
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
    // A report without progress does not show that playback is running.
    if (playedMs <= record.playedMs) return;
    this.#hear(record, playedMs);
    this.resume();
    this.#changed.wake();
  }

  /** Cuts every item that was not heard to its end: audio has arrived, or the server may still send some. */
  cut(): readonly PlayoutRecord[] {
    const now = this.#options.clock.now();
    if (now >= this.endsAt) this.#expire();
    const cut = [...this.#records.values()].filter((record) => !isOver(record));
    for (const record of cut) {
      this.#settle(record);
      record.state = toWhole(record.playedMs) > 0 ? "truncated" : record.ended ? "gone" : "discarding";
      record.cutAt = now;
    }
    // The next item may have no id either, and must be heard.
    this.#records.delete("");
    this.endsAt = Math.min(this.endsAt, now);
    this.#changed.wake();
    return cut;
  }

  /** Records that the connection has ended: no more audio of these items arrives, and no command about them is sent. */
  detach(): void {
    for (const record of this.#records.values()) {
      record.complete = record.ended = true;
      record.inConversation = false;
    }
  }

  /** Resolves when all received audio was heard; `signal` stops the wait. */
  async playedOut(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    // Registered once, as every report of a player ends a wait.
    signal.addEventListener("abort", () => this.#changed.wake());
    while (!signal.aborted) {
      const restMs = this.endsAt - clock.now();
      if (restMs <= ROUNDING_MS) return;
      const cancelTimer = clock.schedule(() => this.#changed.wake(), restMs);
      await this.#changed.next;
      cancelTimer();
    }
  }

  #sync(): void {
    this.#options.sync?.();
  }

  #hear(record: PlayoutRecord, playedMs: number): void {
    if (record.expired) {
      // Its player was late, but still exists.
      record.expired = false;
      this.#unheardMs += record.receivedMs - record.playedMs;
    }
    const heardMs = Math.max(0, Math.min(playedMs, record.receivedMs) - record.playedMs);
    record.playedMs += heardMs;
    this.#unheardMs -= heardMs;
  }

  /** Removes a record from the sum of the audio to be heard. */
  #settle(record: PlayoutRecord): void {
    if (record.state === "playing" && !record.expired) this.#unheardMs -= record.receivedMs - record.playedMs;
  }

  /** Expires audio that should have been heard by now, as its report may have been lost. */
  #expire(): void {
    for (const record of this.#records.values()) {
      if (isOver(record) || !record.complete) continue;
      this.#settle(record);
      record.expired = true;
    }
  }

  /** Records the position where a player has stopped. */
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
    const over = [...this.#records.values()].filter((record) => record.state !== "discarding" && isOver(record));
    const [first] = this.#records.values();
    const oldest = over.length > MAX_OVER ? over[0] : this.#records.size > MAX_RECORDS ? first : undefined;
    if (!oldest) return;
    this.remove(oldest.itemId);
    this.#records.delete(oldest.itemId);
  }
}
