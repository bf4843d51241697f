import { assertEquals, assertRejects } from "@std/assert";
import { OptionError, readOptions } from "../../../examples/simulator/options.ts";

Deno.test("The command uses the real server's latency at real-time pace, and none at others, unless it is set", async () => {
  const cases: readonly [args: string[], latency: unknown][] = [
    [[], "none"],
    [["--pace", "fast"], "none"],
    [["--pace", "realtime"], "recorded"],
    [["--pace", "realtime", "--latency", "none"], "none"],
    [["--latency", "recorded"], "recorded"],
    [["--latency", "120"], { ackMs: 120 }],
  ];
  for (const [args, latency] of cases) assertEquals((await readOptions(args))?.latency, latency, args.join(" "));
});

Deno.test("The command imitates the server given by --server, and rejects unknown ones", async () => {
  assertEquals((await readOptions([]))?.server, "openai");
  assertEquals((await readOptions(["--server", "voice-live"]))?.server, "voice-live");
  await assertRejects(
    () => readOptions(["--server", "aws"]),
    OptionError,
    "Cannot start as --server must be one of openai, azure, voice-live, xai, self-hosted: current value is aws",
  );
  for (const latency of ["-1", "NaN", "soon", "Infinity", ""]) {
    const words = "--latency must be none, recorded or milliseconds >= 0";
    await assertRejects(() => readOptions([`--latency=${latency}`]), OptionError, words);
  }
});
