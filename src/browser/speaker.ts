// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { PlayedItems } from "./_audio/played_items.ts";
import { type PlayerCommand, type PlayerReport, SAMPLES_PER_MS } from "./_worklets/messages.ts";
import type { PlaybackPosition } from "./playback_position.ts";
import { setSink, setVolume } from "./_audio/sink.ts";
import type { AudioContextLike, GainNodeLike, WorkletNodeLike } from "./audio_context.ts";

/** Time that the audio thread has to answer, in milliseconds. */
const FLUSH_TIMEOUT_MS = 500;

/**
 * A piece of speech and the message that it belongs to, as in the output of a voice session.
 *
 * @category Browser
 */
export interface SpokenPiece {
  /** Id of the spoken message. */
  readonly itemId: string;
  /** Its start within the message's audio, in milliseconds. */
  readonly startMs: number;
  /** PCM16 at 24 kHz, mono, little-endian. */
  readonly bytes: Uint8Array;
}

/**
 * Playable audio: bytes of PCM16 at 24 kHz, samples, or pieces of speech.
 *
 * @category Browser
 */
export type Playable = Uint8Array | Int16Array | SpokenPiece;

/**
 * The part of a voice session that a loudspeaker needs.
 *
 * @category Browser
 */
export interface PlayableVoice {
  /** The model's speech. */
  readonly output: ReadableStream<SpokenPiece>;
  /**
   * Receives the heard durations. With `get`, it also tells which items were cut, so that no more of them is played.
   */
  readonly playback: {
    report(itemId: string, heardMs: number): void;
    get?(itemId: string): { readonly cut: boolean } | undefined;
  };
  /** Adds a listener of interruptions. */
  on(type: "interrupted", listener: (event: unknown) => void): () => void;
}

/**
 * Dependencies of a speaker.
 *
 * @category Browser
 */
export interface SpeakerParts {
  /** The context that plays. */
  readonly context: AudioContextLike;
  /** The processor. */
  readonly node: WorkletNodeLike;
  /** Source of time. */
  readonly clock: Clock;
  /** Releases the context, unless the caller owns it. */
  readonly close: () => void;
}

/**
 * A loudspeaker: a sink for the model's audio that knows how much was played. {@linkcode openSpeaker} opens one.
 *
 * @category Browser
 */
export interface Speaker extends WritableStream<Playable>, Disposable {
  /** Volume, 0 to 1. */
  volume: number;
  /** Loudness of the last 20 ms played, as the root mean square, 0 to 1. */
  readonly level: number;
  /** Audio that was taken and not played yet, in milliseconds. */
  readonly waitingMs: number;
  /** The current position of playback; `undefined` when nothing was played yet. */
  readonly position: PlaybackPosition | undefined;
  /** Whether the browser blocks sound until the user has clicked. */
  readonly isBlocked: boolean;
  /** Unblocks the sound: call it during a click of the user. */
  resume(): Promise<void>;
  /**
   * Switches to another device.
   *
   * @throws {DOMException} `NotSupportedError` where the browser does not support the choice, `NotFoundError` when
   * there is no such device.
   */
  switchTo(deviceId: string): Promise<void>;
  /**
   * Calls a listener with the position of playback, about every 20 ms while audio plays.
   *
   * @returns a function that removes the listener.
   */
  onPlayed(listener: (position: PlaybackPosition) => void): () => void;
  /**
   * Drops the waiting audio, fades out within 5 ms, and resolves with the final position; `undefined` when nothing was
   * played.
   */
  flush(): Promise<PlaybackPosition | undefined>;
  /**
   * Plays a voice session whose `playbackSource` is `"reported"`: reports the played audio, and falls silent
   * immediately when the model is interrupted. Resolves when the session has ended and the rest was played.
   *
   * @throws {TypeError} when something else is being played.
   */
  play(voice: PlayableVoice): Promise<void>;
  /** Stops immediately, and releases everything. Idempotent. */
  stop(): void;
}

/**
 * Creates the loudspeaker as a real stream with additional members, as pipes accept nothing else.
 *
 * @category Browser
 */
export function createSpeaker(parts: SpeakerParts): Speaker {
  const player = new Player(parts);
  const { context } = parts;
  /** The session that is played. */
  let source: PlayableVoice | undefined;
  const stream = new WritableStream<Playable>({
    write(piece) {
      // Raw audio has no item, so it cannot be cut.
      if (!source?.playback.get?.((piece as SpokenPiece).itemId)?.cut) player.push(piece);
    },
    close: () => player.drain(),
    abort: () => player.close(),
  }, { highWaterMark: 16 });
  const members = {
    get volume() {
      return player.volume.gain.value;
    },
    set volume(volume) {
      setVolume(player.volume, volume);
    },
    get level() {
      return player.level;
    },
    get waitingMs() {
      return player.waitingMs;
    },
    get position() {
      return player.items.position;
    },
    get isBlocked() {
      return context.state === "suspended";
    },
    resume: () => context.resume(),
    switchTo: (deviceId: string) => setSink(context, deviceId),
    onPlayed(listener: (position: PlaybackPosition) => void) {
      player.listeners.add(listener);
      return () => void player.listeners.delete(listener);
    },
    flush: () => player.flush(),
    async play(voice: PlayableVoice) {
      if (stream.locked) throw new TypeError("Cannot play as another session is played");
      const stopReporting = members.onPlayed(({ itemId, playedMs }) => {
        if (itemId) voice.playback.report(itemId, playedMs);
      });
      // The player reports its final position once more, which corrects the estimate.
      const stopListening = voice.on("interrupted", () => void player.flush());
      // Audio may already be on its way here when its item is cut.
      source = voice;
      try {
        await voice.output.pipeTo(stream, { preventClose: true });
        await player.played();
      } finally {
        source = undefined;
        stopReporting();
        stopListening();
      }
    },
    stop: () => player.close(),
    [Symbol.dispose]: () => player.close(),
  };
  return Object.defineProperties(stream, Object.getOwnPropertyDescriptors(members)) as Speaker;
}

/** The interface to the audio thread. */
class Player {
  readonly volume: GainNodeLike;
  readonly items = new PlayedItems();
  readonly listeners = new Set<(position: PlaybackPosition) => void>();
  level = 0;
  readonly #parts: SpeakerParts;
  /** The flushes that the audio thread has not answered yet. */
  readonly #flushes: ((position: PlaybackPosition | undefined) => void)[] = [];
  #sent = 0;
  #done = 0;
  /** Half a sample that waits for its other half. */
  #rest: Uint8Array = new Uint8Array();
  #wake = (): void => {};
  #isClosed = false;

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
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
    this.#flushes.push(resolve);
    this.#rest = new Uint8Array();
    this.#post({ type: "flush" });
    // A suspended context does not answer.
    const cancelTimer = this.#parts.clock.schedule(() => resolve(this.items.position), FLUSH_TIMEOUT_MS);
    const position = await promise;
    cancelTimer();
    return position;
  }

  /** Resolves when no audio waits to be played. */
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
    for (const resolve of this.#flushes) resolve(this.items.position);
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
      this.#flushes.shift()?.(position);
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
    const samples = new Int16Array(all.buffer, 0, all.length >> 1);
    this.#rest = all.slice(samples.byteLength);
    return samples;
  }
}
