// This module is browser compatible.
import { checkRequiredOptions, type OptionNames, pick } from "../_internal/check_options.ts";
import { systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { OpenSessionOptions, Session } from "../session/mod.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../transport/mod.ts";
import { OPEN_NAMES, startSession } from "../session/open_session.ts";
import { VoiceSession } from "../voice/voice_session.ts";
import { VOICE_NAMES, type VoiceOptions } from "../voice/voice_options.ts";
import { connectWebRtc } from "./connect_web_rtc.ts";
import { WEB_RTC_OPTIONS, type WebRtcOptions } from "./web_rtc_options.ts";
import type { WebRtcTransport } from "./web_rtc_transport.ts";

/**
 * Options of {@linkcode connectVoiceWebRtc}.
 *
 * @category Browser
 */
export interface ConnectVoiceWebRtcOptions
  extends
    WebRtcOptions,
    Omit<OpenSessionOptions, "type" | "sideband" | "shared" | "clock" | "signal">,
    Pick<VoiceOptions, "autoBargeIn" | "minBargeInMs" | "halfDuplex" | "echoTailMs"> {}

/**
 * A spoken conversation whose sound the browser carries: the microphone is sent, the model is heard, without our samples.
 *
 * @category Browser
 */
export class WebRtcVoiceSession extends VoiceSession {
  /** The call: microphone, loudspeaker, levels, statistics. */
  readonly call: WebRtcTransport;

  /** Used by {@linkcode connectVoiceWebRtc}. */
  constructor(session: Session, call: WebRtcTransport, options: VoiceOptions) {
    super(session, options);
    this.call = call;
  }
}

/**
 * Opens a spoken conversation over WebRTC: asks for the microphone, calls, configures the session, and plays the model.
 * An interruption silences the model at once, and the server knows what was heard.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, options contradict each other, or this runtime has no WebRTC.
 * @throws {RangeError} when an option is out of range.
 * @throws {MicrophoneError} when there is no microphone; no call was made then.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} when the call is refused, or no connection comes about.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectVoiceWebRtc(options: ConnectVoiceWebRtcOptions): Promise<WebRtcVoiceSession> {
  const { shared: _shared, sideband: _sideband, type: _type, ...ofSession } = OPEN_NAMES;
  const known: OptionNames<ConnectVoiceWebRtcOptions> = {
    ...ofSession,
    ...WEB_RTC_OPTIONS,
    autoBargeIn: 1,
    echoTailMs: 1,
    halfDuplex: 1,
    minBargeInMs: 1,
  };
  checkRequiredOptions("connect over WebRTC", options, known);
  const { clock, signal, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const call = await connectWebRtc(pick(options, WEB_RTC_OPTIONS));
  // When it fails the transport is closed, which releases everything.
  const session = await withTimeout(
    (signal) => startSession(call, { ...options, signal, shared: call.shared }),
    { what: `open a session with ${call.url}`, signal, timeoutMs, clock: clock ?? systemClock },
  );
  try {
    return new WebRtcVoiceSession(session, call, {
      ...pick(options, VOICE_NAMES),
      playbackSource: call.playback,
      track: call.microphone?.gate,
    });
  } catch (error) {
    void session.close();
    throw error;
  }
}
