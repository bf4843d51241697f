// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { InputEncoding } from "./input_encoder.ts";

/**
 * What closing the input does after the last audio was sent: `"silence"` sends as much as ends the user's turn, since a
 * recording that stops in mid-speech never ends it otherwise; `"commit"` makes an item of the audio; `"nothing"`.
 *
 * @category Voice
 */
export type InputEnd = "silence" | "commit" | "nothing";

/**
 * What happens to the user's audio when the connection is too slow for it: `"wait"` lets the source wait, which suits
 * files; `"drop-oldest"` drops the audio that has waited longest, which suits microphones.
 *
 * @category Voice
 */
export type InputOverflow = "wait" | "drop-oldest";

/** Options of `AudioInput`. */
export interface AudioInputOptions extends InputEncoding {
  /** Length of one append in milliseconds, 20 to 200. */
  chunkMs: number;
  /** What the end of a source does; by default `"silence"` when the server finds the turns, and `"nothing"` otherwise. */
  inputEnd?: InputEnd | undefined;
  /** What happens when more than `maxLagMs` of audio has not left. */
  overflow: InputOverflow;
  /** How much audio may wait, in milliseconds. */
  maxLagMs: number;
  /** Holds back the audio between turns, and begins a turn with the last so many milliseconds of it. */
  preRollMs?: number | undefined;
  /** Source of time. */
  clock: Clock;
  /** Whether silence is sent in the place of the audio now. */
  isMuted(): boolean;
  /** Called when audio begins to wait for too long, and whenever some is dropped. */
  onLag(): void;
}
