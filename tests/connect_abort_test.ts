import { assertEquals } from "@std/assert";
import { connect, connectTranscription, connectTranslation, connectVoice, connectWebSocket } from "../mod.ts";
import { createSimulator, createVirtualClock, type VirtualClock } from "../src/simulator/mod.ts";
import { createMemorySocketPair, type Dial } from "../src/transport/mod.ts";

/** More turns of the microtask queue than any of these functions takes from its last event to its result. */
const TURNS = 40;

interface Target {
  readonly apiKey: string;
  readonly clock: VirtualClock;
  readonly dial: Dial;
  readonly signal: AbortSignal;
}

const FUNCTIONS: Readonly<Record<string, (target: Target) => Promise<{ close(): Promise<unknown> }>>> = {
  connect,
  connectTranscription,
  connectTranslation: (target) => connectTranslation({ ...target, language: "de" }),
  connectVoice,
  connectWebSocket,
};

/** Calls a function after a number of turns of the microtask queue. */
async function after(turns: number, task: () => void): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await undefined;
  task();
}

/** A simulator in virtual time that calls back when a client has dialled, or its session was updated. */
function simulate(on: { readonly [moment in "dialled" | "updated"]?: () => void }) {
  const clock = createVirtualClock();
  const simulator = createSimulator({
    clock,
    pace: "fast",
    onFrame: ({ data, from }) => void (from === "server" && /"session\.updated"/.test(`${data}`) && on.updated?.()),
  });
  const dial: Dial = async (request) => {
    const socket = await simulator.dial(request);
    on.dialled?.();
    return socket;
  };
  return { clock, dial, simulator };
}

Deno.test("a signal that is aborted just before a function resolves leaves no connection behind", async () => {
  for (const [name, open] of Object.entries(FUNCTIONS)) {
    const outcomes = new Set<string>();
    for (const moment of ["dialled", "updated"]) {
      for (let turns = 0; turns < TURNS; turns++) {
        const controller = new AbortController();
        const abort = () => void after(turns, () => controller.abort(new Error("Enough")));
        const { clock, dial, simulator } = simulate({ [moment]: abort });
        const opening = open({ apiKey: "sk-test", clock, dial, signal: controller.signal });
        const result = opening.then((opened) => opened, (error: Error) => error.message);
        await clock.advance(20_000);
        const opened = await result;
        outcomes.add(typeof opened === "string" ? opened : "opened");
        const isConnected = typeof opened === "string" || simulator.sessions.length === 1;
        assertEquals(isConnected, true, `${name} is dead, ${turns} turns after it was ${moment}`);
        const closing = typeof opened === "string" ? undefined : opened.close();
        await clock.advance(20_000);
        await closing;
        assertEquals(
          [simulator.sessions.length, clock.pending],
          [0, 0],
          `${name}, ${turns} turns after it was ${moment}`,
        );
      }
    }
    // Both happen, so the moments in between are among them.
    assertEquals(outcomes, new Set(["Enough", "opened"]), name);
  }
});

Deno.test("a server that falls silent keeps no connection open after an abort or a timeout", async () => {
  const created = JSON.stringify({ type: "session.created", event_id: "event_1", session: {} });
  for (const [name, open] of Object.entries(FUNCTIONS)) {
    if (name === "connectWebSocket") continue;
    for (const frames of [[], [created]]) {
      for (let turns = 0; turns <= TURNS; turns++) {
        const controller = new AbortController();
        const abort = () => void after(turns, () => turns === TURNS || controller.abort(new Error("Enough")));
        const clock = createVirtualClock();
        let ends = 0;
        const dial: Dial = () => {
          const [client, server] = createMemorySocketPair();
          server.listen({ message() {}, close: () => void ends++ });
          for (const frame of frames) server.send(frame);
          abort();
          return Promise.resolve(client);
        };
        const opening = open({ apiKey: "sk-test", clock, dial, signal: controller.signal });
        const result = opening.then(() => "opened", (error: Error) => error.name);
        await clock.advance(20_000);
        const where = `${name}, ${turns} turns after it was dialled, after ${frames.length} events`;
        assertEquals([await result, ends, clock.pending], [turns === TURNS ? "TimeoutError" : "Error", 1, 0], where);
      }
    }
  }
});

Deno.test("a session that is closed just before its next connection is ready leaves neither open", async () => {
  for (const moment of ["dialled", "updated"]) {
    for (let turns = 0; turns < TURNS; turns++) {
      let count = 0;
      const close = () => void (++count === 2 && after(turns, () => closing = session.close()));
      let closing: Promise<unknown> | undefined;
      const { clock, dial, simulator } = simulate({ [moment]: close });
      const opening = connect({ apiKey: "sk-test", clock, dial, recovery: { backoff: { firstMs: 0 } } });
      await clock.advance(100);
      const session = await opening;
      simulator.sessions[0]!.fault({ type: "drop" });
      await clock.advance(20_000);
      await closing;
      assertEquals(
        [session.state, simulator.sessions.length, clock.pending],
        ["closed", 0, 0],
        `${turns} turns after ${moment}`,
      );
    }
  }
});
