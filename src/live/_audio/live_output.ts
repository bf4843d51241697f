// This module is browser compatible.
import { decodedLength } from "../../_internal/decoded_length.ts";
import { audioLayout, msOfBytes, silenceOf, type WireLayout } from "../../_media/audio_layout.ts";
import { createPcmAligner, decodeBase64, encodeBase64, toBytes } from "../../audio/mod.ts";
import type { LiveEffectiveAudioFormat } from "../../protocol/mod.ts";

/** Limit of the audio that waits for the reader, in milliseconds; beyond it the oldest is dropped. */
export const MAX_WAITING_MS = 10_000;

/** Silence on the track after which the model counts as silent, in milliseconds. */
export const PAUSE_MS = 300;

/** Options of the output. */
export interface LiveOutputOptions {
  /** Format of the session. */
  readonly format: LiveEffectiveAudioFormat | undefined;
  /** Called when the model starts or stops being heard, with the position on the track in milliseconds. */
  readonly onSpeech: (isSpeaking: boolean, atMs: number) => void;
  /** Called with a piece that is not audio, and is left out. */
  readonly onError: (error: unknown) => void;
}

/** The model's continuous audio track. */
export class LiveOutput {
  /** The track, in the session's format, including silence. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Whether the model is currently heard. */
  isSpeaking = false;
  readonly #options: LiveOutputOptions;
  readonly #layout: WireLayout;
  /** Silence, at least as long as the longest piece, as base64: comparing is cheaper than decoding. */
  #quiet = "";
  readonly #aligner = createPcmAligner();
  #waiting: string[] = [];
  #waitingMs = 0;
  #receivedMs = 0;
  #quietMs = 0;
  #hasEnded = false;
  #wake = (): void => {};

  constructor(options: LiveOutputOptions) {
    this.#options = options;
    this.#layout = audioLayout(options.format);
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        while (true) {
          const delta = this.#waiting.shift();
          if (delta === undefined) {
            if (this.#hasEnded) return controller.close();
            await new Promise<void>((resolve) => this.#wake = resolve);
          } else {
            this.#waitingMs -= this.#msOf(delta);
            const bytes = this.#decode(delta);
            if (bytes?.length) return controller.enqueue(bytes);
          }
        }
      },
      cancel: () => {
        this.#hasEnded = true;
        this.#waiting = [];
      },
    }, { highWaterMark: 0 });
  }

  /** Duration of a number of bytes, in milliseconds. */
  msOf(bytes: number): number {
    return msOfBytes(bytes, this.#layout);
  }

  /** Takes the next piece of the track. */
  push(delta: string): void {
    const durationMs = this.#msOf(delta);
    this.#listen(delta, durationMs);
    this.#receivedMs += durationMs;
    if (this.#hasEnded) return;
    this.#waiting.push(delta);
    this.#waitingMs += durationMs;
    while (this.#waitingMs > MAX_WAITING_MS && this.#waiting.length > 1) {
      const dropped = this.#waiting.shift()!;
      this.#waitingMs -= this.#msOf(dropped);
      // The next piece begins with the other half of its last sample.
      if (decodedLength(dropped) % 2 === 1) this.#decode(dropped);
    }
    this.#wake();
  }

  /** Ends the track after the waiting audio. */
  end(): void {
    this.#hasEnded = true;
    if (this.isSpeaking) this.#say(false, this.#receivedMs);
    this.#wake();
  }

  /** The whole samples of a piece; half of one waits for its other half. */
  #decode(delta: string): Uint8Array<ArrayBuffer> | undefined {
    try {
      const bytes = decodeBase64(delta);
      const isWhole = this.#layout.format !== "audio/pcm" || this.#aligner.heldBytes + bytes.length % 2 === 0;
      // Newly allocated memory, because the receiver may transfer it.
      return isWhole ? bytes : toBytes(this.#aligner.push(bytes).slice());
    } catch (error) {
      this.#options.onError(error);
      return undefined;
    }
  }

  #listen(delta: string, durationMs: number): void {
    if (delta.length > this.#quiet.length) this.#quiet = encodeBase64(silenceOf(durationMs, this.#layout));
    // The last four characters depend on the length: they stand for at most three bytes.
    const isQuiet = this.#quiet.startsWith(delta.slice(0, -4));
    this.#quietMs = isQuiet ? this.#quietMs + durationMs : 0;
    if (!isQuiet && !this.isSpeaking) this.#say(true, this.#receivedMs);
    else if (this.isSpeaking && this.#quietMs >= PAUSE_MS) {
      this.#say(false, this.#receivedMs + durationMs - this.#quietMs);
    }
  }

  #say(isSpeaking: boolean, atMs: number): void {
    this.isSpeaking = isSpeaking;
    this.#options.onSpeech(isSpeaking, atMs);
  }

  #msOf(delta: string): number {
    return this.msOf(decodedLength(delta));
  }
}
