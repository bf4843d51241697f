import { assertThrows } from "@std/assert";
import { assertResolvable } from "./pack.ts";

Deno.test("assertResolvable() accepts dependencies, paths, and names in other text", () => {
  const code = [
    `import * as v from "valibot";`,
    `export * from "hono/cors";`,
    `import { a } from "./a.js";`,
    `const text = pick(names, "type");`,
    ` * import { assertEquals } from "@std/assert";`,
  ];
  assertResolvable(code.join("\n"), "src/audio/x.js", ["hono", "valibot"]);
});

Deno.test("assertResolvable() throws for a package that the tarball does not depend on", () => {
  for (const specifier of ["left-pad", "honorary", "npm:hono", "@std/encoding/hex"]) {
    for (
      const code of [`import { x } from "${specifier}";`, `export * from "${specifier}";`, `import "${specifier}";`]
    ) {
      assertThrows(
        () => assertResolvable(`import "hono";\n${code}`, "mod.js", ["hono"]),
        Error,
        `Cannot pack mod.js as it imports ${specifier}, which npm cannot resolve`,
      );
    }
  }
});
