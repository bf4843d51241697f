// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { LiveIncomingEvent, LiveOutgoingEvent } from "../protocol/mod.ts";

/** Options of {@linkcode LiveTransport.send}. */
export interface LiveSendOptions {
  /**
   * Whether the event is checked before it leaves. `false` sends fields newer than this version unchecked.
   *
   * @default {true}
   */
  check?: boolean | undefined;
  /**
   * Whether the audio of the event is base64 of one's own making: it is written without being looked at then.
   *
   * @default {false}
   */
  isBase64?: boolean | undefined;
}

/** One connection to a Live server: events out, events in. */
export interface LiveTransport extends AsyncDisposable {
  /** Address of the other side, without credentials; for logs and error messages. */
  readonly url: string;
  /**
   * Sends one event, in order.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol; nothing is sent then.
   * @throws {ConnectionError} of kind `closed` when the connection has ended or is being closed.
   */
  send(event: LiveOutgoingEvent, options?: LiveSendOptions): void;
  /** What the server sends, in order, from the first event on. */
  readonly events: ReadableStream<LiveIncomingEvent>;
  /** Bytes accepted by {@linkcode send} that have not left yet. */
  readonly bufferedAmount: number;
  /** Resolves when the connection has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Ends the connection; idempotent. Resolves like {@linkcode closed}. */
  close(code?: number, reason?: string): Promise<CloseInfo>;
}
