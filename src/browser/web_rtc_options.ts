// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";
import type { AudioContextLike } from "./audio_context.ts";
import type { SdpExchange } from "./exchange_sdp.ts";
import type { MicrophoneOptions } from "./microphone_options.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { AudioElementLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike } from "./peer_connection.ts";

/**
 * Where the user's voice comes from: options of a microphone that is opened for the call and released with it; or a
 * microphone, stream or track of the caller, which is left as it is; or `null` to listen only.
 *
 * @category Browser
 */
export type CallMicrophone = MicrophoneOptions | MicrophoneTrack | MediaStreamLike | MediaStreamTrackLike | null;

/**
 * Options of a call of WebRTC.
 *
 * @category Browser
 */
export interface WebRtcOptions {
  /** Hands the offer over: {@linkcode viaApp} or {@linkcode withSecret}. Called once for each dial. */
  exchange: SdpExchange;
  /**
   * Where the user's voice comes from. The user is asked before the call is made, so that a refusal costs nothing.
   *
   * @default {{}}, the default microphone
   */
  microphone?: CallMicrophone | undefined;
  /**
   * Keeps the model's voice flowing; an audio element of your own must not be removed during the call. It is muted, as the
   * voice is heard through `audioContext`. With `null` nothing is played: play `remote` yourself.
   *
   * @default {an element of its own}
   */
  output?: AudioElementLike | null | undefined;
  /**
   * Plays the model's voice. One of your own is not closed.
   *
   * @default {a new AudioContext}
   */
  audioContext?: AudioContextLike | undefined;
  /**
   * Makes the peer connection; for servers of your own, React Native and tests.
   *
   * @default {new RTCPeerConnection()}
   */
  createPeer?: (() => PeerConnectionLike) | undefined;
  /**
   * How long a connection may be interrupted until it counts as ended, in milliseconds. Browsers need some 5 s to notice
   * that it is back.
   *
   * @default {10000}
   */
  graceMs?: number | undefined;
  /**
   * How long it may take to connect once there is a microphone, in milliseconds; then it rejects with a `TimeoutError`.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /** Gives up when aborted; everything is released. */
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
