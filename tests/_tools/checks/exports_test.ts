import { assertEquals } from "@std/assert";
import { createTempRepository } from "../temp_repository.ts";
import { exportMeasures } from "./exports.ts";

async function valuesFor(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>> {
  const exports = { ".": "./mod.ts", "./hono": "./src/hono/mod.ts" };
  await using temp = await createTempRepository({ "deno.json": "{}", ...files });
  const configuration = { name: "@me/lib", exports, imports: {}, links: [], compilerOptions: {} };
  const measures = await exportMeasures({ root: temp.root, configuration, files: new Map(Object.entries(files)) });
  return Object.fromEntries(measures.map(({ what, value }) => [what, value]));
}

const CATEGORIZED = "/**\n * Does it.\n *\n * @category Things\n */\n";

Deno.test("exportMeasures() counts names and categories, and finds the first documented name", async () => {
  const values = await valuesFor({
    "mod.ts": '/** A library. @module */\nexport { connect, type Options } from "./src/a.ts";\n',
    "src/a.ts":
      `${CATEGORIZED}export function connect(): void {}\n/** No category. */\nexport interface Options { a: 1 }\n`,
    "src/hono/mod.ts": `${CATEGORIZED}export class App {}\n${CATEGORIZED}export const version = 1;\n`,
  });
  assertEquals(values, {
    "names of .": 2,
    "names of ./hono": 2,
    "exports without @category": 1,
    'modules with "export type *"': 0,
    "names before connect in the documentation of . (connect)": 0,
  });
});

Deno.test("exportMeasures() finds leading names, and types exported without their names", async () => {
  const values = await valuesFor({
    "mod.ts": 'export { connect } from "./src/a.ts";\nexport type * from "./src/b.ts";\n',
    "src/a.ts": `${CATEGORIZED}export function connect(): void {}\n`,
    "src/b.ts": `${CATEGORIZED}export async function check(): Promise<void> {}\n`,
    "src/hono/mod.ts": `${CATEGORIZED}export type A = 1;\n`,
  });
  assertEquals(values, {
    "names of .": 2,
    "names of ./hono": 1,
    "exports without @category": 0,
    'modules with "export type *"': 1,
    "names before connect in the documentation of . (check)": 1,
  });
});
