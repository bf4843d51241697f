import { assertEquals } from "@std/assert";
import { readRepository } from "./repository.ts";
import { createTempRepository } from "./temp_repository.ts";

Deno.test("readRepository() reads committed files, binary ones as empty", async () => {
  await using temp = await createTempRepository({
    "deno.json": '{ "name": "@me/lib", "exports": { ".": "./mod.ts" } }',
    "mod.ts": "",
    "docs/deep/page.md": "# Page\n",
    "node_modules/a/index.js": "",
    "coverage/a.json": "",
  });
  await Deno.writeFile(`${temp.root}/sound.wav`, new Uint8Array([0x52, 0xff, 0xfe, 0x00]));
  const { root, configuration, files } = await readRepository(temp.root);
  assertEquals(root, temp.root);
  assertEquals(configuration.exports, { ".": "./mod.ts" });
  assertEquals([...files.keys()], ["deno.json", "docs/deep/page.md", "mod.ts", "sound.wav"]);
  assertEquals(files.get("sound.wav"), "");
  assertEquals(files.get("docs/deep/page.md"), "# Page\n");
});

Deno.test("readRepository() reads every import of the library, and distinguishes types from code", async () => {
  await using temp = await createTempRepository({
    "deno.json": '{ "imports": { "helper": "./helper.ts" } }',
    "helper.ts": "export const help = 1;\n",
    "mod.ts": 'export type { A } from "./src/a.ts";\n',
    "src/a.ts":
      'import type { B } from "./b.ts";\nimport { b, type C } from "./b.ts";\nexport type A = [B, C, typeof b];\n',
    "src/alone.ts": 'import { help } from "helper";\nawait import("./b.ts");\nconsole.log(help);\n',
    "src/b.ts": "export type B = 1;\nexport type C = 2;\nexport const b = 3;\n",
  });
  const { imports } = await readRepository(temp.root);
  assertEquals(imports, [
    { from: "mod.ts", specifier: "./src/a.ts", to: "src/a.ts", typeOnly: true },
    { from: "src/a.ts", specifier: "./b.ts", to: "src/b.ts", typeOnly: false },
    { from: "src/alone.ts", specifier: "helper", to: undefined, typeOnly: false },
    { from: "src/alone.ts", specifier: "./b.ts", to: "src/b.ts", typeOnly: false },
  ]);
});
