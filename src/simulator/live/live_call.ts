// This module is browser compatible.
import type { SimulatedLiveSession } from "./simulated_live_session.ts";

/**
 * The outcome of an incoming call for the Live API.
 *
 * @category Live
 */
export type LiveCallOutcome =
  | {
    /** A client accepted the call. */
    readonly status: "accepted";
    /** The session, which continues. */
    readonly session: SimulatedLiveSession;
  }
  | {
    /** A client rejected the call. */
    readonly status: "rejected";
    /** Identifier that the session would have had. */
    readonly sessionId: string;
    /** SIP status that the caller got. */
    readonly statusCode: number;
  }
  | {
    /** The caller gave up before the call was answered. */
    readonly status: "unanswered";
    /** Identifier that the session would have had. */
    readonly sessionId: string;
  };
