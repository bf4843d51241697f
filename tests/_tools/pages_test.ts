import { assertEquals } from "@std/assert";
import { PAGE_FOLDERS, SUITES, WAITING_SUITE } from "./pages.ts";
import { ROOT } from "./repository.ts";

Deno.test("Every file of tests in Chromium runs once, as a suite or as a part of one", async () => {
  const folder = `${ROOT}/${PAGE_FOLDERS[0]}`;
  const suites = [WAITING_SUITE, ...SUITES];
  const texts = await Promise.all(suites.map((name) => Deno.readTextFile(`${folder}/${name}`)));
  const parts = texts.flatMap((text) => [...text.matchAll(/^import "\.\/(.+)";$/gm)].map(([, name]) => name!));
  const files = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ isFile, name }) => isFile && /^[^_].*\.ts$/.test(name)).map(({ name }) => name);
  assertEquals([...suites, ...parts].sort(), files.sort());
});
