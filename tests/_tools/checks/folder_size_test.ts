import { assertEquals } from "@std/assert";
import { folderMeasures } from "./folder_size.ts";

function valuesFor(paths: readonly string[]): readonly (readonly [string, number])[] {
  const files = new Map(paths.map((path) => [path, ""]));
  return folderMeasures({ files }).filter(({ value }) => value > 0).map(({ what, value }) => [what, value]);
}

const fill = (folder: string, count: number) => Array.from({ length: count }, (_, i) => `${folder}/f${i}.ts`);

Deno.test("folderMeasures() counts the files of a folder, without its subfolders", () => {
  assertEquals(valuesFor([...fill("src/a", 25), ...fill("src/a/b", 25), ...fill("docs", 40)]), []);
  assertEquals(valuesFor([...fill("src/a", 26), ...fill("tests/x", 30), ...fill("tests/y", 25)]), [
    ["folders of src/ with more than 25 files (src/a 26)", 1],
    ["folders of tests/ with more than 25 files (tests/x 30)", 1],
  ]);
});
