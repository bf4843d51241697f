// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { ClientEvent, IncomingServerEvent, StringifyOptions } from "../protocol/mod.ts";

/**
 * Everything that can arrive: known events, events of a type newer than this version, and other frames.
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
 * Number of characters of frames that may wait unread in {@linkcode Transport.events}: 64 Mi, about 15 minutes of
 * audio. Beyond it, the connection is closed with code 4008, and the reader gets a `QuotaExceededError`.
 *
 * @category Transports
 */
export const MAX_UNREAD_CHARACTERS = 64 * 1024 * 1024;

/**
 * One connection to a server: events out, events in. The two halves can be used independently, from different parts of
 * a program. The codec determines the types of the events: by default those of a Realtime session.
 *
 * @category Transports
 */
export interface Transport<Out = ClientEvent, In = IncomingEvent> extends AsyncDisposable {
  /** Address of the other side, without credentials; for logs and error messages. */
  readonly url: string;
  /** The side that plays the model's audio. With `"server"` no audio arrives, and the server knows what was heard. */
  readonly playback: TransportPlayback;
  /** Whether others, who opened the session, may control it, too. */
  readonly shared: boolean;
  /**
   * Sends one event, in order.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol; nothing is then sent.
   * @throws {ConnectionError} of kind `closed` when the connection has ended or is being closed.
   */
  send(event: Out, options?: SendOptions): void;
  /**
   * Checks an event that is to be sent later, as the codec does when it is sent. A session checks an event before it
   * queues it; if the transport has no `check`, an invalid event is rejected when it is sent.
   *
   * @throws {InvalidEventError} when {@linkcode send} would.
   */
  check?(event: Out): void;
  /**
   * Sends a ping frame, if the runtime supports it; `onPong` is called with every pong. It keeps an idle connection
   * open, and detects a dead one, without an event of the protocol.
   */
  readonly ping?: ((onPong: () => void) => void) | undefined;
  /**
   * Everything that the server sends, in order, from the first event on. At most {@linkcode MAX_UNREAD_CHARACTERS}
   * characters of frames wait unread: beyond that, the connection is closed and the stream errors with a
   * `QuotaExceededError`.
   */
  readonly events: ReadableStream<In>;
  /**
   * Reads the next event without a stream; it is missing from {@linkcode events} then. Only one read may be pending at a
   * time: another one rejects with a `TypeError`. Other errors are those of the stream. Sessions use this in place of
   * `events` if the transport has it.
   */
  read?(): Promise<IteratorResult<In, undefined>>;
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
