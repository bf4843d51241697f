/** Runs the contract of stores against Deno KV: `deno run --unstable-kv`. What goes wrong ends the process with 1. */
import { denoKvStore } from "../../../src/hono/mod.ts";
import { storeContract } from "./_store_contract.ts";

/** The part of Deno's unstable API that is used, whose types exist only with its flag. */
const { openKv } = Deno as unknown as {
  openKv(path: string): Promise<Parameters<typeof denoKvStore>[0] & { close(): void }>;
};
const kv = await openKv(":memory:");
let now = Date.now();
const advance = (ms: number) => {
  now += ms;
  return Promise.resolve();
};
await storeContract(denoKvStore(kv, { now: () => now }), advance);
// Two isolates have the same database.
const [one, other] = [denoKvStore(kv), denoKvStore(kv)];
await one.hold("shared", "a", { max: 1, ttlMs: 60_000 });
if ((await other.hold("shared", "b", { max: 1, ttlMs: 60_000 })).ok) throw new Error("The place was taken twice");
kv.close();
console.log("The contract holds");
