import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runDeno } from "../command.ts";
import { ROOT } from "../repository.ts";
import { createTempRepository } from "../temp_repository.ts";
import { OLDEST_TYPESCRIPT } from "./packed_module.ts";

Deno.test("README names the oldest TypeScript that the tarball is tested with", async () => {
  const [, version = "?"] = /@(\d+\.\d+)/.exec(OLDEST_TYPESCRIPT) ?? [];
  assertStringIncludes(await Deno.readTextFile(`${ROOT}/README.md`), `TypeScript ${version} or newer`);
});

Deno.test("check_types.cjs finds type errors in a program and in our declarations, and skips other packages", async () => {
  const packages = "node_modules/@oai-rt/edge";
  await using temp = await createTempRepository({
    "check_types.cjs": await Deno.readTextFile(`${ROOT}/tests/fixtures/npm_app/check_types.cjs`),
    "tsconfig.json": `{ "compilerOptions": { "lib": ["es5"], "types": [], "noEmit": true }, "files": ["app.ts"] }`,
    "app.ts": `import { a } from "@oai-rt/edge";\nimport { b } from "other";\nexport const c: string = a + b;\n`,
    [`${packages}/index.d.ts`]: "export declare const a: number;\n",
    "node_modules/other/index.d.ts": "export declare const b: number;\nexport declare const lost: Lost;\n",
  });
  await Deno.symlink(`${ROOT}/tests/node_modules/typescript`, `${temp.root}/node_modules/typescript`);
  const check = () => runDeno(["run", "-A", "check_types.cjs", "tsconfig.json"], { cwd: temp.root });
  const program = await check();
  assertEquals([program.code, program.output.match(/^.*error.*$/gm)?.map((line) => line.split("(")[0])], [1, [
    "app.ts",
  ]]);
  await Deno.writeTextFile(`${temp.root}/app.ts`, `export { a } from "@oai-rt/edge";\nexport { b } from "other";\n`);
  const right = await check();
  assertEquals([right.code, right.output.includes("error")], [0, false], right.output);
  await Deno.writeTextFile(`${temp.root}/${packages}/index.d.ts`, "export declare const a: Missing;\n");
  const declaration = await check();
  assertEquals(declaration.code, 1);
  assertMatch(declaration.output, /index\.d\.ts.*Cannot find name 'Missing'/);
});
