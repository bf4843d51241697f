import { assertEquals, assertRejects } from "@std/assert";
import { Readers } from "../../src/_internal/readers.ts";

Deno.test("Readers keep what comes early for the first reader, and give later ones what comes later", async () => {
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

Deno.test("Readers throw the error once, after everything was read, also at one who waits or comes late", async () => {
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

Deno.test("Readers throw nothing at one who has left", async () => {
  const readers = new Readers<number>();
  const reader = readers.read();
  const waiting = reader.next();
  await reader.return?.();
  readers.end(new Error("cut off"));
  assertEquals([(await waiting).done, (await reader.next()).done], [true, true]);
});

Deno.test("Readers tell a first reader who comes too late that something is missing", async () => {
  const readers = new Readers<number>();
  for (let value = 0; value < 5000; value++) readers.publish(value);
  const error = await assertRejects(() => readers.read().next(), DOMException);
  assertEquals(error.name, "QuotaExceededError");
});
