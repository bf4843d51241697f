import { assert, assertEquals } from "@std/assert";
import { checked, joined, type Outcome, ran, runSteps, tested } from "./step.ts";

function step(name: string, outcome: Outcome | Error) {
  return { name, run: () => outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome) };
}

Deno.test("runSteps() continues after a failure and returns the sum of all outcomes", async () => {
  const lines: string[] = [];
  const total = await runSteps([
    step("one", { passed: 2, failed: 0, note: "3 bytes", output: "quiet" }),
    step("two", { passed: 5, failed: 1, output: "line 1\nline 2\n" }),
    step("three", new RangeError("Broken")),
    step("four", { passed: 1, failed: 0 }),
  ], { log: (line) => lines.push(line.replace(/\d+\.\d s/, "N s")), concurrency: 1 });
  assertEquals(total, { passed: 8, failed: 2 });
  assertEquals(lines.slice(0, 6), [
    "       one ...",
    "ok     one (N s): 3 bytes",
    "       two ...",
    "FAILED two (N s)",
    "       | line 1\n       | line 2",
    "       three ...",
  ]);
  assert(lines[7]?.startsWith("       | RangeError: Broken"));
  assertEquals(lines.slice(8), ["       four ...", "ok     four (N s)"]);
});

Deno.test("runSteps() runs at most the given number of steps at a time", async () => {
  const started: string[] = [];
  const gates = new Map(["a", "b", "c"].map((name) => [name, Promise.withResolvers<Outcome>()]));
  const steps = Array.from(gates, ([name, { promise }]) => ({ name, run: () => (started.push(name), promise) }));
  const done = runSteps(steps, { log() {}, concurrency: 2 });
  assertEquals(started, ["a", "b"]);
  gates.get("b")?.resolve({ passed: 1, failed: 0 });
  gates.get("c")?.resolve({ passed: 1, failed: 0 });
  gates.get("a")?.resolve({ passed: 1, failed: 0 });
  assertEquals(await done, { passed: 3, failed: 0 });
  assertEquals(started, ["a", "b", "c"]);
});

Deno.test("checked() and ran() count as one, and fail with their output", () => {
  assertEquals(checked([], "fine"), { passed: 1, failed: 0, note: "fine" });
  assertEquals(checked(["a", "b"]), { passed: 0, failed: 1, output: "a\nb" });
  assertEquals(ran({ code: 0, output: "x" }), { passed: 1, failed: 0 });
  assertEquals(ran({ code: 2, output: "x" }), { passed: 0, failed: 1, output: "x" });
});

Deno.test("tested() fails when a test did, when the command did, and when there was no test", () => {
  const counts = (passed: number, failed: number, code: number) => {
    const outcome = tested({ code, output: "" }, () => ({ passed, failed }));
    return [outcome.passed, outcome.failed];
  };
  assertEquals(counts(3, 0, 0), [3, 0]);
  assertEquals(counts(3, 2, 1), [3, 2]);
  assertEquals(counts(3, 0, 1), [3, 1]);
  assertEquals(counts(0, 0, 0), [0, 1]);
});

Deno.test("joined() adds up outcomes, and keeps remarks and outputs", () => {
  const outcomes = [{ passed: 1, failed: 0, note: "1 s", output: "a" }, {
    passed: 2,
    failed: 3,
    note: "",
    output: "b",
  }];
  assertEquals(joined(outcomes), { passed: 3, failed: 3, note: "1 s", output: "a\nb" });
});
