// This module is browser compatible.

/** Samples in the order they were appended, taken in pieces: views where possible. */
export class SampleQueue {
  readonly #chunks: Int16Array[] = [];
  #length = 0;

  /** Number of samples in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Adds samples at the end; they must not change afterwards. */
  append(samples: Int16Array): void {
    this.#chunks.push(samples);
    this.#length += samples.length;
  }

  /** Removes and returns at most `most` samples from the front. */
  take(most: number): Int16Array {
    const length = Math.min(most, this.#length);
    const first = this.#shift(length);
    // A view is enough: a recording played by many sessions is stored once.
    if (first.length === length) return first;
    const taken = new Int16Array(length);
    taken.set(first);
    for (let filled = first.length; filled < length;) {
      const part = this.#shift(length - filled);
      taken.set(part, filled);
      filled += part.length;
    }
    return taken;
  }

  /** Removes and returns at most `most` samples of the first chunk. */
  #shift(most: number): Int16Array {
    const [chunk = new Int16Array(0)] = this.#chunks;
    const part = chunk.subarray(0, most);
    if (part.length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(part.length);
    this.#length -= part.length;
    return part;
  }
}
