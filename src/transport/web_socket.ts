// This module is browser compatible.
import { fitCloseReason } from "../_internal/close_reason.ts";
import type { Socket, SocketEnd, SocketListener } from "./socket.ts";
import type { WebSocketLike } from "./web_socket_like.ts";

/**
 * Creates a {@linkcode Socket} from a WHATWG `WebSocket`, open or still connecting. Frames that arrive before
 * {@linkcode Socket.listen} are kept, so that a frame right after the handshake is not lost.
 *
 * @category Transports
 */
export function fromWebSocket(webSocket: WebSocketLike): Socket {
  webSocket.binaryType = "arraybuffer";
  let listener: SocketListener | undefined;
  let early: (string | Uint8Array)[] = [];
  let ended: SocketEnd | undefined;
  webSocket.addEventListener("message", ({ data }) => {
    const frame = typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer);
    if (listener) listener.message(frame);
    else early.push(frame);
  });
  webSocket.addEventListener("close", ({ code, reason }) => {
    if (ended) return;
    // Deno reports 0 where the WebSocket standard has 1006: the connection broke.
    ended = { code: code || 1006, reason };
    listener?.close(ended);
  });
  let onPong = () => {};
  // The package `ws` reports pongs as Node's emitters do.
  if (webSocket.ping) (webSocket.on ?? webSocket.addEventListener).call(webSocket, "pong", () => onPong());
  return {
    ping: webSocket.ping && ((listener) => {
      onPong = listener;
      if (webSocket.readyState === 1) webSocket.ping!();
    }),
    get bufferedAmount() {
      return webSocket.bufferedAmount ?? 0;
    },
    send(data) {
      if (webSocket.readyState === 1) webSocket.send(data);
    },
    close(code, reason) {
      if (webSocket.readyState >= 2) return;
      try {
        webSocket.close(code, reason === undefined ? undefined : fitCloseReason(reason));
      } catch {
        // The platform lets programs send only 1000 and 3000–4999.
        webSocket.close();
      }
    },
    listen(newListener) {
      listener = newListener;
      for (const frame of early) listener.message(frame);
      early = [];
      if (ended) listener.close(ended);
    },
  };
}
