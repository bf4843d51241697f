// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { EffectiveSession, Item, TranslationSession } from "../protocol/mod.ts";
import type { Fault } from "./faults.ts";

/**
 * A session of the simulator seen from the server's side, for tests to inspect and to disturb.
 *
 * @category Simulator
 */
export interface SimulatedSession {
  /** Identifier of the session. */
  readonly id: string;
  /** The session with its current settings. */
  readonly session: EffectiveSession | TranslationSession;
  /** The current conversation. */
  readonly items: readonly Item[];
  /** Identifier of the active response of the default conversation; `undefined` when there is none. */
  readonly activeResponseId: string | undefined;
  /** Length of a message's stored audio, in milliseconds; 0 when there is none. */
  audioMsOf(itemId: string): number;
  /** Sends an arbitrary frame to the client, unchanged: for example a malformed one, or one of another server. */
  send(frame: string): void;
  /**
   * Injects a fault into the current connections, or into future responses.
   *
   * @throws {TypeError} when the fault is unknown.
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
