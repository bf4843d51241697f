// This module is browser compatible.
import type { Socket } from "../transport/socket.ts";
import type { SimulatedSession } from "./simulated_session.ts";

/**
 * How a caller reached the simulator.
 *
 * @category Simulator
 */
export type SimulatedCallKind = "webrtc" | "sip";

/**
 * How a call ended.
 *
 * @category Simulator
 */
export interface SimulatedCallEnd {
  /**
   * - `"caller"`: the caller hung up;
   * - `"hangup"`: a client hung up by the API;
   * - `"refer"`: a client handed the caller on by the API;
   * - `"closed"`: the session ended, after an hour for example.
   */
  readonly reason: "caller" | "hangup" | "refer" | "closed";
  /** Address to which the caller was transferred; absent unless `reason` is `"refer"`. */
  readonly targetUri?: string | undefined;
}

/**
 * A call seen from the caller's side: for a media peer, and for tests that talk into it.
 *
 * @category Simulator
 */
export interface SimulatedCall {
  /** Identifier of the call, `rtc_…`, with which it is steered. */
  readonly id: string;
  /** How the caller reached the simulator. */
  readonly kind: SimulatedCallKind;
  /** The session that answers. */
  readonly session: SimulatedSession;
  /** Plays audio of the caller to the session: 24 kHz mono, any number of samples. Does nothing once it has ended. */
  hear(samples: Int16Array): void;
  /**
   * Registers a listener of the audio that the caller hears: 24 kHz mono, 20 ms at a time and in real time. It is
   * called only while the model speaks, and must not throw.
   *
   * @returns a function that removes the listener.
   */
  onAudio(listener: (samples: Int16Array) => void): () => void;
  /**
   * Opens the other end of a data channel like that of WebRTC: JSON frames in both directions, `session.created` first.
   * Frames are kept until there is a listener.
   */
  openChannel(): Socket;
  /** Ends the call from the caller's side; idempotent. */
  hangUp(): void;
  /** Resolves when the call has ended, no matter which side ended it. */
  readonly ended: Promise<SimulatedCallEnd>;
}

/**
 * A call by telephone.
 *
 * @category Simulator
 */
export interface SimulatedSipCall extends SimulatedCall {
  /**
   * Presses a key of the caller's telephone: `input_audio_buffer.dtmf_event_received`. Does nothing once the call has
   * ended.
   *
   * @throws {RangeError} when it is not one of 0–9, `*`, `#` and A–D.
   */
  pressKey(key: string): void;
}
