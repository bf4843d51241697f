// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { fitCloseReason } from "../../_internal/close_reason.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import type { ServerWebSocket } from "../upgrade/upgrade.ts";

const OPEN = 1;

/**
 * Time that a client has to answer a close frame, in milliseconds of real time. Some runtimes report no end while a
 * client that is suspended, or whose network is gone, does not answer.
 */
const CLOSE_TIMEOUT_MS = 1000;

/**
 * Calls back with the server's end of a WebSocket, as soon as it is open.
 *
 * @param realClock the clock for the answer to a close frame.
 */
export function whenOpen(
  webSocket: ServerWebSocket,
  onOpen: (socket: Socket) => void,
  realClock: Clock = systemClock,
): void {
  webSocket.binaryType = "arraybuffer";
  const open = () => onOpen(new WebSocketSocket(webSocket, realClock));
  if (webSocket.readyState === OPEN) open();
  else webSocket.addEventListener("open", open);
}

/** A WebSocket whose end is always reported exactly once. */
class WebSocketSocket implements Socket {
  readonly #webSocket: ServerWebSocket;
  readonly #realClock: Clock;
  #listener: SocketListener | undefined;
  #cancelTimeout: (() => void) | undefined;

  constructor(webSocket: ServerWebSocket, realClock: Clock) {
    this.#webSocket = webSocket;
    this.#realClock = realClock;
  }

  get bufferedAmount(): number {
    return this.#webSocket.bufferedAmount ?? 0;
  }

  send(data: string): void {
    if (this.#webSocket.readyState === OPEN) this.#webSocket.send(data);
  }

  close(code?: number, reason?: string): void {
    if (this.#webSocket.readyState !== OPEN) return;
    const unanswered = { code: code ?? 1005, reason: reason ?? "" };
    this.#cancelTimeout = this.#realClock.schedule(() => this.#end(unanswered), CLOSE_TIMEOUT_MS);
    try {
      this.#webSocket.close(code, reason === undefined ? undefined : fitCloseReason(reason));
    } catch {
      // Not every runtime sends a close frame with every code, such as the one for a missing code.
      this.#webSocket.close();
    }
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#webSocket.addEventListener("message", ({ data }) => {
      this.#listener?.message(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
    });
    this.#webSocket.addEventListener("close", ({ code, reason }) => this.#end({ code, reason }));
  }

  #end(end: SocketEnd): void {
    this.#cancelTimeout?.();
    this.#listener?.close(end);
    this.#listener = undefined;
  }
}
