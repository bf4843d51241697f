// This module is browser compatible.
import type { ConnectionError } from "../errors.ts";
import type { ClientEvent } from "../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../transport/transport.ts";

/**
 * A connection that replaces another one.
 *
 * @category Parts
 */
export interface NextConnection<Out = ClientEvent, In = IncomingEvent> {
  /** The connection, ready for use: configured, with the conversation, and with its events still unread. */
  readonly transport: Transport<Out, In>;
  /** Events already read from it, which the session processes first. */
  readonly first?: readonly In[] | undefined;
  /** Audio of the user to send again, before everything that waits. */
  readonly again?: readonly Out[] | undefined;
  /**
   * Called when the session is open again, with the length of the user's audio that was dropped, in characters of
   * base64.
   */
  readonly onOpen?: ((droppedAudio: number) => void) | undefined;
}

/**
 * Handles a connection that this side did not end: suspends the session, and later resumes or abandons it. A session
 * that is not suspended ends with its connection.
 *
 * @category Parts
 */
export type ConnectionKeeper = (ended: ConnectionError) => void;

/**
 * The connections of a session, one after another: a session outlives its connection if a part recovers it.
 *
 * @category Parts
 */
export interface SessionGenerations<Out = ClientEvent, In = IncomingEvent> {
  /** The connection; while the session is suspended, the next one, with the transport of the last. */
  readonly connection: {
    readonly transport: Transport<Out, In>;
    readonly isQuiet: boolean;
    readonly isOpen: boolean;
  };
  /** Whether the session has a connection. */
  readonly state: "open" | "reconnecting" | "closed";
  /**
   * Whether the next connection has a new session, so that the server's playout ends with this one, and a session can
   * be renewed. The connection of a sideband leads to the same call again, which continues, and ends with its session.
   */
  startsAnew: boolean;
  /** Checks a line that may be dead: resolves when something has arrived, or the connection was abandoned. */
  check?: (() => Promise<void>) | undefined;
  /** Handles a connection that has ended; by default, the session ends with it. */
  keeper: ConnectionKeeper;
  /**
   * Abandons the connection: pending commands settle with this error, and later events wait for the next connection.
   */
  suspend(cause: ConnectionError): void;
  /** Continues with another connection. */
  resume(next: NextConnection<Out, In>): void;
  /** Ends a suspended session; `cause` becomes the cause of its last error. */
  abandon(cause: unknown): void;
}
