/**
 * Holds a number of calls in real time for some seconds, on Deno, Bun or Node, and writes what that took as JSON. Its
 * arguments: port of the server, way, calls, seconds.
 */
import process from "node:process";
import { type Call, CALL_WAYS } from "./_call_ways.ts";

/** Measurements of the calls of one process. */
export interface CallReport {
  /** Processor time of a second of one call, in milliseconds. */
  readonly cpuMs: number;
  /** Live heap and audio in memory, in KiB a call. */
  readonly heapKib: number;
  /** Pieces that were heard, and those of them later than {@linkcode LATE_MS}. */
  readonly pieces: number;
  readonly late: number;
  /** Audio that was not heard in time, in milliseconds, of all calls. */
  readonly lostMs: number;
  /** Maximum delay of this process behind its own schedule, in milliseconds. */
  readonly lagMs: number;
}

/** Milliseconds behind the pace of speech from which on a piece is late. */
const LATE_MS = 200;
/** Milliseconds over which the calls begin, and the interval of sending. */
const RAMP_MS = 1000;
const TICK_MS = 5;

const [port, name = "", calls, seconds] = process.argv.slice(2);
const [count, ms] = [Number(calls), Number(seconds) * 1000];
const way = CALL_WAYS[name]!;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const collect = () => {
  (globalThis as { gc?: () => void }).gc?.();
  (globalThis as { Bun?: { gc(force: boolean): void } }).Bun?.gc(true);
};

interface Line {
  readonly call: Call;
  nextMs: number;
}

const heard = { pieces: 0, late: 0, ms: 0 };
let isMeasured = false;

async function openLine(): Promise<Line> {
  let firstAt = 0;
  let heardMs = 0;
  const call = await way.open(Number(port), (ms) => {
    const now = performance.now();
    firstAt ||= now;
    const lateMs = now - firstAt - heardMs;
    heardMs += ms;
    if (!isMeasured) return;
    heard.pieces++;
    heard.ms += ms;
    if (lateMs > LATE_MS) heard.late++;
  });
  return { call, nextMs: performance.now() };
}

// Code shared by all calls does not count as their memory.
const first = await way.open(Number(port), () => {});
for (let index = 0; index < 10; index++) {
  first.say();
  await sleep(way.sayMs);
}
await first.close();
collect();
const before = process.memoryUsage();
const lines: Line[] = [];
let lagMs = 0;
const timer = setInterval(() => {
  const now = performance.now();
  for (const line of lines) {
    lagMs = Math.max(lagMs, isMeasured ? now - line.nextMs : 0);
    for (; line.nextMs <= now; line.nextMs += way.sayMs) line.call.say();
  }
}, TICK_MS);
for (let index = 0; index < count; index++) {
  lines.push(await openLine());
  await sleep(RAMP_MS / count);
}
await sleep(RAMP_MS);
isMeasured = true;
const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
await sleep(ms);
const { user, system } = process.cpuUsage(cpu);
const passedMs = performance.now() - startedAt;
isMeasured = false;
collect();
const after = process.memoryUsage();
const held = (usage: typeof after) => usage.heapUsed + usage.external;
const report: CallReport = {
  cpuMs: (user + system) / count / passedMs,
  heapKib: (held(after) - held(before)) / 1024 / count,
  pieces: heard.pieces,
  late: heard.late,
  lostMs: Math.max(0, count * passedMs - heard.ms - count * LATE_MS),
  lagMs,
};
clearInterval(timer);
for (const { call } of lines) await call.close();
console.log(JSON.stringify(report));
process.exit(0);
