// This module is browser compatible.
import { loss } from "../_recovery/loss.ts";
import type { WireEvent } from "../_internal/wire.ts";
import type { RecoveryLoss } from "../_recovery/recovery_events.ts";
import { decodeBase64, toInt16 } from "../audio/mod.ts";

/** How much audio is kept, in milliseconds. */
const MAX_MS = 30_000;

/** Milliseconds that a character of base64 stands for: 24,000 samples of two bytes each second. */
const MS_PER_CHARACTER = 0.015625;

/** The loudest sample of what counts as silence, of 32,767. */
const SILENCE_PEAK = 200;

/** How long the server may say nothing while it translates, in milliseconds. */
const PAUSE_MS = 3000;

/**
 * The audio that the server has not translated, as far as it tells: the next connection gets it once more. Silence does not
 * count, as nothing comes of it.
 *
 * Positions are in all audio of this connection, in milliseconds.
 */
export class UntranslatedTail {
  /** Where the audio of this connection begins in all audio of the session, in milliseconds. */
  startMs = 0;
  readonly #wallNow: () => number;
  /** What was sent, oldest first, and where it ends. */
  #chunks: { readonly audio: string; readonly endMs: number }[] = [];
  #sentMs = 0;
  /** Until where the server has translated. */
  #translatedMs = 0;
  /** Audio with sound in it that was let go before it was translated. */
  #droppedMs = 0;
  /** When the server has last translated something, and whether it said how far. */
  #translatedAt = -Infinity;
  #isTold = true;

  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** Whether the server translates nothing at the moment. */
  isQuiet(nowMs: number): boolean {
    return nowMs - this.#translatedAt >= PAUSE_MS;
  }

  /** Takes in audio that was sent. */
  send(audio: string): void {
    this.#sentMs += audio.length * MS_PER_CHARACTER;
    this.#chunks.push({ audio, endMs: this.#sentMs });
    while (this.#chunks[0]!.endMs < this.#sentMs - MAX_MS) {
      const { audio, endMs } = this.#chunks.shift()!;
      if (endMs > this.#translatedMs && hasSound(audio)) this.#droppedMs += audio.length * MS_PER_CHARACTER;
    }
  }

  /** Takes in a server event. */
  receive({ elapsed_ms, type }: WireEvent, nowMs: number): void {
    if (!type.startsWith("session.output_")) return;
    this.#translatedAt = nowMs;
    this.#isTold = typeof elapsed_ms === "number";
    // Whatever was sent after the newest words is not in them.
    this.#translatedMs = Math.max(this.#translatedMs, this.#isTold ? elapsed_ms as number : this.#sentMs);
    this.#droppedMs = 0;
  }

  /** The audio for the next connection, and what is lost; goes on with that connection. */
  take(nowMs: number): { readonly audio: readonly string[]; readonly lost: readonly RecoveryLoss[] } {
    const open = this.#chunks.filter(({ endMs }) => endMs > this.#translatedMs);
    const first = open.findIndex(({ audio }) => hasSound(audio));
    const audio = first < 0 ? [] : open.slice(first).map(({ audio }) => audio);
    const lost: RecoveryLoss[] = this.lossOf(this.#droppedMs, "there was more than is kept");
    if (!this.#isTold && !this.isQuiet(nowMs)) {
      lost.push(loss("audio", undefined, this.#wallNow(), "the server does not say how far it has translated"));
    }
    const openMs = audio.reduce((sum, { length }) => sum + length * MS_PER_CHARACTER, 0);
    this.startMs += this.#sentMs - openMs;
    this.#chunks = [];
    this.#sentMs = this.#translatedMs = this.#droppedMs = 0;
    for (const chunk of audio) this.send(chunk);
    return { audio, lost };
  }

  /** The loss of audio of this length, in milliseconds, if there was any. */
  lossOf(durationMs: number, reason: string): RecoveryLoss[] {
    return durationMs === 0 ? [] : [{ ...loss("audio", undefined, this.#wallNow(), reason), durationMs }];
  }

  /** The loss of audio that waited and did not fit, in characters of base64, if there was any. */
  leaveOut(characters: number): readonly RecoveryLoss[] {
    const durationMs = characters * MS_PER_CHARACTER;
    this.startMs += durationMs;
    return this.lossOf(durationMs, "there was more than is kept");
  }
}

function hasSound(audio: string): boolean {
  const bytes = decodeBase64(audio);
  return toInt16(bytes.subarray(0, bytes.length & ~1)).some((sample) => Math.abs(sample) > SILENCE_PEAK);
}
