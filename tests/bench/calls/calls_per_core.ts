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
 * Each way is measured in a process of its own, beside a process with the first way that holds as many calls in the same
 * seconds: a machine that is slower for a while slows both. With more than 100 calls, a machine of two processors could
 * not hold both, so that they take turns. Each round has a ratio of a way to the first one; their median and range are
 * shown. Measuring begins when the code has been compiled; what a second of a call costs before is shown, too.
 *
 * Budgets are judged when the bare loop is the first way, on Deno with up to 100 calls: with more, a processor of two may
 * be saturated, and everything is late.
 */
import { parseArgs } from "node:util";
import type { CallReport } from "./_call_client.ts";
import { median, show, showTitle } from "../_figures.ts";
import { type CallStats, clientOn, startCallServer, type StartClient } from "./_call_processes.ts";

/** Most that a call may cost, as a multiple of the bare loop, by way. */
const MOST: Readonly<Record<string, number>> = { "ours": 1.7, "ours, telephony": 5 };
/** Most memory of a call in KiB, and most calls with which budgets are judged. */
const MOST_KIB = 300;
const MOST_CALLS = 100;
/** Lag of a run behind its own schedule, in milliseconds, from which on its machine is busy with other things. */
const MOST_LAG_MS = 100;

const WAYS = ["bare loop", "openai", "ours", "agents-realtime", "ours, telephony"];
const CLIENT = "tests/bench/calls/_call_client.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "25,100" },
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
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

/** One run of a way, in a process of its own, against a server of its own. */
interface Run extends CallReport {
  readonly said: CallStats;
}

/** A run of the first way, and one of another way. */
type Pair = readonly [first: Run, run: Run];

async function runOnce(start: StartClient, ...args: readonly string[]): Promise<Run> {
  const server = await startCallServer();
  try {
    return { ...await run(start([`${server.port}`, ...args])), said: await server.stats() };
  } finally {
    await server.stop();
  }
}

/** Runs a way, and the first one beside it or in turns with it. */
async function runBoth(start: StartClient, first: string, way: string, calls: string, round: number): Promise<Pair> {
  const runFirst = () => runOnce(start, first, calls, values.seconds);
  const runWay = () => runOnce(start, way, calls, values.seconds);
  if (Number(calls) <= MOST_CALLS) return await Promise.all([runFirst(), runWay()]);
  // In both orders: a machine may become busier meanwhile.
  if (round % 2 === 0) return [await runFirst(), await runWay()];
  const run = await runWay();
  return [await runFirst(), run];
}

const most = (numbers: readonly number[]) => Math.max(0, ...numbers);

/** Shows the runs of a way beside those of the first one. */
function showWay(way: string, pairs: readonly Pair[], isJudged: boolean): void {
  const ratios = pairs.map(([first, { cpuMs }]) => cpuMs / first.cpuMs);
  const runs = pairs.map(([, run]) => run);
  const of = (number: (run: Run) => number) => runs.map(number);
  const kib = median(of(({ heapKib }) => heapKib));
  const note = [
    `rounds ${Math.min(...ratios).toFixed(2)} to ${most(ratios).toFixed(2)} ×`,
    `${median(of(({ cpuMs }) => cpuMs)).toFixed(2)} ms, and ${
      median(of(({ warmingCpuMs }) => warmingCpuMs)).toFixed(2)
    } before`,
    `${kib.toFixed(0)} KiB a call, and ${median(of(({ leftKib }) => leftKib)).toFixed(0)} left after it`,
    `in the worst run, ${most(of(({ late }) => late))} of ${runs[0]!.pieces} heard pieces late`,
    `${most(of(({ said }) => said.late))} of ${runs[0]!.said.appends} said ones`,
    `the latest by ${most(of(({ said }) => said.mostLateMs)).toFixed(0)} ms`,
    `${most(of(({ lostMs }) => lostMs)).toFixed(0)} ms lost`,
    `lag ${most(of(({ lagMs }) => lagMs)).toFixed(0)} ms`,
  ].join(", ");
  show({ name: way, measured: median(ratios), unit: " ×", note, ...isJudged ? { atMost: MOST[way]! } : {} });
  if (!isJudged) return;
  show({ name: `${way}: memory of a call`, measured: kib, unit: " KiB", atMost: MOST_KIB });
  // A machine that is busy with other things delays everything.
  const fair = runs.filter(({ lagMs }) => lagMs < MOST_LAG_MS);
  const faults = fair.reduce((sum, { late, lostMs, said }) => sum + late + lostMs + said.late, 0);
  const name = `${way}: late or lost, of ${fair.length} runs without lag`;
  show({ name, measured: faults, unit: "", ...fair.length > 0 ? { atMost: 0 } : {} });
}

const folder = await Deno.makeTempDir();
try {
  for (const runtime of values.runtimes.split(",")) {
    const start = await clientOn(runtime, CLIENT, folder);
    for (const calls of values.calls.split(",")) {
      const [first = "", ...others] = values.ways.split(";");
      const pairs = new Map<string, Pair[]>(others.map((way) => [way, []]));
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const way of others) pairs.get(way)!.push(await runBoth(start, first, way, calls, round));
      }
      showTitle(`${calls} calls on ${runtime}, ${values.seconds} s: processor time of a second of one call`);
      showWay(first, [...pairs.values()].flat().map(([run]) => [run, run]), false);
      for (const way of others) {
        const isJudged = runtime === "deno" && Number(calls) <= MOST_CALLS && way in MOST && first === WAYS[0];
        showWay(way, pairs.get(way)!, isJudged);
      }
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
