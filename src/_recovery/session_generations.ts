// This module is browser compatible.
import type { ConnectionError } from "../errors.ts";
import type { ClientEvent } from "../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../transport/transport.ts";

/**
 * A connection that takes the place of another one.
 *
 * @category Parts
 */
export interface NextConnection<Out = ClientEvent, In = IncomingEvent> {
  /** The connection, ready for use: configured, with the conversation, and with its events still unread. */
  readonly transport: Transport<Out, In>;
  /** Events that have been read of it already, for the session to process first. */
  readonly first?: readonly In[] | undefined;
  /** Called when the session is open again; with the length of the user's audio that did not fit, in characters of base64. */
  readonly onOpen?: ((droppedAudio: number) => void) | undefined;
}

/**
 * Decides about a connection that has ended without our doing: returns `false` when the session ends with it. Otherwise it
 * has suspended the session, and will resume or abandon it.
 *
 * @category Parts
 */
export type ConnectionKeeper = (ended: ConnectionError) => boolean;

/**
 * The connections of a session, one after another: a session outlives its connection when a part sees to that.
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
   * Whether the next connection has a session of its own: what the server plays ends with this one. A sideband's leads to
   * its call again, which goes on.
   */
  startsAnew: boolean;
  /** Decides what follows a connection that has ended; by default the session ends with it. */
  keeper: ConnectionKeeper;
  /** Gives the connection up: pending commands settle with this error, and later events wait for the next connection. */
  suspend(cause: ConnectionError): void;
  /** Goes on with another connection. */
  resume(next: NextConnection<Out, In>): void;
  /** Ends a session that was suspended; the cause becomes that of the session's last error. */
  abandon(cause: unknown): void;
}
