// This module is browser compatible.
import { BLOCK_SAMPLES, PLAYER, type PlayerCommand, type PlayerReport } from "./messages.ts";
import { scope } from "./scope.ts";

/** Samples of the fade when playback is cut: 4.4 ms, short and without a click. */
const FADE_SAMPLES = 106;

interface Piece {
  readonly key: number;
  readonly samples: Int16Array;
}

/** Plays pieces of PCM16 in order, and reports its position. */
class PlayerProcessor extends scope.AudioWorkletProcessor {
  readonly #queue: Piece[] = [];
  /** Samples of the first piece that were played. */
  #offset = 0;
  #key = 0;
  /** Samples that were played under the key. */
  #played = 0;
  /** Samples played or dropped, and samples received, in total. */
  #done = 0;
  #arrived = 0;
  #unreported = 0;
  #energy = 0;
  #fade = 0;
  /** Number of flushes to answer. */
  #flushes = 0;
  /** Number of samples that had arrived when playback was cut: later ones are played. */
  #cutAt = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#take(data as PlayerCommand);
  }

  process(_inputs: unknown, outputs: readonly Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (!output) return true;
    let piece = this.#queue[0];
    for (let i = 0; i < output.length && piece; i++) {
      if (piece.key !== this.#key) this.#begin(piece.key);
      const sample = piece.samples[this.#offset++]! / 32768 * (this.#fade > 0 ? --this.#fade / FADE_SAMPLES : 1);
      output[i] = sample;
      this.#energy += sample * sample;
      this.#played++;
      this.#done++;
      this.#unreported++;
      if (this.#offset === piece.samples.length) {
        this.#queue.shift();
        this.#offset = 0;
        piece = this.#queue[0];
      }
      if (this.#flushes > 0 && (this.#fade === 0 || this.#done === this.#cutAt)) piece = this.#clear();
    }
    if (this.#unreported >= BLOCK_SAMPLES || (!piece && this.#unreported > 0)) this.#report();
    return true;
  }

  #take(command: PlayerCommand): void {
    if (command.type === "flush") {
      this.#flushes++;
      this.#cutAt = this.#arrived;
      if (this.#done === this.#cutAt) this.#clear();
      else if (this.#fade === 0) this.#fade = FADE_SAMPLES;
    } else {
      this.#queue.push(command);
      this.#arrived += command.samples.length;
    }
  }

  #begin(key: number): void {
    if (this.#unreported > 0) this.#report();
    this.#key = key;
    this.#played = 0;
  }

  /** Drops the truncated audio, and returns the audio that follows it. */
  #clear(): Piece | undefined {
    while (this.#done < this.#cutAt) {
      this.#done += this.#queue.shift()!.samples.length - this.#offset;
      this.#offset = 0;
    }
    this.#fade = 0;
    this.#report();
    for (; this.#flushes > 0; this.#flushes--) {
      this.#post({ type: "flushed", key: this.#key, played: this.#played });
    }
    return this.#queue[0];
  }

  #report(): void {
    const level = this.#unreported > 0 ? Math.sqrt(this.#energy / this.#unreported) : 0;
    this.#post({ type: "progress", key: this.#key, played: this.#played, level, done: this.#done });
    this.#unreported = 0;
    this.#energy = 0;
  }

  #post(report: PlayerReport): void {
    this.port.postMessage(report);
  }
}

scope.registerProcessor(PLAYER, PlayerProcessor);
