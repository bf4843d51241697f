import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../_tools/repository.ts";
import { drawRun } from "./_picture.ts";

Deno.test("drawRun() draws each remaining line in the colour of its speaker", () => {
  const svg = drawRun("Server: a <b> & c\n  1.0 s  you       [###-------] Hel\n  1.2 s  you       “Hello”\n");
  assertEquals(svg.match(/<text /g)?.length, 2);
  assertStringIncludes(svg, "Server: a &lt;b> &amp; c");
  assertStringIncludes(svg, `fill="#56b6c2">  1.2 s  you       “Hello”</text>`);
});

Deno.test("the picture in the README shows the current demo: deno task picture draws it", async () => {
  const svg = await Deno.readTextFile(`${ROOT}/docs/demo.svg`);
  for (
    const words of ["Server: the embedded simulator. It is free", "get_weather", "It is sunny in Paris", "interrupted:"]
  ) {
    assertStringIncludes(svg, words);
  }
});
