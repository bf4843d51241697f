// This module is browser compatible.

/** Samples in the order they were appended, taken off in pieces. Nothing is copied that need not be. */
export class SampleQueue {
  readonly #chunks: Int16Array[] = [];
  #length = 0;

  /** Samples that are there. */
  get length(): number {
    return this.#length;
  }

  /** Adds samples at the end, which must stay as they are. */
  append(samples: Int16Array): void {
    this.#chunks.push(samples);
    this.#length += samples.length;
  }

  /** Takes samples off the front: as many, or all there are. */
  take(most: number): Int16Array {
    const length = Math.min(most, this.#length);
    const first = this.#shift(length);
    // A view will do: a recording that many sessions play is there once.
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

  /** Takes samples off the first chunk. */
  #shift(most: number): Int16Array {
    const [chunk = new Int16Array(0)] = this.#chunks;
    const part = chunk.subarray(0, most);
    if (part.length === chunk.length) this.#chunks.shift();
    else this.#chunks[0] = chunk.subarray(part.length);
    this.#length -= part.length;
    return part;
  }
}
