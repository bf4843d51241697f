import { assertEquals } from "@std/assert";
import { bunTestCounts, denoTestCounts, nodeTestCounts } from "./test_counts.ts";

Deno.test("denoTestCounts() reads the last summary, including steps, and counts ignored tests as failed", () => {
  assertEquals(denoTestCounts("a ... ok (1ms)\n\nok | 12 passed | 0 failed (8ms)\n"), { passed: 12, failed: 0 });
  assertEquals(
    denoTestCounts(
      "ok | 1 passed | 0 failed (8ms)\nFAILED | 3 passed (7 steps) | 2 failed (1 step) | 4 ignored (1s)\n",
    ),
    { passed: 3, failed: 6 },
  );
});

Deno.test("bunTestCounts() counts skipped and todo tests as failed", () => {
  assertEquals(bunTestCounts("(pass) a [1.38ms]\n\n 2 pass\n 1 skip\n 3 todo\n 1 fail\nRan 7 tests across 1 file.\n"), {
    passed: 2,
    failed: 5,
  });
});

Deno.test("nodeTestCounts() counts skipped, cancelled and todo tests as failed", () => {
  assertEquals(nodeTestCounts("# tests 10\n# suites 0\n# pass 4\n# fail 3\n# cancelled 1\n# skipped 1\n# todo 1\n"), {
    passed: 4,
    failed: 6,
  });
});

Deno.test("every reader returns zero without a summary", () => {
  for (const read of [denoTestCounts, bunTestCounts, nodeTestCounts]) {
    assertEquals(read("error: 3 passed the wall | 2 failed\n"), { passed: 0, failed: 0 });
  }
});
