import { assertEquals, assertStringIncludes } from "@std/assert";
import { docsViolations } from "./docs.ts";
import { readRepository } from "../repository.ts";
import { createTempRepository } from "../temp_repository.ts";

const MODULE = "// This module is browser compatible.\n\n/**\n * A module.\n *\n * @module\n */\n\n";

async function violations(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const exports = Object.fromEntries(
    Object.keys(files).filter((path) => path.endsWith("mod.ts")).map((path) => [path, `./${path}`]),
  );
  await using temp = await createTempRepository({
    "deno.json": JSON.stringify({
      name: "@me/lib",
      exports,
      imports: { "pkg": "npm:pkg@1.0.0" },
      nodeModulesDir: "manual",
    }),
    "node_modules/pkg/package.json":
      '{ "name": "pkg", "version": "1.0.0", "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
    "node_modules/pkg/index.js": "",
    "node_modules/pkg/index.d.ts": "type Schema = { parse(): void };\nexport type { Schema };\n",
    ...files,
  });
  return await docsViolations(await readRepository(temp.root));
}

Deno.test("docsViolations() accepts documented symbols, and references to the types of a package", async () => {
  assertEquals(
    await violations({
      "mod.ts":
        `${MODULE}import type { Schema } from "pkg";\n/** Options. */\nexport interface Options {\n  /** Schema. */\n  schema: Schema;\n}\n`,
    }),
    [],
  );
});

Deno.test("docsViolations() reports an entry point whose first block has no @module", async () => {
  const late = '/** A. */\nexport * from "./a.ts";\n/**\n * B.\n *\n * @module\n */\n';
  assertEquals(
    await violations({
      "mod.ts": late,
      "src/b/mod.ts": `${MODULE}export * from "../../a.ts";\n`,
      "a.ts": "/** A. */\nexport const a: number = 1;\n",
    }),
    ["./mod.ts must begin with a doc block that has @module"],
  );
});

Deno.test("docsViolations() reports undocumented symbols and references to our own private types", async () => {
  const found = await violations({
    "mod.ts":
      `${MODULE}interface Hidden {\n  a: string;\n}\n/** Options. */\nexport interface Options {\n  hidden: Hidden;\n}\n`,
  });
  assertEquals(found.map((finding) => finding.split("\n")[0]), [
    "error[private-type-ref]: public type 'Options[\"hidden\"]' references private type 'Hidden'",
    "error[missing-jsdoc]: exported symbol is missing JSDoc documentation",
  ]);
  assertStringIncludes(found[1] ?? "", "--> mod.ts:14:3");
});
