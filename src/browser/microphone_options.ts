// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { aClock, anAbortSignal, aNumber, aString } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { MediaDevicesLike } from "./peer_connection.ts";

/**
 * Choice and processing of the microphone.
 *
 * @category Browser
 */
export interface MicrophoneOptions {
  /**
   * Id of the device, from `enumerateDevices()`.
   *
   * @default {the user's default device}
   */
  deviceId?: string | undefined;
  /**
   * Whether the model's voice is removed from the microphone's sound. Without it, the sound of a loudspeaker interrupts
   * the model with its own words.
   *
   * @default {true}
   */
  echoCancellation?: boolean | undefined;
  /** Whether steady noise is removed. @default {true} */
  noiseSuppression?: boolean | undefined;
  /** Whether the level is adjusted automatically. @default {true} */
  autoGainControl?: boolean | undefined;
  /**
   * Time that the user has to allow the microphone, in milliseconds; then it rejects with `timed_out`.
   *
   * @default {60000}
   */
  promptTimeoutMs?: number | undefined;
  /** Stops waiting for the user when aborted; a microphone that is allowed later is released immediately. */
  signal?: AbortSignal | undefined;
  /**
   * Source of microphones.
   *
   * @default {navigator.mediaDevices}
   */
  mediaDevices?: MediaDevicesLike | undefined;
  /** Source of time. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * The names of the {@linkcode MicrophoneOptions}, for `checkOptions`.
 *
 * @category Browser
 */
export const MICROPHONE_OPTIONS: OptionNames<MicrophoneOptions> = {
  deviceId: aString,
  echoCancellation: 1,
  noiseSuppression: 1,
  autoGainControl: 1,
  promptTimeoutMs: aNumber,
  signal: anAbortSignal,
  mediaDevices: 1,
  clock: aClock,
};

/**
 * Settings of a device, as in `MediaTrackSettings`.
 *
 * @category Browser
 */
export interface MicrophoneSettings {
  /** Id of the device. */
  readonly deviceId?: string;
  /** Samples per second. */
  readonly sampleRate?: number;
  /** Whether echo is removed. */
  readonly echoCancellation?: boolean | string;
  /** Whether noise is removed. */
  readonly noiseSuppression?: boolean;
  /** Whether the level is adjusted automatically. */
  readonly autoGainControl?: boolean;
}
