// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { ClientEvent, MalformedServerEvent, ServerEvent, UnknownServerEvent } from "../protocol/mod.ts";

/** Everything that can arrive: known events, events of a type newer than this version, and frames that are neither. */
export type IncomingEvent = ServerEvent | UnknownServerEvent | MalformedServerEvent;

/** Options of {@linkcode Transport.send}. */
export interface SendOptions {
  /**
   * Whether the event is checked before it leaves. `false` sends fields newer than this version unchecked.
   *
   * @default {true}
   */
  check?: boolean | undefined;
  /**
   * Whether the audio of an `input_audio_buffer.append` is base64 of one's own making: it is written without being
   * looked at then. Never for audio from elsewhere, which could write an event of its own into the frame.
   *
   * @default {false}
   */
  isBase64?: boolean | undefined;
}

/**
 * One connection to a Realtime server: events out, events in. The two halves can be used independently, from different
 * parts of a program.
 */
export interface Transport extends AsyncDisposable {
  /** Address of the other side, without credentials; for logs and error messages. */
  readonly url: string;
  /**
   * Sends one event, in order.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol; nothing is sent then.
   * @throws {ConnectionError} of kind `closed` when the connection has ended or is being closed.
   */
  send(event: ClientEvent, options?: SendOptions): void;
  /**
   * What the server sends, in order, from the first event on. At most {@linkcode MAX_UNREAD_CHARACTERS} characters of
   * frames wait unread: beyond that the connection is closed and the stream errors with a `QuotaExceededError`.
   */
  readonly events: ReadableStream<IncomingEvent>;
  /** Bytes accepted by {@linkcode send} that have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the connection has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /**
   * Ends the connection; idempotent. Resolves like {@linkcode closed}, with code 1006 when the other side does not answer
   * within three seconds.
   */
  close(code?: number, reason?: string): Promise<CloseInfo>;
}
