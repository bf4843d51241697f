import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { talk } from "../../examples/stdio/talk.ts";
import { connectVoice } from "../../mod.ts";
import { measureLevel, readWav, toBytes, toInt16 } from "../../src/audio/mod.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { saying, settled, tone } from "../voice/_conversation.ts";

/** A conversation with both ends in memory. */
async function conversation() {
  const clock = createVirtualClock();
  const plan = { outputs: [{ type: "message", text: "Hello.", audio: tone(1500) }] } as const;
  const simulator = createSimulator({ ...saying(plan), clock });
  const voice = await settled(clock, connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock }));
  const heard: Uint8Array[] = [];
  const to = new WritableStream<Uint8Array>({ write: (bytes) => void heard.push(bytes) });
  return { clock, heard, simulator, to, voice };
}

Deno.test("talk() yields the whole answer after the user's audio has ended, and then ends", async () => {
  const { clock, heard, simulator, to, voice } = await conversation();
  const bytes = toBytes(tone(700));
  // Pipes split data anywhere.
  const from = ReadableStream.from([bytes.subarray(0, 1001), bytes.subarray(1001)]);
  await settled(clock, talk(voice, { from, to, clock }));
  assertEquals(heard.reduce((sum, { length }) => sum + length, 0), 1500 * 48);
  assertEquals((await voice.closed).code, 1000);
  assertEquals(clock.pending, 0);
  await simulator.close();
});

Deno.test("talk() rejects with the error of its audio", async () => {
  const broken = new Error("The pipe is broken");
  const from = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.error(broken) });
  const first = await conversation();
  await assertRejects(() => settled(first.clock, talk(first.voice, { ...first, from: from() })), Error, "is broken");
  await first.simulator.close();

  const second = await conversation();
  const to = new WritableStream<Uint8Array>({ start: (controller) => controller.error(broken) });
  const silent = new ReadableStream<Uint8Array>();
  const talking = talk(second.voice, { from: silent, to, clock: second.clock });
  await assertRejects(() => settled(second.clock, talking), Error, "is broken");
  await second.simulator.close();
});

Deno.test("the stdio example answers a recording that is piped into it, at the recording's rate", async () => {
  await using simulator = await startSimulator(ROOT, ["--scenario", "examples/demo/scenario.json", "--pace", "32"]);
  const { samples } = readWav(await Deno.readFile(`${ROOT}/examples/assets/question.wav`));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${ROOT}/examples/stdio/main.ts`, "16000"],
    env: { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: simulator.url.replace("/realtime", ""), NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Two of three samples: 24 kHz to 16 kHz, roughly.
  await new Blob([toBytes(samples.filter((_, i) => i % 3 !== 2)) as Uint8Array<ArrayBuffer>]).stream().pipeTo(
    child.stdin,
  );
  const { code, stdout, stderr } = await child.output();
  const lines = new TextDecoder().decode(stderr);
  assertEquals(code, 0, lines);
  assertStringIncludes(lines, "user: What is the weather like in Paris today?");
  assert(stdout.length > 48_000, `${stdout.length} bytes came out`);
  assert(measureLevel(toInt16(stdout)).rmsDbfs > -40);
});
