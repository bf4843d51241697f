import { assertEquals } from "@std/assert";
import { firstDifference, show } from "../../../src/simulator/_server/partial_match.ts";

Deno.test("firstDifference() returns the first field that is missing or different", () => {
  const value = { type: "a", list: [1, { deep: "x", more: true }], nothing: null };
  const cases: [unknown, at: string | undefined, wanted?: string, actual?: string][] = [
    [{}, undefined],
    [{ type: "a" }, undefined],
    [{ list: [1, { deep: "x" }] }, undefined],
    [{ nothing: null }, undefined],
    [{ type: "b" }, "type", '"b"', '"a"'],
    [{ list: [1, { deep: "y" }] }, "list[1].deep", '"y"', '"x"'],
    [{ list: [1] }, "list", "[1]", '[1,{"deep":"x","more":true}]'],
    [{ list: { 0: 1 } }, "list", '{"0":1}', '[1,{"deep":"x","more":true}]'],
    [{ type: { a: 1 } }, "type", '{"a":1}', '"a"'],
    [{ nothing: { a: 1 } }, "nothing", '{"a":1}', "null"],
    [{ other: 1 }, "other", "1", "nothing"],
    [{ type: "b", other: 1 }, "type", '"b"', '"a"'],
    [{ list: "a" }, "list", '"a"', '[1,{"deep":"x","more":true}]'],
  ];
  for (const [pattern, at, wanted, actual] of cases) {
    const expected = at === undefined ? undefined : { at, wanted, actual };
    assertEquals(firstDifference(pattern, value), expected as typeof undefined, JSON.stringify(pattern));
  }
});

Deno.test("show() shortens long texts", () => {
  assertEquals(show({ audio: "A".repeat(200) }), `{"audio":"${"A".repeat(100)}…"}`);
});
