import { pathToFileURL } from "node:url";
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { runDeno } from "./command.ts";
import { ROOT } from "./repository.ts";
import { createTempRepository } from "./temp_repository.ts";
import { denoTestCounts } from "./test_counts.ts";

const HANGING = `const forever = () => new Promise<void>(() => void setInterval(() => {}, 1_000));
Deno.test("waits in vain", forever);
Deno.test({ name: "never gives the event loop back", fn: () => { for (;;); } });
Deno.test("makes one microtask after the other", { sanitizeOps: false }, async () => { for (;;) await null; });
Deno.test({ name: "takes its time", timeout: 30_000 }, () => new Promise((resolve) => setTimeout(resolve, 800)));
Deno.test(function quick() {});
`;

Deno.test("limitTests() fails a test that hangs, waiting or blocking, and runs the others", async () => {
  await using temp = await createTempRepository({
    "deno.json": "{}",
    "hanging_test.ts": HANGING,
    "preload.ts": `import { limitTests } from "${
      pathToFileURL(`${ROOT}/tests/_tools/limit_tests.ts`)
    }";\nlimitTests(400);\n`,
  });
  const args = ["test", "--no-check", "--preload", "preload.ts", "hanging_test.ts"];
  const { code, output } = await runDeno(args, { cwd: temp.root, timeoutMs: 30_000 });
  assertEquals(code, 1);
  assertEquals(denoTestCounts(output), { passed: 2, failed: 3 });
  assertMatch(output, /^waits in vain => \.\/hanging_test\.ts:2:6$/m);
  assertMatch(output, /^never gives the event loop back => \.\/hanging_test\.ts:3:6$/m);
  assertMatch(output, /^makes one microtask after the other => \.\/hanging_test\.ts:4:6$/m);
  assertMatch(output, /Test timed out after 400ms/);
  assertMatch(output, /^takes its time \.\.\. ok/m);
  assertMatch(output, /^quick \.\.\. ok/m);
});

Deno.test("limitTests() reports other failures unchanged", async () => {
  await using temp = await createTempRepository({
    "deno.json": "{}",
    "failing_test.ts": `\nDeno.test("fails", () => { throw new Error("on purpose"); });\n`,
    "preload.ts": `import { limitTests } from "${
      pathToFileURL(`${ROOT}/tests/_tools/limit_tests.ts`)
    }";\nlimitTests(400);\n`,
  });
  const args = ["test", "--no-check", "--preload", "preload.ts", "failing_test.ts"];
  const { output } = await runDeno(args, { cwd: temp.root, timeoutMs: 30_000 });
  assertMatch(output, /^fails => \.\/failing_test\.ts:2:6$/m);
  assertNotMatch(output, /limit_tests\.ts/);
});
