import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  denoKvStore,
  durableObjectStore,
  memoryStore,
  RealtimeStoreObject,
  redisStore,
} from "../../../src/hono/mod.ts";
import { bundleModule } from "../../_tools/bundle.ts";
import { runDeno, TEST_CONFIG } from "../../_tools/command.ts";
import { ROOT } from "../../_tools/repository.ts";
import { collectGarbage } from "../../transport/_collect_garbage.ts";
import { createEdge, problemOf } from "../_edge.ts";
import { hasRedis, startRedis } from "./_redis.ts";
import { storeContract } from "./_store_contract.ts";

const HOLDS = "The contract holds";

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("memoryStore() passes the store contract", async () => {
  let now = 0;
  const advance = (ms: number) => Promise.resolve(void (now += ms));
  await storeContract(memoryStore({ now: () => now }), advance);
});

Deno.test("memoryStore() drops what has expired, though nothing asks for it again", async () => {
  let now = 0;
  const store = memoryStore({ now: () => now });
  const kept: WeakRef<object>[] = [];
  const make = () => {
    const value = {};
    kept.push(new WeakRef(value));
    return value as never;
  };
  await store.put("text", make(), { ttlMs: 1_000 });
  await store.hold(make(), make(), { max: 1, ttlMs: 1_000 });
  await store.hold("places", make(), { max: 2, ttlMs: 1_000 });
  await store.hold("places", "other", { max: 2, ttlMs: 5_000 });
  await store.put("later", make(), { ttlMs: 5_000 });
  now = 1_000;
  for (let operation = 0; operation < 1_024; operation++) await store.get("another");
  await collectGarbage();
  assertEquals(kept.map((value) => value.deref() !== undefined), [false, false, false, false, true]);
  assertEquals((await store.hold("places", "third", { max: 1, ttlMs: 1_000 })).ok, false);
});

Deno.test("stores reject a missing binding, a promise and another client, and say what they need", async () => {
  for (const host of [undefined, null, {}, Promise.resolve({ get() {}, atomic() {} }), "redis://localhost"]) {
    assertThrows(() => denoKvStore(host as never), TypeError, "it needs a database: await Deno.openKv()");
    assertThrows(() => durableObjectStore(host as never), TypeError, "bind it in the wrangler file");
    assertThrows(() => redisStore(host as never), TypeError, "it needs a client with the method eval");
  }
  for (const store of [() => undefined, () => Promise.resolve(memoryStore()), () => ({ add() {} })]) {
    const edge = createEdge({ store: store as never });
    assertEquals(await problemOf(await edge.post("/client_secrets")), "500 internal_error");
    assertEquals(`${edge.errors}`, "TypeError: Cannot answer as the function store returned no store");
  }
});

Deno.test("denoKvStore() passes the store contract, and is shared by isolates", async () => {
  const args = ["run", "-A", "--no-check", "--unstable-kv", "tests/hono/stores/_kv_contract.ts"];
  const { output } = await runDeno(args, { cwd: ROOT });
  assert(output.includes(HOLDS), output);
});

Deno.test("durableObjectStore() passes the store contract in workerd", async () => {
  const worker = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(
    worker,
    await bundleModule(ROOT, "tests/hono/stores/_store_worker.ts", [TEST_CONFIG, "--platform", "browser"]),
  );
  const { output } = await runDeno(["run", "-A", "--no-check", "tests/hono/stores/_store_miniflare.ts", worker], {
    cwd: ROOT,
  });
  await Deno.remove(worker);
  assert(output.includes(HOLDS), output);
});

Deno.test("a Durable Object deletes itself when its record expires, and reports its failures", async () => {
  const kept = new Map<string, unknown>();
  let alarm: number | null = null;
  const storage = {
    get: <Value>(key: string) => Promise.resolve(kept.get(key) as Value | undefined),
    put: <Value>(key: string, value: Value) => Promise.resolve(void kept.set(key, value)),
    deleteAll: () => Promise.resolve(kept.clear()),
    getAlarm: () => Promise.resolve(alarm),
    setAlarm: (unixMs: number) => Promise.resolve(void (alarm = unixMs)),
  };
  const object = new RealtimeStoreObject({ storage });
  let isDown = false;
  const store = durableObjectStore({
    idFromName: (name) => name,
    get: () => ({
      fetch: async (url, init) =>
        isDown ? new Response("down", { status: 503 }) : await object.fetch(new Request(url, init)),
    }),
  });
  const before = Date.now();
  await store.put("key", "text", { ttlMs: 60_000 });
  assert(alarm! >= before + 60_000 && alarm! <= Date.now() + 60_000, `${alarm}`);
  // It fires too early.
  await object.alarm();
  assertEquals([await store.get("key"), kept.size], ["text", 1]);
  await store.put("key", "text", { ttlMs: 0 });
  await object.alarm();
  assertEquals(kept.size, 0);
  isDown = true;
  await assertRejects(async () => await store.get("key"), Error, "its Durable Object answered with status 503");
});

Deno.test("redisStore() passes the store contract, if a redis-server is installed", async () => {
  if (!await hasRedis()) {
    console.warn("redis-server is not on this machine: the test of redisStore() is left out");
    return;
  }
  await using redis = await startRedis();
  await storeContract(redisStore(redis), later);
  // Two clients of one server see the same.
  await redisStore(redis).hold("shared", "a", { max: 1, ttlMs: 60_000 });
  assertEquals((await redisStore(redis).hold("shared", "b", { max: 1, ttlMs: 60_000 })).ok, false);
  assertEquals((await redisStore(redis, { prefix: "other:" }).hold("shared", "b", { max: 1, ttlMs: 60_000 })).ok, true);
  await assertRejects(() => redis.eval("return redis.call('NO')", [], []), Error);
  // Redis drops a set of places that nothing asks for again.
  const leftMs = Number(await redis.eval("return redis.call('PTTL', KEYS[1])", ["oai-rt-edge:places:shared"], []));
  assert(leftMs > 0 && leftMs <= 60_000, `${leftMs}`);
});
