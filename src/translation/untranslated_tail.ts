// This module is browser compatible.
import { loss } from "../_recovery/loss.ts";
import type { WireEvent } from "../_internal/wire.ts";
import type { RecoveryLoss } from "../_recovery/recovery_events.ts";
import type { TranslationClientEvent } from "../protocol/mod.ts";
import { decodeBase64, toInt16 } from "../audio/mod.ts";

/** Limit of the kept audio, in milliseconds. */
const MAX_MS = 30_000;

/** Milliseconds per character of base64: 24,000 samples of two bytes per second. */
const MS_PER_CHARACTER = 0.015625;

/** Largest sample that counts as silence, of 32,767. */
const SILENCE_PEAK = 200;

/** Longest pause of the server while it translates, in milliseconds. */
const PAUSE_MS = 3000;

/**
 * The audio that the server has not translated, as far as it reports: the next connection sends it again. Silence does
 * not count, as it is not translated.
 *
 * Positions are in all audio of this connection, in milliseconds.
 */
export class UntranslatedTail {
  /** Start of the audio of this connection in all audio of the session, in milliseconds. */
  startMs = 0;
  readonly #wallNow: () => number;
  /** The sent audio, oldest first, and where each chunk ends. */
  #chunks: { readonly audio: string; readonly endMs: number }[] = [];
  #sentMs = 0;
  /** End of the translated audio. */
  #translatedMs = 0;
  /** Audible audio that was dropped before it was translated. */
  #droppedMs = 0;
  /** Time of the last translation, and whether it had a position. */
  #translatedAt = -Infinity;
  #isTold = true;

  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** Whether the server currently translates nothing. */
  isQuiet(nowMs: number): boolean {
    return nowMs - this.#translatedAt >= PAUSE_MS;
  }

  /** Records audio that was sent. */
  send(audio: string): void {
    this.#sentMs += audio.length * MS_PER_CHARACTER;
    this.#chunks.push({ audio, endMs: this.#sentMs });
    while (this.#chunks[0]!.endMs < this.#sentMs - MAX_MS) {
      const { audio, endMs } = this.#chunks.shift()!;
      if (endMs > this.#translatedMs && hasSound(audio)) this.#droppedMs += audio.length * MS_PER_CHARACTER;
    }
  }

  /** Processes a server event. */
  receive({ elapsed_ms, type }: WireEvent, nowMs: number): void {
    if (!type.startsWith("session.output_")) return;
    this.#translatedAt = nowMs;
    this.#isTold = typeof elapsed_ms === "number";
    // The newest words do not contain audio sent after them.
    this.#translatedMs = Math.max(this.#translatedMs, this.#isTold ? elapsed_ms as number : this.#sentMs);
    this.#droppedMs = 0;
  }

  /** Returns the audio to send again on the next connection, and the losses; forgets both. */
  take(nowMs: number): { readonly again: readonly TranslationClientEvent[]; readonly lost: readonly RecoveryLoss[] } {
    const open = this.#chunks.filter(({ endMs }) => endMs > this.#translatedMs);
    const first = open.findIndex(({ audio }) => hasSound(audio));
    const audio = first < 0 ? [] : open.slice(first).map(({ audio }) => audio);
    const lost: RecoveryLoss[] = this.lossOf(this.#droppedMs, "the limit of kept audio was exceeded");
    if (!this.#isTold && !this.isQuiet(nowMs)) {
      lost.push(loss("audio", undefined, this.#wallNow(), "the server does not report its position"));
    }
    const openMs = audio.reduce((sum, { length }) => sum + length * MS_PER_CHARACTER, 0);
    this.startMs += this.#sentMs - openMs;
    this.#chunks = [];
    this.#sentMs = this.#translatedMs = this.#droppedMs = 0;
    return { again: audio.map((audio) => ({ type: "session.input_audio_buffer.append", audio })), lost };
  }

  /** The loss of audio of this length, in milliseconds, if any. */
  lossOf(durationMs: number, reason: string): RecoveryLoss[] {
    return durationMs === 0 ? [] : [{ ...loss("audio", undefined, this.#wallNow(), reason), durationMs }];
  }

  /** The loss of waiting audio that was dropped, in characters of base64, if any. */
  leaveOut(characters: number): readonly RecoveryLoss[] {
    const durationMs = characters * MS_PER_CHARACTER;
    this.startMs += durationMs;
    return this.lossOf(durationMs, "the limit of kept audio was exceeded");
  }
}

function hasSound(audio: string): boolean {
  const bytes = decodeBase64(audio);
  return toInt16(bytes.subarray(0, bytes.length & ~1)).some((sample) => Math.abs(sample) > SILENCE_PEAK);
}
