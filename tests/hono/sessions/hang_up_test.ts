import { assertEquals } from "@std/assert";
import type { EdgeEvent, RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { answerAsTheApi, createEdge, type Edge, OFFER, POLICY, problemOf } from "../_edge.ts";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { createSidebands } from "./_sideband.ts";

/** A call whose hangups the test answers. */
async function begin(options: Partial<RealtimeAppOptions> = {}) {
  const hangups: PromiseWithResolvers<Response>[] = [];
  const ends: string[] = [];
  const edge = createEdge({
    onEvent: (event: EdgeEvent) => event.type === "call_ended" && ends.push(event.reason),
    ...options,
  }, ({ call }) => {
    if (!call.endsWith("/hangup")) return answerAsTheApi({ call });
    const hangup = Promise.withResolvers<Response>();
    hangups.push(hangup);
    return hangup.promise;
  });
  const response = await edge.post("/calls", OFFER, { "content-type": "application/sdp" });
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  const hangUp = () => edge.post("/calls/rtc_1/hangup", null, token);
  /** Answers the last hangup, with a status that no client tries again. */
  const answer = async (status: number) => {
    hangups.at(-1)?.resolve(new Response(null, { status }));
    await settle(edge);
  };
  return { edge, ends, hangups, hangUp, answer };
}

async function settle(edge: Edge): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await edge.clock.advance(0);
}

Deno.test("a limit reached during a page's hangup still applies when that fails", async () => {
  const { answer, edge, ends, hangUp, hangups } = await begin({ limits: { maxDurationMs: 60_000 } });
  await edge.clock.advance(59_000);
  const asked = hangUp();
  await settle(edge);
  await edge.clock.advance(1_000);
  await answer(400);
  assertEquals([await problemOf(await asked), ends], ["502 upstream_refused", []]);
  await edge.clock.advance(5_000);
  await settle(edge);
  assertEquals(hangups.length, 2);
  await answer(200);
  assertEquals(ends, ["max_duration"]);
});

Deno.test("a page's hangup triggers a pending hangup retry at once", async () => {
  const { answer, edge, ends, hangUp, hangups } = await begin({ limits: { maxDurationMs: 60_000 } });
  await edge.clock.advance(60_000);
  await settle(edge);
  await answer(400);
  assertEquals(hangups.length, 1);
  const refused = hangUp();
  await settle(edge);
  assertEquals(hangups.length, 2);
  await answer(400);
  assertEquals(await problemOf(await refused), "502 upstream_refused");
  const asked = hangUp();
  await settle(edge);
  await answer(200);
  assertEquals([(await asked).status, hangups.length, ends], [204, 3, ["hung_up"]]);
  await edge.clock.advance(600_000);
  await settle(edge);
  assertEquals(hangups.length, 3);
});

Deno.test("a failed hangup is retried four times, with growing delays", async () => {
  const { answer, edge, ends, hangups } = await begin({ limits: { maxDurationMs: 60_000 } });
  await edge.clock.advance(60_000);
  for (const pauseMs of [5_000, 15_000, 60_000, 300_000]) {
    await settle(edge);
    await answer(400);
    await edge.clock.advance(pauseMs - 1);
    const before = hangups.length;
    await edge.clock.advance(1);
    await settle(edge);
    assertEquals(hangups.length, before + 1);
  }
  assertEquals(ends, []);
  await answer(400);
  assertEquals(ends, ["max_duration"]);
});

Deno.test("close() hangs up a call whose hangup waits for a retry", async () => {
  let hangups = 0;
  let isDown = true;
  const app = createRealtimeApp({
    apiKey: CANARY,
    authorize: () => true,
    session: POLICY,
    onCall: () => Promise.reject(new Error("no room")),
    onError: () => {},
    fetch: (url) => {
      const call = `POST ${url.replace("https://api.openai.com/v1", "")}`;
      if (!call.endsWith("/hangup")) return Promise.resolve(answerAsTheApi({ call }));
      hangups++;
      return Promise.resolve(new Response(null, { status: isDown ? 400 : 200 }));
    },
  });
  const headers = { "content-type": "application/sdp" };
  assertEquals((await app.request("/calls", { method: "POST", headers, body: OFFER })).status, 500);
  assertEquals(hangups, 1);
  isDown = false;
  await app.close();
  assertEquals(hangups, 2);
});

Deno.test("close() hangs up a call whose hangup, for another reason, fails at that moment", async () => {
  const { answer, edge, ends, hangups } = await begin({ limits: { maxDurationMs: 20_000 } });
  await edge.clock.advance(20_000);
  await settle(edge);
  const closing = edge.close();
  await answer(400);
  assertEquals([hangups.length, ends], [2, []]);
  await answer(200);
  await closing;
  assertEquals([hangups.length, ends], [2, ["max_duration"]]);
});

Deno.test("a call that ends by itself while a hangup retry is pending has ended", async () => {
  const sidebands = createSidebands();
  const { answer, edge, ends, hangups } = await begin({
    dial: sidebands.dial,
    calls: { watch: true },
    limits: { maxDurationMs: 20_000 },
  });
  await edge.clock.advance(20_000);
  await settle(edge);
  await answer(400);
  sidebands.close(1000);
  await settle(edge);
  assertEquals(ends, ["max_duration"]);
  await edge.clock.advance(600_000);
  assertEquals(hangups.length, 1);
});

Deno.test("events that arrive while a hangup fails are metered, and their page stream continues", async () => {
  const sidebands = createSidebands();
  const { answer, edge, hangUp } = await begin({
    dial: sidebands.dial,
    calls: { watch: true },
    onEvent: (event: EdgeEvent) => event.type === "call_ended" && used.push(event.usage?.tokens),
  });
  const used: unknown[] = [];
  const asked = hangUp();
  await settle(edge);
  const usage = { output_tokens: 7 };
  sidebands.send({ type: "response.done", response: { id: "resp_1", status: "completed", output: [], usage } });
  await settle(edge);
  await answer(400);
  assertEquals((await asked).status, 502);
  sidebands.close(1000);
  await settle(edge);
  assertEquals(used, [7]);
});

Deno.test("a page that hangs up learns why its call has already ended or is about to end", async () => {
  const endOf = (response: Response) => [response.status, response.headers.get("x-realtime-call-ended")];
  const limited = await begin({ limits: { maxDurationMs: 60_000 } });
  await limited.edge.clock.advance(60_000);
  await settle(limited.edge);
  const during = limited.hangUp();
  await settle(limited.edge);
  await limited.answer(200);
  assertEquals(endOf(await during), [204, "max_duration"]);
  const after = limited.hangUp();
  await settle(limited.edge);
  await limited.answer(404);
  assertEquals(endOf(await after), [204, "max_duration"]);

  // The failed attempt still determines the reason.
  const slow = await begin({ limits: { maxDurationMs: 60_000 } });
  await slow.edge.clock.advance(60_000);
  await settle(slow.edge);
  await slow.answer(400);
  const retried = slow.hangUp();
  await settle(slow.edge);
  await slow.answer(200);
  assertEquals(endOf(await retried), [204, "max_duration"]);

  const own = await begin();
  const first = own.hangUp();
  await settle(own.edge);
  await own.answer(200);
  assertEquals(endOf(await first), [204, null]);
  const second = own.hangUp();
  await settle(own.edge);
  await own.answer(404);
  assertEquals(endOf(await second), [204, "hung_up"]);

  // Other callers get no information.
  const stranger = await own.edge.post("/calls/rtc_1/hangup", null, { "x-realtime-call-token": "guessed" });
  assertEquals(endOf(stranger), [403, null]);
});

Deno.test("two requests of a page that hang up a call of another server are one end", async () => {
  const gate = Promise.withResolvers<void>();
  const ends: string[] = [];
  const starter = createEdge();
  let hangUps = 0;
  const other = createEdge({
    onEvent: (event) => event.type === "call_ended" && ends.push(event.reason),
  }, async (request) => {
    if (++hangUps === 2) gate.resolve();
    await gate.promise;
    return answerAsTheApi(request);
  });
  const call = await starter.post("/calls", OFFER, { "content-type": "application/sdp" });
  const token = { "x-realtime-call-token": call.headers.get("x-realtime-call-token")! };
  const hangUp = async () => (await other.post("/calls/rtc_1/hangup", null, token)).status;
  assertEquals(await Promise.all([hangUp(), hangUp()]), [204, 204]);
  assertEquals(ends, ["hung_up"]);
});
