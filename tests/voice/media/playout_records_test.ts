import { assert, assertEquals, assertThrows } from "@std/assert";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { type PlayoutRecord, toTruncation } from "../../../src/voice/_media/playout_record.ts";
import { PlayoutRecords } from "../../../src/voice/_media/playout_records.ts";

const first = { itemId: "item_1", responseId: "resp_1", contentIndex: 0, inConversation: true };
const second = { ...first, itemId: "item_2", contentIndex: 1 };
const third = { ...first, itemId: "item_3", responseId: "resp_2" };

function setUp(...received: readonly (readonly [typeof first, number])[]) {
  const clock = createVirtualClock();
  const stopped: PlayoutRecord[] = [];
  const records = new PlayoutRecords({ clock, onStopped: (record) => stopped.push({ ...record }) });
  for (const [item, ms] of received) {
    records.receive(records.begin(item), ms);
  }
  return { clock, records, stopped, cut: () => records.cut().map(toTruncation) };
}

Deno.test("PlayoutRecords.advance() counts an item piece by piece, and never more than has arrived", () => {
  const { records } = setUp([first, 300], [second, 200]);
  records.advance(records.find("item_1"), 350);
  records.advance(records.find("item_2"), 30);
  records.advance(records.find("item_2"), 20);
  assertEquals(records.items.map(({ itemId, heardMs }) => [itemId, heardMs]), [["item_1", 300], ["item_2", 50]]);
  assertEquals(records.unheardMs, 150);
  records.advance(records.find("item_unknown"), 1);
  assertEquals(records.items.length, 2);
});

Deno.test("PlayoutRecords.report() neither goes back nor beyond the received audio, and ignores unknown items", () => {
  const { records } = setUp([first, 300]);
  records.report("item_1", 120.5);
  records.report("item_1", 40);
  assertEquals([records.get("item_1")?.heardMs, records.unheardMs], [120.5, 179.5]);
  records.report("item_1", 5000);
  assertEquals([records.get("item_1")?.heardMs, records.unheardMs], [300, 0]);
  records.report("item_unknown", 1);
  assertEquals(records.get("item_unknown"), undefined);
});

Deno.test("PlayoutRecords.report() rejects invalid durations", () => {
  const { records } = setUp([first, 300]);
  for (const ms of [-1, NaN, Infinity, -Infinity, "5", null, undefined, true, 5n, {}]) {
    assertThrows(() => records.report("item_1", ms as number), RangeError, `current value is ${ms}`);
  }
});

Deno.test("PlayoutRecords.report() rounds up to the end within a millisecond of it", () => {
  const { records } = setUp([first, 100.2]);
  records.report("item_1", 99);
  assertEquals(records.get("item_1")?.heardMs, 99);
  records.report("item_1", 100);
  assertEquals([records.get("item_1")?.heardMs, records.unheardMs], [100.2, 0]);
  const whole = setUp([first, 100]).records;
  whole.report("item_1", 99);
  assertEquals([whole.get("item_1")?.heardMs, whole.unheardMs], [99, 1]);
});

Deno.test("PlayoutRecords.cut() truncates a partly heard item at a whole millisecond", () => {
  const { cut, records } = setUp([first, 300.75]);
  records.complete("item_1");
  records.advance(records.find("item_1"), 120.9);
  const { inConversation: _, ...place } = first;
  assertEquals(cut(), [{ ...place, heardMs: 120, receivedMs: 300, action: "truncate" }]);
});

Deno.test("PlayoutRecords.cut() cuts every item with unheard audio, in order, each with its own action", () => {
  const { cut, records } = setUp([first, 100], [second, 200], [third, 50]);
  records.complete("item_1");
  records.end("item_2");
  records.advance(records.find("item_1"), 40);
  assertEquals(cut().map(({ itemId, heardMs, action }) => [itemId, heardMs, action]), [
    ["item_1", 40, "truncate"],
    ["item_2", 0, "delete"],
    ["item_3", 0, "discard"],
  ]);
  assertEquals(records.items.map(({ cut, state }) => [state, cut]), [
    ["truncated", true],
    ["gone", true],
    ["discarding", true],
  ]);
});

Deno.test("PlayoutRecords.cut() ignores items that were fully heard", () => {
  const { cut, records } = setUp([first, 100], [second, 100]);
  records.complete("item_1");
  records.advance(records.find("item_1"), 100);
  records.advance(records.find("item_2"), 50);
  assertEquals(cut().map(({ itemId }) => itemId), ["item_2"]);
});

Deno.test("PlayoutRecords.cut() truncates an unfinished item although all received audio was heard", () => {
  const { cut, records } = setUp([first, 100]);
  records.advance(records.find("item_1"), 100);
  assertEquals(cut().map(({ heardMs, action }) => [heardMs, action]), [[100, "truncate"]]);
});

Deno.test("PlayoutRecords.cut() treats less than a heard millisecond as unheard", () => {
  const { cut, records } = setUp([first, 100]);
  records.end("item_1");
  records.advance(records.find("item_1"), 0.99);
  assertEquals(cut().map(({ heardMs, action }) => [heardMs, action]), [[0, "delete"]]);
});

Deno.test("PlayoutRecords.cut() is final: it receives nothing more, and the clock advances nothing", () => {
  const { cut, records } = setUp([first, 100]);
  records.advance(records.find("item_1"), 10);
  cut();
  records.receive(records.find("item_1")!, 500);
  records.advance(records.find("item_1"), 500);
  const { heardMs, receivedMs } = records.get("item_1")!;
  assertEquals([heardMs, receivedMs, records.unheardMs], [10, 100, 0]);
  assertEquals(cut(), []);
});

Deno.test("PlayoutRecords.report() corrects the position of a cut for one second, and the last report wins", async () => {
  const { clock, cut, records, stopped } = setUp([first, 500]);
  records.report("item_1", 200);
  cut();
  await clock.advance(30);
  records.report("item_1", 240);
  assertEquals(records.get("item_1")?.heardMs, 240);
  await clock.advance(970);
  records.report("item_1", 180);
  assertEquals(records.get("item_1")?.heardMs, 180);
  await clock.advance(1);
  records.report("item_1", 500);
  assertEquals([records.get("item_1")?.heardMs, records.unheardMs], [180, 0]);
  assertEquals(stopped.map(({ playedMs }) => playedMs), [240, 180]);
});

Deno.test("PlayoutRecords.report() after a cut is limited to the received audio, and keeps an item from being deleted", () => {
  const { cut, records } = setUp([first, 500]);
  assertEquals(cut()[0]?.action, "discard");
  records.report("item_1", 9000);
  assertEquals([records.get("item_1")?.heardMs, records.get("item_1")?.state], [500, "truncated"]);
  assertEquals(records.end("item_1"), []);
});

Deno.test("PlayoutRecords.report() of nothing heard leaves an item pending deletion", () => {
  const { cut, records } = setUp([first, 500]);
  assertEquals(cut()[0]?.action, "discard");
  records.report("item_1", 0.9);
  assertEquals(records.end("item_1").map(({ itemId }) => itemId), ["item_1"]);
});

Deno.test("PlayoutRecords.report() does not restore a deleted item", () => {
  const { cut, records, stopped } = setUp([first, 500]);
  records.end("item_1");
  assertEquals(cut()[0]?.action, "delete");
  records.report("item_1", 100);
  assertEquals([records.get("item_1")?.state, records.get("item_1")?.heardMs, stopped], ["gone", 0, []]);
});

Deno.test("PlayoutRecords.end() returns items pending deletion once, by item id or response id", () => {
  for (const id of ["item_1", "resp_1"]) {
    const { cut, records } = setUp([first, 100]);
    cut();
    assertEquals(records.get("item_1")?.state, "discarding");
    assertEquals(records.end(id).map(({ itemId }) => itemId), ["item_1"]);
    assertEquals(records.end(id), []);
    assertEquals(records.end("resp_1"), []);
    assertEquals(records.get("item_1")?.state, "gone");
  }
});

Deno.test("PlayoutRecords.remove() forgets an item that the server has deleted", () => {
  const { cut, records } = setUp([first, 100], [second, 50]);
  records.remove("item_1");
  assertEquals([records.unheardMs, records.get("item_1")?.state], [50, "gone"]);
  cut();
  records.remove("item_2");
  records.remove("item_unknown");
  assertEquals(records.end("item_2"), []);
});

Deno.test("PlayoutRecords.truncate() leaves nothing of the item to hear, and extends what was received if more was heard", async () => {
  const { clock, records } = setUp([first, 100], [second, 50]);
  records.truncate(records.find("item_1")!, 30);
  assertEquals([records.unheardMs, records.get("item_1")?.receivedMs], [50, 100]);
  records.truncate(records.find("item_2")!, 70);
  assertEquals([records.unheardMs, records.get("item_2")?.receivedMs], [0, 70]);
  await clock.advance(1);
  // The server knows best where it has stopped.
  records.report("item_1", 90);
  assertEquals(records.get("item_1")?.heardMs, 30);
});

Deno.test("PlayoutRecords counts what is left once, although its report was lost and the server then deleted it", async () => {
  const { clock, records } = setUp([first, 100], [second, 50]);
  records.end("resp_1");
  await clock.advance(150);
  records.receive(records.begin(third), 80);
  records.remove("item_1");
  assertEquals(records.unheardMs, 80);
});

Deno.test("PlayoutRecords waits for reports at most as long as the audio lasts", async () => {
  const { clock, cut, records } = setUp([first, 1005]);
  records.end("item_1");
  await clock.advance(1000);
  assertEquals(records.unheardMs, 1005);
  records.report("item_1", 1000);
  await clock.advance(4);
  assertEquals(records.unheardMs, 5);
  await clock.advance(1);
  assertEquals([records.unheardMs, records.get("item_1")?.heardMs], [0, 1000]);
  // Missing reports cause no later cut, and do not count again when more audio arrives.
  records.receive(records.begin(third), 100);
  assertEquals([records.unheardMs, records.endsAt], [100, 1105]);
  assertEquals(cut().map(({ itemId }) => itemId), ["item_3"]);
});

Deno.test("PlayoutRecords follows a player that lags, but not one that has stopped", async () => {
  const { clock, records } = setUp([first, 1000]);
  records.complete("item_1");
  await clock.advance(900);
  records.report("item_1", 600);
  assertEquals(records.endsAt, 1300);
  await clock.advance(300);
  for (let i = 0; i < 5; i++) records.report("item_1", 600);
  assertEquals(records.endsAt, 1300);
  await clock.advance(100);
  assertEquals(records.unheardMs, 0);
  await clock.advance(100);
  records.report("item_1", 700);
  assertEquals([records.unheardMs, records.endsAt], [300, 1700]);
});

Deno.test("PlayoutRecords resumes counting when a player that had timed out reports again", async () => {
  const { clock, records } = setUp([first, 1000]);
  records.complete("item_1");
  records.report("item_1", 300);
  await clock.advance(2000);
  records.receive(records.begin(third), 100);
  assertEquals(records.unheardMs, 100);
  records.report("item_1", 400);
  assertEquals(records.unheardMs, 700);
  records.report("item_1", 1000);
  records.report("item_3", 100);
  assertEquals(records.unheardMs, 0);
});

Deno.test("PlayoutRecords keeps a running total equal to the full sum through random events", () => {
  let seed = 7;
  const random = (n: number) => (seed = seed * 1103515245 + 12345 & 0x7fffffff) % n;
  const { records } = setUp();
  for (let i = 0; i < 5000; i++) {
    const itemId = `item_${random(4) + Math.floor(i / 100)}`;
    const act = random(8);
    if (act < 2) {
      records.receive(records.begin({ ...first, itemId }), random(100) + 1);
    }
    if (act === 2) records.advance(records.find(itemId), random(50));
    if (act === 3) records.report(itemId, random(400));
    if (act === 4) records.complete(itemId);
    if (act === 5 && random(40) === 0) records.cut();
    if (act === 6 && random(10) === 0) records.remove(itemId);
    const record = records.find(itemId);
    if (act === 7 && random(10) === 0 && record) records.truncate(record, random(400));
    const sum = records.items.reduce((ms, { receivedMs, heardMs, cut }) => ms + (cut ? 0 : receivedMs - heardMs), 0);
    assert(Math.abs(records.unheardMs - sum) < 1e-6, `step ${i}: ${records.unheardMs} is not ${sum}`);
  }
});

Deno.test("PlayoutRecords adds up fractions without losing a millisecond", () => {
  const { cut, records } = setUp([first, 1000]);
  for (let i = 0; i < 30; i++) records.advance(records.find("item_1"), 1000 / 300);
  records.complete("item_1");
  assertEquals(cut()[0]?.heardMs, 100);
});

Deno.test("PlayoutRecords.cut() ignores items that were fully heard except for rounding errors", () => {
  const { cut, records } = setUp([first, 1000 / 3]);
  for (let i = 0; i < 10; i++) records.advance(records.find("item_1"), 100 / 3 - 1e-12);
  records.complete("item_1");
  assertEquals(cut(), []);
});

Deno.test("PlayoutRecords remembers a bounded number of items, unfinished ones longest", () => {
  const { records } = setUp([first, 10]);
  const oldest = records.find("item_1");
  records.begin({ ...first, itemId: "item_stale" }, "discarding");
  for (let i = 0; i < 200; i++) {
    const itemId = `item_done_${i}`;
    records.begin({ ...first, itemId, responseId: "resp" });
    records.complete(itemId);
  }
  assert(records.items.length < 100);
  assertEquals(records.get("item_1")?.receivedMs, 10);
  assertEquals(records.get("item_done_199")?.complete, true);
  assertEquals(records.end("item_stale").map(({ itemId }) => itemId), ["item_stale"]);
  for (let i = 0; i < 2000; i++) records.begin({ ...first, itemId: `item_open_${i}` });
  assert(records.items.length <= 257);
  // Its reader may have the audio of an item that is forgotten.
  records.advance(oldest, 10);
  assertEquals(records.unheardMs, 0);
  records.receive(records.begin(third), 80);
  assertEquals(records.unheardMs, 80);
});

Deno.test("PlayoutRecords.complete() accepts a response id for all of its items", () => {
  const { records } = setUp([first, 100], [second, 100], [third, 100]);
  records.complete("resp_1");
  assertEquals(records.items.map(({ complete }) => complete), [true, true, false]);
});

Deno.test("PlayoutRecords hides an item that was stale from the start", () => {
  const { records } = setUp();
  records.begin(first, "discarding");
  records.receive(records.find("item_1")!, 100);
  assertEquals([records.get("item_1"), records.items], [undefined, []]);
  assertEquals(records.end("item_1").map(({ itemId }) => itemId), ["item_1"]);
});

Deno.test("PlayoutRecords.playedOut() adds one listener to its signal, however often a player reports", async () => {
  const { clock, records } = setUp([first, 300]);
  const { signal } = new AbortController();
  const add = signal.addEventListener.bind(signal);
  let listeners = 0;
  signal.addEventListener = (...args: Parameters<AbortSignal["addEventListener"]>) => {
    listeners++;
    add(...args);
  };
  const waiting = records.playedOut(signal);
  for (const heardMs of [20, 40, 60]) {
    await clock.advance(20);
    records.report("item_1", heardMs);
  }
  await clock.advance(240);
  await waiting;
  assertEquals(listeners, 1);
});
