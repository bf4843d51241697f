// This module is browser compatible.
import { checkRequiredOptions } from "../_internal/check_options.ts";
import { WEB_RTC_OPTIONS, type WebRtcOptions } from "./web_rtc_options.ts";
import { OpenTransport } from "./_call/open_transport.ts";
import type { WebRtcTransport } from "./web_rtc_transport.ts";

/**
 * Calls over WebRTC: asks for the microphone, exchanges SDP and resolves when the data channel is open. Early events
 * are kept until they are read. Pass the transport to `connect({ transport })`: the session then ends with the call. A
 * session of {@linkcode connectVoiceWebRtc} outlives it.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, or this runtime has no WebRTC.
 * @throws {RangeError} when an option is out of range.
 * @throws {MicrophoneError} when there is no microphone, so that no call is made; or when it is lost meanwhile.
 * @throws {ConnectionError} when the call is refused, or no connection is established.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectWebRtc(options: WebRtcOptions): Promise<WebRtcTransport> {
  checkRequiredOptions("connect over WebRTC", options, WEB_RTC_OPTIONS);
  return await OpenTransport.dial(options);
}
