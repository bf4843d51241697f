import { assert, assertEquals } from "@std/assert";
import { connect } from "../../src/connect.ts";
import type { Session } from "../../src/session/mod.ts";
import type { Brain } from "../../src/simulator/brain.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import type { PlannedOutput } from "../../src/simulator/planned_output.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { toBytes } from "../../src/audio/mod.ts";
import { silence, tone } from "../simulator/_sound.ts";
import type { Frame } from "./_fake_server.ts";

/** How many things happen in one run. */
const STEPS = 10;

/** Longer than anything in a run takes, in virtual milliseconds. */
const LONG_MS = 30_000;

const SPEECH = toBytes(tone(200));
const PAUSE = toBytes(silence(600));
const VOICE = tone(60);

/** Faults after which client and server still know the same. */
const HARMLESS: readonly Fault[] = [
  { type: "reorder" },
  { type: "slow", msPerFrame: 5 },
  { type: "stall", ms: 700 },
  { type: "unknown_event" },
  { type: "error_storm", count: 3 },
  { type: "rate_limit" },
  { type: "garbage" },
];

/** Faults after which they need not. */
const HARMFUL: readonly Fault[] = [
  { type: "drop" },
  { type: "drop", at: "response.done" },
  { type: "silence" },
  { type: "duplicate", times: 20 },
  { type: "truncate", at: "response.done" },
  { type: "truncate", times: 3 },
  { type: "binary", times: 5 },
  { type: "expire" },
];

/** A source of chance that gives the same again for the same seed: whole numbers from 0 to below `end`. */
function chance(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    // xorshift of a Weyl sequence
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) % end;
  };
}

/** A model that says or calls something. */
function randomBrain(below: (end: number) => number): Brain {
  let made = 0;
  const output = (): PlannedOutput => {
    made++;
    return below(3) === 0 && made < 40
      ? { type: "function_call", name: ["fast", "slow", "unknown"][below(3)]!, arguments: below(9) ? "{}" : "{" }
      : { type: "message", text: `Sentence number ${made}.`, audio: VOICE, delayMs: below(80) };
  };
  return {
    hear: () => "What the user said.",
    reply: () => ({ outputs: Array.from({ length: 1 + below(3) }, output) }),
  };
}

/**
 * Lets a client do at random what clients do, against a server on a line that may be bad, in virtual time, and checks
 * what must hold whatever happens.
 *
 * @throws {AssertionError} when something does not hold.
 */
export async function runRandomly(seed: number): Promise<void> {
  const below = chance(seed);
  const clock = createVirtualClock();
  const frames: Frame[] = [];
  const simulator = createSimulator({
    brain: () => randomBrain(below),
    pace: "fast",
    clock,
    onFrame: ({ from, data }) => void frames.push({ from, ...JSON.parse(String(data)) }),
  });
  const slow = () => new Promise((resolve) => clock.schedule(() => resolve("slow"), below(1500)));
  const isBad = below(4) === 0;
  const hearsTurns = below(2) === 0;
  const connecting = connect({
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    tools: [defineTool({ name: "fast", run: () => "fast" }), defineTool({ name: "slow", run: slow, timeoutMs: 1000 })],
    turnDetection: hearsTurns ? "server_vad" : null,
    transcription: below(2) ? { model: "gpt-transcribe" } : null,
    outputModalities: below(2) ? ["audio"] : ["text"],
  });
  await clock.advance(100);
  const session = await connecting;
  const [server] = simulator.sessions;
  assert(server);
  const pending = new Set<string>();
  const raced: string[] = [];
  const watch = (name: string, promise: Promise<unknown>) => {
    const key = `${name} ${pending.size}`;
    pending.add(key);
    promise.catch(() => {}).then((value) => {
      pending.delete(key);
      if (isRaced(value)) raced.push(key);
    });
  };
  for (let step = 0; step < STEPS; step++) {
    act(session, below, watch);
    if (below(5) === 0) server.fault(pick(isBad ? HARMFUL : HARMLESS, below)!);
    // Often nothing, so that things happen at the same time.
    await clock.advance(Math.max(0, below(600) - 300));
  }
  await clock.advance(LONG_MS);
  const isAlive = simulator.sessions.includes(server);
  // The server's own answers to turns may come in between, which one retry does not always get around.
  if (!hearsTurns) assertEquals(raced, [], "Our own responses raced each other");
  if (!isBad) {
    assert(isAlive, "The session has ended");
    assertEquals(session.activeResponse, undefined, "A response is active for ever");
    assertEquals(viewOf(session), server.items.map(({ id, type }) => `${id} ${type}`), "Conversations differ");
    for (const entry of session.conversation.getSnapshot()) assert(entry.final, `${entry.id} is not final`);
    checkFollowUps(frames);
  }
  watch("closed", session.close());
  await clock.advance(LONG_MS);
  assertEquals([...pending], [], "Promises are pending for ever");
  assertEquals(clock.pending, 0, "Timers are left");
}

type Watch = (name: string, promise: Promise<unknown>) => void;

/** Does one thing that clients do. */
function act(session: Session, below: (end: number) => number, watch: Watch): void {
  const itemId = pick(session.conversation.getSnapshot(), below)?.id ?? "item_of_nobody";
  const actions: readonly (readonly [name: string, () => unknown])[] = [
    ["sendMessage", () => watch("sendMessage", session.sendMessage("Hello"))],
    ["ask", () => watch("ask", session.ask("Hello"))],
    ["respond", () => watch("respond", session.respond().done)],
    ["respond beside", () => watch("respond beside", session.respond({ conversation: "none", input: [] }).done)],
    ["respond and cancel", () => watch("cancel a response", session.respond().cancel())],
    ["respond and abort", () => {
      const controller = new AbortController();
      watch("respond and abort", session.respond({}, { signal: controller.signal }).done);
      controller.abort();
    }],
    ["cancel", () => watch("cancel", session.cancel())],
    ["deleteItem", () => watch("deleteItem", session.deleteItem(itemId))],
    ["truncateItem", () => watch("truncateItem", session.truncateItem(itemId, below(60)))],
    ["retrieveItem", () => watch("retrieveItem", session.retrieveItem(itemId))],
    ["update", () => watch("update", session.update({ instructions: `Number ${below(9)}` }))],
    ["speak", () => speak(session)],
    ["speak and commit", () => {
      speak(session);
      watch("commitAudio", session.commitAudio());
    }],
    ["clearAudio", () => watch("clearAudio", session.clearAudio())],
  ];
  const [, action] = pick(actions, below)!;
  try {
    action();
  } catch (error) {
    // What cannot be sent any more is refused at once.
    assertEquals((error as Error).name, "ConnectionError");
  }
}

/** Whether a response was refused since another one was active. */
function isRaced(outcome: unknown): boolean {
  const { code } = Object(outcome);
  return code === "conversation_already_has_active_response";
}

function speak(session: Session): void {
  session.appendAudio(SPEECH);
  session.appendAudio(PAUSE);
}

function pick<T>(values: readonly T[], below: (end: number) => number): T | undefined {
  return values[below(Math.max(1, values.length))];
}

function viewOf(session: Session): string[] {
  return session.conversation.getSnapshot().map(({ id, item }) => `${id} ${item.type}`);
}

/** The output of every call is followed by a response, but after an interruption. */
function checkFollowUps(frames: readonly Frame[]): void {
  const isOutput = ({ from, type, item }: Frame) =>
    from === "client" && type === "conversation.item.create" && item.type === "function_call_output";
  const last = frames.findLastIndex((frame) => isOutput(frame) && !/interrupted/.test(frame.item.output));
  if (last < 0) return;
  const { call_id } = frames[last]!.item;
  const ended = frames.find(({ type, response }) =>
    type === "response.done" && response.output.some((item: Frame) => item.call_id === call_id)
  );
  if (ended?.response.status === "cancelled") return;
  const follows = frames.slice(last).some(({ type }) => type === "response.create" || type === "response.created");
  assert(follows, `Nothing follows the output of ${call_id}`);
}

/** Makes so many runs, from a seed that is printed, and that `SEED` in the environment sets. Throws at the first that fails. */
export async function runMany(count: number): Promise<void> {
  const first = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${count} random runs from seed ${first}`);
  for (let seed = first; seed < first + count; seed++) {
    try {
      await runRandomly(seed);
    } catch (cause) {
      throw new Error(`The run with seed ${seed} failed: ${(cause as Error).message}`, { cause });
    }
  }
}
