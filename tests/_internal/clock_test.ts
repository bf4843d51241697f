import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/_internal/clock.ts";

Deno.test("systemClock.schedule() calls back once", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const start = systemClock.now();
  systemClock.schedule(() => resolve(systemClock.now()), 5);
  assert(await promise - start >= 4);
});

Deno.test("systemClock.schedule() can be cancelled, even late and twice", async () => {
  const seen: string[] = [];
  const cancel = systemClock.schedule(() => seen.push("cancelled"), 0);
  cancel();
  cancel();
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancelLate = systemClock.schedule(() => {
    seen.push("called");
    resolve();
  }, 1);
  await promise;
  cancelLate();
  assertEquals(seen, ["called"]);
});

Deno.test("systemClock.schedule() does not call at once for delays beyond the platform's maximum", async () => {
  const seen: string[] = [];
  const cancels = [Infinity, 2 ** 31].map((delayMs) => systemClock.schedule(() => seen.push(`${delayMs}`), delayMs));
  const { promise, resolve } = Promise.withResolvers<void>();
  systemClock.schedule(resolve, 5);
  await promise;
  for (const cancel of cancels) cancel();
  assertEquals(seen, []);
});
