import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { attachLive, connectLive, type ConnectLiveOptions } from "../../../src/live/mod.ts";
import {
  createSimulator,
  createVirtualClock,
  type LiveSimulatorOptions,
  parseRecording,
  recordSocket,
  replayRecording,
  type VirtualClock,
} from "../../../src/simulator/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import type { Dial } from "../../../src/transport/mod.ts";
import { settled } from "../../live/_live.ts";
import { tone } from "../_sound.ts";

/** A conversation with a text, a spoken turn, a task and an end. */
async function talk(dial: Dial, clock: VirtualClock, options: Partial<ConnectLiveOptions> = {}) {
  const lookup = defineTool({ name: "lookup", run: () => "at noon" });
  const common = { apiKey: "sk-secret-123456", dial, clock, backend: "gpt-5.2", tools: [lookup], onUnhandled() {} };
  const session = await settled(clock, connectLive({ ...common, ...options }));
  const turns: string[] = [];
  session.on("turn_done", ({ turn }) => turns.push(`${turn.role}: ${turn.text}`));
  const interval = await settled(clock, session.say("Good morning!"));
  await clock.advance(4_000);
  if (options.format === undefined) void session.pipe({ from: [tone(1_000)] });
  await clock.advance(8_000);
  const { confirmed, reason, seconds } = await settled(clock, session.close());
  return { confirmed, interval, reason, seconds, turns };
}

const CALLS = [[{ name: "lookup", arguments: "{}" }]];
const SCENARIO: LiveSimulatorOptions = {
  scenario: { turns: [{ user: "When does it leave?", delegates: { calls: CALLS, result: "It leaves at noon." } }] },
};

/** The lines of a client with the simulator, and what `use` made of it. */
async function record<T>(use: (dial: Dial, clock: VirtualClock) => Promise<T>) {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, live: SCENARIO });
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const result = await use(async (request) => recordSocket(await simulator.dial(request), { write, clock }), clock);
  return { lines: parseRecording(lines.join("\n")), result };
}

Deno.test("a recorded Live session is replayed to a client that does the same, at either pace", async () => {
  const { lines, result } = await record(talk);
  assertEquals(result.turns, [
    "assistant: Good morning!",
    "user: When does it leave?",
    "assistant: One moment. It leaves at noon.",
  ]);
  for (const pace of ["fast", "recorded"] as const) {
    const clock = createVirtualClock();
    const replay = replayRecording(lines, { clock, pace });
    assertEquals(await talk(replay.dial, clock), result);
    const { differences, isComplete } = replay.report();
    assertEquals([differences, isComplete], [[], true]);
  }
});

Deno.test("the replay of a Live session waits for the client's events, and for its audio", async () => {
  const { lines } = await record(talk);
  const clock = createVirtualClock();
  const replay = replayRecording(lines, { clock });
  const session = await settled(clock, connectLive({ apiKey: "sk-test", dial: replay.dial, clock, keeper: false }));
  const told: string[] = [];
  session.on("*", ({ type }) => told.push(type));
  await clock.advance(20_000);
  assertEquals(told, ["session.started"]);
  assertEquals(replay.report().waitingFor, "session.commentary.append");
  await settled(clock, session.close());
});

Deno.test("the replay of an observer of a Live session waits for its commands", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const common = { apiKey: "sk-test", clock, onUnhandled() {} };
  const host = await settled(clock, connectLive({ ...common, dial: simulator.dial }));
  const { id } = simulator.liveSessions[0]!;
  const attach = (dial: Dial) => settled(clock, attachLive(id, { ...common, dial, recovery: false }));
  const observer = await attach(async (request) => recordSocket(await simulator.dial(request), { write, clock }));
  await settled(clock, observer.say("Good morning!"));
  await settled(clock, observer.close());
  await settled(clock, host.close());
  const replay = replayRecording(parseRecording(lines.join("\n")), { clock });
  const again = await attach(replay.dial);
  const told: string[] = [];
  again.on("session.commentary.appended", ({ type }) => told.push(type));
  await clock.advance(20_000);
  assertEquals([told, replay.report().waitingFor], [[], "session.commentary.append"]);
  await settled(clock, again.say("Good morning!"));
  await settled(clock, again.close());
  assertEquals(replay.report().differences, []);
});

Deno.test("a recording of a Live session in G.711 has its durations, and a refused start is replayed", async () => {
  const ulaw = { format: { type: "audio/pcmu", rate: 8_000 } } as const;
  const { lines } = await record((dial, clock) => talk(dial, clock, ulaw));
  const audio = lines.flatMap((line) => "event" in line ? [line.event.audio ?? line.event.delta] : [])
    .filter((value) => typeof value === "object");
  assert(audio.length > 20);
  for (const value of audio) assertEquals(value, { audio_ms: 100, format: "audio/pcmu" });
  const voice = { voice: "nova" };
  const open = (dial: Dial, clock: VirtualClock) =>
    settled(clock, assertRejects(() => connectLive({ apiKey: "sk-test", dial, clock, ...voice }), ConnectionError));
  const refused = await record(open);
  const clock = createVirtualClock();
  const error = await open(replayRecording(refused.lines, { clock }).dial, clock);
  assertEquals(error.message, refused.result.message);
});
