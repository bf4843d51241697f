import { assertEquals } from "@std/assert";
import { type DialectFrame, openSession, withDialect } from "../../../src/session/mod.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import { createTransport } from "../../../src/transport/socket_transport.ts";

const REQUEST = {
  url: new URL("wss://fake.example/v1/realtime"),
  headers: new Headers(),
  protocols: [],
  signal: new AbortController().signal,
};

Deno.test("withDialect() lets a session talk to a server that uses the beta names", async () => {
  const [client, server] = createMemorySocketPair();
  const emit = (event: DialectFrame) => server.send(JSON.stringify(event));
  const received: string[] = [];
  server.listen({
    message: (frame) => {
      const { type, item } = JSON.parse(String(frame));
      received.push(type);
      if (type === "session.update") emit({ type: "session.updated", session: { type: "realtime" } });
      if (type === "conversation.item.create") emit({ type: "conversation.item.created", item });
      if (type !== "response.create") return;
      const place = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
      emit({ type: "response.created", response: { id: "resp_1" } });
      emit({ type: "response.audio_transcript.delta", ...place, delta: "Good " });
      emit({ type: "response.audio_transcript.delta", ...place, delta: "day" });
      emit({ type: "response.audio.delta", ...place, delta: "AAAA" });
      emit({ type: "response.done", response: { id: "resp_1", status: "completed" } });
    },
    close: () => {},
  });
  emit({ type: "session.created", session: { type: "realtime" } });
  const dial = withDialect(() => Promise.resolve(client), {
    toServer: (frame) => frame,
    fromServer: (frame) => ({
      ...frame,
      type: String(frame.type).replace("response.audio", "response.output_audio").replace("item.created", "item.added"),
    }),
  });
  const session = await openSession(createTransport(await dial(REQUEST), { url: `${REQUEST.url}` }));
  await session.sendMessage("Hi");
  const handle = session.respond();
  assertEquals([await handle.transcript(), (await handle.audio()).length], ["Good day", 3]);
  assertEquals(received, ["session.update", "conversation.item.create", "response.create"]);
  await session.close();
});

Deno.test("withDialect() maps sent events, and passes on frames that are not JSON objects", async () => {
  const [client, server] = createMemorySocketPair();
  const dial = withDialect(() => Promise.resolve(client), {
    toServer: (frame) => ({ ...frame, type: `their.${frame.type}` }),
    fromServer: () => ({ type: "ours" }),
  });
  const socket = await dial(REQUEST);
  const sent = new Promise((resolve) => server.listen({ message: resolve, close: () => {} }));
  socket.send(`{"type":"x"}`);
  assertEquals(await sent, `{"type":"their.x"}`);
  const arrived: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.listen({ message: (frame) => arrived.push(frame), close: () => resolve() });
  for (const frame of ["no JSON", "[1]", "null", `{"a":1}`]) server.send(frame);
  const text = (json: string) => new TextEncoder().encode(json);
  const binary = [new Uint8Array(2), text("[1]"), text("{broken"), new Uint8Array([0x7b, 0xff, 0x7d])];
  for (const frame of [...binary, text(` {"type":"theirs"}`)]) server.send(frame as never);
  server.close();
  await promise;
  assertEquals(arrived, ["no JSON", "[1]", "null", `{"type":"ours"}`, ...binary, `{"type":"ours"}`]);
});

Deno.test("withDialect() reports a frame that its dialect cannot read", async () => {
  const [client, server] = createMemorySocketPair();
  const dial = withDialect(() => Promise.resolve(client), {
    toServer: (frame) => frame,
    fromServer: () => {
      throw new TypeError("What is this?");
    },
  });
  const transport = createTransport(await dial(REQUEST), { url: `${REQUEST.url}` });
  server.listen({ message: () => {}, close: () => {} });
  server.send(`{"type":"their.event"}`);
  const { value } = await transport.events.getReader().read();
  const frame = { type: "their.event" };
  assertEquals(value as unknown, { type: "dialect_failed", message: "TypeError: What is this?", frame });
  await transport.close();
});
