import { assert, assertEquals, assertMatch } from "@std/assert";
import { InputBudget, itemBytes, outputItem } from "../../src/live/_delegation/input_budget.ts";
import { type LiveFunctionCallOutput, MAX_LIVE_PENDING_BYTES } from "../../src/protocol/mod.ts";

function textOf(item: object): string {
  return (item as LiveFunctionCallOutput).output as string;
}

Deno.test("InputBudget gives short outputs their size, and divides what is left among long ones", () => {
  const budget = new InputBudget();
  const message = { type: "message", role: "user", content: "x".repeat(10_000) } as const;
  budget.take(message);
  const left = MAX_LIVE_PENDING_BYTES - itemBytes(message);
  const share = Math.floor((left - 300) / 2);
  const [long, short, longer] = budget.allot([50_000, 300, 60_000]);
  assertEquals([long, short], [share, 300]);
  assertEquals(longer, left - 300 - share);
});

Deno.test("InputBudget leaves each output as much as says that it was shortened", () => {
  const budget = new InputBudget();
  const message = { type: "message", role: "user", content: "x".repeat(MAX_LIVE_PENDING_BYTES) } as const;
  budget.take(message);
  for (const maxBytes of budget.allot([50_000, 60_000])) {
    const { item, isShortened } = outputItem("call_1", "y".repeat(50_000), maxBytes);
    assert(isShortened && itemBytes(item) <= maxBytes);
    assertMatch(textOf(item), /^y+… \[shortened from \d+ bytes\]$/);
  }
});

Deno.test("outputItem() cuts no character in half, whatever the limit", () => {
  for (let maxBytes = 160; maxBytes < 180; maxBytes++) {
    const { item } = outputItem("call_1", "\u{1f600}".repeat(200), maxBytes);
    assert(textOf(item).isWellFormed(), `${maxBytes}`);
    assert(itemBytes(item) <= maxBytes);
  }
});
