// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import type { PlaybackLedger } from "./playback_ledger.ts";

/**
 * Who knows what was heard: `"paced"`, the output itself, which lets audio out at the speed at which it is heard;
 * `"reported"`, a player, which gets audio at once and calls `playback.report()`; or `"server"`, which plays the audio
 * itself over WebRTC or SIP: nothing comes out of the output then, and an interruption clears the server's buffer.
 */
export type PlaybackSource = "paced" | "reported" | "server";

/** Differences in milliseconds that come from rounding alone. */
const ROUNDING_MS = 1e-6;

/** Options of {@linkcode AudioOutput}. */
export interface AudioOutputOptions {
  /** Where progress is noted. */
  ledger: PlaybackLedger;
  /** Who knows what was heard. */
  source: PlaybackSource;
  /** How far the paced output may run ahead of the playhead, in milliseconds. */
  leadMs: number;
  /** Source of time. */
  clock: Clock;
}

/**
 * The queue between the server, which sends audio faster than it is heard, and whoever plays it. Nothing waits inside the
 * stream itself, so that clearing the queue leaves nothing stale but what the reader has already taken.
 */
export class AudioOutput {
  /** The audio that should still be heard. */
  readonly stream: ReadableStream<AudioChunk>;
  readonly #options: AudioOutputOptions;
  #queue: AudioChunk[] = [];
  /** What the reader has taken and paced playback has not come to the end of. */
  #sounding: { readonly itemId: string; leftMs: number }[] = [];
  /** When the playhead was where it is. */
  #syncedAt = 0;
  #wake: (() => void) | undefined;
  #ended = false;
  #error: DOMException | undefined;

  constructor(options: AudioOutputOptions) {
    this.#options = options;
    this.stream = new ReadableStream<AudioChunk>({
      pull: (controller) => this.#pull(controller),
      cancel: () => {
        this.#queue = [];
        this.end();
      },
    }, { highWaterMark: 0 });
  }

  /** Audio that waits for the reader, in milliseconds. */
  get waitingMs(): number {
    return this.#queue.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }

  /** Whether there is audio that is being heard, or will be. */
  get isHeard(): boolean {
    const { ledger, source } = this.#options;
    return source === "reported" ? !this.#ended && ledger.unheardMs > 0 : this.#isBusy;
  }

  /** Whether nothing comes out of it any more, and all that did was heard. */
  get isOver(): boolean {
    return this.#ended && !this.#isBusy;
  }

  /** Adds a piece to the end of the queue. Does nothing after {@linkcode end}. */
  push(chunk: AudioChunk): void {
    if (this.#ended) return;
    this.#queue.push(chunk);
    this.#wake?.();
  }

  /** Takes what waits of a response out of the queue. */
  remove(responseId: string | undefined): readonly AudioChunk[] {
    const queue = this.#queue;
    this.#queue = queue.filter((chunk) => chunk.responseId !== responseId);
    return queue.filter((chunk) => chunk.responseId === responseId);
  }

  /** Brings the ledger up to date with the clock. */
  sync(): void {
    const { clock, ledger } = this.#options;
    let ms = clock.now() - this.#syncedAt;
    this.#syncedAt += ms;
    while (this.#sounding[0] && ms > 0) {
      const piece = this.#sounding[0];
      const heardMs = Math.min(ms, piece.leftMs);
      ledger.advance(piece.itemId, heardMs);
      ms -= heardMs;
      piece.leftMs -= heardMs;
      if (piece.leftMs === 0) this.#sounding.shift();
    }
  }

  /** Drops what waits: it must not be heard any more. */
  clear(): void {
    this.sync();
    this.#queue = [];
    // What the reader has taken is no longer waited for.
    this.#sounding = [];
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
    this.#queue = [];
    this.end();
  }

  get #isBusy(): boolean {
    this.sync();
    return this.#queue.length + this.#sounding.length > 0;
  }

  async #pull(controller: ReadableStreamDefaultController<AudioChunk>): Promise<void> {
    while (true) {
      const chunk = this.#queue[0];
      if (this.#error) return controller.error(this.#error);
      const waitMs = chunk || this.#ended ? this.#msUntilDue(chunk) : Infinity;
      if (waitMs > ROUNDING_MS) await this.#sleep(waitMs);
      else if (chunk) return controller.enqueue(this.#release(chunk));
      else return controller.close();
    }
  }

  #release(chunk: AudioChunk): AudioChunk {
    this.#queue.shift();
    const { itemId, durationMs } = chunk;
    if (this.#options.source === "paced") this.#sounding.push({ itemId, leftMs: durationMs });
    return chunk;
  }

  /** How long a piece, or the end, must wait. */
  #msUntilDue(chunk: AudioChunk | undefined): number {
    this.sync();
    const aheadMs = this.#sounding.reduce((sum, { leftMs }) => sum + leftMs, 0);
    // A piece longer than the lead goes out once everything before it was heard.
    return chunk ? aheadMs + Math.min(chunk.durationMs - this.#options.leadMs, 0) : aheadMs;
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
