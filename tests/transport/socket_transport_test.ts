import { assertEquals, assertThrows } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../src/transport/memory.ts";
import type { SocketListener } from "../../src/transport/socket.ts";
import { createTransport } from "../../src/transport/socket_transport.ts";
import { readEvents } from "./contract.ts";

/** A socket whose other side has fallen silent: nothing follows a close. */
function silentSocket() {
  const calls: unknown[][] = [];
  let listener!: SocketListener;
  const socket = {
    bufferedAmount: 7,
    send: (data: string) => void calls.push(["send", data]),
    close: (code?: number, reason?: string) => void calls.push(["close", code, reason]),
    listen: (newListener: SocketListener) => void (listener = newListener),
  };
  return { socket, calls, listener: () => listener };
}

Deno.test("createTransport() has an address for messages, and the socket's bufferedAmount", () => {
  const { socket } = silentSocket();
  assertEquals(createTransport(socket).url, "memory:");
  assertEquals(createTransport(socket, { url: "wss://host/v1/realtime" }).url, "wss://host/v1/realtime");
  assertEquals(createTransport(socket).bufferedAmount, 7);
});

Deno.test("close() does not wait for ever for a side that has fallen silent", async () => {
  const { socket, calls, listener } = silentSocket();
  const clock = createVirtualClock();
  const transport = createTransport(socket, { clock });
  listener().message(`{"type":"test.event"}`);
  const closed = transport.close(3000, "why");
  void transport.close();
  let info: unknown;
  closed.then((value) => info = value);
  await clock.advance(2999);
  assertEquals(info, undefined);
  await clock.advance(1);
  assertEquals(info, { code: 1006, reason: "", wasClean: false });
  assertEquals(await transport.closed, info);
  assertEquals(calls, [["close", 3000, "why"]]);
  assertEquals((await readEvents(transport)).length, 1);
});

Deno.test("close() ignores what a side that was given up does later", async () => {
  const { socket, listener } = silentSocket();
  const clock = createVirtualClock();
  const transport = createTransport(socket, { clock });
  void transport.close();
  await clock.advance(3000);
  listener().message(`{"type":"test.event"}`);
  listener().close({ code: 1000, reason: "", wasClean: true });
  assertEquals((await transport.closed).code, 1006);
  const error = assertThrows(() => transport.send({ type: "input_audio_buffer.clear" }), ConnectionError);
  assertEquals(error.close?.code, 1006);
  assertEquals(await readEvents(transport), []);
});

Deno.test("close() leaves no timer behind", async () => {
  const clock = createVirtualClock();
  const [client, server] = createMemorySocketPair();
  const transport = createTransport(client, { clock });
  assertEquals(clock.pending, 0);
  const closed = transport.close();
  assertEquals(clock.pending, 1);
  await closed;
  assertEquals(clock.pending, 0);
  server.close();
  await transport.close();
  assertEquals(clock.pending, 0);
});

Deno.test("Transport gives what arrives between close() and the end", async () => {
  const { socket, listener } = silentSocket();
  const transport = createTransport(socket, { clock: createVirtualClock() });
  void transport.close();
  listener().message(`{"type":"test.event","n":1}`);
  listener().close({ code: 1000, reason: "", wasClean: true });
  assertEquals(await readEvents(transport) as unknown, [{ type: "test.event", n: 1 }]);
});
