// This module is browser compatible.
import { checkRequiredOptions } from "../../_internal/check_options.ts";
import { systemClock } from "../../_internal/clock.ts";
import { type LiveChannelOptions, type LiveMedia, type LiveSession, openLiveChannel } from "../../live/mod.ts";
import { LIVE_CHANNEL_OPTIONS } from "../../live/live_options.ts";
import { liveCodec } from "../../protocol/mod.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import { CallLine } from "../_call/call_line.ts";
import { openLine } from "../_call/open_line.ts";
import type { WebRtcCall } from "../web_rtc_call.ts";
import { WEB_RTC_OPTIONS, type WebRtcOptions } from "../web_rtc_options.ts";

/**
 * Options of {@linkcode connectLiveWebRtc}.
 *
 * @category Browser
 */
export interface ConnectLiveWebRtcOptions extends WebRtcOptions, Omit<LiveChannelOptions, "id" | "clock" | "signal"> {}

/**
 * A session of the Live API whose sound the browser carries.
 *
 * @category Browser
 */
export interface WebRtcLiveSession extends LiveSession {
  /** The call: microphone, loudspeaker, levels, statistics. */
  readonly call: WebRtcCall;
}

/**
 * Opens a session of the Live API over WebRTC: asks for the microphone, exchanges SDP with {@linkcode viaLiveApp}, and
 * plays the model. The microphone's track drives the session's time; `mute()` mutes it. `input`, `output` and `pipe()`
 * are for sessions over a WebSocket: here, the sound is `call.microphone` and `call.remote`. The loudness of the model
 * determines when it is heard.
 *
 * The server decides which events pass the data channel. The session is ended when the page is closed.
 *
 * @category Browser
 *
 * @example A session through the edge app at /realtime
 * ```ts ignore
 * import { connectLiveWebRtc, viaLiveApp } from "@oai-rt/edge/browser";
 *
 * const session = await connectLiveWebRtc({ exchange: viaLiveApp("/realtime") });
 * for await (const { role, text } of session.transcripts()) console.log(role, text);
 * ```
 *
 * @throws {TypeError} when an option is unknown, or this runtime has no WebRTC.
 * @throws {RangeError} when an option is out of range.
 * @throws {MicrophoneError} when there is no microphone, so that no session is started; or when it is lost meanwhile.
 * @throws {ConnectionError} when the session is refused, or no connection is established.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectLiveWebRtc(options: ConnectLiveWebRtcOptions): Promise<WebRtcLiveSession> {
  const { id: _, ...names } = LIVE_CHANNEL_OPTIONS;
  checkRequiredOptions("connect over WebRTC", options, { ...WEB_RTC_OPTIONS, ...names });
  const settings: LiveChannelOptions = Object.fromEntries(
    Object.entries(options).filter(([name]) => !Object.hasOwn(WEB_RTC_OPTIONS, name)),
  );
  const { clock = systemClock, exchange, output } = options;
  if (typeof exchange !== "function") {
    throw new TypeError("Cannot connect over WebRTC as exchange must be a function: use viaLiveApp()");
  }
  const line = await openLine(options, (microphone) => new CallLine(options, microphone, true));
  try {
    const { callId: id, url = "webrtc:" } = line.call.answer!;
    const transport = createTransport(line.call.socket!, { url, clock, codec: liveCodec });
    const session = await openLiveChannel(transport, mediaOf(line, output !== null), { ...settings, clock, id });
    return Object.assign(session, { call: line });
  } catch (error) {
    line.end({ code: 1006, reason: "The session was not established" });
    throw error;
  }
}

/** The media of a call, as the session exposes them. */
function mediaOf(call: CallLine, isPlayed: boolean): LiveMedia {
  return {
    get muted() {
      return call.microphone?.muted ?? true;
    },
    mute: (isMuted) => isMuted ? call.microphone?.mute() : call.microphone?.unmute(),
    ...isPlayed && { level: () => call.outputLevel },
  };
}
