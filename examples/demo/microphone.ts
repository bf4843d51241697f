import type { Clock } from "@oai-rt/edge";
import { measureLevel } from "@oai-rt/edge/audio";

/** Length of one chunk of the microphone, in milliseconds. */
const CHUNK_MS = 100;
const CHUNK_SAMPLES = CHUNK_MS * 24;

/** Quietest sample that counts as speech. */
const SPEECH_FLOOR = 300;

/**
 * A microphone that plays recordings: 100 ms chunks at the pace of the clock, with silence in between, like that of a
 * person who listens.
 */
export class Microphone {
  /** Audio of the microphone: 24 kHz samples. */
  readonly audio: ReadableStream<Int16Array>;
  /** Loudness of the last chunk, in dBFS. */
  levelDbfs = -Infinity;
  readonly #clock: Clock;
  #recording: Int16Array = new Int16Array(0);
  #spoken: ((endedAt: number) => void) | undefined;
  #speechEndedAt = 0;
  #nextAt: number;
  #off = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nextAt = clock.now();
    this.audio = new ReadableStream<Int16Array>({
      pull: async (controller) => {
        await this.#untilNext();
        if (this.#off) return controller.close();
        controller.enqueue(this.#chunk());
      },
      cancel: () => this.switchOff(),
    }, { highWaterMark: 0 });
  }

  /** Speaks a recording; resolves with the time at which its last sound was spoken. */
  say(recording: Int16Array): Promise<number> {
    this.#recording = recording;
    return new Promise((resolve) => this.#spoken = resolve);
  }

  /** Ends the audio. */
  switchOff(): void {
    this.#off = true;
  }

  #chunk(): Int16Array {
    const chunk = new Int16Array(CHUNK_SAMPLES);
    chunk.set(this.#recording.subarray(0, CHUNK_SAMPLES));
    this.#recording = this.#recording.subarray(CHUNK_SAMPLES);
    this.levelDbfs = measureLevel(chunk).rmsDbfs;
    const lastSound = chunk.findLastIndex((sample) => Math.abs(sample) > SPEECH_FLOOR);
    if (lastSound >= 0) this.#speechEndedAt = this.#clock.now() - CHUNK_MS + lastSound / 24;
    if (this.#recording.length === 0) {
      this.#spoken?.(this.#speechEndedAt);
      this.#spoken = undefined;
    }
    return chunk;
  }

  /** Waits until the next chunk has been heard in full; a late chunk does not delay the ones after it. */
  #untilNext(): Promise<void> {
    this.#nextAt += CHUNK_MS;
    const waitMs = this.#nextAt - this.#clock.now();
    return waitMs <= 0 ? Promise.resolve() : new Promise((resolve) => this.#clock.schedule(resolve, waitMs));
  }
}
