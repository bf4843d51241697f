// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { anAudioKit, aNumber } from "../_internal/option_kinds.ts";
import type { AudioKit } from "./audio_kit.ts";
import type { InputOverflow } from "./input_options.ts";

/**
 * Settings for converting and sending the user's audio.
 *
 * @category Voice
 */
export interface AudioInputSettings {
  /**
   * Length of one append of the user's audio, in milliseconds, 20 to 200.
   *
   * @default {100}
   */
  chunkMs?: number | undefined;
  /**
   * Samples per second of the audio that is written, an integer from 8 000 to 192 000; bytes are then PCM16 at that
   * rate. `audioKit` converts audio that is not in the session's format.
   *
   * @default {undefined} samples are at 24 000 Hz, and bytes are in the session's input format
   */
  inputRate?: number | undefined;
  /**
   * Converts audio between rates and formats: the module `@oai-rt/edge/audio`. Required only when audio has to be
   * converted; passed in, so that other bundles do not contain it.
   */
  audioKit?: AudioKit | undefined;
  /**
   * Handling of the user's audio when more than `maxLagMs` of it waits to leave: the source waits, or the oldest audio
   * that has not reached the socket is dropped. With `"drop-oldest"`, up to about 200 ms wait in the socket and can no
   * longer be dropped.
   *
   * @default {"wait"}
   */
  overflow?: InputOverflow | undefined;
  /**
   * Limit of the user's audio that waits to leave, in milliseconds, at least `chunkMs`.
   *
   * @default {5000}
   */
  maxLagMs?: number | undefined;
}

/** The names of the {@linkcode AudioInputSettings}, for `checkOptions`. */
export const INPUT_NAMES: OptionNames<AudioInputSettings> = {
  audioKit: anAudioKit,
  chunkMs: aNumber,
  inputRate: aNumber,
  maxLagMs: aNumber,
  overflow: [["wait", "drop-oldest"]],
};

/** Applies the default settings. */
export function withInputDefaults<Settings extends AudioInputSettings>(
  settings: Settings,
): Settings & { readonly chunkMs: number; readonly maxLagMs: number; readonly overflow: InputOverflow } {
  const { chunkMs = 100, maxLagMs = 5_000, overflow = "wait" } = settings;
  return { ...settings, chunkMs, maxLagMs, overflow };
}

/**
 * Audio that has not left yet.
 *
 * @category Voice
 */
export interface AudioLag {
  /** Length of the waiting audio, in milliseconds: an estimate from the bytes that the socket holds. */
  readonly lagMs: number;
  /** Audio dropped so far, in milliseconds. */
  readonly droppedMs: number;
}

/**
 * Settings of an input without events of its own.
 *
 * @category Voice
 */
export interface AudioLagSettings extends AudioInputSettings {
  /**
   * Called when audio begins to wait because the connection is too slow for it, and whenever some is dropped. An
   * exception goes to `onUnhandled`.
   */
  onLag?: ((lag: AudioLag) => void) | undefined;
}
