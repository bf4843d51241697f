// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";
import type { MediaDevicesLike } from "./peer_connection.ts";

/**
 * Which microphone, and how it is processed.
 *
 * @category Browser
 */
export interface MicrophoneOptions {
  /**
   * Id of the device, from `enumerateDevices()`.
   *
   * @default {the one that the user has chosen as default}
   */
  deviceId?: string | undefined;
  /**
   * Whether the model's voice is taken out of what the microphone hears. Without it an open loudspeaker interrupts the
   * model with its own words.
   *
   * @default {true}
   */
  echoCancellation?: boolean | undefined;
  /** Whether steady noise is taken out. @default {true} */
  noiseSuppression?: boolean | undefined;
  /** Whether the level is made even. @default {true} */
  autoGainControl?: boolean | undefined;
  /**
   * How long the user may take to allow it, in milliseconds; then it rejects with `timed_out`.
   *
   * @default {60000}
   */
  promptTimeoutMs?: number | undefined;
  /** Stops waiting for the user when aborted; a microphone that is allowed later is released at once. */
  signal?: AbortSignal | undefined;
  /**
   * Where microphones come from.
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
  deviceId: 1,
  echoCancellation: 1,
  noiseSuppression: 1,
  autoGainControl: 1,
  promptTimeoutMs: 1,
  signal: 1,
  mediaDevices: 1,
  clock: 1,
};

/**
 * What a device delivers, as `MediaTrackSettings` has it.
 *
 * @category Browser
 */
export interface MicrophoneSettings {
  /** Id of the device. */
  readonly deviceId?: string;
  /** Samples per second. */
  readonly sampleRate?: number;
  /** Whether echo is taken out. */
  readonly echoCancellation?: boolean | string;
  /** Whether noise is taken out. */
  readonly noiseSuppression?: boolean;
  /** Whether the level is made even. */
  readonly autoGainControl?: boolean;
}
