import { assertEquals, assertStringIncludes } from "@std/assert";
import { runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { HEAP_FLAGS } from "../bench/_heap.ts";

Deno.test("sessions stay within their memory budgets, idle and in a long conversation", async () => {
  const flags = ["-A", "--no-check", HEAP_FLAGS];
  const { code, output } = await runDeno(["run", ...flags, "tests/bench/heap_bench.ts", "--minutes", "6"], {
    cwd: ROOT,
  });
  assertEquals(code, 0, output);
  assertStringIncludes(output, "72 responses, 2820 audio deltas, 12 calls, 12 cut short");
});
