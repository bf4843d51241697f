import { connect, createServer, type Socket } from "node:net";

/** Faults of a TCP connection. */
export type LineFault =
  | "none"
  | "refused"
  | "mute_handshake"
  | "garbage_handshake"
  | "reset"
  | "end"
  | "black_hole"
  | "garbage"
  | "slow_loris";

/** Faults and their times, in milliseconds from the first byte of the server; those of the handshake apply at once. */
export interface LinePlan {
  readonly fault: LineFault;
  readonly afterMs: number;
}

/** A TCP proxy on a loopback port. */
export interface FaultyProxy extends AsyncDisposable {
  readonly port: number;
  /**
   * Planned faults of the open WebSockets. Other connections belong to a runtime, which keeps those of `fetch` open.
   */
  readonly open: readonly LineFault[];
}

/** When a middlebox closes a dead connection, in milliseconds: programs cannot end a dead WebSocket. */
const DEAD_MS = 6000;

/** How a slow line delivers: this many bytes at a time. */
const SLOW = { bytes: 16, everyMs: 5 } as const;

/** Starts a proxy to a port of this machine; `plan` is called for every connection. */
export async function serveFaultyProxy(target: number, plan: () => LinePlan): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  const lines = new Map<Socket, LineFault>();
  const server = createServer((client) => {
    const line = plan();
    client.once("data", (head: Uint8Array) => {
      if (/upgrade: websocket/i.test(new TextDecoder().decode(head))) lines.set(client, line.fault);
    });
    sockets.add(client);
    client.on("close", () => {
      sockets.delete(client);
      lines.delete(client);
    });
    client.on("error", () => client.destroy());
    forward(client, target, line);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    get open() {
      return [...lines.values()];
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function forward(client: Socket, target: number, { afterMs, fault }: LinePlan): void {
  if (fault === "refused") return void client.resetAndDestroy();
  if (fault === "mute_handshake") {
    const timer = setTimeout(() => client.destroy(), DEAD_MS);
    client.on("close", () => clearTimeout(timer));
    return void client.resume();
  }
  if (fault === "garbage_handshake") return void client.resume().end("\u0000\u0001 no HTTP at all\r\n\r\n");
  const upstream = connect(target, "127.0.0.1");
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const later = (task: () => void, ms: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, ms);
    timers.add(timer);
  };
  const stop = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    upstream.destroy();
    client.destroy();
  };
  let isStruck = false;
  let slow: Uint8Array[] | undefined;
  const trickle = () => {
    const [first, ...rest] = slow!;
    if (first) {
      client.write(first.subarray(0, SLOW.bytes));
      slow = first.length > SLOW.bytes ? [first.subarray(SLOW.bytes), ...rest] : rest;
    }
    later(trickle, SLOW.everyMs);
  };
  const strike = () => {
    isStruck = true;
    if (fault === "black_hole") later(stop, DEAD_MS);
    if (fault === "reset") client.resetAndDestroy();
    if (fault === "end") client.end();
    // Frames with reserved bits, an endless length, and bytes that are not a frame.
    if (fault === "garbage") client.write(crypto.getRandomValues(new Uint8Array(64)).fill(0xff, 0, 8));
    if (fault === "slow_loris") {
      slow = [];
      trickle();
    }
  };
  upstream.on("data", (data: Uint8Array) => {
    if (!isStruck && timers.size === 0 && fault !== "none") later(strike, afterMs);
    if (slow) slow.push(data);
    else if (!isStruck || fault === "garbage") client.write(data);
  });
  client.on("data", (data: Uint8Array) => {
    if (!isStruck || fault === "garbage" || fault === "slow_loris") upstream.write(data);
  });
  for (const socket of [client, upstream]) {
    socket.on("error", stop);
    socket.on("close", stop);
  }
}
