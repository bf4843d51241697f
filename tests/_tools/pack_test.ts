import { assertEquals, assertThrows } from "@std/assert";
import { resolveImports } from "./pack.ts";

Deno.test("resolveImports() points at stand-ins from any depth, and leaves what npm can resolve", () => {
  const code = [
    `import { encodeBase64 } from "@std/encoding/base64";`,
    `import * as v from "valibot";`,
    `export * from "hono/cors";`,
    `import { a } from "./a.js";`,
    `const text = pick(names, "type");`,
    ` * import { assertEquals } from "@std/assert";`,
  ];
  assertEquals(resolveImports(code.join("\n"), "src/audio/x.js", ["hono", "valibot"]).split("\n"), [
    `import { encodeBase64 } from "../../links/std_encoding/base64.js";`,
    ...code.slice(1),
  ]);
  assertEquals(
    resolveImports(`import "@std/encoding/base64";`, "mod.js", []),
    `import "./links/std_encoding/base64.js";`,
  );
});

Deno.test("resolveImports() throws for a package that the tarball does not depend on", () => {
  for (const specifier of ["left-pad", "honorary", "npm:hono", "@std/encoding/hex"]) {
    assertThrows(
      () => resolveImports(`import { x } from "${specifier}";`, "mod.js", ["hono"]),
      Error,
      `Cannot pack mod.js as it imports ${specifier}, which npm cannot resolve`,
    );
  }
});
