import { assertEquals, assertThrows } from "@std/assert";
import { PlaybackLedger } from "../../src/voice/playback_ledger.ts";

const first = { itemId: "item_1", responseId: "resp_1", contentIndex: 0 };
const second = { itemId: "item_2", responseId: "resp_1", contentIndex: 1 };

function ledgerOf(...received: readonly (readonly [typeof first, number])[]): PlaybackLedger {
  const ledger = new PlaybackLedger();
  for (const [item, ms] of received) {
    ledger.begin(item);
    ledger.receive(item.itemId, ms);
  }
  return ledger;
}

Deno.test("PlaybackLedger.advance() hears an item piece by piece, and never more than has arrived", () => {
  const ledger = ledgerOf([first, 300], [second, 200]);
  ledger.advance("item_1", 350);
  ledger.advance("item_2", 30);
  ledger.advance("item_2", 20);
  assertEquals(ledger.items.map(({ itemId, heardMs }) => [itemId, heardMs]), [["item_1", 300], ["item_2", 50]]);
  assertEquals(ledger.unheardMs, 150);
  ledger.advance("item_unknown", 1);
  assertEquals(ledger.items.length, 2);
});

Deno.test("PlaybackLedger.report() neither goes back nor beyond what has arrived", () => {
  const ledger = ledgerOf([first, 300]);
  ledger.report("item_1", 120.5);
  ledger.report("item_1", 40);
  assertEquals(ledger.get("item_1")?.heardMs, 120.5);
  ledger.report("item_1", 5000);
  assertEquals(ledger.get("item_1")?.heardMs, 300);
  ledger.report("item_unknown", 1);
  assertEquals(ledger.get("item_unknown"), undefined);
});

Deno.test("PlaybackLedger.report() refuses what is no duration", () => {
  const ledger = ledgerOf([first, 300]);
  for (const ms of [-1, NaN, Infinity]) {
    assertThrows(() => ledger.report("item_1", ms), RangeError, `current value is ${ms}`);
  }
});

Deno.test("PlaybackLedger.cut() truncates what was heard in part, at a whole millisecond", () => {
  const ledger = ledgerOf([first, 300.75]);
  ledger.complete("item_1");
  ledger.advance("item_1", 120.9);
  assertEquals(ledger.cut(), [{ ...first, heardMs: 120, receivedMs: 300, action: "truncate" }]);
});

Deno.test("PlaybackLedger.cut() cuts every item with unheard audio, in order, each in its own way", () => {
  const third = { itemId: "item_3", responseId: "resp_2", contentIndex: 0 };
  const ledger = ledgerOf([first, 100], [second, 200], [third, 50]);
  ledger.complete("item_1");
  ledger.complete("item_2");
  ledger.advance("item_1", 40);
  assertEquals(ledger.cut().map(({ itemId, heardMs, action }) => [itemId, heardMs, action]), [
    ["item_1", 40, "truncate"],
    ["item_2", 0, "delete"],
    ["item_3", 0, "discard"],
  ]);
});

Deno.test("PlaybackLedger.cut() leaves alone what was heard to its end", () => {
  const ledger = ledgerOf([first, 100], [second, 100]);
  ledger.complete("item_1");
  ledger.advance("item_1", 100);
  ledger.advance("item_2", 50);
  assertEquals(ledger.cut().map(({ itemId }) => itemId), ["item_2"]);
});

Deno.test("PlaybackLedger.cut() truncates an item whose audio still comes though all of it so far was heard", () => {
  const ledger = ledgerOf([first, 100]);
  ledger.advance("item_1", 100);
  assertEquals(ledger.cut().map(({ heardMs, action }) => [heardMs, action]), [[100, "truncate"]]);
});

Deno.test("PlaybackLedger.cut() takes less than a millisecond heard for nothing heard", () => {
  const ledger = ledgerOf([first, 100]);
  ledger.complete("item_1");
  ledger.advance("item_1", 0.99);
  assertEquals(ledger.cut().map(({ heardMs, action }) => [heardMs, action]), [[0, "delete"]]);
});

Deno.test("PlaybackLedger.cut() is final: nothing of a cut item is received or heard afterwards", () => {
  const ledger = ledgerOf([first, 100]);
  ledger.advance("item_1", 10);
  ledger.cut();
  ledger.receive("item_1", 500);
  ledger.advance("item_1", 500);
  ledger.report("item_1", 90);
  assertEquals(ledger.get("item_1"), { ...first, receivedMs: 100, heardMs: 10, complete: false, cut: true });
  assertEquals(ledger.cut(), []);
});

Deno.test("PlaybackLedger adds up fractions without losing a millisecond", () => {
  const ledger = ledgerOf([first, 1000]);
  for (let i = 0; i < 30; i++) ledger.advance("item_1", 1000 / 300);
  ledger.complete("item_1");
  assertEquals(ledger.cut()[0]?.heardMs, 100);
});

Deno.test("PlaybackLedger.cut() leaves alone what was heard to its end but for rounding", () => {
  const ledger = ledgerOf([first, 1000 / 3]);
  for (let i = 0; i < 10; i++) ledger.advance("item_1", 100 / 3 - 1e-12);
  ledger.complete("item_1");
  assertEquals(ledger.cut(), []);
});

Deno.test("PlaybackLedger remembers a bounded number of finished items and every unfinished one", () => {
  const ledger = new PlaybackLedger();
  ledger.begin(first);
  ledger.receive("item_1", 10);
  for (let i = 0; i < 1000; i++) {
    const itemId = `item_done_${i}`;
    ledger.begin({ itemId, responseId: "resp", contentIndex: 0 });
    ledger.complete(itemId);
  }
  assertEquals(ledger.items.length < 100, true);
  assertEquals(ledger.get("item_1")?.receivedMs, 10);
  assertEquals(ledger.get("item_done_999")?.complete, true);
});

Deno.test("PlaybackLedger.complete() takes the id of a response for all of its items", () => {
  const third = { itemId: "item_3", responseId: "resp_2", contentIndex: 0 };
  const ledger = ledgerOf([first, 100], [second, 100], [third, 100]);
  ledger.complete("resp_1");
  assertEquals(ledger.items.map(({ complete }) => complete), [true, true, false]);
});

Deno.test("PlaybackLedger.report() takes less than a millisecond short of all for all", () => {
  const ledger = ledgerOf([first, 100.2]);
  ledger.report("item_1", 99);
  assertEquals(ledger.get("item_1")?.heardMs, 99);
  ledger.report("item_1", 100);
  assertEquals([ledger.get("item_1")?.heardMs, ledger.unheardMs], [100.2, 0]);
});
