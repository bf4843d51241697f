// This module is browser compatible.
import type { Socket } from "../../transport/socket.ts";
import type { ServerWebSocket } from "../upgrade/upgrade.ts";

const OPEN = 1;

/** Calls back with the server's end of a WebSocket, as soon as it is open. */
export function whenOpen(webSocket: ServerWebSocket, onOpen: (socket: Socket) => void): void {
  webSocket.binaryType = "arraybuffer";
  if (webSocket.readyState === OPEN) onOpen(toSocket(webSocket));
  else webSocket.addEventListener("open", () => onOpen(toSocket(webSocket)));
}

function toSocket(webSocket: ServerWebSocket): Socket {
  return {
    get bufferedAmount() {
      return webSocket.bufferedAmount ?? 0;
    },
    send(data) {
      if (webSocket.readyState === OPEN) webSocket.send(data);
    },
    close(code, reason) {
      if (webSocket.readyState === OPEN) webSocket.close(code, reason);
    },
    listen(listener) {
      webSocket.addEventListener("message", ({ data }) => {
        listener.message(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
      });
      webSocket.addEventListener("close", ({ code, reason, wasClean }) => listener.close({ code, reason, wasClean }));
    },
  };
}
