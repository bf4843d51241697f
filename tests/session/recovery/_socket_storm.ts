import type { Clock } from "../../../src/_internal/clock.ts";
import { connect } from "../../../src/connect.ts";
import type { Fault } from "../../../src/simulator/mod.ts";
import { createSimulator, denoUpgrade } from "../../../src/simulator/mod.ts";
import { type LineFault, type LinePlan, serveFaultyProxy } from "./_faulty_proxy.ts";
import { randomFrom } from "../../_random.ts";

/** How a storm is made. */
export interface StormOptions {
  /** Number of sessions. */
  readonly sessions: number;
  /** Number of concurrent sessions. */
  readonly atOnce: number;
  /** Seed of the chance. */
  readonly seed: number;
  /** Speed of the sessions' clock, as a multiple of real time. */
  readonly speed?: number | undefined;
}

/** Result of a storm. */
export interface StormReport {
  readonly sessions: number;
  /** Sessions that could not be opened, with the errors that they are to reject with. */
  readonly notOpened: number;
  readonly opened: number;
  readonly recovered: number;
  readonly failed: number;
  readonly answered: number;
  readonly lost: number;
  readonly rejected: number;
  readonly faults: Readonly<Record<string, number>>;
  /** The longest session, in milliseconds. */
  readonly longestMs: number;
  readonly seconds: number;
  /** Violations: hangs, unhandled rejections, and leaks. */
  readonly wrong: readonly string[];
}

/** Time after which a pending promise counts as a hang, in milliseconds. */
const HANG_MS = 40_000;

const LINE_FAULTS: readonly LineFault[] = [
  "none",
  "refused",
  "mute_handshake",
  "garbage_handshake",
  "reset",
  "end",
  "black_hole",
  "garbage",
  "slow_loris",
];

/** Close codes that a server ends with, recoverable ones and others. */
const CODES = [1000, 1001, 1006, 1008, 1011, 1012, 1013, 3000, 4000] as const;

/** Sessions on real sockets, through a proxy on whose lines everything goes wrong. */
export async function storm({ atOnce, seed, sessions, speed = 20 }: StormOptions): Promise<StormReport> {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const clock: Clock = {
    now: () => performance.now() * speed,
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs / speed);
      return () => clearTimeout(timer);
    },
  };
  const count = { notOpened: 0, opened: 0, recovered: 0, failed: 0, answered: 0, lost: 0, rejected: 0 };
  const faults: Record<string, number> = {};
  const wrong: string[] = [];
  const startedAt = performance.now();
  let longestMs = 0;
  const note = (name: string) => faults[name] = (faults[name] ?? 0) + 1;
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    wrong.push(`unhandled rejection: ${event.reason}`);
  };
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  const simulator = createSimulator({
    pace: "fast",
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
    faults: (): readonly Fault[] => {
      if (random() < 0.5) return [];
      const afterMs = Math.floor(random() * 150);
      if (random() < 0.2) {
        note("expire");
        return [{ type: "expire", afterMs }];
      }
      const code = pick(CODES);
      note(`close ${code}`);
      return [{ type: "drop", code, afterMs }];
    },
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => simulator.fetch(request));
  const plan = (): LinePlan => {
    const fault = random() < 0.4 ? "none" : pick(LINE_FAULTS);
    note(fault);
    return { fault, afterMs: Math.floor(random() * 150) };
  };
  const proxy = await serveFaultyProxy(server.addr.port, plan);
  const within = async <T>(promise: Promise<T>, what: string): Promise<T | undefined> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hang = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        wrong.push(`${what} hangs`);
        resolve(undefined);
      }, HANG_MS);
    });
    try {
      return await Promise.race([promise, hang]);
    } finally {
      clearTimeout(timer);
    }
  };
  const isFair = (error: unknown) =>
    error instanceof Error && /^(ConnectionError|TimeoutError|RealtimeApiError)$/.test(error.name);
  const settle = async (promise: Promise<unknown>, what: string) => {
    const outcome = await within(promise.then((value) => ({ value }), (error: unknown) => ({ error })), what);
    if (!outcome) return;
    if ("error" in outcome) {
      count.rejected++;
      if (!isFair(outcome.error)) wrong.push(`${what} rejects with ${outcome.error}`);
    } else if ((outcome.value as { status?: string } | undefined)?.status === "lost") count.lost++;
    else count.answered++;
  };
  const one = async () => {
    const beganAt = performance.now();
    const opening = connect({
      apiKey: "sk-test",
      baseUrl: `ws://127.0.0.1:${proxy.port}/v1`,
      clock,
      outputModalities: ["text"],
      recovery: { maxAttempts: 8, backoff: { firstMs: 500 } },
    }).then((session) => ({ session }), (error: unknown) => ({ error }));
    const opened = await within(opening, "connect");
    if (!opened) return;
    if ("error" in opened) {
      count.notOpened++;
      if (!isFair(opened.error)) wrong.push(`connect rejects with ${opened.error}`);
      return;
    }
    const { session } = opened;
    count.opened++;
    session.on("recovered", () => void count.recovered++);
    session.on("recovery_failed", () => void count.failed++);
    const reading = (async () => {
      let last = "";
      for await (const { type } of session.events()) last = type;
      return last;
    })().catch((error) => error);
    const jobs = [
      settle(session.ask("First"), "ask"),
      settle(session.update({ instructions: "Be brief." }), "update"),
      settle(session.sendMessage("More"), "sendMessage"),
    ];
    for (let chunk = 0; chunk < 5; chunk++) {
      try {
        session.appendAudio(new Uint8Array(2400));
      } catch (error) {
        if (!isFair(error)) wrong.push(`appendAudio throws ${error}`);
      }
      await new Promise((resolve) => setTimeout(resolve, random() * 60));
    }
    jobs.push(settle(session.ask("Second"), "ask"));
    if (random() < 0.8) await Promise.all(jobs);
    await within(session.close(), "close");
    await Promise.all(jobs);
    await within(session.closed, "closed");
    const end = await within(reading, "events");
    if (session.state !== "closed") wrong.push(`the state is ${session.state}`);
    if (end !== "closed" && !isFair(end)) wrong.push(`events end with ${end}`);
    longestMs = Math.max(longestMs, performance.now() - beganAt);
  };
  let begun = 0;
  const worker = async () => {
    while (begun++ < sessions) await one();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  // The proxy tells the server of every end; closing handshakes take their time.
  for (let waited = 0; waited < 200 && simulator.sessions.length + proxy.open.length > 0; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (simulator.sessions.length > 0) wrong.push(`${simulator.sessions.length} sessions are left on the server`);
  if (proxy.open.length > 0) wrong.push(`connections are left open: ${proxy.open}`);
  // The clients learn it a little later.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await proxy[Symbol.asyncDispose]();
  await simulator.close();
  await server.shutdown();
  globalThis.removeEventListener("unhandledrejection", onUnhandled);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { sessions, ...count, faults, longestMs: Math.round(longestMs), seconds, wrong };
}
