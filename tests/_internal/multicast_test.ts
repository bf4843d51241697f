import { assertEquals, assertRejects } from "@std/assert";
import { DEFAULT_MAX_UNREAD, Multicast } from "../../src/_internal/multicast.ts";

async function readAll<T>(reader: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of reader) values.push(value);
  return values;
}

Deno.test("Multicast delivers to every reader every value since its subscription", async () => {
  const multicast = new Multicast<number>();
  multicast.publish(0);
  const early = multicast.subscribe();
  multicast.publish(1);
  const late = multicast.subscribe();
  multicast.publish(2);
  multicast.end();
  assertEquals(await readAll(early), [1, 2]);
  assertEquals(await readAll(late), [2]);
});

Deno.test("Multicast delivers the initial values of a subscription before published ones", async () => {
  const multicast = new Multicast<string>();
  const reader = multicast.subscribe(["a", "b"]);
  multicast.publish("c");
  multicast.end();
  assertEquals(await readAll(reader), ["a", "b", "c"]);
});

Deno.test("Multicast answers concurrent next() calls in order", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe();
  const results = [reader.next(), reader.next(), reader.next()];
  multicast.publish(1);
  multicast.publish(2);
  multicast.end();
  assertEquals(await Promise.all(results), [
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: undefined },
  ]);
});

Deno.test("Multicast ends a late subscriber at once, after its first values", async () => {
  const multicast = new Multicast<number>();
  multicast.end();
  multicast.publish(1);
  assertEquals(await readAll(multicast.subscribe()), []);
  assertEquals(await readAll(multicast.subscribe([7])), [7]);
  assertEquals(multicast.size, 0);
});

Deno.test("Multicast removes a reader whose loop ends early", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe([1, 2]);
  for await (const _ of reader) break;
  assertEquals(multicast.size, 0);
  assertEquals(await reader.next(), { done: true, value: undefined });
});

Deno.test("Multicast ends pending reads when their reader returns", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe();
  const waiting = [reader.next(), reader.next()];
  await reader.return!();
  assertEquals(await Promise.all(waiting), [{ done: true, value: undefined }, { done: true, value: undefined }]);
});

Deno.test("Multicast keeps maxUnread values for an idle reader", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe();
  for (let value = 0; value < DEFAULT_MAX_UNREAD; value++) multicast.publish(value);
  multicast.end();
  assertEquals((await readAll(reader)).length, DEFAULT_MAX_UNREAD);
});

Deno.test("Multicast fails only a reader that falls further behind, once", async () => {
  const multicast = new Multicast<number>();
  const slow = multicast.subscribe([], 2);
  const quick = multicast.subscribe([], 4);
  for (const value of [1, 2, 3]) multicast.publish(value);
  assertEquals(multicast.size, 1);
  multicast.publish(4);
  multicast.end();
  const error = await assertRejects(() => slow.next(), DOMException, "more than 2 events waited unread");
  assertEquals(error.name, "QuotaExceededError");
  assertEquals(await slow.next(), { done: true, value: undefined });
  assertEquals(await readAll(quick), [1, 2, 3, 4]);
});

Deno.test("Multicast does not fail a reader that has left, even if it was too far behind", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe([1, 2, 3], 2);
  await reader.return!();
  for (let read = 0; read < 2; read++) assertEquals(await reader.next(), { done: true, value: undefined });
});

Deno.test("Multicast counts queued values, not those already read", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe([], 2);
  for (let value = 0; value < 10; value++) {
    multicast.publish(value);
    assertEquals(await reader.next(), { done: false, value });
  }
  const waiting = reader.next();
  multicast.publish(10);
  multicast.publish(11);
  multicast.publish(12);
  assertEquals(await waiting, { done: false, value: 10 });
  assertEquals(await reader.next(), { done: false, value: 11 });
});

Deno.test("Multicast fails a subscription with too many initial values, and removes it", async () => {
  const multicast = new Multicast<number>();
  const reader = multicast.subscribe([1, 2, 3, 4], 2);
  assertEquals(multicast.size, 0);
  multicast.publish(5);
  const error = await assertRejects(() => reader.next(), DOMException);
  assertEquals(error.name, "QuotaExceededError");
  assertEquals(await reader.next(), { done: true, value: undefined });
});
