import type { WSContext } from "hono/ws";

/** The side of the page. Does nothing once it has ended. */
export interface PageSocket {
  /** Bytes that have not left yet; 0 where the platform does not tell. */
  readonly bufferedAmount: number;
  /** Sends a text frame. */
  send(frame: string): void;
  /** Ends the socket. */
  close(code: number, reason: string): void;
}

/** What platforms know of what has not left yet: most as WebSockets do, Bun by a method. */
interface Buffered {
  readonly bufferedAmount?: number;
  getBufferedAmount?(): number;
}

/** Makes the side of the page of what Hono gives for it. */
export function toPageSocket(webSocket: WSContext): PageSocket {
  const raw = webSocket.raw as Buffered | undefined;
  return {
    get bufferedAmount() {
      return raw?.bufferedAmount ?? raw?.getBufferedAmount?.() ?? 0;
    },
    send: (frame) => whileOpen(() => webSocket.send(frame)),
    close: (code, reason) => whileOpen(() => webSocket.close(code, reason)),
  };
}

/** Some platforms throw when a page has just gone, whose end is told next. */
function whileOpen(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}
