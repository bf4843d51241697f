import { assertEquals } from "@std/assert";
import { heardText } from "../../src/_internal/heard_text.ts";

Deno.test("heardText() returns whole words in proportion to the heard audio", () => {
  const text = "The quick brown fox";
  assertEquals(heardText(text, 0, 1900), "");
  assertEquals(heardText(text, 290, 1900), "");
  assertEquals(heardText(text, 300, 1900), "The");
  assertEquals(heardText(text, 899, 1900), "The");
  assertEquals(heardText(text, 900, 1900), "The quick");
  assertEquals(heardText(text, 1899, 1900), "The quick brown");
  assertEquals(heardText(text, 1900, 1900), text);
  assertEquals(heardText("", 10, 20), "");
});

Deno.test("heardText() cuts scripts without spaces between characters", () => {
  assertEquals(heardText("今日はいい天気です", 500, 900), "今日はいい");
});
