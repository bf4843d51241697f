// This module is browser compatible.
import type { CallStats } from "./call_stats.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "./peer_connection.ts";

/**
 * An event of a WebRTC call, beside the events of its session.
 *
 * @category Browser
 */
export type WebRtcEvent =
  | {
    /** The connection was interrupted, and may come back; or it did come back. */
    readonly type: "connection";
    /** Which of the two. */
    readonly state: "interrupted" | "connected";
  }
  | {
    /** The browser lets the page make no sound before the user has clicked: ask for it, and call `resumePlayback()` then. */
    readonly type: "playback_blocked";
  };

/**
 * The media of a call of WebRTC.
 *
 * @category Browser
 */
export interface WebRtcCall {
  /** The connection itself. */
  readonly peer: PeerConnectionLike;
  /** Id of the call, where it was told. */
  readonly callId: string | undefined;
  /** Token with which the page steers the call through the edge app. */
  readonly callToken: string | undefined;
  /** The user's microphone: mute it or change it here. `undefined` when the call only listens. */
  readonly microphone: MicrophoneTrack | undefined;
  /** The model's voice, once it has come. */
  readonly remote: MediaStreamLike | undefined;
  /** How loud the model is heard, 0 to 1; 0 where the call does not play. */
  volume: number;
  /** How loud the model is at this moment, as the root mean square of 20 ms, 0 to 1. */
  readonly outputLevel: number;
  /** How loud the user is at this moment, as the root mean square of 20 ms, 0 to 1. */
  readonly inputLevel: number;
  /** Whether the browser lets the page make no sound yet. */
  readonly isPlaybackBlocked: boolean;
  /** Lets the page sound: call it while the user clicks. */
  resumePlayback(): Promise<void>;
  /**
   * Sounds from another loudspeaker, by its id from `enumerateDevices()`.
   *
   * @throws {DOMException} `NotSupportedError` where the browser cannot choose, `NotFoundError` when there is none.
   */
  setSpeaker(deviceId: string): Promise<void>;
  /** Measures the connection. */
  stats(): Promise<CallStats>;
  /**
   * Calls a listener of what happens to the call.
   *
   * @returns a function that takes the listener out again.
   */
  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void;
}
