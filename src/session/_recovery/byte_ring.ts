// This module is browser compatible.

/** Least growth of the memory, in bytes: 200 ms of PCM. */
const STEP_BYTES = 9600;

/** No memory; shared, as many sessions store no audio. */
const EMPTY = /* @__PURE__ */ new Uint8Array(0);

/** A queue of bytes in memory that is reused: the collector would copy strings that are kept for seconds twice. */
export class ByteRing {
  #memory = EMPTY;
  #start = 0;
  #length = 0;

  /** Size of the memory. */
  get memoryBytes(): number {
    return this.#memory.length;
  }

  /** Adds a copy of the bytes. */
  push(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#memory.length) this.#resize(length + Math.max(STEP_BYTES, length >> 3));
    const end = (this.#start + this.#length) % this.#memory.length;
    const room = this.#memory.length - end;
    this.#memory.set(room < bytes.length ? bytes.subarray(0, room) : bytes, end);
    if (room < bytes.length) this.#memory.set(bytes.subarray(room));
    this.#length = length;
  }

  /** Removes the oldest bytes. */
  drop(count: number): void {
    this.#start = (this.#start + count) % this.#memory.length || 0;
    this.#length -= count;
    if (this.#length * 4 < this.#memory.length) this.#resize(2 * this.#length);
  }

  /** Returns a copy of all bytes, in memory of this size. */
  copy(size: number = this.#length): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(size);
    const head = this.#memory.subarray(this.#start, this.#start + this.#length);
    copy.set(head);
    copy.set(this.#memory.subarray(0, this.#length - head.length), head.length);
    return copy;
  }

  #resize(size: number): void {
    this.#memory = this.copy(size);
    this.#start = 0;
  }
}
