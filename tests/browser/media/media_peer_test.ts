import { assert, assertEquals, assertMatch } from "@std/assert";
import { runDeno } from "../../_tools/command.ts";
import { ROOT } from "../../_tools/repository.ts";

Deno.test("The media peer carries audio in both directions, survives failing calls, and leaves nothing behind", async () => {
  const config = "examples/simulator/media/deno.json";
  const args = ["run", "--quiet", "-A", "--no-check", "--config", config, "tests/browser/media/_loopback.ts"];
  const { code, output } = await runDeno(args, { cwd: ROOT, timeoutMs: 110_000 });
  assertEquals(code, 0, output);
  const verdict = JSON.parse(output.split("\n").find((line) => line.startsWith("{"))!);
  // A sine of 8,000 has a root mean square of 0.173.
  assert(verdict.level > 0.15 && verdict.level < 0.19, `the tone arrived at ${verdict.level}`);
  assert(verdict.answer > 0.02, `the answer arrived at ${verdict.answer}`);
  assertEquals(verdict.types, [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "output_audio_buffer.started",
  ]);
  assertEquals(verdict.oversize.length, 1);
  assertMatch(verdict.oversize[0], /^Call rtc ended as a frame of 262\d+ bytes could not be sent/);
  assertEquals(verdict.ends, ["caller", "caller", "hangup"]);
  assertEquals(verdict.early, ["session.created", "input_audio_buffer.speech_started"]);
  assertEquals([verdict.calls, verdict.errors], [24, []]);
  assert(verdict.liveAnswer > 0.02, `the voice of the Live session arrived at ${verdict.liveAnswer}`);
  assert(verdict.liveInputMs > 1_200, `only ${verdict.liveInputMs} ms were heard`);
  assertEquals(verdict.liveClosed, true);
});
