// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";
import { Lanes } from "./lane.ts";
import { ROUNDING_MS } from "./playout_record.ts";
import type { PlayoutRecords } from "./playout_records.ts";

/**
 * How a response is waited for that says nothing while another one does, in milliseconds after all of it was taken: the
 * other one has its turn then.
 */
const STALL_MS = 1000;

/** Options of {@linkcode AudioOutput}. */
export interface AudioOutputOptions {
  /** Where progress is noted. */
  records: PlayoutRecords;
  /** Whether audio leaves at the pace at which it is heard, rather than at once. */
  isPaced: boolean;
  /** How far the paced output may run ahead of the playhead, in milliseconds. */
  leadMs: number;
  /** Source of time. */
  clock: Clock;
}

/**
 * The queue between the server, which sends audio faster than it is heard, and the player. Nothing waits inside the
 * stream itself, so that clearing the queue leaves nothing stale but what the reader has already taken.
 */
export class AudioOutput {
  /** The audio that should still be heard. */
  readonly stream: ReadableStream<AudioChunk>;
  readonly #options: AudioOutputOptions;
  readonly #lanes = new Lanes();
  /** What the reader has taken and paced playback has not come to the end of. */
  readonly #sounding = new Fifo<{ readonly itemId: string; leftMs: number }>();
  /** When the playhead was where it is. */
  #syncedAt = 0;
  /** Time at which everything that the reader has taken will have been heard. */
  #playedOutAt = -Infinity;
  /** When the last piece was taken. */
  #takenAt = -Infinity;
  #wake: (() => void) | undefined;
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

  /** Whether nothing comes out of it any more, and all that did was heard. */
  get isOver(): boolean {
    this.sync();
    return this.#ended && this.#lanes.size + this.#sounding.size === 0;
  }

  /** Adds a piece to the end of its response. Does nothing after {@linkcode end}. */
  push(chunk: AudioChunk): void {
    if (this.#ended) return;
    this.#lanes.push(chunk);
    this.#wake?.();
  }

  /** Notes that all audio of a response has come: the next one may follow. */
  complete(responseId: string): void {
    this.#lanes.complete(responseId);
    if (this.#lanes.size > 0) this.#wake?.();
  }

  /** Moves what waits of a response to another output. */
  move(responseId: string, other: AudioOutput): void {
    const lane = this.#lanes.remove(responseId);
    for (let chunk = lane?.shift(); chunk; chunk = lane?.shift()) other.push(chunk);
  }

  /** Brings the records up to date with the clock. */
  sync(): void {
    const { clock, records } = this.#options;
    let ms = clock.now() - this.#syncedAt;
    this.#syncedAt += ms;
    for (let piece = this.#sounding.peek(); piece && ms > 0; piece = this.#sounding.peek()) {
      const heardMs = Math.min(ms, piece.leftMs);
      records.advance(piece.itemId, heardMs);
      ms -= heardMs;
      piece.leftMs -= heardMs;
      if (piece.leftMs === 0) this.#sounding.shift();
    }
  }

  /** Drops what waits: it must not be heard any more. */
  clear(): void {
    this.sync();
    this.#lanes.clear();
    // What the reader has taken is no longer waited for.
    this.#sounding.clear();
    this.#playedOutAt = -Infinity;
    this.#wake?.();
  }

  /** Lets the reader take what waits, and ends the stream when that was heard. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Lets go of what waits, and ends the stream in an error. */
  fail(error: DOMException): void {
    this.#error = error;
    this.#lanes.clear();
    this.end();
  }

  async #pull(controller: ReadableStreamDefaultController<AudioChunk>): Promise<void> {
    while (true) {
      if (this.#error) return controller.error(this.#error);
      const waitMs = this.#msUntilDue();
      if (waitMs > ROUNDING_MS) await this.#sleep(waitMs);
      else if (this.#lanes.isBlocked) this.#lanes.moveOn();
      else if (this.#lanes.size > 0) return controller.enqueue(this.#release());
      else return controller.close();
    }
  }

  #release(): AudioChunk {
    const chunk = this.#lanes.shift()!;
    const { itemId, durationMs } = chunk;
    const { clock, isPaced, records } = this.#options;
    this.#takenAt = clock.now();
    if (isPaced) {
      this.sync();
      this.#sounding.push({ itemId, leftMs: durationMs });
      this.#playedOutAt = Math.max(this.#takenAt, this.#playedOutAt) + durationMs;
      records.resume();
    }
    return chunk;
  }

  /** How long the next piece, or the end, must wait. */
  #msUntilDue(): number {
    const { clock, leadMs } = this.#options;
    const now = clock.now();
    const aheadMs = Math.max(0, this.#playedOutAt - now);
    const first = this.#lanes.front?.first;
    // A piece longer than the lead goes out once everything before it was heard.
    if (first) return aheadMs + Math.min(first.durationMs - leadMs, 0);
    if (!this.#lanes.isBlocked) return this.#ended ? aheadMs : Infinity;
    return this.#ended ? 0 : Math.max(this.#playedOutAt, this.#takenAt) + STALL_MS - now;
  }

  /** Waits until something is added or cleared, at most `ms`. */
  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancelTimer = ms === Infinity ? undefined : this.#options.clock.schedule(resolve, ms);
    await promise;
    cancelTimer?.();
  }
}
