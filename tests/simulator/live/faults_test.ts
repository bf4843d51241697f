import { assert, assertEquals } from "@std/assert";
import type { Fault, SimulatedFrame } from "../../../src/simulator/mod.ts";
import { type Frame, only, typesOf } from "../_client.ts";
import { LiveClient, withoutAudio } from "./_live_client.ts";

Deno.test("faults apply and frames are reported, as for Realtime", async () => {
  const told: SimulatedFrame[] = [];
  const client = await LiveClient.connect({ onFrame: (frame) => told.push(frame) });
  await client.ask({ type: "session.start", session: { model: "gpt-live-1" } });
  client.session.fault({ type: "drop", at: "session.output_audio.delta" });
  await client.hear(100);
  assertEquals(client.closed?.code, 1006);
  assertEquals(told.map(({ from }) => from), ["client", "server", "client", "server"]);
  assertEquals(new Set(told.map(({ sessionId }) => sessionId)).size, 1);
  const spoilt = await LiveClient.connect({ live: { faults: [{ type: "drop", at: "session.started", code: 1011 }] } });
  await spoilt.ask({ type: "session.start", session: { model: "gpt-live-1" } });
  assertEquals(spoilt.closed?.code, 1011);
  const own = await LiveClient.started();
  own.session.send(`{"type":"session.rested"}`);
  assertEquals(withoutAudio(await own.wait(0)), [{ type: "session.rested" }]);
  own.session.end("content");
  assertEquals(only(await own.wait(0), "session.closed").reason, "content");
});

Deno.test("a session that expires by a fault ends as after two hours, whenever that is", async () => {
  const cases: [fault: Fault, types: string[], code: number][] = [
    [{ type: "expire", afterMs: 150 }, ["session.started", "session.closed"], 1000],
    [{ type: "expire", at: "session.started" }, ["session.closed"], 1000],
    [{ type: "expire", at: "session.output_audio.delta" }, ["session.started", "session.closed"], 1000],
    [{ type: "expire", afterMs: 150, announces: false }, ["session.started"], 1001],
    [{ type: "expire" }, [], 1000],
  ];
  for (const [fault, types, code] of cases) {
    const client = await LiveClient.connect({ live: { faults: [fault] } });
    if (!client.closed) client.send({ type: "session.start", session: { model: "gpt-live-1" } });
    await client.wait(0);
    if (!client.closed) await client.hear(200);
    assertEquals([typesOf(withoutAudio(client.received)), client.closed?.code], [types, code], JSON.stringify(fault));
    for (const { reason, type } of client.received) assert(type !== "session.closed" || reason === "expired");
    assertEquals([client.simulator.liveSessions, client.clock.pending], [[], 0]);
  }
});

Deno.test("a list of faults for all sessions includes those of the Live API, unless they have their own", async () => {
  const drop: Fault = { type: "drop", at: "session.started", code: 1011 };
  const cases: [options: object, code: number | undefined][] = [
    [{ faults: [drop] }, 1011],
    [{ faults: () => [drop] }, undefined],
    [{ faults: [drop], live: { faults: [] } }, undefined],
    [{ faults: [drop], live: { faults: [{ ...drop, code: 1013 }] } }, 1013],
  ];
  for (const [options, code] of cases) {
    const client = await LiveClient.connect(options);
    await client.ask({ type: "session.start", session: { model: "gpt-live-1" } });
    assertEquals(client.closed?.code, code);
  }
});

Deno.test("a drop at any event leaves no timer behind", async () => {
  for (const at of ["session.started", "session.usage.updated"]) {
    const client = await LiveClient.connect({ live: { faults: [{ type: "drop", at }] } });
    client.send({ type: "session.start", session: { model: "gpt-live-1" } });
    await client.wait(15_000);
    assertEquals([client.closed?.code, client.clock.pending], [1006, 0], at);
  }
});

Deno.test("no_credit refuses the start of a session, which closes its socket two seconds later", async () => {
  const client = await LiveClient.connect({ live: { faults: [{ type: "no_credit" }] } });
  const [error] = await client.ask({ type: "session.start", event_id: "e", session: { model: "gpt-live-1" } });
  assertEquals([error?.type, (error?.error as Frame).code, error?.client_event_id], [
    "error",
    "credit_balance_exhausted",
    undefined,
  ]);
  assertEquals([await client.wait(1_999), client.closed], [[], undefined]);
  await client.wait(1);
  assertEquals(client.closed?.code, 1008);
});
