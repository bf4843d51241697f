import { assert, assertEquals } from "@std/assert";
import type { RealtimeStore } from "../../../src/hono/mod.ts";

const LONG = { ttlMs: 60_000 };

/** Every store passes this. `expire` lets so much time pass; keys are new with each run. */
export async function storeContract(store: RealtimeStore, expire: (ms: number) => Promise<void>): Promise<void> {
  const run = crypto.randomUUID();
  const key = (name: string) => `${run} ${name}`;

  // Counters.
  const first = await store.add(key("n"), 2, LONG);
  assertEquals([first.ok, first.value], [true, 2]);
  assert(first.resetMs > 0 && first.resetMs <= 60_000, `${first.resetMs}`);
  assertEquals((await store.add(key("n"), 0.5, LONG)).value, 2.5);
  assertEquals((await store.add(key("n"), 0, LONG)).value, 2.5);
  const refused = await store.add(key("n"), 2, { ...LONG, max: 4 });
  assertEquals([refused.ok, refused.value], [false, 2.5]);
  assertEquals((await store.add(key("n"), 1.5, { ...LONG, max: 4 })).ok, true);
  assertEquals((await store.add(key("n"), -4, LONG)).value, 0);
  // A subtraction that comes too late takes nothing from those that come next.
  assertEquals((await store.add(key("n"), -1, LONG)).value, 0);
  assertEquals((await store.add(key("n"), 1, LONG)).value, 1);
  assertEquals((await store.add(key("n"), -2.5, LONG)).value, 0);
  assertEquals((await store.add(key("late"), -1, { ttlMs: 1 })).value, 0);
  assertEquals((await store.add(key("late"), 1, { ...LONG, max: 1 })).value, 1);
  assertEquals((await store.add(key("none"), 1, { ...LONG, max: 0 })).ok, false);
  assertEquals((await store.add(key("free"), 1, { ...LONG, max: Infinity })).ok, true);
  assertEquals((await store.add(key("other"), 1, LONG)).value, 1);

  // However many come at once, as many get through as may.
  const taken = await Promise.all(Array.from({ length: 24 }, () => store.add(key("race"), 1, { ...LONG, max: 7 })));
  assertEquals(taken.filter(({ ok }) => ok).length, 7);
  const held = await Promise.all(
    Array.from({ length: 12 }, (_, index) => store.hold(key("race"), `holder ${index}`, { ...LONG, max: 3 })),
  );
  assertEquals(held.filter(({ ok }) => ok).length, 3);

  // Places.
  assertEquals(await store.hold(key("p"), "a", { ...LONG, max: 2 }), { ok: true, retryMs: 0 });
  assertEquals((await store.hold(key("p"), "b", { ...LONG, max: 2 })).ok, true);
  const full = await store.hold(key("p"), "c", { ...LONG, max: 2 });
  assert(!full.ok && full.retryMs > 0 && full.retryMs <= 60_000, `${full.retryMs}`);
  assertEquals((await store.hold(key("p"), "a", { ...LONG, max: 2 })).ok, true);
  assertEquals((await store.hold(key("p"), "a", { ...LONG, max: Infinity })).ok, true);
  // A holder keeps its place, even if the maximum has decreased.
  assertEquals((await store.hold(key("p"), "a", { ...LONG, max: 1 })).ok, true);
  await store.release(key("p"), "nobody");
  await store.release(key("p"), "b");
  await store.release(key("p"), "b");
  assertEquals((await store.hold(key("p"), "c", { ...LONG, max: 2 })).ok, true);
  assertEquals((await store.hold(key("none"), "a", { ...LONG, max: 0 })).ok, false);
  // The last holder leaves nothing.
  await store.hold(key("one"), "a", { ...LONG, max: 1 });
  await store.release(key("one"), "a");
  assertEquals((await store.hold(key("one"), "b", { ...LONG, max: 1 })).ok, true);

  // Texts, in addition to counters and places of the same key.
  assertEquals(await store.get(key("n")), null);
  await store.put(key("n"), `"ä\u2028\n`, LONG);
  assertEquals(await store.get(key("n")), `"ä\u2028\n`);
  await store.put(key("n"), "", LONG);
  assertEquals(await store.get(key("n")), "");
  await store.put(key("long"), "x".repeat(60_000), LONG);
  assertEquals((await store.get(key("long")))?.length, 60_000);

  // Times need not be whole numbers.
  const fraction = { ttlMs: 60_000.5 };
  assertEquals((await store.add(key("f"), 1, fraction)).value, 1);
  assertEquals((await store.hold(key("f"), "a", { ...fraction, max: 1 })).ok, true);
  await store.put(key("f"), "text", fraction);
  assertEquals(await store.get(key("f")), "text");

  // Everything expires by itself; additions do not prolong a counter, renewals a place.
  // Long enough for all that comes before it is over, on a machine with much else to do.
  const short = { ttlMs: 1500 };
  await store.add(key("e"), 1, short);
  await store.hold(key("e"), "a", { ...short, max: 1 });
  await store.hold(key("renewed"), "a", { ...short, max: 1 });
  await store.put(key("e"), "text", short);
  // A place expires although others of its set do not, whichever was taken first.
  await store.hold(key("some"), "lasting", { ...LONG, max: 2 });
  await store.hold(key("some"), "short", { ...short, max: 2 });
  const next = await store.hold(key("some"), "next", { ...LONG, max: 2 });
  assert(!next.ok && next.retryMs > 0 && next.retryMs <= short.ttlMs, `${next.retryMs}`);
  await store.add(key("e"), 1, LONG);
  await store.hold(key("renewed"), "a", { ...LONG, max: 1 });
  await expire(1550);
  assertEquals((await store.add(key("e"), 1, short)).value, 1);
  assertEquals((await store.hold(key("e"), "b", { ...short, max: 1 })).ok, true);
  assertEquals((await store.hold(key("renewed"), "b", { ...short, max: 1 })).ok, false);
  assertEquals((await store.hold(key("some"), "next", { ...LONG, max: 1 })).ok, false);
  assertEquals((await store.hold(key("some"), "next", { ...LONG, max: 2 })).ok, true);
  assertEquals((await store.hold(key("some"), "another", { ...LONG, max: 2 })).ok, false);
  assertEquals(await store.get(key("e")), null);
}
