// This module is browser compatible.
import { checkRequiredOptions, joinNames, type OptionNames, pick } from "../_internal/check_options.ts";
import { aBoolean, aNumber } from "../_internal/option_kinds.ts";
import { systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import {
  type OpenSessionOptions,
  type RecoveryOptions,
  recoveryPart,
  type RecoveryPartOptions,
  type Session,
  type SessionPart,
} from "../session/mod.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../transport/mod.ts";
import { startSession } from "../session/open_session.ts";
import { VoiceSession } from "../voice/voice_session.ts";
import { VOICE_NAMES, type VoiceOptions } from "../voice/voice_options.ts";
import { OpenTransport } from "./_call/open_transport.ts";
import { SESSION_NAMES } from "./_options/session_option_names.ts";
import type { WebRtcCall } from "./web_rtc_call.ts";
import { WEB_RTC_OPTIONS, type WebRtcOptions } from "./web_rtc_options.ts";

/**
 * Options of {@linkcode connectVoiceWebRtc}.
 *
 * @category Browser
 */
export interface ConnectVoiceWebRtcOptions
  extends
    WebRtcOptions,
    Omit<OpenSessionOptions, "type" | "sideband" | "shared" | "clock" | "signal">,
    Pick<VoiceOptions, "autoBargeIn" | "minBargeInMs" | "halfDuplex" | "echoTailMs" | "transcriptTimeoutMs"> {
  /**
   * How the session survives the end of its call, and the 60-minute limit of a session: with a new call, for which
   * `exchange` is called again. Microphone and loudspeaker are kept. With `false`, the session ends with its call.
   *
   * @default {{}}; `false` when `exchange` has a fixed secret, which expires soon
   */
  recovery?: Omit<RecoveryOptions, "onDrop"> | false | undefined;
}

const NAMES = /* @__PURE__ */ joinNames((): OptionNames<ConnectVoiceWebRtcOptions> => ({
  ...WEB_RTC_OPTIONS,
  ...SESSION_NAMES,
  autoBargeIn: aBoolean,
  echoTailMs: aNumber,
  halfDuplex: aBoolean,
  minBargeInMs: aNumber,
  recovery: 1,
  transcriptTimeoutMs: aNumber,
}));

/**
 * A spoken conversation whose sound the browser carries: it sends the microphone and plays the model, without audio
 * passing through this library.
 *
 * @category Browser
 */
export class WebRtcVoiceSession extends VoiceSession {
  /**
   * The call: microphone, loudspeaker, levels, statistics. It stays the same object when a new connection replaces the
   * old one.
   */
  readonly call: WebRtcCall;

  /** Used by {@linkcode connectVoiceWebRtc}. */
  constructor(session: Session, call: WebRtcCall, options: VoiceOptions) {
    super(session, options);
    this.call = call;
  }
}

/**
 * Opens a spoken conversation over WebRTC: asks for the microphone, calls, configures the session, and plays the model.
 * An interruption silences the model immediately, and the server knows what the user has heard. When the call is lost,
 * or its session expires, a new call continues the conversation; the events are `reconnecting`, `recovered`, `renewed`
 * and `recovery_failed`.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, options contradict each other, or this runtime has no WebRTC.
 * @throws {RangeError} when an option is out of range.
 * @throws {MicrophoneError} when there is no microphone, so that no call is made; or when it is lost meanwhile.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} when the call is refused, or no connection is established.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectVoiceWebRtc(options: ConnectVoiceWebRtcOptions): Promise<WebRtcVoiceSession> {
  checkRequiredOptions("connect over WebRTC", options, NAMES);
  const { clock = systemClock, recovery = options.exchange?.isOnce ? false : {}, signal } = options;
  const { timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  // Before the call, as it rejects invalid options.
  const parts = recovery ? keepers(() => call, { ...recovery, timeoutMs }) : [];
  const call = await OpenTransport.dial(options);
  let session: Session | undefined;
  try {
    call.isKept = recovery !== false;
    const { shared, url } = call;
    session = await withTimeout(
      (signal) => startSession(call, { ...options, clock, signal, shared }),
      { what: `open a session with ${url}`, signal, timeoutMs, clock },
    );
    // There was no listener for a loss meanwhile.
    call.microphone?.assertLive();
    for (const part of parts) session.install(part);
    return new WebRtcVoiceSession(session, call, {
      ...pick(options, VOICE_NAMES),
      clock,
      playbackSource: call.playback,
      track: call.microphone?.gate,
    });
  } catch (error) {
    void session?.close();
    call.end({ code: 1006, reason: "" });
    throw error;
  }
}

/** The parts that let a session continue with another call; `line` returns the line once it exists. */
function keepers(
  line: () => OpenTransport,
  recovery: Pick<RecoveryPartOptions, "timeoutMs"> & RecoveryOptions,
): readonly SessionPart[] {
  return [
    recoveryPart({
      ...recovery,
      newSession: true,
      open: (signal) => line().another(signal),
      onOpen: (transport) => line().take(transport),
    }),
    {
      name: "call",
      install({ session }) {
        line().onLeave = () => void session.close(1001, "The page was closed");
        return { close: ({ close = { code: 1006, reason: "" } }) => line().end(close) };
      },
    },
  ];
}
