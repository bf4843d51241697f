// This module is browser compatible.

/**
 * The members of a WebSocket that are used. Those of every runtime and of the package `ws` fit, although their types
 * have nothing in common.
 *
 * @category Transports
 */
export interface WebSocketLike {
  /** How binary frames are delivered: set to `"arraybuffer"`. */
  binaryType: string;
  /** 1 when open, 2 when closing, 3 when closed. */
  readonly readyState: number;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount?: number | undefined;
  /** Sends a text frame. */
  send(data: string): void;
  /** Closes the connection. */
  close(code?: number, reason?: string): void;
  /** Sends a ping frame, if the runtime supports it: Bun, and the package `ws`. */
  ping?(): void;
  /** Adds a listener as Node's emitters do: the package `ws` reports pongs in no other way. */
  on?(type: "pong", listener: () => void): unknown;
  /** Adds a listener of pong frames; runtimes without such an event ignore it. */
  addEventListener(type: "pong", listener: () => void): void;
  /** Adds a listener of frames. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Adds a listener of the close event. */
  addEventListener(
    type: "close",
    listener: (event: { readonly code: number; readonly reason: string }) => void,
    options?: { once?: boolean },
  ): void;
  /** Adds a listener of the handshake's outcome. */
  addEventListener(type: "open" | "error", listener: (event: object) => void, options?: { once?: boolean }): void;
}

/**
 * A class of WebSockets.
 *
 * @category Transports
 */
export type WebSocketClass = new (url: URL, protocols: string[]) => WebSocketLike;
