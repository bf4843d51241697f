// This module is browser compatible.
import { checkOptions } from "../_internal/check_options.ts";
import { aFunction, aLogger } from "../_internal/option_kinds.ts";
import type { Logger } from "../session/mod.ts";
import { routeOf } from "./_app_route.ts";
import { OpenControlledCall } from "./_call/open_controlled_call.ts";
import type { ControlledCall } from "./controlled_call.ts";
import type { ViaAppOptions } from "./exchange_sdp.ts";
import { WEB_RTC_OPTIONS, type WebRtcOptions } from "./web_rtc_options.ts";

/**
 * Options of {@linkcode startCall}.
 *
 * @category Browser
 */
export interface StartCallOptions extends Omit<WebRtcOptions, "exchange">, ViaAppOptions {
  /** Receives log messages of the session, e.g. `console`. @default {undefined} no logging */
  logger?: Logger | undefined;
}

/**
 * Starts a call that the server controls, through the edge app that is mounted at `url`: only sound passes between the
 * page and the API, and the app streams a read-only view of the session. The call is hung up when the page is closed.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, the address is invalid, or this runtime has no WebRTC.
 * @throws {RangeError} when an option is out of range.
 * @throws {MicrophoneError} when there is no microphone, so that no call is made; or when it is lost meanwhile.
 * @throws {ConnectionError} when the app refuses the call, or no connection is established.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function startCall(url: string | URL, options: StartCallOptions = {}): Promise<ControlledCall> {
  const { exchange: _, ...known } = WEB_RTC_OPTIONS;
  checkOptions("start a call", options, {
    ...known,
    credentials: 1,
    fetch: aFunction,
    headers: 1,
    session: 1,
    logger: aLogger,
  });
  // Before the user is asked for the microphone.
  routeOf(url, "calls");
  return await OpenControlledCall.dial(url, options);
}
