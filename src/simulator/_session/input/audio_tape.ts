// This module is browser compatible.

/** Samples of memory that may stay unused: less than three seconds of audio. */
const SPARE = 65_536;

/**
 * Audio in the order it was appended, addressed by the milliseconds since the session's audio began. It is copied into
 * memory that is reused: garbage collection of separate pieces from many microphones stalls the process.
 */
export class AudioTape {
  /** Samples per millisecond. */
  readonly samplesPerMs: number;
  #memory = new Int16Array(0);
  /** Where in the memory the audio begins and ends that is still kept. */
  #from = 0;
  #to = 0;
  #startSample: number;

  constructor(samplesPerMs: number, startMs: number) {
    this.samplesPerMs = samplesPerMs;
    this.#startSample = Math.round(startMs * samplesPerMs);
  }

  /** Start of the kept audio. */
  get startMs(): number {
    return this.#startSample / this.samplesPerMs;
  }

  /** End of all audio ever appended. */
  get endMs(): number {
    return (this.#startSample + this.#kept) / this.samplesPerMs;
  }

  /** Adds audio at the end. */
  append(samples: Int16Array): void {
    if (this.#to + samples.length > this.#memory.length) this.#makeRoom(samples.length);
    this.#memory.set(samples, this.#to);
    this.#to += samples.length;
  }

  /** Removes and returns the audio between two times, and discards everything before it. */
  take(fromMs: number, toMs: number): Int16Array {
    this.forgetBefore(fromMs);
    const length = this.#keptBefore(toMs);
    const taken = this.#memory.slice(this.#from, this.#from + length);
    this.#drop(length);
    return taken;
  }

  /** Forgets the audio before a time. */
  forgetBefore(ms: number): void {
    this.#drop(this.#keptBefore(ms));
  }

  get #kept(): number {
    return this.#to - this.#from;
  }

  /** Number of kept samples before a time. */
  #keptBefore(ms: number): number {
    return Math.max(0, Math.min(this.#kept, Math.round(ms * this.samplesPerMs) - this.#startSample));
  }

  #drop(length: number): void {
    this.#from += length;
    this.#startSample += length;
    if (this.#memory.length > 8 * this.#kept + SPARE) this.#moveTo(new Int16Array(this.#kept));
  }

  /** Moves the kept audio to the front, or to a larger memory if this one would soon be full again. */
  #makeRoom(length: number): void {
    const wanted = 2 * (this.#kept + length);
    this.#moveTo(wanted <= this.#memory.length ? this.#memory : new Int16Array(wanted));
  }

  #moveTo(memory: Int16Array<ArrayBuffer>): void {
    memory.set(this.#memory.subarray(this.#from, this.#to));
    this.#memory = memory;
    this.#to = this.#kept;
    this.#from = 0;
  }
}
