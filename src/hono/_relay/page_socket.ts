import type { WSContext } from "hono/ws";
import { isOfAnotherRequest } from "./own_request.ts";

/** The socket of a page. Its methods do nothing once it has ended. */
export interface PageSocket {
  /** Bytes that have not left yet; 0 where the platform does not report them. */
  readonly bufferedAmount: number;
  /** Sends a text frame. */
  send(frame: string): void;
  /** Ends the socket. */
  close(code: number, reason: string): void;
  /** Sends a ping, whose answer calls `onPong`; absent where the platform pings by itself, or cannot. */
  readonly ping?: ((onPong: () => void) => void) | undefined;
  /** Drops a connection that does not respond. */
  terminate(): void;
}

/** Members of platform sockets in addition to Hono's: most follow WebSocket; Bun and the package ws have methods. */
interface RawSocket {
  readonly bufferedAmount?: number;
  getBufferedAmount?(): number;
  ping?(): void;
  once?(event: "pong", listener: () => void): unknown;
  terminate?(): void;
}

/** Creates the socket of a page from Hono's. */
export function toPageSocket(webSocket: WSContext): PageSocket {
  const raw = webSocket.raw as RawSocket | undefined;
  return {
    get bufferedAmount() {
      return raw?.bufferedAmount ?? raw?.getBufferedAmount?.() ?? 0;
    },
    send: (frame) => whileOpen(() => webSocket.send(frame)),
    close: (code, reason) => anyway(() => webSocket.close(code, reason)),
    ping: typeof raw?.ping === "function" && typeof raw.once === "function"
      ? (onPong) => {
        raw.once?.("pong", onPong);
        whileOpen(() => raw.ping?.());
      }
      : undefined,
    terminate: () =>
      anyway(() => raw?.terminate ? raw.terminate() : webSocket.close(1001, "The page does not respond")),
  };
}

/** Some platforms throw when a page has just disconnected, before they report its end. */
function whileOpen(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}

/**
 * Closing a closed socket is not an error, although some platforms throw: Workers do after a malformed frame. In another
 * request, they do not close it.
 */
function anyway(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error) || isOfAnotherRequest(error)) throw error;
  }
}
