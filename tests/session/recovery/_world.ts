import { connect, type ConnectOptions } from "../../../src/connect.ts";
import type { LocalEvent, Session } from "../../../src/session/mod.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import type { SimulatedSession } from "../../../src/simulator/simulated_session.ts";
import { createVirtualClock, type VirtualClock } from "../../../src/simulator/virtual_clock.ts";
import type { Socket } from "../../../src/transport/socket.ts";
import type { SimulatorOptions } from "../../../src/simulator/simulator_options.ts";

/** Events published by recovery. */
export type RecoveryEvent = Extract<
  LocalEvent,
  { readonly type: "reconnecting" | "recovered" | "renewed" | "recovery_failed" | "closed" }
>;

const TYPES = ["reconnecting", "recovered", "renewed", "recovery_failed", "closed"] as const;

/** A session against the simulator in virtual time, and what its recovery publishes. */
export interface World {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly session: Session;
  readonly events: RecoveryEvent[];
  /** The server's side of the newest connection. */
  server(): SimulatedSession;
  /** Frames that the client has sent on all connections. */
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[];
  /** Awaits a promise while time passes. */
  until<T>(promise: Promise<T>, ms?: number): Promise<T>;
  /** Closes the session. */
  end(): Promise<void>;
}

/** Runs a task with the given random numbers for the retry delays, so that it can be repeated. */
export async function withPauses<T>(random: () => number, task: () => Promise<T>): Promise<T> {
  const { random: before } = Math;
  Math.random = random;
  try {
    return await task();
  } finally {
    Math.random = before;
  }
}

/** Opens a session; `dialed` is called with each attempt number, and may throw; `wrap` may add faults to its socket. */
export async function openWorld(
  options: ConnectOptions = {},
  simulation: SimulatorOptions = {},
  dialed: (attempt: number) => void | Promise<void> = () => {},
  wrap: (socket: Socket) => Socket = (socket) => socket,
): Promise<World> {
  const clock = createVirtualClock();
  const sent: World["sent"] = [];
  const simulator = createSimulator({
    clock,
    pace: "fast",
    ...simulation,
    onFrame: ({ from, data }) => {
      if (from === "client") sent.push(JSON.parse(String(data)));
    },
  });
  let attempt = 0;
  const connecting = connect({
    apiKey: "sk-test",
    outputModalities: ["text"],
    ...options,
    clock,
    dial: async (request) => {
      await dialed(++attempt);
      return wrap(await simulator.dial(request));
    },
  });
  await clock.advance(100);
  const session = await connecting;
  const events: RecoveryEvent[] = [];
  for (const type of TYPES) session.on(type, (event) => void events.push(event));
  const until: World["until"] = async (promise, ms = 30_000) => {
    let isSettled = false;
    promise.catch(() => {}).finally(() => isSettled = true);
    for (let waited = 0; !isSettled && waited < ms; waited += 50) await clock.advance(50);
    if (!isSettled) throw new Error(`The promise has not settled within ${ms} ms`);
    return await promise;
  };
  return {
    clock,
    simulator,
    session,
    events,
    sent,
    server: () => simulator.sessions.at(-1)!,
    until,
    end: async () => {
      await until(session.close());
    },
  };
}
