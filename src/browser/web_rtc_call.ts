// This module is browser compatible.
import type { CallStats } from "./call_stats.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "./peer_connection.ts";

/**
 * An event of a WebRTC call, in addition to the events of its session.
 *
 * @category Browser
 */
export type WebRtcEvent =
  | {
    /** The connection was interrupted and may return, or has returned. */
    readonly type: "connection";
    /** The new state. */
    readonly state: "interrupted" | "connected";
  }
  | {
    /** The browser blocks sound until the user has clicked: ask for a click, and call `resumePlayback()` during it. */
    readonly type: "playback_blocked";
  };

/**
 * The media of a WebRTC call.
 *
 * @category Browser
 */
export interface WebRtcCall {
  /** The connection itself. */
  readonly peer: PeerConnectionLike;
  /** Id of the call, if known. */
  readonly callId: string | undefined;
  /** Token with which the page controls the call through the edge app. */
  readonly callToken: string | undefined;
  /** The user's microphone, to mute or change. `undefined` when the call only listens. */
  readonly microphone: MicrophoneTrack | undefined;
  /** The model's voice, once it has arrived. */
  readonly remote: MediaStreamLike | undefined;
  /** Volume of the model, 0 to 1; 0 when the call does not play it. */
  volume: number;
  /** Current loudness of the model, as the root mean square of 20 ms, 0 to 1; 0 when the call does not play it. */
  readonly outputLevel: number;
  /** Current loudness of the user, as the root mean square of 20 ms, 0 to 1; 0 when the call does not play the model. */
  readonly inputLevel: number;
  /** Whether the browser still blocks sound. */
  readonly isPlaybackBlocked: boolean;
  /** Unblocks the sound: call it during a click of the user. */
  resumePlayback(): Promise<void>;
  /**
   * Switches to another loudspeaker, by its id from `enumerateDevices()`.
   *
   * @throws {DOMException} `NotSupportedError` where the browser does not support the choice, or the call does not play
   * the model, as with `output: null`; `NotFoundError` when there is no such device.
   */
  setSpeaker(deviceId: string): Promise<void>;
  /** Returns statistics of the connection. */
  stats(): Promise<CallStats>;
  /**
   * Calls a listener with every event of this type.
   *
   * @returns a function that removes the listener.
   */
  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void;
}
