import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { Wakeup } from "../../src/_internal/wakeup.ts";

Deno.test("Wakeup wakes pending waiters once", async () => {
  const wakeup = new Wakeup();
  wakeup.wake();
  const first = wakeup.next;
  assertStrictEquals(wakeup.next, first);
  let isAwake = false;
  void first.then(() => isAwake = true);
  await Promise.resolve();
  assertEquals(isAwake, false);
  wakeup.wake();
  await first;
  assertEquals(isAwake, true);
  assertNotStrictEquals(wakeup.next, first);
});
