/**
 * One end of a `WebSocketPair` as Cloudflare Workers have it: what arrives before {@linkcode accept} waits and is
 * dispatched by it, to whoever listens by then; a close frame is answered by the program, or not at all.
 */
export class WorkersEnd extends EventTarget {
  peer!: WorkersEnd;
  binaryType = "blob";
  readyState = 1;
  readonly closes: unknown[][] = [];
  #waiting: Event[] | undefined = [];
  #sentClose = false;

  accept(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.dispatchEvent(event);
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#sentClose) throw new TypeError("Can't call WebSocket send() after close().");
    this.peer.receive(new MessageEvent("message", { data: typeof data === "string" ? data : data.slice().buffer }));
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException("Invalid WebSocket close code", "InvalidAccessError");
    }
    this.closes.push([code, reason]);
    if (this.#sentClose) return;
    this.hangUp(code, reason);
  }

  /** Sends a close frame with any code. */
  hangUp(code = 1005, reason = ""): void {
    this.#sentClose = true;
    this.readyState = Math.min(3, this.readyState + 1);
    this.peer.receive(new CloseEvent("close", { code, reason, wasClean: true }));
  }

  receive(event: Event): void {
    if (this.#waiting) return void this.#waiting.push(event);
    queueMicrotask(() => {
      if (event.type === "close") this.readyState = Math.min(3, this.readyState + 1);
      this.dispatchEvent(event);
    });
  }
}

/** Creates two ends: the first goes to the client, the second is accepted. */
export function createWorkersPair(): readonly [client: WorkersEnd, server: WorkersEnd] {
  const client = new WorkersEnd();
  const server = new WorkersEnd();
  client.peer = server;
  server.peer = client;
  server.accept();
  return [client, server];
}

/** The answer that upgrades: one with a member that only Workers know, and a status that only they construct. */
export function upgradeResponse(webSocket: WorkersEnd): Response {
  return Object.defineProperties(new Response(null), { status: { value: 101 }, webSocket: { value: webSocket } });
}
