import { assertEquals, assertThrows } from "@std/assert";
import { EventHub, MAX_EARLY } from "../../src/_internal/event_hub.ts";

interface TestEvent {
  readonly type: string;
  readonly n: number;
}

interface TestEventMap {
  readonly a: TestEvent;
  readonly b: TestEvent;
  readonly "*": TestEvent;
}

interface Hub {
  readonly hub: EventHub<TestEvent, TestEventMap>;
  /** Errors thrown by listeners, and the type of the event. */
  readonly failures: [unknown, string][];
}

function createHub(): Hub {
  const failures: [unknown, string][] = [];
  return { hub: new EventHub((error, eventType) => failures.push([error, eventType])), failures };
}

function event(type: string, n: number): TestEvent {
  return { type, n };
}

async function numbersOf(reader: AsyncIterable<TestEvent>): Promise<number[]> {
  return (await Array.fromAsync(reader)).map(({ n }) => n);
}

Deno.test("EventHub passes listeners the events of their type, or all with *, synchronously and in order", () => {
  const { hub } = createHub();
  hub.ready();
  const seen: string[] = [];
  hub.on("a", ({ n }) => seen.push(`a${n}`));
  hub.on("*", ({ type, n }) => seen.push(`*${type}${n}`));
  hub.publish(event("a", 1));
  hub.publish(event("b", 2));
  assertEquals(seen, ["a1", "*a1", "*b2"]);
});

Deno.test("EventHub rejects a listener that is not a function when it is added", () => {
  const { failures, hub } = createHub();
  const none = undefined as unknown as () => void;
  assertThrows(() => hub.on("a", none), TypeError, "Cannot listen to a as listener must be a function");
  hub.publish(event("a", 1));
  assertEquals(failures, []);
});

Deno.test("EventHub removes only the given listener, even if another one has the same function", () => {
  const { hub } = createHub();
  hub.ready();
  const seen: number[] = [];
  const listener = ({ n }: TestEvent) => void seen.push(n);
  const remove = hub.on("a", listener);
  hub.on("a", listener);
  hub.publish(event("a", 1));
  remove();
  remove();
  hub.publish(event("a", 2));
  assertEquals(seen, [1, 1, 2]);
});

Deno.test("EventHub reports a listener that throws, and still calls the others and the readers", async () => {
  const { hub, failures } = createHub();
  hub.ready();
  const boom = new Error("boom");
  const seen: number[] = [];
  const reader = hub.read();
  hub.on("a", () => {
    throw boom;
  });
  hub.on("a", ({ n }) => seen.push(n));
  hub.publish(event("a", 1));
  hub.end();
  assertEquals(failures, [[boom, "a"]]);
  assertEquals(seen, [1]);
  assertEquals(await numbersOf(reader), [1]);
});

Deno.test("EventHub delivers a listener's failure report to readers after the event itself", async () => {
  const types: string[] = [];
  const hub: EventHub<TestEvent, TestEventMap> = new EventHub((_error, type) =>
    hub.publish(event(`failed ${type}`, 0))
  );
  const reader = hub.read();
  hub.on("a", () => {
    throw new Error("boom");
  });
  hub.publish(event("a", 1));
  hub.end();
  for await (const { type } of reader) types.push(type);
  assertEquals(types, ["a", "failed a"]);
});

Deno.test("EventHub delivers a listener's failure report on early events once", () => {
  const seen: string[] = [];
  const hub: EventHub<TestEvent, TestEventMap> = new EventHub((_error, type) => {
    if (!type.startsWith("failed")) hub.publish(event(`failed ${type}`, 0));
  });
  hub.publish(event("a", 1));
  hub.on("*", ({ type }) => {
    seen.push(type);
    throw new Error("boom");
  });
  assertEquals(seen, ["a", "failed a"]);
});

Deno.test("EventHub keeps events before ready() for readers and listeners that subscribe before the next event", async () => {
  const { hub } = createHub();
  const seen: number[] = [];
  hub.publish(event("a", 1));
  hub.on("a", ({ n }) => seen.push(n));
  hub.publish(event("b", 2));
  hub.ready();
  const readers = [hub.read(), hub.read()];
  hub.on("*", ({ n }) => seen.push(n * 10));
  hub.publish(event("a", 3));
  readers.push(hub.read());
  hub.on("a", ({ n }) => seen.push(n * 100));
  hub.publish(event("a", 4));
  hub.end();
  assertEquals(seen, [1, 10, 20, 3, 30, 4, 400, 40]);
  assertEquals(await Promise.all(readers.map(numbersOf)), [[1, 2, 3, 4], [1, 2, 3, 4], [4]]);
});

Deno.test("EventHub leaves no gap between ready() and the first reader or listener", async () => {
  const { hub } = createHub();
  hub.publish(event("a", 1));
  hub.ready();
  hub.publish(event("a", 2));
  hub.on("b", () => {});
  hub.publish(event("a", 3));
  const reader = hub.read();
  hub.publish(event("a", 4));
  hub.end();
  assertEquals(await numbersOf(reader), [1, 2, 3, 4]);
  assertEquals(await numbersOf(hub.read()), []);
});

Deno.test("EventHub keeps at most MAX_EARLY events, and none beyond", async () => {
  for (const ready of [false, true]) {
    const { hub } = createHub();
    if (ready) hub.ready();
    for (let n = 0; n < MAX_EARLY; n++) hub.publish(event("a", n));
    const first = hub.read();
    await first.return!();
    hub.publish(event("a", MAX_EARLY));
    const second = hub.read();
    hub.publish(event("a", MAX_EARLY + 1));
    hub.end();
    assertEquals(await numbersOf(second), [MAX_EARLY + 1]);
  }
  const { hub } = createHub();
  for (let n = 0; n < MAX_EARLY; n++) hub.publish(event("a", n));
  hub.end();
  assertEquals((await numbersOf(hub.read())).length, MAX_EARLY);
});

Deno.test("EventHub delivers an event once to subscribers that arrive while it is published", async () => {
  for (const ready of [false, true]) {
    const { hub } = createHub();
    if (ready) hub.ready();
    const seen: string[] = [];
    const readers: AsyncIterable<TestEvent>[] = [];
    const remove = hub.on("a", () => {
      remove();
      hub.on("a", ({ n }) => seen.push(`a${n}`));
      hub.on("*", ({ n }) => seen.push(`*${n}`));
      readers.push(hub.read());
    });
    hub.publish(event("a", 1));
    hub.publish(event("a", 2));
    hub.end();
    assertEquals(seen, ready ? ["a2", "*2"] : ["a1", "*1", "a2", "*2"]);
    assertEquals(await numbersOf(readers[0]!), ready ? [2] : [1, 2]);
  }
});

Deno.test("EventHub does not call a listener that another one has just removed", () => {
  const { hub } = createHub();
  hub.ready();
  const seen: number[] = [];
  hub.on("a", () => remove());
  const remove = hub.on("*", ({ n }) => seen.push(n));
  hub.publish(event("a", 1));
  assertEquals(seen, []);
});

Deno.test("EventHub ends readers once they have read their queue, and removes listeners", async () => {
  const { hub } = createHub();
  hub.ready();
  const seen: number[] = [];
  hub.on("*", ({ n }) => seen.push(n));
  const reader = hub.read();
  hub.publish(event("a", 1));
  hub.end();
  hub.publish(event("a", 2));
  assertEquals(seen, [1]);
  assertEquals(await numbersOf(reader), [1]);
});

Deno.test("EventHub reports a rejection of an asynchronous listener", async () => {
  const { hub, failures } = createHub();
  hub.ready();
  const broken = new Error("It broke later");
  hub.on("a", async () => {
    await Promise.resolve();
    throw broken;
  });
  hub.publish(event("a", 1));
  assertEquals(failures, []);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(failures, [[broken, "a"]]);
});
