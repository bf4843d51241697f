// This module is browser compatible.
import { fitCloseReason } from "../_internal/close_reason.ts";
import type { Socket, SocketEnd, SocketListener } from "./socket.ts";

/**
 * Creates two sockets that are joined in memory: each receives the frames of the other, in order, in a later microtask.
 * No network, no timers; both ends behave as a WebSocket does.
 *
 * @category Transports
 *
 * @example Joining two ends
 * ```ts
 * import { createMemorySocketPair } from "@oai-rt/edge";
 * import { assertEquals } from "@std/assert";
 *
 * const [client, server] = createMemorySocketPair();
 * const received = new Promise((resolve) => server.listen({ message: resolve, close() {} }));
 * client.send("hello");
 * assertEquals(await received, "hello");
 * ```
 */
export function createMemorySocketPair(): [Socket, Socket] {
  const left = new MemorySocket();
  const right = new MemorySocket();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class MemorySocket implements Socket {
  peer: MemorySocket | undefined;
  readonly bufferedAmount = 0;
  #listener: SocketListener | undefined;
  #inbox: ((listener: SocketListener) => void)[] = [];
  #draining = false;
  #ended = false;

  send(data: string): void {
    if (this.#ended) return;
    this.peer?.deliver((listener) => listener.message(data));
  }

  close(code = 1005, reason = ""): void {
    const end = { code, reason: fitCloseReason(reason) };
    this.peer?.end(end);
    this.end(end);
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#drain();
  }

  deliver(frame: (listener: SocketListener) => void): void {
    this.#inbox.push(frame);
    this.#drain();
  }

  end(end: SocketEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.deliver((listener) => listener.close(end));
  }

  #drain(): void {
    if (this.#draining || !this.#listener) return;
    this.#draining = true;
    queueMicrotask(() => {
      this.#draining = false;
      const frame = this.#inbox.shift();
      if (!frame || !this.#listener) return;
      if (this.#inbox.length > 0) this.#drain();
      frame(this.#listener);
    });
  }
}
