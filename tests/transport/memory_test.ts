import { assertEquals } from "@std/assert";
import { createMemorySocketPair } from "../../src/transport/memory.ts";
import type { Socket, SocketEnd, SocketListener } from "../../src/transport/socket.ts";
import { createTransport } from "../../src/transport/socket_transport.ts";
import { collectFrames } from "./_frames.ts";
import { type Link, testTransport } from "./contract.ts";

/** A memory socket carries text only; bytes are handed to the listener directly. */
function connect(): Promise<Link> {
  const [client, server] = createMemorySocketPair();
  const { push, end, frames } = collectFrames();
  const closed = Promise.withResolvers<SocketEnd>();
  server.listen({
    message: (data) => push(String(data)),
    close(info) {
      end();
      closed.resolve(info);
    },
  });
  let listener!: SocketListener;
  const transport = createTransport({
    bufferedAmount: 0,
    send: (data) => client.send(data),
    close: (code, reason) => client.close(code, reason),
    listen: (newListener) => client.listen(listener = newListener),
  });
  return Promise.resolve({
    transport,
    send: (data) => typeof data === "string" ? server.send(data) : queueMicrotask(() => listener.message(data)),
    frames,
    close: (code, reason) => server.close(code, reason),
    closed: closed.promise,
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  });
}

testTransport("The memory transport", connect);

/** Listens to a socket and records its events. */
function record(socket: Socket): (string | SocketEnd)[] {
  const heard: (string | SocketEnd)[] = [];
  socket.listen({ message: (data) => heard.push(String(data)), close: (info) => heard.push(info) });
  return heard;
}

async function microtasks(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

Deno.test("createMemorySocketPair() delivers in a later microtask, never within send(), close() or listen()", async () => {
  const [left, right] = createMemorySocketPair();
  const heard = record(right);
  left.send("a");
  left.close(1000, "bye");
  assertEquals(heard, []);
  await microtasks();
  assertEquals(heard, ["a", { code: 1000, reason: "bye" }]);
});

Deno.test("createMemorySocketPair() keeps events that arrive before listen(), including the end", async () => {
  const [left, right] = createMemorySocketPair();
  left.send("a");
  left.send("b");
  left.close(4000, "no");
  await microtasks();
  const heard = record(right);
  assertEquals(heard, []);
  await microtasks();
  assertEquals(heard, ["a", "b", { code: 4000, reason: "no" }]);
});

Deno.test("createMemorySocketPair() reports a close once on both ends, with code 1005 by default", async () => {
  const [left, right] = createMemorySocketPair();
  const [heardLeft, heardRight] = [record(left), record(right)];
  left.close();
  right.close(1000);
  left.close(1001);
  left.send("late");
  right.send("late");
  await microtasks();
  const info = { code: 1005, reason: "" };
  assertEquals([heardLeft, heardRight], [[info], [info]]);
});

Deno.test("createMemorySocketPair() continues after a listener that sends and closes within message()", async () => {
  const [left, right] = createMemorySocketPair();
  const heard = record(left);
  right.listen({
    message(data) {
      right.send(`echo ${data}`);
      if (data === "b") right.close(1000);
    },
    close() {},
  });
  left.send("a");
  left.send("b");
  left.send("c");
  await microtasks();
  assertEquals(heard, ["echo a", "echo b", { code: 1000, reason: "" }]);
});

Deno.test("createMemorySocketPair() shortens a reason that is too long for a close frame, and keeps the code", async () => {
  const [left, right] = createMemorySocketPair();
  const heard = [record(left), record(right)];
  left.close(4000, "é".repeat(100));
  await microtasks();
  const end = { code: 4000, reason: "é".repeat(61) };
  assertEquals(heard, [[end], [end]]);
});
