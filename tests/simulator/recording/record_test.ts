import { assertEquals, assertThrows } from "@std/assert";
import { toBytes } from "../../../src/audio/mod.ts";
import { connect } from "../../../src/connect.ts";
import { InvalidEventError } from "../../../src/errors.ts";
import type { ClientEvent } from "../../../src/protocol/mod.ts";
import { recordSocket, recordTransport } from "../../../src/simulator/recording/record.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import { createTransport } from "../../../src/transport/socket_transport.ts";
import { scripted, spoken } from "../_simulated_model.ts";
import { tone } from "../_sound.ts";

/** Lets everything happen that needs no time. */
const settle = () => createVirtualClock().advance(0);

Deno.test("recordSocket() records a whole session from either side, and changes nothing", async () => {
  const sides: Record<"client" | "server", string[]> = { client: [], server: [] };
  await using simulator = createSimulator({ pace: "fast", createModel: scripted([spoken("Hello!", 200)]).createModel });
  const session = await connect({
    apiKey: "sk-test",
    dial: async (request) => {
      const [client, near] = createMemorySocketPair();
      const far = recordSocket(await simulator.dial(request), { write: (line) => sides.client.push(line) });
      const seen = recordSocket(near, { write: (line) => sides.server.push(line), side: "server" });
      // A relay, so that a client's and a server's end of one connection can be recorded.
      seen.listen({ message: (data) => far.send(String(data)), close: ({ code }) => far.close(code) });
      far.listen({ message: (data) => seen.send(String(data)), close: ({ code }) => seen.close(code) });
      return client;
    },
  });
  const response = session.respond();
  assertEquals((await response.done).status, "completed");
  assertEquals(await response.audio(), toBytes(tone(200)));
  await session.close();
  await settle();
  const contents = (lines: readonly string[]) =>
    lines.map((line) => JSON.parse(line)).map(({ dir, event }) => [dir, event]);
  assertEquals(contents(sides.client), contents(sides.server));
  assertEquals(sides.client.map((line) => JSON.parse(line).by).filter(Boolean), ["client"]);
  assertEquals(contents(sides.client).slice(0, 4).map(([dir, event]) => `${dir} ${event.type}`), [
    "recv session.created",
    "sent session.update",
    "recv session.updated",
    "sent response.create",
  ]);
});

Deno.test("recordSocket() knows which side has ended the connection", async () => {
  for (const side of ["client", "server"] as const) {
    for (const ends of ["client", "server"] as const) {
      const [near, far] = createMemorySocketPair();
      const lines: string[] = [];
      const recorded = recordSocket(near, { write: (line) => lines.push(line), side });
      for (const socket of [recorded, far]) socket.listen({ message() {}, close() {} });
      (side === ends ? recorded : far).close(3001);
      await settle();
      assertEquals(lines.map((line) => JSON.parse(line).by), [ends]);
    }
  }
});

Deno.test("recordTransport() records sent and received events, and passes on errors and the end", async () => {
  const [client, server] = createMemorySocketPair();
  const lines: Record<string, unknown>[] = [];
  const inner = createTransport(client, { url: "wss://here.example/" });
  const transport = recordTransport(inner, { write: (line) => lines.push(JSON.parse(line)) });
  let refused: unknown;
  try {
    transport.send({ type: "response.destroy" } as unknown as ClientEvent);
  } catch (error) {
    refused = error;
  }
  transport.send({ type: "response.create", response: { instructions: undefined, output_modalities: ["text"] } });
  for (const frame of ['{"type":"server.strange"}', "garbage", '{"type":"response.done","response":7}']) {
    server.send(frame);
  }
  server.close(1001, "late");
  const types: string[] = [];
  for await (const event of transport.events) types.push(event.type);
  const close = await transport.closed;
  await settle();
  assertEquals([(refused as Error).name, transport.url, close.code], [
    "InvalidEventError",
    "wss://here.example/",
    1001,
  ]);
  assertThrows(() => transport.check?.({ type: "response.destroy" } as unknown as ClientEvent), InvalidEventError);
  assertEquals(types, ["server.strange", "malformed_event", "malformed_event"]);
  assertEquals(lines.map(({ at_ms: _, ...line }) => line), [
    { dir: "sent", event: { type: "response.create", response: { output_modalities: ["text"] } } },
    { dir: "recv", event: { type: "server.strange" } },
    { dir: "recv", frame: "garbage" },
    { dir: "recv", event: { type: "response.done", response: 7 } },
    { dir: "close", code: 1001, reason: "late", by: "server" },
  ]);
});

Deno.test("recordTransport() records the end of a connection whose events are no longer read", async () => {
  const [client] = createMemorySocketPair();
  const lines: string[] = [];
  const transport = recordTransport(createTransport(client), { write: (line) => lines.push(line) });
  await transport.events.cancel();
  await transport.close(3001, "enough");
  await settle();
  const { at_ms: _, ...line } = JSON.parse(lines[0]!);
  assertEquals([line, lines.length], [{ dir: "close", code: 3001, reason: "enough", by: "client" }, 1]);
});
