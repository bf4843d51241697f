import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/_internal/clock.ts";
import { withTimeout } from "../../../src/_internal/timeout.ts";
import { connect } from "../../../src/connect.ts";
import type { SimulatedModel } from "../../../src/simulator/model/simulated_model.ts";
import type { PlannedOutput } from "../../../src/simulator/model/planned_output.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { randomFrom, testSeed } from "../../_random.ts";
import { tone } from "../../simulator/_sound.ts";
import type { Frame } from "../_fake_server.ts";
import { type Below, ENDING, HARMLESS, LOSING, pick, RandomClient } from "./_random_actions.ts";
import {
  checkConversation,
  checkFollowUps,
  checkNothingUnrequested,
  checkOneAtATime,
  watchViews,
} from "./_run_checks.ts";

/** Number of actions in one run. */
const STEPS = 10;

/** Longer than anything in a run takes, in virtual milliseconds. */
const LONG_MS = 30_000;

/** Longer than a close takes, and shorter than any timeout. */
const CLOSE_MS = 5000;

/** Maximum number of attempts until an answer, on a connection that loses answers. */
const MAX_ASKED = 30;

/** Real time that only a hanging run exceeds, in milliseconds. */
const RUN_TIMEOUT_MS = 20_000;

const ALREADY_ACTIVE = "conversation_already_has_active_response";

const VOICE = tone(60);

/** Whole numbers by chance, the same ones for the same seed. */
function chance(seed: number): Below {
  const next = randomFrom(seed);
  return (end) => Math.floor(next() * end);
}

/** Makes ids that are the same again for the same seed. */
function seededIds(below: Below): (prefix: string) => string {
  return (prefix) => `${prefix}_${Array.from({ length: 20 }, () => below(36).toString(36)).join("")}`;
}

/** A model that speaks or makes calls. */
function randomModel(below: Below): SimulatedModel {
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
 * Performs random client actions in virtual time, against a server on a connection that may be faulty, and checks the
 * invariants:
 *
 * - always: the server generates one response of the conversation at a time; commands settle in time, and all promises
 *   settle when the session ends; the client sends nothing that was not requested, at most one follow-up for the calls
 *   of a response, and one output for each call; the active response has never ended, and no view of the conversation
 *   takes anything back;
 * - while nothing is lost: all promises settle, updates with their own answers; the client's responses do not interfere
 *   with each other; every output of a tool is followed up; the client's conversation equals the server's;
 * - when events were lost and the session continues: outputs are followed up, a new question is answered, and then all
 *   responses of the conversation have settled, too. Conversations may differ.
 *
 * @throws {AssertionError} when an invariant is violated.
 */
export async function runRandomly(seed: number): Promise<void> {
  const below = chance(seed);
  const clock = createVirtualClock();
  const frames: Frame[] = [];
  const simulator = createSimulator({
    createModel: () => randomModel(below),
    pace: "fast",
    ids: seededIds(chance(seed + 1)),
    latency: pick(["none", "none", "recorded", { ackMs: below(300), errorMs: below(2000) }] as const, below)!,
    clock,
    onFrame: ({ from, data }) => void frames.push({ from, ...JSON.parse(String(data)) }),
  });
  const slow = () => new Promise((resolve) => clock.schedule(() => resolve("slow"), below(1500)));
  const [faults, isLossy = faults !== HARMLESS] = [pick([HARMLESS, HARMLESS, LOSING, ENDING], below)!];
  const hearsTurns = below(2) === 0;
  const connecting = connect({
    recovery: false,
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    makeId: seededIds(chance(seed + 2)),
    tools: [defineTool({ name: "fast", run: () => "fast" }), defineTool({ name: "slow", run: slow, timeoutMs: 1000 })],
    turnDetection: hearsTurns ? "server_vad" : null,
    transcription: below(2) ? { model: "gpt-transcribe" } : null,
    outputModalities: below(2) ? ["audio"] : ["text"],
  });
  await clock.advance(1000);
  const session = await connecting;
  const [server] = simulator.sessions;
  assert(server);
  const pending = new Set<string>();
  let watched = 0;
  // Not every cancel is sent, and heard positions may arrive late.
  const interrupted = () => void frames.push({ from: "client", type: "interruption" });
  session.on("input_audio_buffer.speech_started", interrupted);
  session.on("tool_rounds_exceeded", ({ type }) => void frames.push({ from: "session", type }));
  const watch = (name: string, promise: Promise<unknown>) => {
    const key = `${name} ${watched++}`;
    pending.add(key);
    if (name === "cancel") interrupted();
    promise.catch(() => {}).then(() => pending.delete(key));
  };
  const heard = new Set<string>();
  for (const type of ["response.created", "response.done"] as const) {
    session.on(type, ({ response }) => heard.add(response.id ?? ""));
  }
  const undelivered = new Set<string>();
  session.on("tool_call_failed", ({ callId, output }) => void (output === undefined && undelivered.add(callId)));
  const pendingBut = (names: RegExp) => [...pending].filter((name) => !names.test(name));
  const client = new RandomClient(session, below, watch);
  // The initial configuration is ours, too.
  client.request("session.update");
  const views = watchViews(session);
  const act = () => {
    try {
      client.act();
    } catch (error) {
      // Commands that cannot be sent any more reject at once.
      assertEquals((error as Error).name, "ConnectionError");
    }
  };
  for (let step = 0; step < STEPS; step++) {
    act();
    if (below(5) === 0) {
      const fault = pick(faults, below)!;
      server.fault(fault);
      // An error without an event id may be attributed to the only request.
      if (fault.type === "error_storm") client.isHasty = true;
    }
    // Often nothing, so that things happen at the same time.
    await clock.advance(Math.max(0, below(600) - 300));
  }
  await clock.advance(LONG_MS);
  checkOneAtATime(frames);
  assertEquals(views.mistakes, [], "Views were wrong in between");
  assertEquals(pendingBut(/^(ask|respond)/), [], "Commands are pending for ever");
  if (faults !== ENDING) {
    assert(simulator.sessions.includes(server), "The session has ended");
    // An error without an event id may be attributed to the only output.
    checkFollowUps(frames, heard, client.isHasty ? undelivered : new Set());
    let asked = 0;
    for (let status: string | undefined; isLossy && status !== "completed"; asked++) {
      assert(asked < MAX_ASKED, "Nothing is answered any more");
      client.request("conversation.item.create");
      client.request("response.create");
      watch("ask", session.ask("Are you there?").then((outcome) => status = outcome.status));
      await clock.advance(LONG_MS);
    }
    // Losses of an out-of-band response are not reported.
    assertEquals(pendingBut(isLossy ? /^respond beside/ : /^$/), [], "Responses are pending for ever");
  }
  if (!isLossy) {
    assertEquals(session.activeResponse, undefined, "A response is active for ever");
    assertEquals(client.mistakes, [], "Updates had the answers of others");
    checkConversation(session, server.items);
    const refusals = frames.filter(({ error }) => error?.code === ALREADY_ACTIVE);
    // The server's own answers to turns, and abandoned responses, may come in between.
    if (!hearsTurns && !client.isHasty) assertEquals(refusals, [], "Our own responses race each other");
  }
  act();
  act();
  checkNothingUnrequested(frames, client.requested);
  watch("closed", session.close());
  await clock.advance(CLOSE_MS);
  assertEquals([...pending], [], "Promises are pending after the end");
  assertEquals(clock.pending, 0, "Timers are left");
}

/** Performs a number of runs with consecutive seeds. Throws at the first that fails or hangs, and names its seed. */
export async function runMany(count: number): Promise<void> {
  const first = testSeed();
  for (let seed = first; seed < first + count; seed++) {
    try {
      await withTimeout(() => runRandomly(seed), {
        what: "make the run",
        timeoutMs: RUN_TIMEOUT_MS,
        clock: systemClock,
      });
    } catch (cause) {
      throw new Error(`The run with seed ${seed} failed: ${(cause as Error).message}`, { cause });
    }
  }
}
