// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { InputEncoding } from "./input_encoder.ts";

/**
 * Effect of closing the input after the last audio was sent. `"silence"` sends enough silence to end the user's turn,
 * as a recording that stops in mid-speech would never end it. `"commit"` creates an item from the audio. `"nothing"`
 * does nothing.
 *
 * @category Voice
 */
export type InputEnd = "silence" | "commit" | "nothing";

/**
 * Handling of the user's audio on a slow connection: `"wait"` lets the source wait, which suits files; `"drop-oldest"`
 * drops the audio that has waited longest, which suits microphones.
 *
 * @category Voice
 */
export type InputOverflow = "wait" | "drop-oldest";

/** Options of `AudioInput`. */
export interface AudioInputOptions extends InputEncoding {
  /** Length of one append in milliseconds, 20 to 200. */
  chunkMs: number;
  /** Effect of the end of a source; by default `"silence"` when the server detects turns, and `"nothing"` otherwise. */
  inputEnd?: InputEnd | undefined;
  /** Handling of audio beyond `maxLagMs`. */
  overflow: InputOverflow;
  /** Limit of the waiting audio, in milliseconds. */
  maxLagMs: number;
  /** Holds back the audio between turns, and begins a turn with the last `preRollMs` milliseconds of it. */
  preRollMs?: number | undefined;
  /** Source of time. */
  clock: Clock;
  /** Whether silence is currently sent in place of the audio. */
  isMuted(): boolean;
  /** Called when audio begins to wait for too long, and whenever some is dropped. */
  onLag(): void;
}
