import { assertEquals, assertRejects } from "@std/assert";
import { Readers } from "../../src/_internal/readers.ts";

Deno.test("Readers keeps early values for the first reader, and delivers only later ones to later readers", async () => {
  const readers = new Readers<number>();
  readers.publish(1);
  const [first, second] = [readers.read(), readers.read()];
  readers.publish(2);
  assertEquals(readers.size, 2);
  readers.end();
  assertEquals(await Array.fromAsync(first), [1, 2]);
  assertEquals(await Array.fromAsync(second), [2]);
  assertEquals(await Array.fromAsync(readers.read()), []);
});

Deno.test("Readers throws the error once, after everything was read, even to a waiting or late reader", async () => {
  const readers = new Readers<number>();
  const reader = readers.read();
  readers.publish(1);
  assertEquals((await reader.next()).value, 1);
  const waiting = assertRejects(() => reader.next(), Error, "cut off");
  readers.end(new Error("cut off"));
  await waiting;
  assertEquals((await reader.next()).done, true);
  await assertRejects(() => readers.read().next(), Error, "cut off");
});

Deno.test("Readers throws nothing to a reader that has left", async () => {
  const readers = new Readers<number>();
  const reader = readers.read();
  const waiting = reader.next();
  await reader.return?.();
  readers.end(new Error("cut off"));
  assertEquals([(await waiting).done, (await reader.next()).done], [true, true]);
});

Deno.test("Readers reports to a late first reader that values are missing", async () => {
  const readers = new Readers<number>();
  for (let value = 0; value < 5000; value++) readers.publish(value);
  const error = await assertRejects(() => readers.read().next(), DOMException);
  assertEquals(error.name, "QuotaExceededError");
});
