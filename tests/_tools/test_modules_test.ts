import { assertEquals } from "@std/assert";
import { ROOT } from "./repository.ts";
import { LONG_FILES, writeTestModules } from "./test_modules.ts";

Deno.test("writeTestModules() runs every file once: long ones first and alone, the others in few modules", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const others = Array.from({ length: 45 }, (_, index) => `tests/a/${index}_test.ts`);
    const [long = ""] = LONG_FILES;
    const paths = await writeTestModules([...others, long], { root: "/root", folder });
    assertEquals(paths[0], `/root/${long}`);
    assertEquals(paths.length, 4);
    const texts = await Promise.all(paths.slice(1).map((path) => Deno.readTextFile(path)));
    const imported = texts.map((text) => [...text.matchAll(/^import "(.*)";$/gm)].map(([, specifier]) => specifier));
    assertEquals(imported.map(({ length }) => length), [20, 20, 5]);
    assertEquals(imported.flat(), others.map((file) => `file:///root/${file}`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("each file that takes long exists", async () => {
  const kinds = await Promise.all(LONG_FILES.map(async (file) => (await Deno.stat(`${ROOT}/${file}`)).isFile));
  assertEquals(kinds, LONG_FILES.map(() => true));
});
