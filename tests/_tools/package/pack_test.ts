import { assertEquals, assertThrows } from "@std/assert";
import { resolveImports } from "./pack.ts";

Deno.test("resolveImports() maps imports to stand-ins from any depth, and keeps those that npm resolves", () => {
  const code = [
    `import { encodeBase64 } from "@std/encoding/base64";`,
    `import * as v from "valibot";`,
    `export * from "hono/cors";`,
    `import { a } from "./a.js";`,
    `const text = pick(names, "type");`,
    ` * import { assertEquals } from "@std/assert";`,
  ];
  assertEquals(resolveImports(code.join("\n"), "src/audio/x.js", ["hono", "valibot"]).split("\n"), [
    `import { encodeBase64 } from "../../vendor/std_encoding_base64.js";`,
    ...code.slice(1),
  ]);
  assertEquals(
    resolveImports(`import "@std/encoding/base64";`, "mod.js", []),
    `import "./vendor/std_encoding_base64.js";`,
  );
});

Deno.test("resolveImports() throws for a package that the tarball does not depend on", () => {
  for (const specifier of ["left-pad", "honorary", "npm:hono", "deno-std/encoding/hex.js"]) {
    assertThrows(
      () => resolveImports(`import { x } from "${specifier}";`, "mod.js", ["hono"]),
      Error,
      `Cannot pack mod.js as it imports ${specifier}, which npm cannot resolve`,
    );
  }
});

Deno.test("resolveImports() inlines no types, as a declaration must not refer to a missing package", () => {
  const code = 'import { encodeHex } from "@std/encoding/hex";';
  assertThrows(() => resolveImports(code, "mod.d.ts", []), Error, "which npm cannot resolve");
});
