// This module is browser compatible.
import type { AudioKit } from "./audio_kit.ts";
import type { InputOverflow } from "./input_options.ts";

/**
 * How the user's audio is converted and sent.
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
   * Samples per second of the audio that is written, an integer from 8 000 to 192 000; bytes are PCM16 at that rate then.
   * Left out, samples are at 24 000 Hz, and bytes are in the session's input format. What is not as the session's format
   * wants it is converted by `audioKit`.
   */
  inputRate?: number | undefined;
  /**
   * Converts audio between rates and formats: the module `@oai-rt/edge/audio`. Needed only when something has to be
   * converted; handed in, so that it weighs nothing otherwise.
   */
  audioKit?: AudioKit | undefined;
  /**
   * What happens when more than `maxLagMs` of the user's audio wait to leave: the source waits, or the oldest that has
   * not reached the socket is dropped. With `"drop-oldest"` up to about 200 ms wait in the socket, which cannot be dropped
   * any more.
   *
   * @default {"wait"}
   */
  overflow?: InputOverflow | undefined;
  /**
   * How much of the user's audio may wait to leave, in milliseconds, at least `chunkMs`.
   *
   * @default {5000}
   */
  maxLagMs?: number | undefined;
}

/** Settings with their defaults. */
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
  /** How much waits, in milliseconds: an estimate from what the socket holds. */
  readonly lagMs: number;
  /** How much was dropped so far, in milliseconds. */
  readonly droppedMs: number;
}

/**
 * Settings of an input without events of its own.
 *
 * @category Voice
 */
export interface AudioLagSettings extends AudioInputSettings {
  /**
   * Called when audio begins to wait because the connection is too slow for it, and whenever some is dropped. What it
   * throws goes to `onUnhandled`.
   */
  onLag?: ((lag: AudioLag) => void) | undefined;
}
