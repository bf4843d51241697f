/** Time without packets after which silence is inserted, in milliseconds. */
const PATIENCE_MS = 200;
/** Samples of a millisecond at 24 kHz. */
const SAMPLES_PER_MS = 24;

/**
 * Fills in silence where a caller sends nothing: a microphone that was stopped sends no packets, the audio clock would
 * stand still, and a turn would never end.
 */
export class SilenceFiller {
  /** Up to which moment there is audio. */
  #filledMs: number;
  #isSilent = false;

  /** @param nowMs The moment at which the call begins, in milliseconds. */
  constructor(nowMs: number) {
    this.#filledMs = nowMs;
  }

  /** Notes that audio has arrived. */
  arrived(nowMs: number): void {
    this.#filledMs = nowMs;
    this.#isSilent = false;
  }

  /** Returns the silence that is due, possibly none; call it about every 20 ms. */
  due(nowMs: number): Int16Array {
    const missingMs = Math.floor(nowMs - this.#filledMs);
    if (!this.#isSilent && missingMs < PATIENCE_MS) return new Int16Array();
    this.#isSilent = true;
    this.#filledMs += missingMs;
    return new Int16Array(missingMs * SAMPLES_PER_MS);
  }
}
