import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { measureLevel, readWav } from "../../src/audio/mod.ts";
import { type CommandResult, runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";

const DEMO = `${ROOT}/examples/demo/main.ts`;

interface DemoRun extends CommandResult {
  /** What is in the folder in which the demo ran. */
  readonly files: readonly string[];
  /** The reply, if there is one. */
  readonly reply: Uint8Array | undefined;
}

/** Runs the demo in an empty folder. */
async function runDemo(args: readonly string[], env: Record<string, string> = {}): Promise<DemoRun> {
  const folder = await Deno.makeTempDir();
  try {
    const result = await runDeno(["run", "-A", "--no-check", DEMO, ...args], {
      cwd: folder,
      env: { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", NO_COLOR: "1", ...env },
      timeoutMs: 90_000,
    });
    const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    const reply = files.includes("demo_reply.wav") ? await Deno.readFile(`${folder}/demo_reply.wav`) : undefined;
    return { ...result, files, reply };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertConversation({ code, output, files, reply }: DemoRun): void {
  assertEquals(code, 0, output);
  assertStringIncludes(output, "“What is the weather like in Paris today?”");
  assertStringIncludes(
    output,
    "“It is sunny in Paris today, with twenty one degrees and a light breeze from the west.”",
  );
  assertMatch(output, /tool +get_weather\(\{"city":"Paris"\}\)/);
  assertMatch(output, /get_weather gave \{"city":"Paris","celsius":21/);
  const cut = /interrupted: (\d+) of (\d+) ms received were heard; item item_\w+ cut at (\d+) ms/.exec(output);
  assert(cut, output);
  assert(Number(cut[1]) >= 3000 && Number(cut[1]) < Number(cut[2]) && cut[1] === cut[3], cut[0]);
  assertMatch(output, /ms after speech end +end noticed +response created +first audio +done\nquestion( +\d+){4}/);
  assertMatch(output, /tokens +text +audio +cached +total\nin( +\d+){4}\nout +\d+ +\d+ +- +\d+/);
  assertEquals(files, ["demo_reply.wav"]);
  const { samples, sampleRate } = readWav(reply!);
  assert(samples.length / sampleRate > 4 && samples.length / sampleRate < 6, `${samples.length / sampleRate} s`);
  assert(measureLevel(samples).rmsDbfs > -30, `${measureLevel(samples).rmsDbfs} dBFS`);
}

Deno.test("the demo holds its conversation with the embedded simulator, in plain lines", async () => {
  const run = await runDemo(["--fast"]);
  assertConversation(run);
  // deno-lint-ignore no-control-regex -- that there are none is the point
  assertEquals(run.output.match(/[\x00-\x09\x0b-\x1f]/), null);
});

Deno.test("the demo holds the same conversation with a simulator in another process", async () => {
  await using simulator = await startSimulator(ROOT, ["--scenario", "examples/demo/scenario.json", "--pace", "32"]);
  assertConversation(await runDemo(["--fast", "--url", simulator.url]));
});

Deno.test("the demo takes the address of the real API from the environment when there is a key", async () => {
  await using simulator = await startSimulator(ROOT);
  const env = { OPENAI_API_KEY: "sk-invalid-canary", OPENAI_BASE_URL: simulator.url.replace("/realtime", "") };
  const { code, output, files } = await runDemo(["--fast"], env);
  assertEquals(code, 1);
  assertMatch(output.trim(), /^demo: Cannot connect to ws:.* as the server refused the session: .+$/);
  assert(!output.includes("canary"), output);
  assertEquals(files, []);
});

Deno.test("the demo says in one line what is wrong, fails, and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  const noWav = `${folder}/no.wav`;
  const stereo = `${folder}/stereo.wav`;
  const { writeWav } = await import("../../src/audio/mod.ts");
  await Deno.writeTextFile(noWav, "this is no WAV file, whatever its name says");
  await Deno.writeFile(stereo, writeWav(new Int16Array(8820), { sampleRate: 44_100, channels: 2 }));
  const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [["--input", `${folder}/missing.wav`], /^demo: Cannot read .*missing\.wav: there is no such file$/],
    [["--input", noWav], /^demo: Cannot play .*no\.wav: .+$/],
    [["--input", stereo], /^demo: Cannot play .*stereo\.wav: it must be 24000 Hz mono PCM, and is 44100 Hz .+$/],
    [["--url", "ws://127.0.0.1:9/v1/realtime"], /^demo: Cannot connect to ws:\/\/127\.0\.0\.1:9\/.+$/],
    [["--nonsense"], /^demo: .*--nonsense.*$/],
  ];
  try {
    for (const [args, message] of cases) {
      const { code, output, files } = await runDemo([...args, "--fast"]);
      assertEquals(code, 1, output);
      assertMatch(output.trim(), message);
      assertEquals(files, []);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the demo explains itself", async () => {
  const { code, output } = await runDemo(["--help"]);
  assertEquals(code, 0);
  for (const option of ["--input", "--output", "--fast", "--url", "--model", "--help"]) {
    assertStringIncludes(output, option);
  }
});
