import { assertEquals, assertThrows } from "@std/assert";
import { parseJsonText } from "../../../examples/simulator/parse_json_text.ts";

Deno.test("parseJsonText() parses JSON", () => {
  for (
    const value of [null, true, -1.5e3, 'a\n"b" \u{1f389}', [], {}, [[1], { a: [{}] }, "]"], { "{": { b: [1, 2] } }]
  ) {
    for (const indent of [0, 2]) assertEquals(parseJsonText(JSON.stringify(value, null, indent)), value);
  }
});

Deno.test("parseJsonText() names the line and the column of a mistake", () => {
  const cases: readonly [text: string, message: string][] = [
    ["", "Expected a value at line 1, column 1, but the text ends"],
    ['{\n  "turns": [\n    { "responses": [ }\n  ]\n}', "Expected a value at line 3, column 22, but there is }"],
    ['{\n  "turns": [],\n}', "Expected a name in quotes at line 3, column 1, but there is }"],
    ["[1,\n 2,\n]", "Expected a value at line 3, column 1, but there is ]"],
    ['{ "turns": [] "expect": [] }', 'Expected a comma at line 1, column 15, but there is "'],
    ["{ turns: [] }", "Expected a name in quotes at line 1, column 3, but there is t"],
    ["{ 'turns': [] }", "Expected a name in quotes at line 1, column 3, but there is '"],
    ['{ "turns" [] }', "Expected a colon at line 1, column 11, but there is ["],
    ['{ "turns": [\n', "Expected a value at line 2, column 1, but the text ends"],
    ['{ "turns": [1\n', "Expected a comma at line 2, column 1, but the text ends"],
    ["[1] // the end", "Expected the end at line 1, column 5, but there is /"],
    ["{}\n}", "Expected the end at line 2, column 1, but there is }"],
    ["[01]", "Expected a value at line 1, column 2, but there is 0"],
    ["[truer]", "Expected a value at line 1, column 2, but there is t"],
    ['["a\nb"]', 'Expected a value at line 1, column 2, but there is "'],
    ['{ "a": 1, 2 }', "Expected a name in quotes at line 1, column 11, but there is 2"],
  ];
  for (const [text, message] of cases) assertThrows(() => parseJsonText(text), SyntaxError, message);
});
