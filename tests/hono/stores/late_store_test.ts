import { assertEquals } from "@std/assert";
import { memoryStore, type RealtimeStore } from "../../../src/hono/mod.ts";
import { createEdge, NOW, OFFER, problemOf } from "../_edge.ts";

const SDP = { "content-type": "application/sdp" };

/** A store whose first attempts to take a place are made only when the gate opens, long after they have timed out. */
function lateStore(attempts: number) {
  const store = memoryStore({ now: () => NOW });
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const late: Promise<unknown>[] = [];
  const slow: RealtimeStore = {
    ...store,
    hold(key, holder, options) {
      if (late.length === attempts) return store.hold(key, holder, options);
      const hold = gate.promise.then(() => store.hold(key, holder, options));
      late.push(hold);
      asked.resolve();
      return hold;
    },
  };
  const takeLate = async () => {
    gate.resolve();
    await Promise.all(late);
  };
  return { asked: asked.promise, store: slow, takeLate };
}

/** An app with one place for calls whose first call was refused, as the store has not answered in time. */
async function refusedEdge(store: RealtimeStore, asked: Promise<void>) {
  const edge = createEdge({ store, limits: { perCaller: { concurrentCalls: 1 } } });
  const refused = edge.post("/calls", OFFER, SDP);
  await asked;
  await edge.clock.advance(2_000);
  assertEquals(await problemOf(await refused), "503 store_unavailable");
  return edge;
}

Deno.test("a place that the store takes after its timeout does not stay taken for the rest of the hour", async () => {
  const { asked, store, takeLate } = lateStore(1);
  const edge = await refusedEdge(store, asked);
  // The place was released before it was taken, and is released again when the store says that it is.
  await takeLate();
  await edge.clock.advance(0);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
  // Releasing it again does not free the place of another call.
  await edge.clock.advance(10_000);
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "409 concurrency_limit_exceeded");
});

Deno.test("a place that the store takes long after its last release does not stay taken, either", async () => {
  const { asked, store, takeLate } = lateStore(1);
  const edge = await refusedEdge(store, asked);
  await edge.clock.advance(60_000);
  await takeLate();
  await edge.clock.advance(0);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
});

Deno.test("a place that the store takes without ever answering is released for eleven seconds", async () => {
  const store = memoryStore({ now: () => NOW });
  let take: (() => unknown) | undefined;
  const asked = Promise.withResolvers<void>();
  const silent: RealtimeStore = {
    ...store,
    hold(key, holder, options) {
      if (take) return store.hold(key, holder, options);
      take = () => store.hold(key, holder, options);
      asked.resolve();
      return new Promise(() => {});
    },
  };
  const edge = await refusedEdge(silent, asked.promise);
  await take?.();
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "409 concurrency_limit_exceeded");
  await edge.clock.advance(11_000);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
});

Deno.test("a place whose state was unknown belongs to its call until the call ends", async () => {
  const { asked, store, takeLate } = lateStore(1);
  const limits = { total: { concurrentCalls: 1 } };
  const edge = createEdge({ store, limits, onStoreError: "allow" });
  const asking = edge.post("/calls", OFFER, SDP);
  await asked;
  await edge.clock.advance(2_000);
  const call = await asking;
  assertEquals(call.status, 201);
  await takeLate();
  await edge.clock.advance(60_000);
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "409 concurrency_limit_exceeded");
  const token = { "x-realtime-call-token": call.headers.get("x-realtime-call-token")! };
  assertEquals((await edge.post("/calls/rtc_1/hangup", null, token)).status, 204);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
});
