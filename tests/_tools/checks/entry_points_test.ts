import { assertEquals } from "@std/assert";
import { entryPointViolations } from "./entry_points.ts";

const EXPORTS = { ".": "./mod.ts", "./audio": "./src/audio/mod.ts" };

const GOOD = {
  "mod.ts": '/** All. */\nexport * from "./src/audio/mod.ts";\nexport type { CloseInfo } from "./src/errors.ts";\n',
  "src/audio/mod.ts": [
    "// This module is browser compatible.",
    "/**\n * Sound.\n *\n * @module\n */",
    'export * from "./g711/mod.ts";',
    'export { chunk } from "./pcm.ts";',
    'export type { Chunk } from "./pcm.ts";',
    'export {\n  readWav,\n  writeWav,\n} from "./wav.ts";',
  ].join("\n"),
  "src/audio/_bytes.ts": "",
  "src/audio/_tables/mu_law.ts": "",
  "src/audio/g711/mod.ts": 'export * from "./a_law.ts";\n',
  "src/audio/g711/a_law.ts": "",
  "src/audio/pcm.ts": "",
  "src/audio/wav.ts": "",
  "src/errors.ts": "",
  "tsconfig.json": JSON.stringify({
    compilerOptions: { paths: { "@me/lib": ["./mod.ts"], "@me/lib/audio": ["./src/audio/mod.ts"] } },
  }),
};

function violations(changes: Readonly<Record<string, string>>, exports: Record<string, string> = EXPORTS) {
  const configuration = { name: "@me/lib", exports, imports: {}, links: [], compilerOptions: {} };
  return entryPointViolations({ configuration, files: new Map(Object.entries({ ...GOOD, ...changes })) });
}

Deno.test("entryPointViolations() accepts alphabetical re-exports of every public file", () => {
  assertEquals(violations({}), []);
});

Deno.test("entryPointViolations() reports keys without a file, with another path, or unknown to Bun", () => {
  assertEquals(violations({}, { ...EXPORTS, "./rest": "./src/rest/mod.ts" }), [
    "deno.json exports ./rest names ./src/rest/mod.ts, which does not exist",
    "tsconfig.json paths must map @me/lib/rest to ./src/rest/mod.ts",
  ]);
  assertEquals(violations({}, { ...EXPORTS, "./audio": "./src/audio/wav.ts" }), [
    "deno.json exports ./audio must be ./src/audio/mod.ts: current value is ./src/audio/wav.ts",
    "tsconfig.json paths must map @me/lib/audio to ./src/audio/wav.ts",
  ]);
});

Deno.test("entryPointViolations() reports code and unsorted exports in a mod.ts", () => {
  assertEquals(violations({ "src/audio/g711/mod.ts": 'export * from "./a_law.ts";\nexport const a = 1;\nfoo();\n' }), [
    "src/audio/g711/mod.ts must only re-export: it has export const a = 1;",
  ]);
  assertEquals(violations({ "mod.ts": 'export * from "./src/errors.ts";\nexport * from "./src/audio/mod.ts";\n' }), [
    "mod.ts must be alphabetical: ./src/audio/mod.ts comes after ./src/errors.ts",
  ]);
});

Deno.test("entryPointViolations() reports a public file that its folder's mod.ts omits", () => {
  assertEquals(violations({ "src/audio/resample.ts": "", "src/audio/deep/file.ts": "" }), [
    "src/audio/mod.ts must re-export ./resample.ts, or its name begin with _",
    "src/audio/mod.ts must re-export ./deep/file.ts, or its name begin with _",
  ]);
  assertEquals(violations({ "src/audio/deep/mod.ts": 'export * from "./file.ts";\n', "src/audio/deep/file.ts": "" }), [
    "src/audio/mod.ts must re-export ./deep/mod.ts, or its name begin with _",
  ]);
});
