// This module is browser compatible.
import { ByteChunker } from "../_internal/audio/byte_chunker.ts";
import type { PcmChunk } from "../audio/mod.ts";
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { AudioKit } from "./audio_kit.ts";
import { bytesOfMs, bytesPerSample, isSameLayout, msOfBytes, silenceOf, type WireLayout } from "./audio_layout.ts";
import { Fifo } from "./fifo.ts";
import type { InputEncoding } from "./input_encoder.ts";
import type { AudioInputOptions } from "./input_options.ts";
import type { InputPort } from "./input_port.ts";
import { InputSource, type InputTarget } from "./input_source.ts";

/** Interval at which a full socket is checked again, in milliseconds. */
const BUFFER_POLL_MS = 20;

/**
 * With `"drop-oldest"`, at least this much audio may wait in the socket before audio waits here, where it can be
 * dropped; in milliseconds. A socket holds a chunk for a turn of the event loop even on a fast connection.
 */
const MIN_SOCKET_MS = 200;

/** Silence that ends a turn of unknown turn detection, in milliseconds. */
const DEFAULT_END_MS = 700;

/** Largest part of one write that is processed at a time, in chunks. */
const CHUNKS_AT_ONCE = 10;

/** Takes the user's audio from successive sources, and sends it in chunks of equal size. */
export class AudioInput implements InputTarget {
  /** A source that anyone can write to. */
  readonly stream: WritableStream<PcmChunk>;
  /** The converter of audio, if there is one. */
  readonly audioKit: AudioKit | undefined;
  /** Audio that was dropped, in milliseconds. */
  droppedMs = 0;
  /** Whether a turn is open. */
  inTurn = false;
  /** Audio taken before the speech of the turn that was not dropped, in milliseconds. */
  speechAtMs = 0;
  readonly #port: InputPort;
  readonly #options: AudioInputOptions;
  readonly #maxSocketMs: number;
  readonly #queue = new Fifo<Uint8Array>();
  #queuedMs = 0;
  #sentMs = 0;
  /** Audio that the ends of sources have committed, in milliseconds. */
  #committedMs = 0;
  #preRoll: Uint8Array[] = [];
  #layout!: WireLayout;
  #chunker!: ByteChunker;
  /** Number of times that all waiting audio was dropped. */
  #drops = 0;
  #end: CloseInfo | undefined;
  /** Ends the wait for room in the socket. */
  #wake: (() => void) | undefined;
  /** Runs while audio waits here. */
  #pump: Promise<void> | undefined;
  #failStream = (_error: unknown): void => {};

  /**
   * Creates the input of a session.
   *
   * @throws {RangeError} when `chunkMs` is not between 20 and 200, or another option is out of range.
   * @throws {TypeError} when the audio must be converted and there is no converter.
   */
  constructor(port: InputPort, options: AudioInputOptions) {
    const { chunkMs, maxLagMs, overflow } = options;
    if (!(chunkMs >= 20 && chunkMs <= 200)) {
      throw new RangeError(`Cannot accept audio as chunkMs must be 20 to 200: current value is ${chunkMs}`);
    }
    if (!(maxLagMs >= chunkMs)) {
      throw new RangeError(`Cannot accept audio as maxLagMs must be >= chunkMs: current value is ${maxLagMs}`);
    }
    this.#port = port;
    this.audioKit = options.audioKit;
    this.#options = options;
    const dropsAboveMs = Math.max(MIN_SOCKET_MS, Math.min(maxLagMs, 2 * chunkMs + MIN_SOCKET_MS / 2));
    this.#maxSocketMs = overflow === "wait" ? maxLagMs : dropsAboveMs;
    this.#begin(port.layout);
    const source = this.open();
    this.stream = new WritableStream<PcmChunk>({
      start: (controller) => {
        controller.signal.addEventListener("abort", () => this.drop());
        this.#failStream = (error) => controller.error(error);
      },
      write: (chunk) => source.write(chunk),
      close: () => source.end(),
    });
    port.closed.then((close) => {
      this.#end = close;
      this.#wake?.();
    });
  }

  /** Audio that was accepted and has not left yet, in milliseconds. */
  get lagMs(): number {
    return this.#socketLagMs + this.#queuedMs;
  }

  /** Audio that was sent or waits to be sent, in milliseconds. */
  get takenMs(): number {
    return this.#sentMs + this.#queuedMs;
  }

  /** Current encoding and rate of the audio on the wire: those of the session, whose format may change. */
  get layout(): WireLayout {
    this.#followSession();
    return this.#layout;
  }

  /** Creates a source, which may continue another one. Its audio has the rate of the options, or a rate of its own. */
  open({ inputRate }: Pick<InputEncoding, "inputRate"> = this.#options): InputSource {
    return new InputSource(this, { audioKit: this.audioKit, inputRate });
  }

  /** Sends encoded audio; resolves when there is room for more, with `false` if the audio was dropped meanwhile. */
  async write(bytes: Uint8Array): Promise<boolean> {
    const chunker = this.#chunker;
    const drops = this.#drops;
    const layout = this.#layout;
    const heard = this.#unlessMuted(bytes);
    const isChunk = chunker.heldBytes === 0 && heard.length === chunker.chunkBytes;
    const chunks = isChunk ? [heard] : chunker.push(heard);
    for (const chunk of chunks) {
      if (this.#drops !== drops) return false;
      if (this.#chunker !== chunker) this.#drop(msOfBytes(chunk.length, layout));
      else this.#accept(chunk);
      if (this.#options.overflow === "wait" && this.#pump) await this.#pump;
    }
    return true;
  }

  /** Sends encoded audio synchronously, without cutting it into chunks; resolves when there is room for more. */
  writeNow(bytes: Uint8Array): Promise<void> {
    const heard = this.#unlessMuted(bytes);
    const step = CHUNKS_AT_ONCE * this.#chunker.chunkBytes;
    for (let offset = 0; offset < heard.length; offset += step) this.#accept(heard.subarray(offset, offset + step));
    return this.#options.overflow === "wait" && this.#pump || Promise.resolve();
  }

  /** Ends the audio of a source as `inputEnd` specifies; resolves when all of it has left for the socket. */
  async finish(): Promise<void> {
    const { inputEnd } = this.#options;
    const { endOfTurnMs } = this.#port;
    const end = inputEnd ?? (endOfTurnMs === undefined ? "nothing" : "silence");
    const tail = silenceOf(end === "silence" ? endOfTurnMs ?? DEFAULT_END_MS : 0, this.layout);
    const chunker = this.#chunker;
    for (const chunk of [chunker.flush(), ...chunker.push(tail), chunker.flush()]) this.#accept(chunk, false);
    await this.#pump;
    const sentMs = this.#sentMs;
    if (end !== "commit" || sentMs === this.#committedMs) return;
    await this.#port.commitAudio();
    this.#committedMs = sentMs;
  }

  /** Drops all unsent audio. */
  drop(): void {
    this.#drops++;
    this.#clearQueue();
    this.#chunker.flush();
    this.#wake?.();
  }

  /** Lets audio through from now on, preceded by the most recent audio. */
  beginTurn(): void {
    this.inTurn = true;
    for (const bytes of this.#preRoll.splice(0)) this.#offer(bytes, true);
    this.speechAtMs = this.takenMs;
  }

  /** Sends the rest of the turn immediately, and holds back the audio from now on. */
  endTurn(): void {
    this.#accept(this.#chunker.flush());
    while (this.#queue.size > 0) this.#sendNext();
    this.inTurn = false;
  }

  get #socketLagMs(): number {
    // Base64 encodes three bytes as four.
    return this.#msOf(this.#port.bufferedAmount * 0.75);
  }

  #msOf(bytes: number): number {
    return msOfBytes(bytes, this.#layout);
  }

  /** Adapts to a changed session format: unsent audio is in the old format, which the server would read as noise. */
  #followSession(): void {
    const { layout } = this.#port;
    if (isSameLayout(layout, this.#layout)) return;
    const waitingMs = this.#queuedMs + this.#msOf(this.#chunker.heldBytes);
    this.#begin(layout);
    this.#drop(waitingMs);
  }

  #begin(layout: WireLayout): void {
    this.#clearQueue();
    this.#preRoll = [];
    this.#layout = layout;
    this.#chunker = new ByteChunker(bytesOfMs(this.#options.chunkMs, layout), bytesPerSample(layout));
  }

  #clearQueue(): void {
    this.#forget(this.#queuedMs);
    this.#queue.clear();
  }

  /** Records that the oldest waiting audio was dropped, which may be older than the turn. */
  #forget(ms: number): void {
    this.speechAtMs -= Math.max(0, Math.min(ms, this.speechAtMs - this.#sentMs));
    this.#queuedMs -= ms;
  }

  /** Counts and reports dropped audio. */
  #drop(ms: number): void {
    if (ms <= 0) return;
    this.droppedMs += ms;
    this.#options.onLag();
  }

  /** Mute applies to what is written, even if that is part of a chunk. */
  #unlessMuted(bytes: Uint8Array): Uint8Array {
    return this.#options.isMuted() ? silenceOf(this.#msOf(bytes.length), this.#layout) : bytes;
  }

  /** Sends, queues or drops a chunk. */
  #accept(bytes: Uint8Array, mayDrop = true): void {
    const { chunkMs, preRollMs } = this.#options;
    if (bytes.length === 0) return;
    if (preRollMs === undefined || this.inTurn) return this.#offer(bytes, mayDrop);
    this.#preRoll.push(bytes.slice());
    while (this.#preRoll.length * chunkMs > preRollMs) this.#preRoll.shift();
  }

  /** Sends a chunk, or queues it: a copy, as the memory may be the caller's. */
  #offer(bytes: Uint8Array, mayDrop: boolean): void {
    if (this.#queue.size === 0 && this.#socketLagMs <= this.#maxSocketMs) return this.#send(bytes);
    const ms = this.#msOf(bytes.length);
    this.#queue.push(bytes.slice());
    this.#queuedMs += ms;
    if (!this.#pump) {
      // Before the report: a listener may drop the queue.
      this.#pump = this.#drain();
      // A failure also errors the caller's stream.
      this.#pump.catch(this.#failStream);
      this.#options.onLag();
    }
    if (mayDrop && this.#options.overflow === "drop-oldest") this.#dropOldest();
  }

  #dropOldest(): void {
    let droppedMs = 0;
    while (this.#queue.size > 1 && this.lagMs > this.#options.maxLagMs) {
      const ms = this.#msOf(this.#queue.shift()!.length);
      droppedMs += ms;
      this.#forget(ms);
    }
    this.#drop(droppedMs);
  }

  /** Sends the queue whenever there is room in the socket. */
  async #drain(): Promise<void> {
    try {
      while (this.#queue.size > 0) {
        if (this.#socketLagMs > this.#maxSocketMs) await this.#pause();
        else this.#sendNext();
      }
    } finally {
      this.#pump = undefined;
    }
  }

  #sendNext(): void {
    const bytes = this.#queue.shift()!;
    const ms = this.#msOf(bytes.length);
    this.#queuedMs = this.#queue.size === 0 ? 0 : this.#queuedMs - ms;
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    this.#port.appendAudio(bytes);
    this.#sentMs += this.#msOf(bytes.length);
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancelTimer = this.#options.clock.schedule(resolve, BUFFER_POLL_MS);
    await promise;
    cancelTimer();
    this.#followSession();
    if (!this.#end) return;
    this.#clearQueue();
    throw new ConnectionError("Cannot send audio as the session has ended", { kind: "closed", close: this.#end });
  }
}
