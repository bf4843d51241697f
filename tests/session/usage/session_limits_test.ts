import { assertEquals, assertThrows } from "@std/assert";
import { LIMIT_GRACE_MS, Session, type SessionLimits, usagePart } from "../../../src/session/mod.ts";
import { VoiceSession } from "../../../src/voice/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import {
  collect,
  FakeServer,
  type Frame,
  functionCallEvents,
  open,
  openResponding,
  output,
  responseDone,
} from "../_fake_server.ts";

const PRICES = { "": { "text output": 1_000_000 } };

Deno.test("limits.maxDurationMs ends the session, and emits an event", async () => {
  const { server, session } = await open({ limits: { maxDurationMs: 60_000 } });
  const events = collect(session, "limit_reached");
  await server.clock.advance(59_999);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(1);
  assertEquals(events, [{ type: "limit_reached", limit: "maxDurationMs" }]);
  assertEquals((await session.closed).code, 1000);
  assertEquals(server.clock.pending, 0);
});

Deno.test("a limit lets the active response end first", async () => {
  const { server, session, handle } = await openResponding({ limits: { maxDurationMs: 1000 } });
  await server.clock.advance(5000);
  assertEquals(server.closeCode, undefined);
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals([(await handle.done).status, (await session.closed).code], ["completed", 1000]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("a limit waits for a response at most for the grace period", async () => {
  const { server, session, handle } = await openResponding({ limits: { maxDurationMs: 1000 } });
  await server.clock.advance(1000 + LIMIT_GRACE_MS - 1);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(1);
  assertEquals([(await handle.done).status, (await session.closed).code], ["lost", 1000]);
});

Deno.test("limits.idleMs counts from the last activity of either side", async () => {
  const { server, session } = await open({ limits: { idleMs: 10_000 } });
  const events = collect(session, "limit_reached");
  await server.clock.advance(9000);
  server.emit(output("response.output_text.delta", "resp_1", { delta: "Hi" }));
  await server.clock.advance(9999);
  // These two are not activity.
  server.emit({ type: "rate_limits.updated", rate_limits: [] }, { type: "session.updated", session: {} });
  assertEquals(events.length, 0);
  await server.clock.advance(1);
  assertEquals(events, [{ type: "limit_reached", limit: "idleMs" }]);
});

for (
  const [who, started, stopped] of [
    ["the user speaks", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"],
    ["the server plays the model's speech", "output_audio_buffer.started", "output_audio_buffer.stopped"],
    ["the server plays speech that is then cut", "output_audio_buffer.started", "output_audio_buffer.cleared"],
  ]
) {
  Deno.test(`limits.idleMs does not end the session while ${who}`, async () => {
    const { server } = await open({ limits: { idleMs: 10_000 } });
    server.emit({ type: started }, { type: "rate_limits.updated", rate_limits: [] });
    await server.clock.advance(65_000);
    assertEquals(server.closeCode, undefined);
    server.emit({ type: stopped });
    await server.clock.advance(9999);
    assertEquals(server.closeCode, undefined);
    await server.clock.advance(10_001);
    assertEquals(server.closeCode, 1000);
  });
}

Deno.test("limits.idleMs ends a session whose new connection does not report the end of the speech", async () => {
  for (const type of ["input_audio_buffer.speech_started", "output_audio_buffer.started"]) {
    const { server } = await open({ limits: { idleMs: 10_000 } });
    server.emit({ type }, { type: "session.created", session: {} });
    await server.clock.advance(10_000);
    assertEquals(server.closeCode, 1000, type);
  }
});

Deno.test("limits.maxCostUsd ends the session with the response that reaches it", async () => {
  const { server, session } = await open({ limits: { maxCostUsd: 10, prices: PRICES } });
  const events = collect(session, "limit_reached");
  server.emit(responseDone("resp_1", { usage: { output_tokens: 9 } }));
  await server.settle();
  assertEquals(events.length, 0);
  server.emit(responseDone("resp_2", { usage: { output_tokens: 1 } }));
  await server.settle();
  assertEquals(events, [{ type: "limit_reached", limit: "maxCostUsd" }]);
  assertEquals(server.closeCode, 1000);
});

Deno.test("limits.maxCostUsd treats a missing price as the limit reached, and throws without any prices", async () => {
  const { server } = await open({ limits: { maxCostUsd: 10, prices: PRICES } });
  server.emit(responseDone("resp_1", { usage: { input_tokens: 1 } }));
  await server.settle();
  assertEquals(server.closeCode, 1000);
  const limits: SessionLimits = { maxCostUsd: 1 };
  assertThrows(() => new Session(new FakeServer().transport, { limits }), TypeError, "no prices");
});

Deno.test("a limit that is negative or not a number is rejected, rather than reached at once", () => {
  for (const name of ["idleMs", "maxCostUsd", "maxDurationMs"] as const) {
    for (const value of [-1, NaN, null, "soon", 1n]) {
      const limits = { prices: PRICES, hangUp: () => {}, [name]: value as number };
      const server = new FakeServer();
      const Fault = typeof value === "number" ? RangeError : TypeError;
      const found = value === "soon" ? "of type String" : value === 1n ? "of type BigInt" : value;
      const message = `limits.${name} must be a number >= 0: current value is ${found}`;
      assertThrows(() => new Session(server.transport, { limits }), Fault, message);
      assertThrows(() => usagePart({ limits }), Fault, message);
    }
  }
  usagePart({ limits: { idleMs: 0, maxCostUsd: 0, maxDurationMs: Infinity, prices: PRICES, hangUp: () => {} } });
});

Deno.test("limits stop when the session ends", async () => {
  const { server, session } = await open({ limits: { maxDurationMs: 60_000, idleMs: 10_000 } });
  await session.close();
  assertEquals(server.clock.pending, 0);
});

Deno.test("limits.hangUp ends the call after the response, and before the connection closes", async () => {
  const hungUp = Promise.withResolvers<void>();
  let calls = 0;
  const hangUp = () => {
    calls++;
    return hungUp.promise;
  };
  const { server, session } = await openResponding({ limits: { maxDurationMs: 1000, hangUp } });
  await server.clock.advance(2000);
  assertEquals([calls, server.closeCode], [0, undefined]);
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals([calls, server.closeCode], [1, undefined]);
  hungUp.resolve();
  await server.settle();
  assertEquals([calls, (await session.closed).code], [1, 1000]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("limits.hangUp that fails or hangs is reported, and the connection still closes", async () => {
  const ways: readonly (readonly [hangUp: () => unknown, name: string, waitMs: number])[] = [
    [() => Promise.reject(new RangeError("No such call")), "RangeError", 0],
    [
      () => {
        throw new RangeError("No such call");
      },
      "RangeError",
      0,
    ],
    [() => new Promise(() => {}), "TimeoutError", LIMIT_GRACE_MS],
  ];
  for (const [hangUp, name, waitMs] of ways) {
    const { server, session } = await open({ sideband: true, limits: { idleMs: 1000, hangUp } });
    const events = collect(session, "limit_reached", "listener_failed") as Frame[];
    await server.clock.advance(1000 + waitMs);
    assertEquals(server.closeCode, 1000);
    assertEquals(events.map(({ type, eventType, error }) => eventType ? `${eventType} ${error.name}` : type), [
      "limit_reached",
      `limit_reached ${name}`,
    ]);
  }
});

Deno.test("limits.hangUp is not called when the session ends for another reason", async () => {
  let calls = 0;
  const { server, session } = await open({ limits: { maxDurationMs: 1000, hangUp: () => calls++ } });
  await session.close();
  await server.clock.advance(2000);
  assertEquals(calls, 0);
});

Deno.test("a voice session emits limit_reached, too", async () => {
  const { server, session } = await open({ limits: { maxDurationMs: 1000 } });
  const voice = new VoiceSession(session, { clock: server.clock });
  const limits: string[] = [];
  voice.on("limit_reached", ({ limit }) => limits.push(limit));
  await server.clock.advance(1000);
  await voice.closed;
  assertEquals(limits, ["maxDurationMs"]);
});

Deno.test("limits.idleMs counts from the end of the model's speech, which is sent faster than it plays", async () => {
  const { server, session } = await open({ limits: { idleMs: 10_000 } });
  const speech = (ms: number) => output("response.output_audio.delta", "resp_1", { delta: btoa("\0".repeat(48 * ms)) });
  server.emit(speech(20_000), speech(10_000), responseDone("resp_1"));
  await server.clock.advance(39_999);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(1);
  assertEquals((await session.closed).code, 1000);

  const cut = await open({ limits: { idleMs: 10_000 } });
  cut.server.emit(speech(30_000));
  await cut.server.clock.advance(5000);
  cut.server.emit({ type: "conversation.item.truncated", item_id: "resp_1_item", audio_end_ms: 5000 });
  await cut.server.clock.advance(9999);
  assertEquals(cut.server.closeCode, undefined);
  await cut.server.clock.advance(15_000);
  assertEquals(cut.server.closeCode, 1000);

  const telephone = await open({ limits: { idleMs: 10_000 } });
  const format = { type: "audio/pcmu" };
  telephone.server.emit({ type: "session.updated", session: { audio: { output: { format } } } }, speech(5000));
  await telephone.server.clock.advance(39_999);
  assertEquals(telephone.server.closeCode, undefined);
  await telephone.session.close();
});

Deno.test("limits.idleMs does not end the session while the model generates or a tool runs", async () => {
  const done = Promise.withResolvers<number>();
  const tools = [defineTool({ name: "slow", run: () => done.promise })];
  const { server, session } = await openResponding({ limits: { idleMs: 3000 }, tools });
  await server.clock.advance(8000);
  assertEquals(server.closeCode, undefined);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"));
  await server.clock.advance(60_000);
  assertEquals(server.closeCode, undefined);
  done.resolve(1);
  await server.settle();
  server.emit({ type: "conversation.item.added", item: server.last("conversation.item.create").item });
  server.create("resp_2");
  await server.settle();
  server.emit(responseDone("resp_2"));
  await server.clock.advance(2999);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(4000);
  assertEquals((await session.closed).code, 1000);
});

Deno.test("limit_reached is emitted once, even if another limit is reached while the session ends", async () => {
  const limits = { maxDurationMs: 1000, idleMs: 1000, maxCostUsd: 10, prices: PRICES };
  const { server, session } = await openResponding({ limits });
  const events = collect(session, "limit_reached");
  await server.clock.advance(2000);
  server.emit(responseDone("resp_2", { usage: { output_tokens: 20 } }));
  server.emit(responseDone("resp_3", { usage: { output_tokens: 20 } }));
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals(events, [{ type: "limit_reached", limit: "maxDurationMs" }]);
  await session.closed;
});
