// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { PlayedItems } from "./_played_items.ts";
import { type PlayerCommand, type PlayerReport, SESSION_RATE } from "./_worklets/messages.ts";
import type { PlaybackPosition } from "./playback_position.ts";
import type { AudioContextLike, GainNodeLike, WorkletNodeLike } from "./audio_context.ts";

/** Samples of a millisecond. */
const SAMPLES_PER_MS = SESSION_RATE / 1000;
/** How long the audio thread may take to answer, in milliseconds. */
const FLUSH_TIMEOUT_MS = 500;

/** A piece of speech that knows what it belongs to, as the output of a voice session has it. */
export interface SpokenPiece {
  /** Id of the message that is spoken. */
  readonly itemId: string;
  /** Where in the message's audio it begins, in milliseconds. */
  readonly startMs: number;
  /** PCM16 at 24 kHz, mono, little-endian. */
  readonly bytes: Uint8Array;
}

/** What can be played: bytes of PCM16 at 24 kHz, samples, or pieces of speech. */
export type Playable = Uint8Array | Int16Array | SpokenPiece;

/** The little of a voice session that a loudspeaker needs. */
export interface PlayableVoice {
  /** The model's speech. */
  readonly output: ReadableStream<SpokenPiece>;
  /** Where is noted what was heard. */
  readonly playback: { report(itemId: string, heardMs: number): void };
  /** Adds a listener of interruptions. */
  on(type: "interrupted", listener: (event: unknown) => void): () => void;
}

/** What a speaker is made of. */
export interface SpeakerParts {
  /** Where it plays. */
  readonly context: AudioContextLike;
  /** The processor. */
  readonly node: WorkletNodeLike;
  /** Source of time. */
  readonly clock: Clock;
  /** Releases the context, if it is ours. */
  readonly close: () => void;
}

/** A loudspeaker: a sink for the model's audio that knows what was played. {@linkcode openSpeaker} opens one. */
export class Speaker extends WritableStream<Playable> {
  readonly #player: Player;

  /** Used by {@linkcode openSpeaker}. */
  constructor(parts: SpeakerParts) {
    const player = new Player(parts);
    super({
      write: (piece) => player.push(piece),
      close: () => player.drain(),
      abort: () => player.close(),
    }, new CountQueuingStrategy({ highWaterMark: 16 }));
    this.#player = player;
  }

  /** How loud it is, 0 to 1. */
  get volume(): number {
    return this.#player.volume.gain.value;
  }

  set volume(volume: number) {
    if (!(volume >= 0 && volume <= 1)) {
      throw new RangeError(`Cannot set the volume as it must be from 0 to 1: current value is ${volume}`);
    }
    this.#player.volume.gain.value = volume;
  }

  /** How loud it was in the last 20 ms that were played, as the root mean square, 0 to 1. */
  get level(): number {
    return this.#player.level;
  }

  /** Audio that waits to be played, in milliseconds. */
  get waitingMs(): number {
    return this.#player.waitingMs;
  }

  /** Where playback is; `undefined` when nothing was played yet. */
  get position(): PlaybackPosition | undefined {
    return this.#player.items.position;
  }

  /** Whether the browser does not let the page make a sound until the user has clicked. */
  get isBlocked(): boolean {
    return this.#player.context.state === "suspended";
  }

  /** Lets the page sound: call it while the user clicks. */
  async resume(): Promise<void> {
    await this.#player.context.resume();
  }

  /**
   * Sounds from another device.
   *
   * @throws {DOMException} `NotSupportedError` where the browser cannot choose one, `NotFoundError` when there is none.
   */
  async switchTo(deviceId: string): Promise<void> {
    const { context } = this.#player;
    if (context.setSinkId) return await context.setSinkId(deviceId);
    throw new DOMException(
      "Cannot choose the loudspeaker as this browser does not let pages do so",
      "NotSupportedError",
    );
  }

  /**
   * Calls a listener with what was played, about every 20 ms while something is.
   *
   * @returns a function that takes the listener out again.
   */
  onPlayed(listener: (position: PlaybackPosition) => void): () => void {
    this.#player.listeners.add(listener);
    return () => void this.#player.listeners.delete(listener);
  }

  /** Drops what waits, fades out within 5 ms, and tells where it stopped; `undefined` when nothing was played. */
  flush(): Promise<PlaybackPosition | undefined> {
    return this.#player.flush();
  }

  /**
   * Plays a voice session whose `playbackSource` is `"reported"`: reports what was played, and falls silent at once when
   * the model is interrupted. Resolves when the session has ended and the rest was played.
   */
  async play(voice: PlayableVoice): Promise<void> {
    const stopReporting = this.onPlayed(({ itemId, playedMs }) => {
      if (itemId) voice.playback.report(itemId, playedMs);
    });
    const stopListening = voice.on("interrupted", () => void this.#player.flush());
    try {
      await voice.output.pipeTo(this, { preventClose: true });
      await this.#player.played();
    } finally {
      stopReporting();
      stopListening();
    }
  }

  /** Stops at once, and releases everything. Idempotent. */
  stop(): void {
    this.#player.close();
  }

  /** Stops at once. */
  [Symbol.dispose](): void {
    this.stop();
  }
}

/** The way to the audio thread. */
class Player {
  readonly context: AudioContextLike;
  readonly volume: GainNodeLike;
  readonly items = new PlayedItems();
  readonly listeners = new Set<(position: PlaybackPosition) => void>();
  level = 0;
  readonly #parts: SpeakerParts;
  readonly #flushes = new Map<number, (position: PlaybackPosition | undefined) => void>();
  #flushId = 0;
  #sent = 0;
  #done = 0;
  /** Half a sample that waits for its other half. */
  #rest: Uint8Array = new Uint8Array();
  #wake = (): void => {};
  #isClosed = false;

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
    this.context = parts.context;
    this.volume = parts.context.createGain();
    parts.node.connect(this.volume);
    this.volume.connect(parts.context.destination);
    parts.node.port.onmessage = ({ data }) => this.#receive(data as PlayerReport);
  }

  get waitingMs(): number {
    return (this.#sent - this.#done) / SAMPLES_PER_MS;
  }

  push(piece: Playable): void {
    if (this.#isClosed) throw new TypeError("Cannot play as the loudspeaker is closed");
    const isPiece = "bytes" in piece;
    const samples = piece instanceof Int16Array ? piece.slice() : this.#toSamples(isPiece ? piece.bytes : piece);
    if (samples.length === 0) return;
    const key = isPiece ? this.items.keyOf(piece.itemId, piece.startMs) : this.items.keyOf("", 0);
    this.#sent += samples.length;
    this.#post({ type: "push", key, samples }, [samples.buffer]);
  }

  async flush(): Promise<PlaybackPosition | undefined> {
    if (this.#isClosed || this.#sent === 0) return this.items.position;
    const { promise, resolve } = Promise.withResolvers<PlaybackPosition | undefined>();
    const flushId = ++this.#flushId;
    this.#flushes.set(flushId, resolve);
    this.#rest = new Uint8Array();
    this.#post({ type: "flush", flushId });
    // A context that is suspended does not answer.
    const cancelTimer = this.#parts.clock.schedule(() => resolve(this.items.position), FLUSH_TIMEOUT_MS);
    const position = await promise;
    cancelTimer();
    this.#flushes.delete(flushId);
    return position;
  }

  /** Resolves when nothing waits to be played any more. */
  async played(): Promise<void> {
    while (!this.#isClosed && this.#sent > this.#done) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  async drain(): Promise<void> {
    await this.played();
    this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.level = 0;
    this.listeners.clear();
    for (const resolve of this.#flushes.values()) resolve(this.items.position);
    this.#parts.node.port.onmessage = null;
    this.#parts.node.port.close();
    this.#parts.node.disconnect();
    this.volume.disconnect();
    this.#parts.close();
    this.#wake();
  }

  #receive(report: PlayerReport): void {
    const position = this.items.note(report.key, report.played / SAMPLES_PER_MS);
    if (report.type === "flushed") {
      // What was pushed before the flush is gone; a player that is asked again meanwhile has what came after.
      this.#flushes.get(report.flushId)?.(position);
      return;
    }
    this.#done = report.done;
    this.level = this.#done < this.#sent ? report.level : 0;
    if (position) { for (const listener of [...this.listeners]) listener(position); }
    this.#wake();
  }

  #post(command: PlayerCommand, transfer: ArrayBuffer[] = []): void {
    this.#parts.node.port.postMessage(command, transfer);
  }

  #toSamples(bytes: Uint8Array): Int16Array<ArrayBuffer> {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const even = all.length & ~1;
    this.#rest = all.slice(even);
    return new Int16Array(all.slice(0, even).buffer);
  }
}
