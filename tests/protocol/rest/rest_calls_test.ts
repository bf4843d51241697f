import { assertEquals, assertGreater } from "@std/assert";
import * as protocol from "../../../src/protocol/mod.ts";

/** The code of every file below a folder of `src`. */
async function codeOf(folder: string): Promise<string> {
  const url = new URL(`../../../src/${folder}/`, import.meta.url);
  const texts: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(url)) {
    if (isDirectory) texts.push(await codeOf(`${folder}/${name}`));
    else texts.push(await Deno.readTextFile(new URL(name, url)));
  }
  return texts.join("\n");
}

Deno.test("every request body that the protocol checks is sent by RealtimeRest and read by the simulator", async () => {
  const checks = Object.keys(protocol).filter((name) => /^check(?!.*Live)\w+Request$/.test(name));
  assertGreater(checks.length, 4);
  for (const folder of ["rest", "simulator"]) {
    const code = await codeOf(folder);
    assertEquals(checks.filter((name) => !new RegExp(`\\b${name}\\b`).test(code)), [], folder);
  }
});
