import { assertEquals } from "@std/assert";
import { cycleViolations } from "./cycles.ts";

function imports(...pairs: readonly (readonly [string, string])[]) {
  return { imports: pairs.map(([from, to]) => ({ from, to, specifier: to, typeOnly: true })) };
}

Deno.test("cycleViolations() accepts files with shared imports", () => {
  assertEquals(
    cycleViolations(
      imports(["mod.ts", "src/a.ts"], ["mod.ts", "src/b.ts"], ["src/a.ts", "src/c.ts"], ["src/b.ts", "src/c.ts"]),
    ),
    [],
  );
});

Deno.test("cycleViolations() reports each cycle once, wherever it is entered", () => {
  assertEquals(
    cycleViolations(
      imports(["mod.ts", "src/a.ts"], ["src/a.ts", "src/b.ts"], ["src/b.ts", "src/a.ts"], ["src/d.ts", "src/b.ts"], [
        "src/e.ts",
        "src/e.ts",
      ]),
    ),
    [
      "Files must not import each other in a circle: src/a.ts -> src/b.ts -> src/a.ts",
      "Files must not import each other in a circle: src/e.ts -> src/e.ts",
    ],
  );
});
