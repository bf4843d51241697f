import { assertEquals, assertStringIncludes } from "@std/assert";
import { browserClaimViolations, browserTypeViolations } from "./browser.ts";
import { readRepository } from "../repository.ts";
import { createTempRepository, type TempRepository } from "../temp_repository.ts";

const CLAIM = "// This module is browser compatible.\n";

function createRepository(files: Readonly<Record<string, string>>): Promise<TempRepository> {
  const exports = { ".": "./mod.ts", "./simulator": "./src/simulator/mod.ts" };
  return createTempRepository({
    "deno.json": JSON.stringify({
      name: "@me/lib",
      exports,
      imports: {},
      links: [],
      compilerOptions: { strict: true },
    }),
    "mod.ts": `${CLAIM}export type { A } from "./src/a.ts";\n`,
    "src/a.ts": `${CLAIM}export type { A } from "./b.ts";\n`,
    "src/b.ts": `${CLAIM}export type A = WebSocket;\n`,
    "src/simulator/mod.ts": 'export * from "./server.ts";\n',
    "src/simulator/server.ts": "export const port: number = Deno.args.length;\n",
    ...files,
  });
}

Deno.test("browserClaimViolations() reports only an unmarked file behind a browser entry point", async () => {
  await using good = await createRepository({});
  assertEquals(browserClaimViolations(await readRepository(good.root)), []);
  await using bad = await createRepository({ "src/b.ts": "export type A = 1;\n" });
  assertEquals(browserClaimViolations(await readRepository(bad.root)), [
    "src/b.ts is reached from a browser's entry point and must begin with // This module is browser compatible.",
  ]);
});

Deno.test("browserTypeViolations() reports a marked file that needs Deno, Node or a missing type", async () => {
  await using good = await createRepository({});
  assertEquals(await browserTypeViolations(await readRepository(good.root)), []);
  await using bad = await createRepository({
    "src/b.ts": `${CLAIM}export type A = 1;\nexport const args: string[] = Deno.args;\n`,
    "src/c.ts": `${CLAIM}export const args: string[] = process.argv;\n`,
  });
  const [output = ""] = await browserTypeViolations(await readRepository(bad.root));
  assertStringIncludes(output, "Cannot find name 'Deno'");
  assertStringIncludes(output, "at src/b.ts:3:");
  assertStringIncludes(output, "Cannot find name 'process'");
});
