// This module is browser compatible.
import { type AudioChunker, bytesToMs, createAudioChunker, type PcmChunk, silence } from "../audio/mod.ts";
import type { Clock } from "../_internal/clock.ts";
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { EffectiveTurnDetection } from "../protocol/mod.ts";
import type { Session } from "../session/mod.ts";
import { audioLayout, type WireLayout } from "./_audio_layout.ts";
import { createInputEncoder, type InputEncoder, type InputEncoding } from "./_input_encoder.ts";

/** How often a full socket is looked at again, in milliseconds. */
const BUFFER_POLL_MS = 20;

/** Silence that is sent beyond what ends a turn, in milliseconds, so that the end is certain. */
const SILENCE_MARGIN_MS = 200;

/** Longest wait of semantic turn detection by eagerness, in milliseconds. */
const SEMANTIC_WAIT_MS: Readonly<Record<string, number>> = { low: 8000, medium: 4000, high: 2000, auto: 4000 };

/**
 * What closing the input does after the last audio was sent: `"silence"` sends as much as ends the user's turn, since a
 * recording that stops in mid-speech never ends it otherwise; `"commit"` makes an item of what was sent; `"nothing"`.
 */
export type InputEnd = "silence" | "commit" | "nothing";

/**
 * What happens to the user's audio when the connection is too slow for it: `"wait"` lets the source wait, which suits
 * files; `"drop-oldest"` never does, and drops what has waited longest, which suits microphones.
 */
export type InputOverflow = "wait" | "drop-oldest";

/** Options of {@linkcode AudioInput}. */
export interface AudioInputOptions extends InputEncoding {
  /** Length of one append in milliseconds, 20 to 200. */
  chunkMs: number;
  /** What closing does; by default `"silence"` when the server finds the turns, and `"nothing"` otherwise. */
  inputEnd?: InputEnd | undefined;
  /** What happens when more than `maxLagMs` of audio has not left. */
  overflow: InputOverflow;
  /** How much audio may wait, in milliseconds. */
  maxLagMs: number;
  /** Holds back what is written between turns, and begins a turn with the last so many milliseconds of it. */
  preRollMs?: number | undefined;
  /** Source of time. */
  clock: Clock;
  /** Whether silence is sent in the place of what is written now. */
  isMuted(): boolean;
  /** Is told when audio begins to wait for too long, and whenever some is dropped. */
  onLag(): void;
}

/** The way of the user's audio to the server, in chunks of one size. */
export class AudioInput {
  /** Takes the audio. */
  readonly stream: WritableStream<PcmChunk>;
  /** Audio that was dropped, in milliseconds. */
  droppedMs = 0;
  /** Audio that was sent, in milliseconds. */
  sentMs = 0;
  /** Whether a turn is open. */
  inTurn = false;
  readonly #session: Session;
  readonly #options: AudioInputOptions;
  readonly #layout: WireLayout;
  readonly #chunker: AudioChunker;
  #queue: Uint8Array[] = [];
  #preRoll: Uint8Array[] = [];
  #isLagging = false;
  /** What ended it: an abort, or the end of the session. */
  #end: "abort" | CloseInfo | undefined;
  /** Ends the wait for room in the socket. */
  #wake = (): void => {};
  #pump: Promise<void> | undefined;

  /**
   * Makes the input of a session, in the format that the session has now.
   *
   * @throws {RangeError} when `chunkMs` is not between 20 and 200, or another option is out of range.
   * @throws {TypeError} when the audio must be converted and nothing does it.
   */
  constructor(session: Session, options: AudioInputOptions) {
    const { chunkMs, maxLagMs } = options;
    if (!(chunkMs >= 20 && chunkMs <= 200)) {
      throw new RangeError(`Cannot take audio as chunkMs must be 20 to 200: current value is ${chunkMs}`);
    }
    if (!(maxLagMs >= chunkMs)) {
      throw new RangeError(`Cannot take audio as maxLagMs must be >= chunkMs: current value is ${maxLagMs}`);
    }
    this.#session = session;
    this.#options = options;
    this.#layout = audioLayout(session.config?.audio?.input?.format);
    this.#chunker = createAudioChunker({ ...this.#layout, chunkMs });
    const encoder = this.encoder();
    this.stream = new WritableStream<PcmChunk>({
      start: ({ signal }) => signal.addEventListener("abort", () => this.#stop("abort")),
      write: (chunk, controller) => this.#write(encoder.push(chunk), controller),
      close: () => this.#close(encoder.flush()),
      abort: () => void (this.#queue = []),
    });
    session.closed.then((close) => this.#stop(close));
  }

  /** Audio that was taken and has not left yet, in milliseconds. */
  get lagMs(): number {
    return this.#socketLagMs + this.#queue.reduce((sum, bytes) => sum + bytesToMs(bytes.length, this.#layout), 0);
  }

  /** Makes an encoder to the session's format. */
  encoder(): InputEncoder {
    return createInputEncoder(this.#layout, this.#options);
  }

  /** Sends bytes at once. */
  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#session.appendAudio(bytes);
    this.sentMs += bytesToMs(bytes.length, this.#layout);
  }

  /** Lets through what is written from now on, and what was written just before. */
  beginTurn(): void {
    this.inTurn = true;
    for (const bytes of this.#preRoll.splice(0)) this.append(bytes);
  }

  /** Sends at once what still waits of the turn, and holds back what is written from now on. */
  endTurn(): void {
    this.#accept(this.#chunker.flush());
    for (const bytes of this.#queue.splice(0)) this.append(bytes);
    this.inTurn = false;
  }

  get #socketLagMs(): number {
    // Base64 makes four bytes of three.
    return this.#session.bufferedAmount * 0.75 * bytesToMs(this.#chunker.chunkBytes, this.#layout) /
      this.#chunker.chunkBytes;
  }

  async #write(bytes: Uint8Array, controller: WritableStreamDefaultController): Promise<void> {
    const { overflow, chunkMs, maxLagMs, preRollMs } = this.#options;
    // What leaves before the write is over needs no memory of its own.
    const isReady = overflow === "wait" && preRollMs === undefined && this.#chunker.heldBytes === 0 &&
      bytes.length === this.#chunker.chunkBytes;
    for (const chunk of isReady ? [bytes] : this.#chunker.push(bytes)) {
      if (this.#end === "abort") return;
      this.#accept(chunk);
      if (overflow === "wait") await this.#drain(maxLagMs);
    }
    if (overflow === "wait") return;
    this.#dropOldest();
    this.#pump ??= this.#drain(chunkMs).catch((error) => controller.error(error)).finally(() => this.#pump = undefined);
  }

  async #close(tail: Uint8Array): Promise<void> {
    const turnDetection = this.#session.config?.audio?.input?.turn_detection;
    const end = this.#options.inputEnd ?? (turnDetection ? "silence" : "nothing");
    const silenceMs = end === "silence" ? msToEndTurn(turnDetection) : 0;
    for (const bytes of [tail, silence(silenceMs, this.#layout)]) {
      for (const chunk of [...this.#chunker.push(bytes), this.#chunker.flush()]) this.#accept(chunk);
    }
    await this.#pump;
    await this.#drain(this.#options.maxLagMs);
    if (end === "commit") await this.#session.commitAudio();
  }

  /** Decides what becomes of a chunk. */
  #accept(bytes: Uint8Array): void {
    const { isMuted, preRollMs } = this.#options;
    if (bytes.length === 0) return;
    const durationMs = bytesToMs(bytes.length, this.#layout);
    const heard = isMuted() ? silence(durationMs, this.#layout) : bytes;
    if (preRollMs === undefined || this.inTurn) return void this.#queue.push(heard);
    this.#preRoll.push(heard);
    while (this.#preRoll.length * this.#options.chunkMs > preRollMs) this.#preRoll.shift();
  }

  #dropOldest(): void {
    const before = this.droppedMs;
    while (this.#queue.length > 1 && this.lagMs > this.#options.maxLagMs) {
      this.droppedMs += bytesToMs(this.#queue.shift()!.length, this.#layout);
    }
    if (this.droppedMs > before) this.#options.onLag();
  }

  /** Sends what waits in the queue, whenever less than `maxMs` waits in the socket. */
  async #drain(maxMs: number): Promise<void> {
    while (this.#queue.length > 0) {
      const isFull = this.#socketLagMs > maxMs;
      if (isFull) await this.#pause();
      else this.append(this.#queue.shift()!);
    }
    this.#isLagging = false;
  }

  async #pause(): Promise<void> {
    const { clock, overflow, onLag } = this.#options;
    if (overflow === "wait" && !this.#isLagging) onLag();
    this.#isLagging = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const cancelTimer = clock.schedule(resolve, BUFFER_POLL_MS);
    await promise;
    cancelTimer();
    const close = this.#end;
    if (close === "abort") this.#queue = [];
    else if (close) throw new ConnectionError("Cannot send audio as the session has ended", { kind: "closed", close });
  }

  #stop(end: "abort" | CloseInfo): void {
    this.#end ??= end;
    this.#wake();
  }
}

/** How much silence ends a turn, in milliseconds. */
function msToEndTurn(turnDetection: EffectiveTurnDetection | null | undefined): number {
  const wait = turnDetection?.type === "semantic_vad"
    ? SEMANTIC_WAIT_MS[turnDetection.eagerness ?? "auto"] ?? SEMANTIC_WAIT_MS.low!
    : turnDetection?.silence_duration_ms ?? 500;
  return wait + SILENCE_MARGIN_MS;
}
