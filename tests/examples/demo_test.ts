import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { describeServer, readOptions } from "../../examples/demo/options.ts";
import { Screen } from "../../examples/demo/screen.ts";
import { measureLevel, readWav } from "../../src/audio/mod.ts";
import { type CommandResult, runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";

const DEMO = `${ROOT}/examples/demo/main.ts`;

interface DemoRun extends CommandResult {
  /** Files in the folder in which the demo ran. */
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

/** `sharesClock` means that the server measures time with the clock of the demo. */
function assertConversation({ code, output, files, reply }: DemoRun, sharesClock: boolean): void {
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
  // On a busy machine, a server in another process may send no faster than the demo plays.
  const isAhead = sharesClock ? Number(cut[1]) < Number(cut[2]) : Number(cut[1]) <= Number(cut[2]);
  assert(Number(cut[1]) >= 3000 && isAhead && cut[1] === cut[3], cut[0]);
  assertMatch(output, /cut +heard “For a week in Paris/);
  assertMatch(output, /ms after speech end +end noticed +response created +first audio +done\nquestion( +\d+){4}/);
  assertMatch(output, /tokens +text +audio +cached +total\nin( +\d+){4}\nout +\d+ +\d+ +- +\d+/);
  assertEquals(files, ["demo_reply.wav"]);
  const { samples, sampleRate } = readWav(reply!);
  assert(samples.length / sampleRate > 4 && samples.length / sampleRate < 6, `${samples.length / sampleRate} s`);
  assert(measureLevel(samples).rmsDbfs > -30, `${measureLevel(samples).rmsDbfs} dBFS`);
}

Deno.test("the demo holds its conversation with the embedded simulator, in plain lines", async () => {
  // An address without a server: --simulator must not use it.
  const env = { OPENAI_API_KEY: "sk-canary", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" };
  const run = await runDemo(["--fast", "--simulator"], env);
  assertConversation(run, true);
  assertEquals(run.output.split("\n")[0], "Server: the embedded simulator. It is free: no key, no network.");
  // deno-lint-ignore no-control-regex -- the test checks that there are none
  assertEquals(run.output.match(/[\x00-\x09\x0b-\x1f]/), null);
});

Deno.test("the demo holds the same conversation with a simulator in another process", async () => {
  await using simulator = await startSimulator(ROOT, ["--scenario", "examples/demo/scenario.json", "--pace", "32"]);
  assertConversation(await runDemo(["--fast", "--url", simulator.url]), false);
});

Deno.test("the demo takes the URL of the real API from the environment if there is a key", async () => {
  await using simulator = await startSimulator(ROOT);
  const env = { OPENAI_API_KEY: "sk-invalid-canary", OPENAI_BASE_URL: simulator.url.replace("/realtime", "") };
  const { code, output, files } = await runDemo(["--fast"], env);
  assertEquals(code, 1);
  assertMatch(output.trim(), /^Server: 127.*\ndemo: Cannot connect to ws:.* as the server refused the session: .+$/);
  assert(!output.includes("canary"), output);
  assertEquals(files, []);
});

Deno.test("the demo reports an invalid option in one line, fails, and leaves no process behind", async () => {
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
      // The server is named first, even when it cannot be reached.
      assertMatch(output.trim().replace(/^Server: .*\n/, ""), message);
      assertEquals(files, []);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the demo prints its help", async () => {
  const { code, output } = await runDemo(["--help"]);
  assertEquals(code, 0);
  for (const option of ["--input", "--output", "--fast", "--url", "--model", "--help"]) {
    assertStringIncludes(output, option);
  }
});

Deno.test("the demo prints the cost of each server, and takes only one of --simulator and --url", () => {
  const describe = (args: string[], env: Record<string, string> = {}) =>
    describeServer(readOptions(args, (name) => env[name])!);
  const key = { OPENAI_API_KEY: "sk-test" };
  assertMatch(describe([]), /embedded simulator.* free/);
  assertMatch(describe([], key), /OpenAI API.* bills your account/);
  assertMatch(describe(["--simulator"], key), /embedded simulator.* free/);
  assertMatch(describe([], { ...key, OPENAI_BASE_URL: "http://127.0.0.1:8787/v1" }), /^Server: 127.0.0.1:8787\./);
  assertMatch(describe(["--url", "ws://example.com/v1/realtime"], key), /^Server: example.com\./);
  assertThrows(() => describe(["--simulator", "--url", "ws://example.com"]), TypeError, "--simulator");
  assertThrows(() => describe(["--url", "example"]), TypeError, "--url must be an address: current value is example");
  assertThrows(() => describe(["--hlep"]), TypeError, "Unknown option '--hlep' (see --help)");
});

Deno.test("Screen.live() stays within the current width of the terminal", () => {
  let written = "";
  let columns = 40;
  const screen = new Screen({
    write: (text) => written = text,
    isTerminal: true,
    columns: () => columns,
    elapsedMs: () => 0,
  });
  const shown = (text: string) => {
    screen.live("you", -20, text);
    return written.replace("\r\x1b[K", "");
  };
  assertEquals(shown("a".repeat(200)).length, 39);
  columns = 80;
  assertEquals(shown("a".repeat(200)).length, 79);
  const wide = shown("日".repeat(100));
  assertEquals([...wide].reduce((width, char) => width + (char === "日" ? 2 : 1), 0) <= 79, true);
  assertEquals(shown("short").endsWith("short"), true);
});

Deno.test("Screen.line() is coloured only on request", () => {
  for (const hasColour of [true, false]) {
    let written = "";
    const write = (text: string) => written += text;
    new Screen({ write, isTerminal: true, hasColour, elapsedMs: () => 0 }).line("assistant", "Hello");
    assertEquals(written.includes("\x1b[32m"), hasColour);
  }
});
