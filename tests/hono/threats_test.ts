import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../_tools/repository.ts";

/** The threats that SECURITY.md has to cover, by words of their headings. */
const THREATS = [
  "key",
  "origins",
  "CSRF",
  "too long, too slow or malformed",
  "outlive",
  "spend too much",
  "take control",
  "SDP",
  "Header injection",
  "smuggled",
  "Path tricks",
  "forged, stale or replayed",
  "Floods",
  "proxy",
];

/** The threats of SECURITY.md, and the tests that each names: a file and a name. */
async function threats(): Promise<readonly { heading: string; tests: readonly (readonly string[])[] }[]> {
  const text = await Deno.readTextFile(`${ROOT}/SECURITY.md`);
  return text.split("\n### ").slice(1).map((section) => {
    const [heading = "", ...lines] = section.split("\n");
    // A long name continues on the next line.
    const items = lines.join("\n").matchAll(/^- `(tests\/\S+)`:((?: .*|\n {2}\S.*)+)/gm);
    return {
      heading,
      tests: Array.from(items, ([, file = "", name = ""]) => [file, name.replaceAll(/\s+/g, " ").trim()]),
    };
  });
}

Deno.test("SECURITY.md covers every threat, and names existing tests for each", async () => {
  const found = await threats();
  assertEquals(THREATS.filter((words) => !found.some(({ heading }) => heading.includes(words))), []);
  for (const { heading, tests } of found) {
    assert(tests.length > 0, `${heading} names no test`);
    for (const [file, name] of tests) {
      const text = await Deno.readTextFile(`${ROOT}/${file}`);
      assert(text.includes(`Deno.test("${name}", `), `${file} has no test "${name}"`);
    }
  }
  assertEquals(found.flatMap(({ tests }) => tests).length > 40, true);
});
