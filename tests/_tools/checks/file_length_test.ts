import { assertEquals } from "@std/assert";
import { fileLengthViolations, MAX_LINES } from "./file_length.ts";

Deno.test("fileLengthViolations() accepts a library file of 300 lines, and reports one of 301", () => {
  const files = new Map([
    ["mod.ts", "x\n".repeat(MAX_LINES + 1)],
    ["src/a.ts", "x\n".repeat(MAX_LINES)],
    ["src/b.ts", "x\n".repeat(MAX_LINES) + "x"],
    ["tests/a_test.ts", "x\n".repeat(1000)],
  ]);
  assertEquals(fileLengthViolations({ files }), [
    "mod.ts has 301 lines: at most 300 are allowed",
    "src/b.ts has 301 lines: at most 300 are allowed",
  ]);
});
