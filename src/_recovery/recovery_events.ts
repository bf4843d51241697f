// This module is browser compatible.

/**
 * The connection has dropped, or an attempt to make another one has failed; the session goes on. Responses that were being
 * made are `lost`, commands in flight reject, and events sent from now on wait for the next connection.
 *
 * @category Events
 */
export interface ReconnectingEvent {
  /** Discriminant. */
  readonly type: "reconnecting";
  /** Number of the attempt that follows, from 1. */
  readonly attempt: number;
  /** How long that attempt waits, in milliseconds; a page that comes online makes it at once. */
  readonly delayMs: number;
  /** Why the connection dropped, or the last attempt failed. */
  readonly cause: unknown;
}

/**
 * Something that another connection could not bring back.
 *
 * @category Events
 */
export interface RecoveryLoss {
  /**
   * Kind of loss: a response that was being made; an item of the conversation that the model does not know any more; an
   * utterance of the user without words, as no transcript had come, or a turn of a Live session that was cut short; audio of the user that was not kept: it did not fit
   * while there was no connection, or a browser had sent it and it was no item yet.
   */
  readonly kind: "response" | "item" | "utterance" | "audio";
  /** Id of the response or item; `undefined` for audio. */
  readonly id: string | undefined;
  /** When it began, or was noticed, in milliseconds since 1970. */
  readonly atMs: number;
  /** Length of the audio, in milliseconds; `undefined` for everything else. */
  readonly durationMs: number | undefined;
  /** Why it is lost. */
  readonly reason: string;
}

/**
 * The result of a recovery.
 *
 * @category Events
 */
export interface RecoveryReport {
  /** Ids of the items that the server knows again: user text, assistant text as heard, tool calls and outputs. */
  readonly restored: readonly string[];
  /** Everything that is lost. */
  readonly lost: readonly RecoveryLoss[];
  /** How long there was no connection, in milliseconds. */
  readonly gapMs: number;
  /** Estimated tokens of the items that were replayed. */
  readonly replayedTokens: number;
}

/**
 * The session has another connection after a drop.
 *
 * @category Events
 */
export interface RecoveredEvent extends RecoveryReport {
  /** Discriminant. */
  readonly type: "recovered";
}

/**
 * The session has changed over to another connection, before the old one was to end.
 *
 * @category Events
 */
export interface RenewedEvent extends RecoveryReport {
  /** Discriminant. */
  readonly type: "renewed";
}

/**
 * The connection has dropped and no other one can be made: the session ends.
 *
 * @category Events
 */
export interface RecoveryFailedEvent {
  /** Discriminant. */
  readonly type: "recovery_failed";
  /** How many attempts were made. */
  readonly attempts: number;
  /** Why the last one failed, or why none was made. */
  readonly cause: unknown;
}

/**
 * The events about the connections of a session.
 *
 * @category Events
 */
export type RecoveryEvent = ReconnectingEvent | RecoveredEvent | RenewedEvent | RecoveryFailedEvent;

/**
 * The event of each type that is about the connections of a session.
 *
 * @category Events
 */
export type RecoveryEventMap = { readonly [E in RecoveryEvent as E["type"]]: E };
