import {
  attachLive,
  connectLive,
  type ConnectLiveOptions,
  type LiveEvent,
  type LiveSession,
} from "../../src/live/mod.ts";
import {
  createSimulator,
  createVirtualClock,
  type LiveSimulatorOptions,
  type SimulatedFrame,
  type SimulatedLiveSession,
  type Simulator,
  type VirtualClock,
} from "../../src/simulator/mod.ts";
import type { Dial } from "../../src/transport/mod.ts";

/** A Live session with the simulator, on a virtual clock. */
export interface LiveRig {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly session: LiveSession;
  /** The session from the server's side. */
  readonly server: SimulatedLiveSession;
  /** Events of the session. */
  readonly told: LiveEvent[];
  /** Frames on the wire. */
  readonly frames: SimulatedFrame[];
  /** Events sent by the client, by default those without audio. */
  sent(type?: string): Record<string, unknown>[];
  /** Waits for a promise while time passes: it must settle within a number of milliseconds. */
  settle<T>(promise: Promise<T>, withinMs?: number): Promise<T>;
}

/** Connects to a simulator. */
export async function connectRig(
  options: Partial<ConnectLiveOptions> = {},
  live: LiveSimulatorOptions = {},
  overLine: (dial: Dial) => Dial = (dial) => dial,
): Promise<LiveRig> {
  const clock = createVirtualClock();
  const frames: SimulatedFrame[] = [];
  const simulator = createSimulator({ clock, live, onFrame: (frame) => frames.push(frame) });
  const settle = async <T>(promise: Promise<T>, withinMs = 30_000): Promise<T> =>
    await settled(clock, promise, withinMs);
  const session = await settle(
    connectLive({ apiKey: "sk-test", dial: overLine(simulator.dial), clock, onUnhandled: () => {}, ...options }),
  );
  const told: LiveEvent[] = [];
  session.on("*", (event) => told.push(event));
  return {
    clock,
    simulator,
    session,
    server: simulator.liveSessions.at(-1)!,
    told,
    frames,
    settle,
    sent: (type) =>
      frames.filter(({ from }) => from === "client").map(({ data }) => JSON.parse(String(data)))
        .filter((event) => type === undefined ? event.type !== "session.input_audio.append" : event.type === type),
  };
}

/** Real milliseconds for signatures, which are made on other threads, when a machine is busy. */
const SIGNING_MS = 1000;

/** Lets a promise settle while time passes. */
export async function settled<T>(clock: VirtualClock, promise: Promise<T>, withinMs = 30_000): Promise<T> {
  let isOver = false;
  const over = promise.finally(() => isOver = true);
  over.catch(() => {});
  const pass = async () => {
    for (let ms = 0; ms <= withinMs && !isOver; ms += 50) await clock.advance(ms === 0 ? 0 : 50);
  };
  await pass();
  if (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, SIGNING_MS));
    await pass();
  }
  if (!isOver) throw new Error(`It did not settle within ${withinMs} ms`);
  return await over;
}

/** Joins the session of a rig. */
export async function joinRig(
  rig: LiveRig,
  options: Partial<Parameters<typeof attachLive>[1]> = {},
): Promise<LiveSession> {
  const { clock, server, settle, simulator } = rig;
  const common = { apiKey: "sk-test", dial: simulator.dial, clock, onUnhandled: () => {} };
  const joining = attachLive(server.id, { ...common, ...options });
  const session = await settle(joining);
  await clock.advance(0);
  return session;
}

/** Speaks in pieces of 100 ms, in real time. */
export async function speak(rig: LiveRig, samples: Int16Array): Promise<void> {
  const writer = rig.session.input.getWriter();
  for (let start = 0; start < samples.length; start += 2_400) {
    await writer.write(samples.subarray(start, start + 2_400));
    await rig.clock.advance(100);
  }
  writer.releaseLock();
}

/** Events of a type. */
export function eventsOf<T extends LiveEvent["type"]>(
  told: readonly LiveEvent[],
  type: T,
): Extract<LiveEvent, { readonly type: T }>[] {
  return told.filter((event) => event.type === type) as Extract<LiveEvent, { readonly type: T }>[];
}
