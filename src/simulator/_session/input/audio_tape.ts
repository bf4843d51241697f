// This module is browser compatible.

/** Size below which a copy is not worthwhile: a piece of a microphone is smaller. */
const SMALL_BYTES = 16_384;

/** Audio in the order it was appended, addressed by the milliseconds since the session's audio began. */
export class AudioTape {
  /** Samples per millisecond. */
  readonly samplesPerMs: number;
  #chunks: Int16Array[] = [];
  #startSample: number;
  #endSample: number;

  constructor(samplesPerMs: number, startMs: number) {
    this.samplesPerMs = samplesPerMs;
    this.#startSample = Math.round(startMs * samplesPerMs);
    this.#endSample = this.#startSample;
  }

  /** Start of the kept audio. */
  get startMs(): number {
    return this.#startSample / this.samplesPerMs;
  }

  /** End of all audio ever appended. */
  get endMs(): number {
    return this.#endSample / this.samplesPerMs;
  }

  /** Adds audio at the end. */
  append(samples: Int16Array): void {
    this.#chunks.push(samples);
    this.#endSample += samples.length;
  }

  /** Removes and returns the audio between two times, and discards everything before it. */
  take(fromMs: number, toMs: number): Int16Array {
    this.forgetBefore(fromMs);
    const length = Math.max(0, Math.min(this.#endSample, Math.round(toMs * this.samplesPerMs)) - this.#startSample);
    // A view will do: a recording that many sessions play is there once.
    if (length > 0 && this.#chunks[0]!.length >= length) return this.#shift(length);
    const taken = new Int16Array(length);
    let filled = 0;
    while (filled < length) {
      const part = this.#shift(length - filled);
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** Forgets the audio before a time. */
  forgetBefore(ms: number): void {
    const sample = Math.min(this.#endSample, Math.round(ms * this.samplesPerMs));
    if (sample <= this.#startSample) return;
    while (this.#startSample < sample) this.#shift(sample - this.#startSample);
    // A view would keep everything that was appended together.
    const [chunk] = this.#chunks;
    if (chunk && chunk.buffer.byteLength > SMALL_BYTES) this.#chunks[0] = chunk.slice();
  }

  /** Removes and returns at most `most` samples from the front. */
  #shift(most: number): Int16Array {
    const chunk = this.#chunks[0]!;
    const part = chunk.subarray(0, most);
    if (part.length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(part.length);
    this.#startSample += part.length;
    return part;
  }
}
