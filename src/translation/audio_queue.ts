// This module is browser compatible.
import { msOfBytes, type WireLayout } from "../_media/audio_layout.ts";
import { Fifo } from "../_media/fifo.ts";

/** Options of {@linkcode AudioQueue}. */
export interface AudioQueueOptions {
  /** Encoding and rate of the audio. */
  readonly layout: WireLayout;
  /** Limit of the waiting audio, in milliseconds. */
  readonly maxMs: number;
  /** Called when the limit is exceeded and all waiting audio is dropped. */
  onOverflow(error: DOMException): void;
}

/** Audio that waits for its reader, who receives all of it before the end or the error. */
export class AudioQueue {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: AudioQueueOptions;
  readonly #waiting = new Fifo<Uint8Array<ArrayBuffer>>();
  #waitingMs = 0;
  #error: Error | undefined;
  #isOver = false;
  #wake = (): void => {};

  constructor(options: AudioQueueOptions) {
    this.#options = options;
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => this.#give(controller),
      cancel: () => {
        this.#waiting.clear();
        this.end();
      },
    }, { highWaterMark: 0 });
  }

  /** Adds audio; does nothing after the end. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isOver || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingMs += msOfBytes(bytes.length, this.#options.layout);
    const { maxMs, onOverflow } = this.#options;
    if (this.#waitingMs > maxMs) {
      const error = new DOMException(
        `Cannot continue reading as more than ${maxMs} ms of audio waited unread`,
        "QuotaExceededError",
      );
      this.#waiting.clear();
      this.end(error);
      onOverflow(error);
    }
    this.#wake();
  }

  /** Ends the queue, optionally with an error. Only the first call has an effect. */
  end(error?: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#wake();
  }

  async #give(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> {
    while (this.#waiting.size === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const bytes = this.#waiting.shift();
    if (bytes) {
      this.#waitingMs -= msOfBytes(bytes.length, this.#options.layout);
      controller.enqueue(bytes);
    } else if (this.#error) {
      controller.error(this.#error);
    } else {
      controller.close();
    }
  }
}
