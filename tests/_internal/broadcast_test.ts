import { assertEquals, assertRejects } from "@std/assert";
import { Broadcast, DEFAULT_MAX_UNREAD } from "../../src/_internal/broadcast.ts";

async function readAll<T>(reader: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of reader) values.push(value);
  return values;
}

Deno.test("Broadcast gives every reader every value from its subscription on", async () => {
  const broadcast = new Broadcast<number>();
  broadcast.publish(0);
  const early = broadcast.subscribe();
  broadcast.publish(1);
  const late = broadcast.subscribe();
  broadcast.publish(2);
  broadcast.end();
  assertEquals(await readAll(early), [1, 2]);
  assertEquals(await readAll(late), [2]);
});

Deno.test("Broadcast puts the first values of a subscription before those that are published", async () => {
  const broadcast = new Broadcast<string>();
  const reader = broadcast.subscribe(["a", "b"]);
  broadcast.publish("c");
  broadcast.end();
  assertEquals(await readAll(reader), ["a", "b", "c"]);
});

Deno.test("Broadcast answers concurrent next() calls in order", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe();
  const results = [reader.next(), reader.next(), reader.next()];
  broadcast.publish(1);
  broadcast.publish(2);
  broadcast.end();
  assertEquals(await Promise.all(results), [
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: undefined },
  ]);
});

Deno.test("Broadcast ends a late subscriber at once, after its first values", async () => {
  const broadcast = new Broadcast<number>();
  broadcast.end();
  broadcast.publish(1);
  assertEquals(await readAll(broadcast.subscribe()), []);
  assertEquals(await readAll(broadcast.subscribe([7])), [7]);
  assertEquals(broadcast.size, 0);
});

Deno.test("Broadcast forgets a reader whose loop is left", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe([1, 2]);
  for await (const _ of reader) break;
  assertEquals(broadcast.size, 0);
  assertEquals(await reader.next(), { done: true, value: undefined });
});

Deno.test("Broadcast ends the reads that wait when their reader returns", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe();
  const waiting = [reader.next(), reader.next()];
  await reader.return!();
  assertEquals(await Promise.all(waiting), [{ done: true, value: undefined }, { done: true, value: undefined }]);
});

Deno.test("Broadcast keeps maxUnread values for a reader that does not read", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe();
  for (let value = 0; value < DEFAULT_MAX_UNREAD; value++) broadcast.publish(value);
  broadcast.end();
  assertEquals((await readAll(reader)).length, DEFAULT_MAX_UNREAD);
});

Deno.test("Broadcast fails a reader that is further behind, once, and no other", async () => {
  const broadcast = new Broadcast<number>();
  const slow = broadcast.subscribe([], 2);
  const quick = broadcast.subscribe([], 4);
  for (const value of [1, 2, 3]) broadcast.publish(value);
  assertEquals(broadcast.size, 1);
  broadcast.publish(4);
  broadcast.end();
  const error = await assertRejects(() => slow.next(), DOMException, "more than 2 events waited unread");
  assertEquals(error.name, "QuotaExceededError");
  assertEquals(await slow.next(), { done: true, value: undefined });
  assertEquals(await readAll(quick), [1, 2, 3, 4]);
});

Deno.test("Broadcast does not fail a reader that has left, though it was too far behind", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe([1, 2, 3], 2);
  await reader.return!();
  for (let read = 0; read < 2; read++) assertEquals(await reader.next(), { done: true, value: undefined });
});

Deno.test("Broadcast counts what waits, not what was read", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe([], 2);
  for (let value = 0; value < 10; value++) {
    broadcast.publish(value);
    assertEquals(await reader.next(), { done: false, value });
  }
  const waiting = reader.next();
  broadcast.publish(10);
  broadcast.publish(11);
  broadcast.publish(12);
  assertEquals(await waiting, { done: false, value: 10 });
  assertEquals(await reader.next(), { done: false, value: 11 });
});

Deno.test("Broadcast fails a subscription whose first values are too many, and takes it out", async () => {
  const broadcast = new Broadcast<number>();
  const reader = broadcast.subscribe([1, 2, 3, 4], 2);
  assertEquals(broadcast.size, 0);
  broadcast.publish(5);
  const error = await assertRejects(() => reader.next(), DOMException);
  assertEquals(error.name, "QuotaExceededError");
  assertEquals(await reader.next(), { done: true, value: undefined });
});
