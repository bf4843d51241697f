import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, RealtimeApiError } from "../../src/errors.ts";
import { Opening } from "../../src/_recovery/opening.ts";
import { createVirtualClock } from "../../src/simulator/mod.ts";
import { createMemorySocketPair, createTransport } from "../../src/transport/mod.ts";
import { stateOf } from "../session/_fake_server.ts";

const settle = () => new Promise((resolve) => setTimeout(resolve));

/** A connection on which a configuration was sent, with the server's side of it. */
async function configuring(...early: string[]) {
  const [socket, server] = createMemorySocketPair();
  const sent: { readonly type: string }[] = [];
  server.listen({ message: (data) => void sent.push(JSON.parse(String(data))), close() {} });
  const transport = createTransport(socket, { clock: createVirtualClock() });
  const opening = new Opening(transport, () => "event_1", 0);
  for (const frame of early) server.send(frame);
  const configured = opening.configure({ instructions: "Be brief." });
  configured.catch(() => {});
  await settle();
  return { configured, opening, sent, server, transport };
}

const CREATED = `{"type":"session.created","session":{}}`;
const refusal = (eventId?: string) =>
  JSON.stringify({ type: "error", error: { message: "No quota", code: "insufficient_quota", event_id: eventId } });

Deno.test("Opening.configure() keeps frames that are no events, and waits for session.created", async () => {
  const { opening, sent } = await configuring("[]", "no JSON");
  assertEquals([sent.length, opening.first.map(({ type }) => type)], [0, ["malformed_event", "malformed_event"]]);
});

Deno.test("Opening.configure() rejects at once when the server refuses the configuration", async () => {
  const { configured, server } = await configuring(CREATED);
  server.send(refusal("event_2"));
  await settle();
  assertEquals(await stateOf(configured), "pending");
  server.send(refusal("event_1"));
  const { code } = await assertRejects(() => configured, RealtimeApiError, "No quota");
  assertEquals(code, "insufficient_quota");
});

Deno.test("Opening.configure() rejects with the last error of a server that ends the connection", async () => {
  const cases = [[[], "No entry"], [[refusal()], "No quota"]] as const;
  for (const [errors, reason] of cases) {
    const { configured, server, transport } = await configuring(CREATED);
    for (const error of errors) server.send(error);
    server.close(1011, "No entry");
    const { cause, close, kind, message, url } = await assertRejects(() => configured, ConnectionError);
    assertEquals([kind, url, close?.code], ["closed", transport.url, 1011]);
    assert(message.endsWith(`with code 1011: ${reason}`), message);
    assertEquals((cause as Error | undefined)?.message, errors[0] && "No quota");
  }
});
