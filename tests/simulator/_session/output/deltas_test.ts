import { assertEquals } from "@std/assert";
import { splitJson, splitWords } from "../../../../src/simulator/_session/output/deltas.ts";

Deno.test("splitWords() splits as a model does, and loses nothing", () => {
  assertEquals(splitWords("Hi there, friend!"), ["Hi", " there", ",", " friend", "!"]);
  assertEquals(splitWords(" It’s 12:30.\n"), [" It’s", " 12", ":", "30", ".", "\n"]);
  assertEquals(splitWords(""), []);
  for (const text of ["速い茶色の狐が怠け者の犬を飛び越えてどこかへ行った。", "a  b\n\n\nc 👩‍🚀 – d"]) {
    assertEquals(splitWords(text).join(""), text);
  }
});

Deno.test("splitWords() splits text without spaces, too", () => {
  assertEquals(splitWords("x".repeat(30)).map(({ length }) => length), [12, 12, 6]);
});

Deno.test("splitJson() splits between words and punctuation, and loses nothing", () => {
  assertEquals(splitJson('{"city":"London"}'), ['{"', "city", '":"', "London", '"}']);
  const json = JSON.stringify({ deep: { list: [1, 2.5, null, "a b"], "ключ": "é\n" } }, null, 2);
  assertEquals(splitJson(json).join(""), json);
});
