// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction, anAbortSignal, anAudioContext, aNumber } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { AudioContextLike } from "./audio_context.ts";
import type { SdpExchange } from "./exchange_sdp.ts";
import type { MicrophoneOptions } from "./microphone_options.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { AudioElementLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike } from "./peer_connection.ts";

/**
 * Source of the user's voice: options of a microphone that is opened for the call and released with it; or a
 * microphone, stream or track of the caller, which is not stopped; or `null` to listen only.
 *
 * @category Browser
 */
export type CallMicrophone = MicrophoneOptions | MicrophoneTrack | MediaStreamLike | MediaStreamTrackLike | null;

/**
 * Options of a WebRTC call.
 *
 * @category Browser
 */
export interface WebRtcOptions {
  /** Exchanges the offer for an answer: {@linkcode viaApp} or {@linkcode withSecret}. Called once for each dial. */
  exchange: SdpExchange;
  /**
   * Source of the user's voice. The user is asked before the call is made, so that a refusal costs nothing.
   *
   * @default {{}}, the default microphone
   */
  microphone?: CallMicrophone | undefined;
  /**
   * Audio element that keeps the model's voice flowing; an element of the caller must not be removed during the call.
   * It is muted, as the voice is played through `audioContext`. With `null`, nothing is played, and no level is measured:
   * play `remote` yourself.
   *
   * @default {an element of its own}
   */
  output?: AudioElementLike | null | undefined;
  /**
   * Context that plays the model's voice. A context that is passed in is not closed.
   *
   * @default {a new AudioContext}
   */
  audioContext?: AudioContextLike | undefined;
  /**
   * Creates the peer connection; for custom servers, React Native and tests.
   *
   * @default {new RTCPeerConnection()}
   */
  createPeer?: (() => PeerConnectionLike) | undefined;
  /**
   * Longest interruption before the connection counts as ended, in milliseconds. Browsers need about 5 s to notice its
   * return.
   *
   * @default {10000}
   */
  graceMs?: number | undefined;
  /**
   * Timeout of connecting, once there is a microphone, in milliseconds; then it rejects with a `TimeoutError`.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /** Stops connecting when aborted; everything is released. */
  signal?: AbortSignal | undefined;
  /** Source of time. @default {systemClock} */
  clock?: Clock | undefined;
}

/**
 * The names of the {@linkcode WebRtcOptions}, for `checkOptions`.
 *
 * @category Browser
 */
export const WEB_RTC_OPTIONS: OptionNames<WebRtcOptions> = {
  exchange: aFunction,
  microphone: 1,
  output: 1,
  audioContext: anAudioContext,
  createPeer: aFunction,
  graceMs: aNumber,
  timeoutMs: aNumber,
  signal: anAbortSignal,
  clock: aClock,
};
