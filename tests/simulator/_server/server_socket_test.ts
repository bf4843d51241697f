import { assertEquals } from "@std/assert";
import type { SocketEnd } from "../../../src/transport/socket.ts";
import { fitCloseReason } from "../../../src/_internal/close_reason.ts";
import { whenOpen } from "../../../src/simulator/_server/server_socket.ts";
import type { SimulatedSession } from "../../../src/simulator/simulated_session.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import type { ServerWebSocket } from "../../../src/simulator/upgrade/upgrade.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import type { Socket } from "../../../src/transport/socket.ts";

/** A WebSocket whose client is suspended: it neither reads nor answers, until it is woken up. */
class SuspendedSocket {
  readyState = 1;
  readonly bufferedAmount = 0;
  binaryType: BinaryType = "blob";
  readonly closedWith: unknown[] = [];
  wakeUp: (info: SocketEnd) => void = () => {};
  send(): void {}
  close(code?: number, reason?: string): void {
    // As some runtimes do, Cloudflare Workers among them.
    if (code !== undefined && code !== 1000 && !(code > 1006 && code < 5000)) throw new TypeError("Invalid code");
    if (new TextEncoder().encode(reason).length > 123) throw new SyntaxError("The reason is too long");
    this.readyState = 2;
    this.closedWith.push([code, reason]);
  }
  addEventListener(type: string, listener: (event: SocketEnd) => void): void {
    if (type === "close") this.wakeUp = listener;
  }
}

function open() {
  const webSocket = new SuspendedSocket();
  const clock = createVirtualClock();
  const ends: SocketEnd[] = [];
  let socket!: Socket;
  whenOpen(webSocket as unknown as ServerWebSocket, (opened) => void (socket = opened), clock);
  socket.listen({ message() {}, close: (info) => void ends.push(info) });
  return { clock, ends, socket, webSocket };
}

Deno.test("A socket reports its end once, at the latest a second after close() if the client does not answer", async () => {
  const { clock, ends, socket, webSocket } = open();
  socket.close(1001, "time is up");
  await clock.advance(999);
  assertEquals(ends, []);
  await clock.advance(1);
  webSocket.wakeUp({ code: 1001, reason: "time is up" });
  assertEquals(ends, [{ code: 1001, reason: "time is up" }]);
});

Deno.test("A socket stops waiting when the client answers, and leaves nothing scheduled", async () => {
  const { clock, ends, socket, webSocket } = open();
  socket.close(1000);
  webSocket.wakeUp({ code: 1000, reason: "" });
  assertEquals([ends.length, clock.pending], [1, 0]);
  await clock.advance(5000);
  assertEquals(ends, [{ code: 1000, reason: "" }]);
});

Deno.test("A socket omits a close code that the runtime cannot send, and still ends the session", async () => {
  for (const code of [1005, 1006, 99, 5000, NaN]) {
    const { clock, ends, socket, webSocket } = open();
    socket.close(code, "why");
    assertEquals(webSocket.closedWith, [[undefined, undefined]]);
    await clock.advance(1000);
    assertEquals(ends, [{ code, reason: "why" }]);
  }
});

Deno.test("A socket cuts a long close reason between two characters", async () => {
  const reason = "é".repeat(200);
  const ends: ((session: SimulatedSession) => void)[] = [
    (session) => session.close(4000, reason),
    (session) => session.fault({ type: "drop", code: 4000, reason }),
  ];
  for (const end of ends) {
    const webSocket = new SuspendedSocket();
    const simulator = createSimulator({
      upgrade: () => ({ response: new Response(), socket: webSocket as unknown as ServerWebSocket }),
    });
    const headers = { upgrade: "websocket", authorization: "Bearer sk-test" };
    await simulator.fetch(new Request("https://simulator/v1/realtime?model=gpt-realtime", { headers }));
    const session = simulator.sessions[0]!;
    end(session);
    webSocket.wakeUp({ code: 4000, reason: "" });
    assertEquals([webSocket.closedWith, (await session.closed).code], [[[4000, "é".repeat(61)]], 4000]);
    await simulator.close();
  }
  assertEquals([fitCloseReason("short"), fitCloseReason("x".repeat(200)).length], ["short", 123]);
});
