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

/** Options of {@linkcode AudioOutput}. */
export interface AudioOutputOptions {
  /** Where progress is noted. */
  ledger: PlaybackLedger;
  /** Who knows what was heard. */
  source: PlaybackSource;
  /** How far the paced output may run ahead of the playhead, in milliseconds. */
  leadMs: number;
  /** How much audio may wait for the reader, in milliseconds. */
  maxUnheardMs: number;
  /** Is told that the output ended as more waited. */
  onOverflow(error: DOMException): void;
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
  #wake: (() => void) | undefined;
  #ended = false;
  #overflow: DOMException | undefined;
  #queuedMs = 0;
  /** Audio that was let out, in milliseconds since the beginning. */
  #releasedMs = 0;
  /** Audio that was heard, in milliseconds since the beginning, and when that was so. */
  #playheadMs = 0;
  #playheadAt = 0;

  constructor(options: AudioOutputOptions) {
    this.#options = options;
    this.stream = new ReadableStream<AudioChunk>({
      pull: (controller) => this.#pull(controller),
      cancel: () => {
        this.#drop();
        this.end();
      },
    }, { highWaterMark: 0 });
  }

  /** Whether there is audio that is being heard, or will be. */
  get isHeard(): boolean {
    this.sync();
    if (this.#options.source === "paced") return this.#queuedMs > 0 || this.#releasedMs > this.#playheadMs;
    return !this.#ended && this.#options.ledger.unheardMs > 0;
  }

  /**
   * Adds a piece to the end of the queue. Does nothing after {@linkcode end}. When more than `maxUnheardMs` wait, all of
   * it is let go and the stream ends in a `QuotaExceededError`.
   */
  push(chunk: AudioChunk): void {
    const { maxUnheardMs, onOverflow } = this.#options;
    if (this.#ended) return;
    this.#queue.push(chunk);
    this.#queuedMs += chunk.durationMs;
    if (this.#queuedMs > maxUnheardMs) {
      this.#overflow = new DOMException(
        `Cannot keep the model's audio as more than ${maxUnheardMs} ms of it wait for a reader`,
        "QuotaExceededError",
      );
      this.#drop();
      this.#ended = true;
      onOverflow(this.#overflow);
    }
    this.#wake?.();
  }

  /** Brings the ledger up to date with the clock. */
  sync(): void {
    const { clock, ledger, source } = this.#options;
    const now = clock.now();
    if (source === "paced") {
      const playhead = Math.min(this.#releasedMs, this.#playheadMs + now - this.#playheadAt);
      ledger.advance(playhead - this.#playheadMs);
      this.#playheadMs = playhead;
    }
    this.#playheadAt = now;
  }

  /** Drops what waits: it must not be heard any more. */
  clear(): void {
    this.sync();
    this.#drop();
    // What the reader has taken is no longer waited for.
    this.#releasedMs = this.#playheadMs;
    this.#wake?.();
  }

  /** Lets the reader take what waits, and then ends the stream. Idempotent. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async #pull(controller: ReadableStreamDefaultController<AudioChunk>): Promise<void> {
    while (true) {
      const chunk = this.#queue[0];
      if (this.#overflow) return controller.error(this.#overflow);
      if (!chunk && this.#ended) return controller.close();
      const waitMs = chunk ? this.#msUntilDue(chunk) : Infinity;
      if (chunk && waitMs <= 0) {
        this.#queue.shift();
        this.#queuedMs -= chunk.durationMs;
        this.#releasedMs += chunk.durationMs;
        return controller.enqueue(chunk);
      }
      await this.#sleep(waitMs);
    }
  }

  #drop(): void {
    this.#queue = [];
    this.#queuedMs = 0;
  }

  #msUntilDue(chunk: AudioChunk): number {
    if (this.#options.source === "reported") return 0;
    this.sync();
    const aheadMs = this.#releasedMs - this.#playheadMs;
    // A piece longer than the lead goes out once everything before it was heard.
    return aheadMs + chunk.durationMs - Math.max(this.#options.leadMs, chunk.durationMs);
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
