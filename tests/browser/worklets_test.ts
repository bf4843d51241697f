import { assertEquals } from "@std/assert";
import { ROOT } from "../_tools/repository.ts";
import { generateWorklets } from "../_tools/worklets.ts";

Deno.test("Worklet code is generated from its sources: run `deno task worklets` when it is stale", async () => {
  for (const [path, text] of await generateWorklets(ROOT)) {
    assertEquals(await Deno.readTextFile(`${ROOT}/${path}`), text, path);
  }
});

Deno.test("The worklet file is too large for bundlers to inline as a data: URL, which strict pages would block", async () => {
  const { size } = await Deno.stat(`${ROOT}/src/browser/worklet.js`);
  assertEquals(size > 4096, true, `${size} bytes`);
});
