// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { Wakeup } from "../../_internal/wakeup.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";
import { Lanes } from "./lanes.ts";
import { ROUNDING_MS } from "./playout_record.ts";
import type { PlayoutRecords } from "./playout_records.ts";

/**
 * Time to wait for a silent response while another one has audio, in milliseconds after all of its audio was taken;
 * then the other one is played.
 */
const STALL_MS = 1000;

/** Options of {@linkcode AudioOutput}. */
export interface AudioOutputOptions {
  /** Records of the progress. */
  records: PlayoutRecords;
  /** Whether audio leaves at the pace at which it is heard, rather than immediately. */
  isPaced: boolean;
  /** Maximum lead of the paced output over the playhead, in milliseconds. */
  leadMs: number;
  /** Source of time. */
  clock: Clock;
}

/**
 * The queue between the server, which sends audio faster than it is heard, and the player. Nothing waits inside the
 * stream itself, so after clearing the queue only audio that the reader has already taken is stale.
 */
export class AudioOutput {
  /** The audio that should still be heard. */
  readonly stream: ReadableStream<AudioChunk>;
  readonly #options: AudioOutputOptions;
  readonly #lanes = new Lanes();
  /** Audio that the reader has taken and paced playback has not finished. */
  readonly #sounding = new Fifo<{ readonly itemId: string; leftMs: number }>();
  /** Time of the last update of the playhead. */
  #syncedAt = 0;
  /** Time at which everything that the reader has taken will have been heard. */
  #playedOutAt = -Infinity;
  /** Time at which the last piece was taken. */
  #takenAt = -Infinity;
  readonly #changed = new Wakeup();
  #ended = false;
  #error: DOMException | undefined;

  constructor(options: AudioOutputOptions) {
    this.#options = options;
    this.stream = new ReadableStream<AudioChunk>({
      pull: (controller) => this.#pull(controller),
      cancel: () => {
        this.#lanes.clear();
        this.end();
      },
    }, { highWaterMark: 0 });
  }

  /** Audio that waits for the reader, in milliseconds. */
  get waitingMs(): number {
    return this.#lanes.waitingMs;
  }

  /** Whether the output is finished and everything from it was heard. */
  get isOver(): boolean {
    this.sync();
    return this.#ended && this.#lanes.size + this.#sounding.size === 0;
  }

  /** Appends a piece to its response. Does nothing after {@linkcode end}. */
  push(chunk: AudioChunk): void {
    if (this.#ended) return;
    const isNext = !this.#lanes.first;
    this.#lanes.push(chunk);
    // What waits behind another piece is not due before it, and a timer takes longer than the rest.
    if (isNext) this.#changed.wake();
  }

  /** Records that all audio of a response has arrived: the next one may follow. */
  complete(responseId: string): void {
    this.#lanes.complete(responseId);
    this.#changed.wake();
  }

  /** Moves the waiting audio of a response to another output. */
  move(responseId: string, other: AudioOutput): void {
    for (const chunk of this.#lanes.remove(responseId)) other.push(chunk);
  }

  /** Updates the records to the current time. */
  sync(now: number = this.#options.clock.now()): void {
    const { records } = this.#options;
    let ms = now - this.#syncedAt;
    this.#syncedAt = now;
    for (let piece = this.#sounding.peek(); piece && ms > 0; piece = this.#sounding.peek()) {
      const heardMs = Math.min(ms, piece.leftMs);
      records.advance(piece.itemId, heardMs);
      ms -= heardMs;
      piece.leftMs -= heardMs;
      if (piece.leftMs === 0) this.#sounding.shift();
    }
  }

  /** Drops the waiting audio: it must no longer be heard. */
  clear(): void {
    this.sync();
    this.#lanes.clear();
    // Audio that the reader has taken is no longer waited for.
    this.#sounding.clear();
    this.#playedOutAt = -Infinity;
    this.#changed.wake();
  }

  /** Lets the reader take the waiting audio, and ends the stream when that was heard. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#changed.wake();
  }

  /** Drops the waiting audio, and errors the stream. */
  fail(error: DOMException): void {
    this.#error = error;
    this.#lanes.clear();
    this.end();
  }

  async #pull(controller: ReadableStreamDefaultController<AudioChunk>): Promise<void> {
    while (!this.#error) {
      // Most pulls find nothing yet. Reading the clock takes longer than the rest of them.
      if (this.#ended || this.#lanes.size > 0) {
        const now = this.#options.clock.now();
        const { first } = this.#lanes;
        const waitMs = this.#msUntilDue(first, now);
        if (waitMs > ROUNDING_MS) await this.#sleep(waitMs);
        else if (first && this.#options.records.find(first.itemId)?.state === "gone") this.#lanes.shift();
        else if (first) return controller.enqueue(this.#release(now));
        else if (this.#lanes.size > 0) this.#lanes.moveOn();
        else return controller.close();
      } else await this.#changed.next;
    }
    controller.error(this.#error);
  }

  #release(now: number): AudioChunk {
    const chunk = this.#lanes.shift()!;
    const { itemId, durationMs } = chunk;
    this.#takenAt = now;
    if (this.#options.isPaced) {
      this.sync(now);
      this.#sounding.push({ itemId, leftMs: durationMs });
      this.#playedOutAt = Math.max(now, this.#playedOutAt) + durationMs;
      this.#options.records.resume(now);
    }
    return chunk;
  }

  /** Time until the next piece, or the end, is due. */
  #msUntilDue(first: AudioChunk | undefined, now: number): number {
    const aheadMs = Math.max(0, this.#playedOutAt - now);
    // A piece longer than the lead is released once everything before it was heard.
    if (first) return aheadMs + Math.min(first.durationMs - this.#options.leadMs, 0);
    if (this.#lanes.size === 0) return aheadMs;
    return this.#ended ? 0 : Math.max(this.#playedOutAt, this.#takenAt) + STALL_MS - now;
  }

  /** Waits until something is added or cleared, at most `ms`. */
  async #sleep(ms: number): Promise<void> {
    const { clock } = this.#options;
    const cancelTimer = clock.schedule(() => this.#changed.wake(), ms);
    await this.#changed.next;
    cancelTimer();
  }
}
