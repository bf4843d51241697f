import { assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import type { Codec } from "../../src/protocol/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../src/transport/memory.ts";
import type { SocketListener } from "../../src/transport/socket.ts";
import { createTransport } from "../../src/transport/socket_transport.ts";
import { MAX_UNREAD_CHARACTERS } from "../../src/transport/transport.ts";
import { collectGarbage } from "./_collect_garbage.ts";
import { readEvents } from "./contract.ts";

/** A socket whose peer is silent: nothing follows a close. */
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

Deno.test("createTransport() has a URL for messages, and the socket's bufferedAmount", () => {
  const { socket } = silentSocket();
  assertEquals(createTransport(socket).url, "memory:");
  assertEquals(createTransport(socket, { url: "wss://host/v1/realtime" }).url, "wss://host/v1/realtime");
  assertEquals(createTransport(socket).bufferedAmount, 7);
});

Deno.test("close() does not wait indefinitely for a silent peer", async () => {
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
  assertEquals(info, { code: 1006, reason: "", clean: true });
  assertEquals(await transport.closed, info);
  assertEquals(calls, [["close", 3000, "why"]]);
  assertEquals((await readEvents(transport)).length, 1);
});

Deno.test("close() ignores late events of a peer that has timed out", async () => {
  const { socket, listener } = silentSocket();
  const clock = createVirtualClock();
  const transport = createTransport(socket, { clock });
  void transport.close();
  await clock.advance(3000);
  listener().message(`{"type":"test.event"}`);
  listener().close({ code: 1000, reason: "" });
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

Deno.test("Transport delivers events that arrive between close() and the end", async () => {
  const { socket, listener } = silentSocket();
  const transport = createTransport(socket, { clock: createVirtualClock() });
  void transport.close();
  listener().message(`{"type":"test.event","n":1}`);
  listener().close({ code: 1000, reason: "" });
  assertEquals(await readEvents(transport) as unknown, [{ type: "test.event", n: 1 }]);
});

Deno.test("createTransport() passes frames to the codec, and binary ones unchanged", async () => {
  const { socket, calls, listener } = silentSocket();
  const frames: (string | Uint8Array)[] = [];
  const codec: Codec<{ type: "ping" }, { type: "pong"; size: number }> = {
    stringify: (event, options) => `${event.type} ${options?.check}`,
    read(frame) {
      frames.push(frame);
      return { type: "pong", size: frame.length };
    },
  };
  const transport = createTransport(socket, { codec, clock: createVirtualClock() });
  transport.send({ type: "ping" }, { check: false });
  assertEquals(calls, [["send", "ping false"]]);
  const bytes = new Uint8Array([0, 255]);
  listener().message(bytes);
  listener().message("abc");
  listener().close({ code: 1000, reason: "" });
  const events = await Array.fromAsync(transport.events);
  assertEquals(events, [{ type: "pong", size: 2 }, { type: "pong", size: 3 }]);
  assertStrictEquals(frames[0], bytes);
  assertEquals(frames.length, 2);
});

Deno.test("createTransport() states who plays the audio, and whether the session is shared", () => {
  const { socket } = silentSocket();
  const { playback, shared } = createTransport(socket, { playback: "server", shared: true });
  assertEquals([playback, shared], ["server", true]);
});

Deno.test("Transport redacts credentials in events and close reasons, in any encoding", async () => {
  const { socket, listener } = silentSocket();
  const key = "sk-canary/0123456789";
  const escaped = Array.from(key, (c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("");
  const transport = createTransport(socket, { secrets: [key], clock: createVirtualClock() });
  const frames = [
    `{"type":"error","event_id":"e","error":{"type":"t","message":"Incorrect API key provided: ${key}."}}`,
    `{"type":"brand.new.delta","deep":["${escaped}"]}`,
    `${key} is no JSON`,
    `{"type":"response.output_audio.delta","delta":5,"note":"${encodeURIComponent(key)}"}`,
  ];
  for (const frame of frames) {
    listener().message(frame);
    listener().message(new TextEncoder().encode(frame));
  }
  listener().message(`{"type":"test.event","text":"nothing of that kind"}`);
  listener().close({ code: 3000, reason: `invalid_request_error.${key}` });
  const events = await readEvents(transport);
  assertEquals(events.length, 9);
  assertEquals(events[8] as unknown, { type: "test.event", text: "nothing of that kind" });
  assertFalse(JSON.stringify(events).includes("canary"));
  assertFalse(JSON.stringify(events).includes(escaped.replaceAll("\\", "")));
  assertEquals(await transport.closed, { code: 3000, reason: "invalid_request_error.[API key]", clean: false });
});

Deno.test("Transport does not redact words of a conversation that equal a credential", async () => {
  const { socket, listener } = silentSocket();
  const transport = createTransport(socket, { secrets: ["test"], clock: createVirtualClock() });
  listener().message(`{"type":"brand.new","text":"This is a test."}`);
  listener().close({ code: 1000, reason: "" });
  assertEquals(await readEvents(transport) as unknown, [{ type: "brand.new", text: "This is a test." }]);
});

Deno.test("createTransport() has room for new events once those that waited are read", async () => {
  const { socket, listener } = silentSocket();
  const transport = createTransport(socket);
  assertStrictEquals(transport.events, transport.events);
  const frame = JSON.stringify({ type: "response.output_audio.delta", delta: "A".repeat(MAX_UNREAD_CHARACTERS / 8) });
  for (let count = 0; count < 9; count++) {
    listener().message(frame);
    assertEquals((await transport.read!()).value?.type, "response.output_audio.delta");
  }
  listener().close({ code: 1000, reason: "" });
  assertEquals((await transport.read!()).done, true);
});

Deno.test("createTransport() keeps no event that was read, nor the last one of a burst", async () => {
  const { socket, listener } = silentSocket();
  const transport = createTransport(socket);
  const events: WeakRef<object>[] = [];
  const readAll = async () => {
    for (let count = 0; count < 3; count++) events.push(new WeakRef((await transport.read!()).value!));
  };
  for (let count = 0; count < 3; count++) listener().message(`{"type":"brand.new","count":${count}}`);
  await readAll();
  await collectGarbage();
  assertEquals(events.map((event) => event.deref()), [undefined, undefined, undefined]);
  listener().message(`{"type":"brand.new"}`);
  assertEquals((await transport.read!()).value as unknown, { type: "brand.new" });
});
