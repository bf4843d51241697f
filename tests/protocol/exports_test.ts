import { assertEquals, assertGreater } from "@std/assert";

const FOLDER = new URL("../../src/protocol/", import.meta.url);

/** The public files below the folder except those of the Live API, and the files named `mod.ts` among them. */
async function publicFiles(folder = FOLDER): Promise<URL[]> {
  const files: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (/^(?:_|live$)/.test(name)) continue;
    if (isDirectory) files.push(...await publicFiles(new URL(`${name}/`, folder)));
    else files.push(new URL(name, folder));
  }
  return files;
}

function isEntry({ pathname }: URL): boolean {
  return pathname.endsWith("/mod.ts");
}

const EXPORT = /^export (?:async )?(?:type|interface|function|const|class) (\w+)/gm;

Deno.test("each mod.ts of src/protocol exports every name of its folder and its subfolders", async () => {
  const entries = (await publicFiles()).filter(isEntry);
  assertGreater(entries.length, 8);
  for (const entry of entries) {
    const code = (await Deno.readTextFile(entry)).replace(/\/\*[^]*?\*\//g, "");
    assertEquals(
      code.match(/export (?:type )?\*.*/g)?.filter((line) => !/^export \* from ".\/\w+\/mod.ts";$/.test(line)) ?? [],
      [],
    );
    const listed = new Set(code.match(/\w+/g));
    for await (const { name } of Deno.readDir(new URL(".", entry))) {
      if (name.startsWith("_") || !name.endsWith(".ts") || name === "mod.ts") continue;
      const names = Array.from((await Deno.readTextFile(new URL(name, entry))).matchAll(EXPORT), ([, found]) => found!);
      assertEquals(names.filter((found) => !listed.has(found)), [], name);
    }
  }
});

Deno.test("every export of src/protocol has a category", async () => {
  const without: string[] = [];
  let count = 0;
  for (const file of (await publicFiles()).filter((file) => !isEntry(file))) {
    const text = await Deno.readTextFile(file);
    for (const match of text.matchAll(EXPORT)) {
      count++;
      const block = text.slice(text.lastIndexOf("/**", match.index), match.index);
      if (!/\n \* @category \w+\n/.test(block) || !block.endsWith("*/\n")) without.push(match[1]!);
    }
  }
  assertGreater(count, 250);
  assertEquals(without, []);
});
