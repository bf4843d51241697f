import { assertEquals } from "@std/assert";
import { ROOT } from "./repository.ts";
import { LONG_FILES, testFiles, writeTestModules } from "./test_modules.ts";

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

Deno.test("testFiles() finds every file that Deno takes for tests, and no other", () => {
  const found = ["a_test.ts", "a/b_test.tsx", "a/c.test.ts", "a/test.ts", "a_test.mts", "a_test.mjs", "a_test.jsx"];
  const others = ["a_tests.ts", "latest.ts", "a_test.json", "a/test/b.ts"];
  const paths = [...found, ...others, "runtime/a_test.ts"].map((path) => `tests/${path}`);
  // Deno finds those outside of tests/ together with the examples in comments.
  const files = testFiles([...paths, "src/a_test.ts"], ["tests/runtime"]);
  assertEquals(files, found.map((path) => `tests/${path}`));
});
