// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";

/**
 * Code and reason with which a {@linkcode Socket} ended, as in a {@linkcode CloseInfo}.
 *
 * @category Transports
 */
export type SocketEnd = Pick<CloseInfo, "code" | "reason">;

/**
 * The listener of a {@linkcode Socket}.
 *
 * @category Transports
 */
export interface SocketListener {
  /** A frame arrived: text, or bytes when the peer sent a binary frame. */
  message(data: string | Uint8Array): void;
  /** The socket ended; nothing follows. */
  close(end: SocketEnd): void;
}

/**
 * The part of a WebSocket that a transport needs, so that one transport serves every runtime, the simulator and tests.
 * {@linkcode fromWebSocket} creates one from a WHATWG `WebSocket`.
 *
 * @category Transports
 */
export interface Socket {
  /** Bytes accepted by {@linkcode send} that have not left yet. */
  readonly bufferedAmount: number;
  /** Sends one text frame. Does nothing once the socket has ended. */
  send(data: string): void;
  /** Ends the socket; the listener's `close` follows. Idempotent. A reason has at most 123 bytes. */
  close(code?: number, reason?: string): void;
  /** Sends a ping frame, if the runtime supports it; `onPong` is called with every pong. */
  ping?: ((onPong: () => void) => void) | undefined;
  /** Registers the single listener. All earlier frames were kept, and are delivered to it first, in order. */
  listen(listener: SocketListener): void;
}

/**
 * The address to dial, with headers and subprotocols.
 *
 * @category Transports
 */
export interface DialRequest {
  /** Address, with scheme `ws:` or `wss:`; never contains a credential. */
  readonly url: URL;
  /** Headers of the handshake, including the credential. */
  readonly headers: Headers;
  /** Subprotocols to offer; empty when the headers carry the credential. */
  readonly protocols: readonly string[];
  /** Aborted when the caller aborts or on a timeout. */
  readonly signal: AbortSignal;
}

/**
 * Opens a socket. Resolves once the handshake is done, rejects with a `ConnectionError` when it failed and with the
 * signal's reason when it was aborted.
 *
 * @category Transports
 */
export type Dial = (request: DialRequest) => Promise<Socket>;
