import { assertEquals, assertThrows } from "@std/assert";
import { LIMIT_GRACE_MS, Session, type SessionLimits } from "../../src/session/mod.ts";
import { collect, FakeServer, open, openResponding, output, responseDone } from "./_fake_server.ts";

const PRICES = { "": { "text output": 1_000_000 } };

Deno.test("limits.maxDurationMs ends the session, and the application is told", async () => {
  const { server, session } = await open({ limits: { maxDurationMs: 60_000 } });
  const events = collect(session, "limit_reached");
  await server.clock.advance(59_999);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(1);
  assertEquals(events, [{ type: "limit_reached", limit: "maxDurationMs" }]);
  assertEquals((await session.closed).code, 1000);
  assertEquals(server.clock.pending, 0);
});

Deno.test("a limit lets the response that is being made end first", async () => {
  const { server, session, handle } = await openResponding({ limits: { maxDurationMs: 1000 } });
  await server.clock.advance(5000);
  assertEquals(server.closeCode, undefined);
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals([(await handle.done).status, (await session.closed).code], ["completed", 1000]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("a limit waits for a response no longer than the grace", async () => {
  const { server, session, handle } = await openResponding({ limits: { maxDurationMs: 1000 } });
  await server.clock.advance(1000 + LIMIT_GRACE_MS - 1);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(1);
  assertEquals([(await handle.done).status, (await session.closed).code], ["lost", 1000]);
});

Deno.test("limits.idleMs counts from the last thing that somebody said or did", async () => {
  const { server, session } = await open({ limits: { idleMs: 10_000 } });
  const events = collect(session, "limit_reached");
  await server.clock.advance(9000);
  server.emit(output("response.output_text.delta", "resp_1", { delta: "Hi" }));
  await server.clock.advance(9999);
  // These two are no activity of anybody.
  server.emit({ type: "rate_limits.updated", rate_limits: [] }, { type: "session.updated", session: {} });
  assertEquals(events.length, 0);
  await server.clock.advance(1);
  assertEquals(events, [{ type: "limit_reached", limit: "idleMs" }]);
});

Deno.test("limits.idleMs does not end the session while the user speaks", async () => {
  const { server } = await open({ limits: { idleMs: 10_000 } });
  server.emit({ type: "input_audio_buffer.speech_started", item_id: "a" });
  await server.clock.advance(60_000);
  assertEquals(server.closeCode, undefined);
  server.emit({ type: "input_audio_buffer.speech_stopped", item_id: "a" });
  await server.clock.advance(9999);
  assertEquals(server.closeCode, undefined);
  await server.clock.advance(10_001);
  assertEquals(server.closeCode, 1000);
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

Deno.test("limits.maxCostUsd takes a price that is missing for one that is too high, or refuses to begin", async () => {
  const { server } = await open({ limits: { maxCostUsd: 10, prices: PRICES } });
  server.emit(responseDone("resp_1", { usage: { input_tokens: 1 } }));
  await server.settle();
  assertEquals(server.closeCode, 1000);
  const limits: SessionLimits = { maxCostUsd: 1 };
  assertThrows(() => new Session(new FakeServer().transport, { limits }), TypeError, "no prices");
});

Deno.test("limits are not watched any more when the session has ended", async () => {
  const { server, session } = await open({ limits: { maxDurationMs: 60_000, idleMs: 10_000 } });
  await session.close();
  assertEquals(server.clock.pending, 0);
});
