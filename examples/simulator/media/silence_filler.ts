/**
 * Number of consecutive calls of `due()` without a packet after which silence is inserted: 2 s at one per 20 ms. A page
 * on a busy machine sends nothing for a second in the middle of a sentence, and then goes on with it.
 */
const PATIENCE_CALLS = 100;
/** Samples of a millisecond at 24 kHz. */
const SAMPLES_PER_MS = 24;

/**
 * Fills in silence where a caller sends nothing: a microphone that was stopped sends no packets, the audio clock would
 * stand still, and a turn would never end.
 *
 * It counts calls instead of milliseconds. When this process was held up, its timer may run before the packets that
 * wait are read: silence by the clock would be inserted in the middle of a sentence, and end the turn.
 */
export class SilenceFiller {
  /** Up to which moment there is audio. */
  #filledMs: number;
  #callsWithoutPacket = 0;

  /** @param nowMs The moment at which the call begins, in milliseconds. */
  constructor(nowMs: number) {
    this.#filledMs = nowMs;
  }

  /** Notes that audio has arrived. */
  arrived(nowMs: number): void {
    this.#filledMs = nowMs;
    this.#callsWithoutPacket = 0;
  }

  /** Returns the silence that is due, possibly none; call it every 20 ms. */
  due(nowMs: number): Int16Array {
    this.#callsWithoutPacket++;
    if (this.#callsWithoutPacket < PATIENCE_CALLS) return new Int16Array();
    const missingMs = Math.floor(nowMs - this.#filledMs);
    this.#filledMs += missingMs;
    return new Int16Array(missingMs * SAMPLES_PER_MS);
  }
}
