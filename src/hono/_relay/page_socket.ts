import type { WSContext } from "hono/ws";

/** The side of the page. Does nothing once it has ended. */
export interface PageSocket {
  /** Bytes that have not left yet; 0 where the platform does not tell. */
  readonly bufferedAmount: number;
  /** Sends a text frame. */
  send(frame: string): void;
  /** Ends the socket. */
  close(code: number, reason: string): void;
  /** Sends a ping, whose answer calls `onPong`; absent where the platform does this by itself, or cannot. */
  readonly ping?: ((onPong: () => void) => void) | undefined;
  /** Lets go of a peer that does not answer. */
  terminate(): void;
}

/** What platforms know of a socket beside what Hono has: most as WebSockets do, Bun and the package ws by methods. */
interface RawSocket {
  readonly bufferedAmount?: number;
  getBufferedAmount?(): number;
  ping?(): void;
  once?(event: "pong", listener: () => void): unknown;
  terminate?(): void;
}

/** Makes the side of the page of what Hono gives for it. */
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
    terminate: () => anyway(() => raw?.terminate ? raw.terminate() : webSocket.close(1001, "The page is silent")),
  };
}

/** Some platforms throw when a page has just disconnected; its end is reported next. */
function whileOpen(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}

/** To end what has ended is no error, whatever platforms say: Workers throw after a frame that is malformed. */
function anyway(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
