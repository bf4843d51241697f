// This module is browser compatible.

/**
 * The connection has dropped, or an attempt to open another one has failed; the session continues. Responses in
 * progress are `lost`, commands in flight reject, and events sent from now on wait for the next connection.
 *
 * @category Events
 */
export interface ReconnectingEvent {
  /** Discriminant. */
  readonly type: "reconnecting";
  /** Number of the next attempt, from 1. */
  readonly attempt: number;
  /** Delay of that attempt, in milliseconds; when a page comes online, the attempt is made immediately. */
  readonly delayMs: number;
  /** The reason why the connection dropped, or the last attempt failed. */
  readonly cause: unknown;
}

/**
 * Something that could not be restored on another connection.
 *
 * @category Events
 */
export interface RecoveryLoss {
  /**
   * Kind of loss. `"response"`: a response that was in progress. `"item"`: an item of the conversation that the model
   * no longer knows. `"utterance"`: an utterance of the user whose transcript had not arrived, or a
   * turn of a Live session that was cut short. `"audio"`: audio of the
   * user that was not kept, because the buffer was full while there was no connection, or because a browser had sent it
   * and it was not yet part of an item.
   */
  readonly kind: "response" | "item" | "utterance" | "audio";
  /** Id of the response or item; `undefined` for audio. */
  readonly id: string | undefined;
  /** Time at which it began, or was noticed, in milliseconds since 1970. */
  readonly atMs: number;
  /** Length of the audio, in milliseconds; `undefined` for all other kinds. */
  readonly durationMs: number | undefined;
  /** The reason for the loss. */
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
  /**
   * Duration without a connection, in milliseconds. That of a dead one, which neither side has closed, counts from its
   * last sign of life, which may be up to 20 seconds earlier than is known.
   */
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
 * The session has moved to another connection before the end of the old one.
 *
 * @category Events
 */
export interface RenewedEvent extends RecoveryReport {
  /** Discriminant. */
  readonly type: "renewed";
}

/**
 * The connection has dropped and could not be replaced: the session ends.
 *
 * @category Events
 */
export interface RecoveryFailedEvent {
  /** Discriminant. */
  readonly type: "recovery_failed";
  /** Number of attempts made. */
  readonly attempts: number;
  /** The reason why the last attempt failed, or why none was made. */
  readonly cause: unknown;
}

/**
 * Events about the connections of a session.
 *
 * @category Events
 */
export type RecoveryEvent = ReconnectingEvent | RecoveredEvent | RenewedEvent | RecoveryFailedEvent;

/**
 * Maps each type of a recovery event to its event.
 *
 * @category Events
 */
export type RecoveryEventMap = { readonly [E in RecoveryEvent as E["type"]]: E };
