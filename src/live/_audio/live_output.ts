// This module is browser compatible.
import { decodedLength } from "../../_internal/decoded_length.ts";
import { msOfBytes, silenceOf, type WireLayout } from "../../_media/audio_layout.ts";
import { decodeBase64, encodeBase64 } from "../../audio/mod.ts";
import type { LiveAudioFormat } from "../../protocol/mod.ts";
import { liveLayout } from "./live_layout.ts";

/** How much audio may wait for the reader, in milliseconds; the oldest is dropped beyond it. */
export const MAX_WAITING_MS = 10_000;

/** How long the track must be silent before the model counts as silent, in milliseconds. */
export const PAUSE_MS = 300;

/** What the output tells. */
export interface LiveOutputOptions {
  /** Format of the session. */
  readonly format: LiveAudioFormat | undefined;
  /** Called when the model begins or ends to be heard, with the position on the track in milliseconds. */
  readonly onSpeech: (isSpeaking: boolean, atMs: number) => void;
}

/** The model's never-ending audio track. */
export class LiveOutput {
  /** The track, in the session's format; silence included. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Audio that was dropped as it was not read, in milliseconds. */
  droppedMs = 0;
  /** Audio that has come, in milliseconds. */
  receivedMs = 0;
  readonly #options: LiveOutputOptions;
  readonly #layout: WireLayout;
  readonly #quiet = new Map<number, string>();
  #waiting: string[] = [];
  #waitingMs = 0;
  #isSpeaking = false;
  #quietMs = 0;
  #hasEnded = false;
  #wake = (): void => {};

  constructor(options: LiveOutputOptions) {
    this.#options = options;
    this.#layout = liveLayout(options.format);
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        while (this.#waiting.length === 0 && !this.#hasEnded) {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
        const delta = this.#waiting.shift();
        if (delta === undefined) return controller.close();
        this.#waitingMs -= this.#msOf(delta);
        controller.enqueue(decodeBase64(delta));
      },
      cancel: () => this.end(),
    }, { highWaterMark: 0 });
  }

  /** Whether the model is heard. */
  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** Takes the next piece of the track. */
  push(delta: string): void {
    const durationMs = this.#msOf(delta);
    this.#listen(delta, durationMs);
    this.receivedMs += durationMs;
    if (this.#hasEnded) return;
    this.#waiting.push(delta);
    this.#waitingMs += durationMs;
    while (this.#waitingMs > MAX_WAITING_MS && this.#waiting.length > 1) {
      const droppedMs = this.#msOf(this.#waiting.shift()!);
      this.#waitingMs -= droppedMs;
      this.droppedMs += droppedMs;
    }
    this.#wake();
  }

  /** Ends the track once what waits is read. */
  end(): void {
    this.#hasEnded = true;
    if (this.#isSpeaking) this.#say(false, this.receivedMs);
    this.#wake();
  }

  #listen(delta: string, durationMs: number): void {
    const isQuiet = delta === this.#quietOf(decodedLength(delta));
    this.#quietMs = isQuiet ? this.#quietMs + durationMs : 0;
    if (!isQuiet && !this.#isSpeaking) this.#say(true, this.receivedMs);
    else if (this.#isSpeaking && this.#quietMs >= PAUSE_MS) {
      this.#say(false, this.receivedMs + durationMs - this.#quietMs);
    }
  }

  #say(isSpeaking: boolean, atMs: number): void {
    this.#isSpeaking = isSpeaking;
    this.#options.onSpeech(isSpeaking, atMs);
  }

  /** Silence of so many bytes, as it travels: comparing is cheaper than decoding. */
  #quietOf(bytes: number): string {
    let quiet = this.#quiet.get(bytes);
    if (quiet === undefined) {
      quiet = encodeBase64(silenceOf(msOfBytes(bytes, this.#layout), this.#layout));
      // A piece has a length that comes again; others are few.
      if (this.#quiet.size >= 16) this.#quiet.clear();
      this.#quiet.set(bytes, quiet);
    }
    return quiet;
  }

  #msOf(delta: string): number {
    return msOfBytes(decodedLength(delta), this.#layout);
  }
}
