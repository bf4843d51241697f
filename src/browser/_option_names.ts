// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { WebRtcOptions } from "./web_rtc_options.ts";

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
