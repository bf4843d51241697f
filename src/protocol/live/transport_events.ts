// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { LiveServerEventBase } from "./server_events.ts";

/**
 * A key of the telephone.
 *
 * @category Live
 */
export interface LiveDtmfEventBase extends LiveServerEventBase {
  /** The key: one of `0` to `9`, `A` to `D`, `*` and `#`. */
  readonly event: string;
}

/**
 * The other side has pressed a key.
 *
 * @category Live
 */
export interface LiveDtmfReceivedEvent extends LiveDtmfEventBase {
  /** Kind of event. */
  readonly type: "transport.dtmf.received";
}

/**
 * Older name of {@linkcode LiveDtmfSentEvent}.
 *
 * @category Live
 */
export interface LiveDtmfSendNoteEvent extends LiveDtmfEventBase {
  /** Kind of event. */
  readonly type: "transport.dtmf.send";
}

/**
 * Answer to `transport.dtmf.send`.
 *
 * @category Live
 */
export interface LiveDtmfSentEvent extends LiveDtmfEventBase {
  /** Kind of event. */
  readonly type: "transport.dtmf.sent";
}

/**
 * The telephone that is called rings.
 *
 * @category Live
 */
export interface LiveTransportRingingEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "transport.ringing";
  /** Identifier of the session. */
  readonly session_id: string;
}

/**
 * The telephone that is called was answered.
 *
 * @category Live
 */
export interface LiveTransportAnsweredEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "transport.answered";
  /** Identifier of the session. */
  readonly session_id: string;
}

/**
 * The error of a failed call.
 *
 * @category Live
 */
export interface LiveCallError {
  /** Kind of error. */
  readonly type: OpenEnum<"call_error">;
  /** Code of the failure. */
  readonly code?: string | null | undefined;
  /** A description of the error. */
  readonly message: string;
  /** Field that the error is about. */
  readonly param?: string | null | undefined;
}

/**
 * The telephone that is called was not answered.
 *
 * @category Live
 */
export interface LiveTransportFailedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "transport.failed";
  /** Identifier of the session. */
  readonly session_id: string;
  /** The error. */
  readonly error: LiveCallError;
}
