/**
 * What a call in real time costs: 24 kHz PCM both ways, or a telephone's µ-law with resampling both ways, with a server in
 * another process. The processor time of a second of one call beside a bare loop and other people's clients, what was late
 * or lost, and memory.
 *
 * ```sh
 * deno run -A --config tests/deno.json tests/bench/calls_per_core.ts --calls 25,100 --seconds 5
 * deno run -A --config tests/deno.json tests/bench/calls_per_core.ts --calls 25,50,100,200,400 --runtimes deno,bun,node
 * ```
 *
 * Budgets are judged on Deno with up to 100 calls: with more, a processor of two may be saturated, and everything is late.
 */
import { parseArgs } from "node:util";
import { bundleModule } from "../_tools/bundle.ts";
import { TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, NODE } from "../_tools/runtimes.ts";
import type { CallReport } from "./_call_client.ts";
import { show, showTitle } from "./_figures.ts";

/** Most that a call may cost, as a multiple of the bare loop, by way. */
const MOST: Readonly<Record<string, number>> = { "ours": 1.7, "ours, telephony": 5 };
/** Most memory of a call in KiB, and most calls with which budgets are judged. */
const MOST_KIB = 300;
const MOST_CALLS = 100;

const WAYS = ["bare loop", "openai", "ours", "agents-realtime", "ours, telephony"];
const CLIENT = "tests/bench/_call_client.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "25,100" },
    seconds: { type: "string", default: "5" },
    runtimes: { type: "string", default: "deno" },
    ways: { type: "string", default: WAYS.join(";") },
  },
});

/** How a runtime is started with the client's arguments: Bun and Node run a bundle. */
async function starter(runtime: string, folder: string): Promise<(args: readonly string[]) => Deno.Command> {
  const command = (name: string, args: readonly string[]) =>
    new Deno.Command(name, { args: [...args], cwd: ROOT, stdout: "piped" });
  if (runtime === "deno") {
    const flags = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", TEST_CONFIG, CLIENT];
    return (args) => command(Deno.execPath(), [...flags, ...args]);
  }
  const bundle = `${folder}/client.mjs`;
  await Deno.writeTextFile(bundle, await bundleModule(ROOT, CLIENT, [TEST_CONFIG, "--platform", "deno"]));
  if (runtime === "bun") return (args) => command("npx", ["-y", BUN, bundle, ...args]);
  return (args) => command("npx", ["-y", "-p", NODE, "node", "--expose-gc", bundle, ...args]);
}

/** Starts the server; resolves with its port. */
async function startServer(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = new URL("./_call_server.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-check", server], stdout: "piped" })
    .spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  return {
    port,
    async stop() {
      child.kill();
      await child.status;
      await reader.cancel();
    },
  };
}

async function run(command: Deno.Command): Promise<CallReport> {
  const { code, stdout } = await command.output();
  const line = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  if (code !== 0 || !line.startsWith("{")) throw new Error(`The client ended with code ${code}: ${line}`);
  return JSON.parse(line);
}

const folder = await Deno.makeTempDir();
try {
  for (const runtime of values.runtimes.split(",")) {
    const start = await starter(runtime, folder);
    for (const calls of values.calls.split(",").map(Number)) {
      showTitle(`${calls} calls on ${runtime}, ${values.seconds} s: processor time of a second of one call`);
      let bareMs = NaN;
      for (const way of values.ways.split(";")) {
        const server = await startServer();
        const report = await run(start([`${server.port}`, way, `${calls}`, values.seconds]));
        const stats = await (await fetch(`http://127.0.0.1:${server.port}/stats`)).json();
        await server.stop();
        if (way === "bare loop") bareMs = report.cpuMs;
        const isJudged = runtime === "deno" && calls <= MOST_CALLS && way in MOST;
        const faults = report.late + stats.late;
        const note = `${report.cpuMs.toFixed(2)} ms; ${report.heapKib.toFixed(0)} KiB; late ${report.late} of ` +
          `${report.pieces} heard, ${stats.late} of ${stats.appends} said (most ${stats.mostLateMs.toFixed(0)} ms); ` +
          `lost ${report.lostMs.toFixed(0)} ms; own lag ${report.lagMs.toFixed(0)} ms`;
        const budget = isJudged ? { atMost: MOST[way]! } : {};
        show({ name: way, measured: report.cpuMs / bareMs, unit: " ×", note, ...budget });
        if (!isJudged) continue;
        show({ name: `${way}: memory of a call`, measured: report.heapKib, unit: " KiB", atMost: MOST_KIB });
        // A machine that is busy with other things makes everybody late.
        const isFair = report.lagMs < 100;
        const name = `${way}: late or lost`;
        show({ name, measured: faults + report.lostMs, unit: "", ...isFair ? { atMost: 0 } : {} });
      }
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
