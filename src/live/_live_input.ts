// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import {
  type AudioChunker,
  type AudioLayout,
  bytesToMs,
  createAudioChunker,
  encodeBase64,
  type PcmChunk,
  silence,
} from "../audio/mod.ts";
import type { LiveAudioFormat } from "../protocol/mod.ts";
import { InputKeeper } from "./_input_keeper.ts";
import { createPcmEncoder, type PcmEncoding } from "./_pcm_encoder.ts";

/** Length of one append, and of the steps of the keeper, in milliseconds. */
const CHUNK_MS = 100;

/** How much audio may wait in the socket before the source waits, in milliseconds, and how often it is looked at. */
const MAX_LAG_MS = 5_000;
const POLL_MS = 20;

/** What the input needs of its surroundings. */
export interface LiveInputOptions extends PcmEncoding {
  /** Format of the session. */
  readonly format: LiveAudioFormat;
  /** Whether silence is sent when no audio comes. */
  readonly keeper: boolean;
  /** Sends audio, base64. */
  readonly append: (audio: string) => void;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: () => number;
  /** Source of time. */
  readonly clock: Clock;
}

/** The way of the user's audio to the server: whole pieces, and silence when none comes. */
export class LiveInput {
  /** Takes the audio. */
  readonly stream: WritableStream<PcmChunk>;
  readonly #options: LiveInputOptions;
  readonly #layout: AudioLayout;
  readonly #chunker: AudioChunker;
  readonly #keeper: InputKeeper;
  readonly #quiet: string;
  #isMuted = false;
  #hasEnded = false;
  #cancelTick = (): void => {};
  #wake = (): void => {};

  constructor(options: LiveInputOptions) {
    const { clock, format } = options;
    this.#options = options;
    this.#layout = { format: format.type, sampleRate: format.rate, channels: 1 };
    this.#chunker = createAudioChunker({ ...this.#layout, chunkMs: CHUNK_MS });
    this.#keeper = new InputKeeper(clock.now());
    this.#quiet = encodeBase64(silence(CHUNK_MS, this.#layout));
    const encode = createPcmEncoder(format, options);
    this.stream = new WritableStream<PcmChunk>({
      write: (chunk) => this.#write(encode(chunk)),
      close: () => this.flush(),
    });
    if (options.keeper) this.#tick();
  }

  /** What was sent, and how it kept time. */
  get keeper(): InputKeeper {
    return this.#keeper;
  }

  /** Whether silence is sent in place of the audio. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Sends silence in place of the audio, or the audio again. */
  mute(isMuted: boolean): void {
    this.flush();
    this.#isMuted = isMuted;
  }

  /** Sends what does not fill a piece yet. */
  flush(): void {
    this.#send(this.#chunker.flush());
  }

  /** Sends nothing any more. */
  end(): void {
    this.#hasEnded = true;
    this.#cancelTick();
    this.#wake();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (const chunk of this.#chunker.push(bytes)) {
      this.#send(chunk);
      while (!this.#hasEnded && this.#lagMs > MAX_LAG_MS) await this.#pause();
    }
  }

  get #lagMs(): number {
    // Base64 makes four bytes of three.
    return bytesToMs(Math.floor(this.#options.bufferedAmount() * 0.75), this.#layout);
  }

  #send(bytes: Uint8Array): void {
    if (this.#hasEnded || bytes.length === 0) return;
    const durationMs = bytesToMs(bytes.length, this.#layout);
    this.#options.append(encodeBase64(this.#isMuted ? silence(durationMs, this.#layout) : bytes));
    this.#keeper.sent(durationMs, this.#options.clock.now());
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancel = this.#options.clock.schedule(resolve, POLL_MS);
    await promise;
    cancel();
  }

  #tick(): void {
    const { append, clock } = this.#options;
    // What waits for a full piece is older than the silence.
    if (this.#keeper.isBehind(clock.now())) this.flush();
    const gapMs = this.#keeper.fill(clock.now());
    for (let ms = gapMs; ms > 0; ms -= CHUNK_MS) {
      append(ms >= CHUNK_MS ? this.#quiet : encodeBase64(silence(ms, this.#layout)));
    }
    this.#cancelTick = clock.schedule(() => this.#tick(), CHUNK_MS);
  }
}
