// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";
import { Lanes } from "./lanes.ts";
import { type PlayoutRecord, ROUNDING_MS } from "./playout_record.ts";
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
  readonly #sounding = new Fifo<{ readonly record: PlayoutRecord | undefined; leftMs: number }>();
  /** Time of the last update of the playhead. */
  #syncedAt = 0;
  /** Time at which everything that the reader has taken will have been heard. */
  #playedOutAt = -Infinity;
  /** Time at which the last piece was taken. */
  #takenAt = -Infinity;
  /** Where the reader waits for a piece. */
  #reader: ReadableStreamDefaultController<AudioChunk> | undefined;
  #cancelTimer = () => {};
  #ended = false;
  #error: DOMException | undefined;

  constructor(options: AudioOutputOptions) {
    this.#options = options;
    this.stream = new ReadableStream<AudioChunk>({
      pull: (controller) => {
        this.#reader = controller;
        this.#serve();
      },
      cancel: () => {
        this.#reader = undefined;
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
    // What waits behind another piece is not due before it, and a timer takes longer than the rest.
    const isNext = !this.#lanes.first;
    this.#lanes.push(chunk);
    if (isNext) this.#serve();
  }

  /** Records that all audio of a response, by default of every one, has arrived: the next one may follow. */
  complete(responseId?: string): void {
    this.#lanes.complete(responseId);
    this.#serve();
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
    for (let piece; ms > 0 && (piece = this.#sounding.peek());) {
      const heardMs = Math.min(ms, piece.leftMs);
      records.advance(piece.record, heardMs);
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
    this.#serve();
  }

  /** Lets the reader take the waiting audio, and ends the stream when that was heard. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#serve();
  }

  /** Drops the waiting audio, and errors the stream. */
  fail(error: DOMException): void {
    this.#error = error;
    this.#lanes.clear();
    this.end();
  }

  /**
   * Gives the reader the next piece, if it waits for one that is due. Called again by whatever changes that, without a
   * promise in between: most pieces arrive while the reader waits.
   */
  #serve(): void {
    this.#cancelTimer();
    const reader = this.#reader;
    // Most readers wait for audio that has not arrived. Reading the clock takes longer than the rest.
    while (reader && (this.#ended || this.#lanes.size > 0)) {
      const { clock, records } = this.#options;
      const now = clock.now();
      const { first } = this.#lanes;
      const waitMs = this.#error ? 0 : this.#msUntilDue(first, now);
      if (waitMs > ROUNDING_MS) return void (this.#cancelTimer = clock.schedule(() => this.#serve(), waitMs));
      const record = first && records.find(first.itemId);
      if (record?.state === "gone") this.#lanes.shift();
      else if (!first && this.#lanes.size > 0) this.#lanes.moveOn();
      else {
        this.#reader = undefined;
        if (this.#error) return reader.error(this.#error);
        return first ? reader.enqueue(this.#release(now, record)) : reader.close();
      }
    }
  }

  #release(now: number, record: PlayoutRecord | undefined): AudioChunk {
    const chunk = this.#lanes.shift()!;
    const { durationMs } = chunk;
    this.#takenAt = now;
    if (this.#options.isPaced) {
      this.sync(now);
      this.#sounding.push({ record, leftMs: durationMs });
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
}
