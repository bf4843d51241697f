// This module is browser compatible.

/**
 * The members of the server's end of a WebSocket that the simulator uses.
 *
 * @category Simulator
 */
export interface ServerWebSocket {
  /** 0 while the handshake is under way, 1 when open. */
  readonly readyState: number;
  /** Bytes that have not left yet. */
  readonly bufferedAmount?: number | undefined;
  /** Type of incoming binary frames. */
  binaryType: "arraybuffer" | "blob";
  /** Sends a text frame. */
  send(data: string): void;
  /** Ends the connection. */
  close(code?: number, reason?: string): void;
  /** Registers a listener of `open`. */
  addEventListener(type: "open", listener: () => void): void;
  /** Registers a listener of frames. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Registers a listener of the end. */
  addEventListener(
    type: "close",
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
}

/**
 * The result of an upgrade.
 *
 * @category Simulator
 */
export interface Upgraded {
  /** Answer to the request, to be returned to the runtime. */
  readonly response: Response;
  /** The server's end of the socket. */
  readonly socket: ServerWebSocket;
}

/**
 * Options of the handshake's response.
 *
 * @category Simulator
 */
export interface UpgradeOptions {
  /** Selected subprotocol among those offered; absent for none. */
  readonly protocol?: string | undefined;
}

/**
 * Upgrades an HTTP request to a WebSocket, as the runtime does.
 *
 * @category Simulator
 */
export type Upgrade = (request: Request, options: UpgradeOptions) => Upgraded;
