import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { connect } from "../../../src/connect.ts";
import type { Session, SessionEvent } from "../../../src/session/mod.ts";
import { denoUpgrade } from "../../../src/simulator/upgrade/deno_upgrade.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock, type VirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { acceptance, joinBytes, serveRaw, textFrame } from "../../transport/_raw_server.ts";

// Server behaviour beyond upgrade helpers: the server decides on every byte.

const CREATED = textFrame('{"type":"session.created","event_id":"event_1","session":{"type":"realtime"}}');
const UPDATED = textFrame('{"type":"session.updated","event_id":"event_2","session":{"type":"realtime"}}');
const STRANGE = textFrame('{"type":"server.strange","event_id":"event_3"}');

interface Opened {
  readonly session: Session;
  readonly clock: VirtualClock;
}

/** Connects to a server that sends `greeting` with the answer to the handshake, `segments` at a time, and answers the update. */
async function openRaw(
  greeting: readonly Uint8Array<ArrayBuffer>[],
  segmentBytes: number,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  await using server = serveRaw(async ({ head, connection }) => {
    connection.setNoDelay(true);
    const bytes = joinBytes(await acceptance(head), ...greeting);
    for (let start = 0; start < bytes.length; start += segmentBytes) {
      await connection.write(bytes.subarray(start, start + segmentBytes));
    }
    // The client's first frame is its session.update.
    await connection.read(new Uint8Array(4096));
    await connection.write(UPDATED);
  });
  const clock = createVirtualClock();
  const session = await connect({ apiKey: "sk-test", baseUrl: server.baseUrl, clock, recovery: false });
  await use({ session, clock });
}

Deno.test("connect() loses no event that arrives with the handshake or in pieces", async () => {
  for (const segmentBytes of [Infinity, 7]) {
    await openRaw([CREATED, STRANGE], segmentBytes, async ({ session, clock }) => {
      const events = session.events();
      const types: string[] = [];
      for (let count = 0; count < 3; count++) types.push((await events.next()).value?.type);
      assertEquals(types, ["session.created", "server.strange", "session.updated"]);
      const closed = session.close();
      await clock.advance(3000);
      await closed;
    });
  }
});

Deno.test("Session.close() does not wait indefinitely for a silently dead server", async () => {
  await openRaw([CREATED], Infinity, async ({ session, clock }) => {
    const done = session.respond().done;
    const closed = session.close();
    await clock.advance(3000);
    assertEquals(await closed, { code: 1006, reason: "", clean: true });
    assertEquals((await done).status, "lost");
    assertEquals(clock.pending, 0);
  });
});

Deno.test("Faults have the same effect over a real socket as in memory", async () => {
  const simulator = createSimulator({
    pace: "fast",
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
    faults: [
      { type: "binary", times: Infinity },
      { type: "garbage", frame: "garbage", at: "session.updated" },
      { type: "garbage", frame: new Uint8Array([255]), at: "session.updated" },
      { type: "huge", at: "response.created" },
      { type: "drop", at: "response.done" },
    ],
  });
  const server = Deno.serve({ port: 0, onListen() {} }, simulator.fetch);
  const session = await connect({
    recovery: false,
    apiKey: "sk-test",
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    outputModalities: ["text"],
  });
  const seen: SessionEvent[] = [];
  const reading = (async () => {
    for await (const event of session.events()) seen.push(event);
  })();
  // An unclean end is an event, and is also thrown to readers.
  const ending = assertRejects(() => reading, ConnectionError);
  assertEquals((await session.respond().done).status, "lost");
  assertEquals((await session.closed).code, 1006);
  await ending;
  const raws = seen.flatMap((event) => event.type === "malformed_event" && "raw" in event ? [event.raw] : []);
  assertEquals(raws, ["garbage", "\ufffd"]);
  assertEquals(seen.filter(({ type }) => (type as string) === "simulator.huge").length, 1);
  assertEquals(seen.slice(-2).map(({ type }) => type), ["response.output_item.done", "closed"]);
  await simulator.close();
  await server.shutdown();
});
