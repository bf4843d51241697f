// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { MicrophoneOptions } from "./microphone_track.ts";
import type { WebRtcOptions } from "./web_rtc_options.ts";

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
 * The names of the {@linkcode WebRtcOptions}, for `checkOptions`.
 *
 * @category Browser
 */
export const WEB_RTC_OPTIONS: OptionNames<WebRtcOptions> = {
  exchange: 1,
  microphone: 1,
  output: 1,
  audioContext: 1,
  createPeer: 1,
  graceMs: 1,
  timeoutMs: 1,
  signal: 1,
  clock: 1,
};
