// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { ClientEvent, IncomingServerEvent, StringifyOptions } from "../protocol/mod.ts";

/**
 * Everything that can arrive: known events, events of a type newer than this version, and frames that are neither.
 *
 * @category Transports
 */
export type IncomingEvent = IncomingServerEvent;

/**
 * Options of {@linkcode Transport.send}.
 *
 * @category Transports
 */
export type SendOptions = StringifyOptions;

/**
 * The side that plays the model's audio: the client, or the server over WebRTC or a telephone network.
 *
 * @category Transports
 */
export type TransportPlayback = "client" | "server";

/**
 * How many characters of frames may wait unread in {@linkcode Transport.events}: 64 Mi, some 15 minutes of audio. With
 * more, the connection is closed with code 4008, and the reader gets a `QuotaExceededError`.
 *
 * @category Transports
 */
export const MAX_UNREAD_CHARACTERS = 64 * 1024 * 1024;

/**
 * One connection to a server: events out, events in. The two halves can be used independently, from different parts of a
 * program. Which events these are is a matter of the codec: of a Realtime session unless stated otherwise.
 *
 * @category Transports
 */
export interface Transport<Out = ClientEvent, In = IncomingEvent> extends AsyncDisposable {
  /** Address of the other side, without credentials; for logs and error messages. */
  readonly url: string;
  /** Which side plays the model's audio. With `"server"` no audio arrives, and the server knows what was heard. */
  readonly playback: TransportPlayback;
  /** Whether others may steer the same session, which they have opened. */
  readonly shared: boolean;
  /**
   * Sends one event, in order.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol; nothing is sent then.
   * @throws {ConnectionError} of kind `closed` when the connection has ended or is being closed.
   */
  send(event: Out, options?: SendOptions): void;
  /**
   * Checks an event that is to be sent later, as the codec does when it is sent. A session asks before an event waits for its
   * turn; over a transport that has none, an event that breaks a rule is refused when it leaves.
   *
   * @throws {InvalidEventError} when {@linkcode send} would.
   */
  check?(event: Out): void;
  /**
   * Sends a ping frame, where the runtime can; `onPong` is called with every pong. It keeps a connection open on which
   * nothing happens, and shows whether there still is one, without a word of the protocol.
   */
  readonly ping?: ((onPong: () => void) => void) | undefined;
  /**
   * Everything that the server sends, in order, from the first event on. At most {@linkcode MAX_UNREAD_CHARACTERS}
   * characters of frames wait unread: beyond that the connection is closed and the stream errors with a
   * `QuotaExceededError`.
   */
  readonly events: ReadableStream<In>;
  /**
   * Takes the next event, which {@linkcode events} does not give any more then, without what a stream costs. A session reads
   * so where it can. One at a time; errors are those of the stream.
   */
  read?(): Promise<ReadableStreamReadResult<In>>;
  /** Bytes accepted by {@linkcode send} that have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the connection has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /**
   * Ends the connection; idempotent. A reason of more than 123 bytes is shortened. Resolves like {@linkcode closed}, with
   * code 1006 when the other side does not answer within three seconds.
   */
  close(code?: number, reason?: string): Promise<CloseInfo>;
}
