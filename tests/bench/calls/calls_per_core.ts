/**
 * What a call in real time costs: 24 kHz PCM both ways, or a telephone's µ-law with resampling both ways, with a server in
 * another process. The processor time of a second of one call beside a bare loop and other people's clients, what was late
 * or lost, and memory.
 *
 * ```sh
 * deno run -A --config tests/deno.json tests/bench/calls/calls_per_core.ts --calls 25,100 --seconds 5
 * deno run -A --config tests/deno.json tests/bench/calls/calls_per_core.ts --calls 25,50,100,200,400 --runtimes deno,bun,node
 * ```
 *
 * Budgets are judged on Deno with up to 100 calls: with more, a processor of two may be saturated, and everything is late.
 */
import { parseArgs } from "node:util";
import type { CallReport } from "./_call_client.ts";
import { show, showTitle } from "../_figures.ts";
import { clientOn, startCallServer } from "./_call_processes.ts";

/** Most that a call may cost, as a multiple of the bare loop, by way. */
const MOST: Readonly<Record<string, number>> = { "ours": 1.7, "ours, telephony": 5 };
/** Most memory of a call in KiB, and most calls with which budgets are judged. */
const MOST_KIB = 300;
const MOST_CALLS = 100;

const WAYS = ["bare loop", "openai", "ours", "agents-realtime", "ours, telephony"];
const CLIENT = "tests/bench/calls/_call_client.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "25,100" },
    seconds: { type: "string", default: "5" },
    runtimes: { type: "string", default: "deno" },
    ways: { type: "string", default: WAYS.join(";") },
  },
});

async function run(command: Deno.Command): Promise<CallReport> {
  const { code, stderr, stdout } = await command.output();
  const line = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  if (code === 0 && line.startsWith("{")) return JSON.parse(line);
  throw new Error(`The client ended with code ${code}: ${new TextDecoder().decode(stderr)}`);
}

const folder = await Deno.makeTempDir();
try {
  for (const runtime of values.runtimes.split(",")) {
    const start = await clientOn(runtime, CLIENT, folder);
    for (const calls of values.calls.split(",").map(Number)) {
      showTitle(`${calls} calls on ${runtime}, ${values.seconds} s: processor time of a second of one call`);
      let bareMs = NaN;
      for (const way of values.ways.split(";")) {
        const server = await startCallServer();
        const report = await run(start([`${server.port}`, way, `${calls}`, values.seconds]));
        const stats = await server.stats();
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
        // A machine that is busy with other things delays everything.
        const isFair = report.lagMs < 100;
        const name = `${way}: late or lost`;
        show({ name, measured: faults + report.lostMs, unit: "", ...isFair ? { atMost: 0 } : {} });
      }
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
