// This module is browser compatible.
import type { CloseInfo } from "../../errors.ts";
import type { LiveCloseReason, LiveSessionResource } from "../../protocol/mod.ts";
import type { Socket } from "../../transport/socket.ts";
import type { Fault } from "../faults.ts";

/**
 * A Live session of the simulator seen from the server's side, which tests can inspect and disturb.
 *
 * @category Live
 */
export interface SimulatedLiveSession {
  /** Identifier of the session, `live_…`. */
  readonly id: string;
  /** The session with its current settings; `undefined` until it has started. */
  readonly session: LiveSessionResource | undefined;
  /** The session's time in milliseconds: how much input audio has been heard. */
  readonly inputMs: number;
  /** Whether the model is speaking at this moment of the session's time. */
  readonly isSpeaking: boolean;
  /** Whether the server's mute hides the input. */
  readonly isMuted: boolean;
  /** Sends an arbitrary frame to every client, unchanged. */
  send(frame: string): void;
  /**
   * Injects a fault into the current connections.
   *
   * @throws {TypeError} when the fault is unknown.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  fault(fault: Fault): void;
  /** Ends the session as the server does: `session.closed` with the reason and the usage, then the connections. */
  end(reason: LiveCloseReason): void;
  /** Ends the connections without `session.closed`. */
  close(code?: number, reason?: string): void;
  /** Resolves when the primary connection has ended, no matter which side ended it. */
  readonly closed: Promise<CloseInfo>;
  /** Passes audio to a session of WebRTC or SIP: 24 kHz mono, any number of samples. */
  hear(samples: Int16Array): void;
  /**
   * Registers a listener of the model's audio in a WebRTC or SIP session: 24 kHz mono, 100 ms at a time.
   *
   * @returns a function that removes the listener.
   */
  onAudio(listener: (samples: Int16Array) => void): () => void;
  /** Opens the other end of the data channel `oai-events` of a WebRTC session. */
  openChannel(): Socket;
  /** Presses a key of the caller's telephone: `transport.dtmf.received` on sidebands of a SIP session. */
  pressKey(key: string): void;
}
