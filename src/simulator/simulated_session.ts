// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { EffectiveSession, Item, TranslationSession } from "../protocol/mod.ts";
import type { Fault } from "./faults.ts";

/**
 * A session of the simulator seen from the server's side, for tests to look at and to disturb.
 *
 * @category Simulator
 */
export interface SimulatedSession {
  /** Identifier of the session. */
  readonly id: string;
  /** The session as it is set now. */
  readonly session: EffectiveSession | TranslationSession;
  /** The conversation as it is now. */
  readonly items: readonly Item[];
  /** Identifier of the response that is being made in the default conversation; `undefined` when there is none. */
  readonly activeResponseId: string | undefined;
  /** Milliseconds of a message's audio that the server keeps; 0 when there are none. */
  audioMsOf(itemId: string): number;
  /** Sends a frame to the client as it is, whatever it holds: something malformed, or of another server's making. */
  send(frame: string): void;
  /**
   * Lets something go wrong, on the connections that there are now or with the responses to come.
   *
   * @throws {TypeError} when there is no such fault.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  fault(fault: Fault): void;
  /** Ends the connection as the server would. */
  close(code?: number, reason?: string): void;
  /** Resolves when the connection has ended, no matter which side ended it. */
  readonly closed: Promise<CloseInfo>;
}

/**
 * A frame on its way between a client and the simulator.
 *
 * @category Simulator
 */
export interface SimulatedFrame {
  /** Identifier of the session; `undefined` when the connection was refused one. */
  readonly sessionId: string | undefined;
  /** Whether the client sent it, or the server. */
  readonly from: "client" | "server";
  /** The frame: text, or bytes when the client sent a binary frame. */
  readonly data: string | Uint8Array;
}
