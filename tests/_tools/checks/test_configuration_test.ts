import { assertEquals } from "@std/assert";
import { testConfigurationViolations } from "./test_configuration.ts";

const COMPILER_OPTIONS = { strict: true };
const LIBRARY = {
  name: "@me/lib",
  exports: { ".": "./mod.ts", "./extra": "./src/extra/mod.ts" },
  imports: { "valibot": "npm:valibot@^1.5.0", "deno-std": "npm:deno-std@1.4.0" },
  links: [],
  compilerOptions: COMPILER_OPTIONS,
};
const TESTS = {
  imports: {
    "@me/lib": "../mod.ts",
    "@me/lib/extra": "../src/extra/mod.ts",
    "valibot": "npm:valibot@^1.5.0",
    "deno-std": "npm:deno-std@1.4.0",
    "ws": "npm:ws@8.21.0",
  },
  compilerOptions: COMPILER_OPTIONS,
};
const VALIBOT = { from: "mod.ts", specifier: "valibot", to: undefined, typeOnly: false };
const LOCK = '{ "specifiers": { "npm:valibot@^1.5.0": "1.5.0" } }';

function violations(
  changes: { library?: object; tests?: object; libraryLock?: string; lock?: string },
): readonly string[] {
  const files = new Map([
    ["deno.lock", changes.libraryLock ?? LOCK],
    ["links/std/mod.ts", 'export * from "deno-std/x.js";\n'],
    ["tests/deno.json", JSON.stringify({ ...TESTS, ...changes.tests })],
    ["tests/deno.lock", changes.lock ?? LOCK],
  ]);
  return testConfigurationViolations({
    configuration: { ...LIBRARY, ...changes.library },
    files,
    imports: [VALIBOT],
  });
}

Deno.test("testConfigurationViolations() accepts matching configurations", () => {
  assertEquals(violations({}), []);
});

Deno.test("testConfigurationViolations() requires the same version of every shared package", () => {
  const imports = { ...TESTS.imports, valibot: "npm:valibot@^1.4.0" };
  assertEquals(violations({ tests: { imports } }), ["tests/deno.json imports must map valibot to npm:valibot@^1.5.0"]);
  assertEquals(violations({ lock: '{ "specifiers": { "npm:valibot@^1.5.0": "1.5.0_typescript@5.9.3" } }' }), []);
  assertEquals(violations({ lock: '{ "specifiers": { "npm:valibot@^1.5.0": "1.6.0" } }' }), [
    "tests/deno.lock must lock npm:valibot@^1.5.0 to 1.5.0, as deno.lock does",
  ]);
});

Deno.test("testConfigurationViolations() requires tests to import the library of this repository", () => {
  const { "@me/lib/extra": _, ...imports } = TESTS.imports;
  assertEquals(violations({ tests: { imports } }), [
    "tests/deno.json imports must map @me/lib/extra to ../src/extra/mod.ts",
  ]);
});

Deno.test("testConfigurationViolations() requires the same compiler options", () => {
  assertEquals(violations({ tests: { compilerOptions: {} } }), [
    "tests/deno.json must have the compilerOptions of deno.json",
  ]);
});

Deno.test("testConfigurationViolations() keeps development packages out of the published configuration", () => {
  const library = { imports: { ...LIBRARY.imports, ws: "npm:ws@8.21.0" } };
  assertEquals(violations({ library }), [
    "deno.json imports ws, which the library does not import: move it to tests/deno.json",
  ]);
  const npm = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [`${name}@1.0.0`, {}]));
  assertEquals(violations({ libraryLock: JSON.stringify({ npm }) }), [
    "deno.lock has 6 packages, which a user's first command downloads: at most 5",
  ]);
});
