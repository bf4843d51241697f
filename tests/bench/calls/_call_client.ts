/**
 * Holds a number of calls in real time for some seconds, on Deno, Bun or Node, and writes what that took as JSON. Its
 * arguments: port of the server, way, calls, seconds.
 */
import process from "node:process";
import { type Call, CALL_WAYS } from "./_call_ways.ts";

/** Measurements of the calls of one process. */
export interface CallReport {
  /** Processor time of a second of one call, in milliseconds, once its code is compiled. */
  readonly cpuMs: number;
  /** The same while it is being compiled. */
  readonly warmingCpuMs: number;
  /** Live heap and audio in memory that the end of all calls frees, in KiB a call. */
  readonly heapKib: number;
  /** What their end does not free, in KiB a call: code that all of them share, and what a call would leak. */
  readonly leftKib: number;
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
/** Milliseconds over which the calls begin. */
const RAMP_MS = 1000;
/**
 * Seconds of calls, of all calls together, after which V8 has compiled what it will compile, which costs a process the
 * same however many calls it holds: 20 seconds of 100 calls. And the maximum number of seconds.
 */
const WARM_CALL_SECONDS = 2000;
const MAX_WARM_SECONDS = 30;
/** Interval of sending, in milliseconds. */
const TICK_MS = 5;
/** Milliseconds after a collection, as the memory of buffers is freed after it, and after the end of the calls. */
const FREE_MS = 20;
const END_MS = 500;

const [port, name = "", calls, seconds] = process.argv.slice(2);
const [count, ms] = [Number(calls), Number(seconds) * 1000];
const way = CALL_WAYS[name]!;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const ask = async (path: string) => void await (await fetch(`http://127.0.0.1:${port}/${path}`)).body?.cancel();
/** Bytes that this process holds after a forced collection, buffers outside of the heap included. */
async function heldBytes(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    (globalThis as { gc?: () => void }).gc?.();
    (globalThis as { Bun?: { gc(force: boolean): void } }).Bun?.gc(true);
    await sleep(FREE_MS);
  }
  const { external, heapUsed } = process.memoryUsage();
  return heapUsed + external;
}

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
    if (!isMeasured) return;
    const now = performance.now();
    // Playback does not catch up with what delayed it before.
    firstAt ||= now;
    const lateMs = now - firstAt - heardMs;
    heardMs += ms;
    heard.pieces++;
    heard.ms += ms;
    if (lateMs > LATE_MS) heard.late++;
  });
  return { call, nextMs: performance.now() };
}

// Most of the code that all calls share.
const first = await way.open(Number(port), () => {});
for (let index = 0; index < 10; index++) {
  first.say();
  await sleep(way.sayMs);
}
await first.close();
const before = await heldBytes();
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
const measureCpuMs = async (ms: number) => {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await sleep(ms);
  const { user, system } = process.cpuUsage(cpu);
  const passedMs = performance.now() - startedAt;
  return { cpuMs: (user + system) / count / passedMs, passedMs };
};
const warming = await measureCpuMs(1000 * Math.min(MAX_WARM_SECONDS, WARM_CALL_SECONDS / count));
// The server also counts from here on.
await ask("stats");
isMeasured = true;
const { cpuMs, passedMs } = await measureCpuMs(ms);
isMeasured = false;
// What is said and heard meanwhile would be garbage again.
clearInterval(timer);
await ask("silence");
await sleep(FREE_MS);
const during = await heldBytes();
// Nothing of them is referenced from here on.
for (const { call } of lines.splice(0)) await call.close();
await sleep(END_MS);
const after = await heldBytes();
const report: CallReport = {
  cpuMs,
  warmingCpuMs: warming.cpuMs,
  heapKib: (during - after) / 1024 / count,
  leftKib: (after - before) / 1024 / count,
  pieces: heard.pieces,
  late: heard.late,
  lostMs: Math.max(0, count * passedMs - heard.ms - count * LATE_MS),
  lagMs,
};
console.log(JSON.stringify(report));
process.exit(0);
