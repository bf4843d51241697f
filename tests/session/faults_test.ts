import { assert, assertEquals, assertRejects } from "@std/assert";
import { toBytes } from "../../src/audio/mod.ts";
import { connect } from "../../src/connect.ts";
import { ConnectionError } from "../../src/errors.ts";
import type { Session } from "../../src/session/mod.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { called, scripted, spoken, written } from "../simulator/_simulated_model.ts";
import { tone } from "../simulator/_sound.ts";

/** The state of a session after a fault: it continues, has ended, or receives nothing more without noticing. */
type State = "continues" | "has ended" | "is dead";

/** Every kind of fault that applies to an event, and the state of the session afterwards. */
const AT_EVENTS: Readonly<
  Record<Exclude<Fault["type"], "rate_limit" | "no_credit" | "transcription_stops">, State>
> = {
  drop: "has ended",
  silence: "is dead",
  stall: "continues",
  slow: "continues",
  duplicate: "continues",
  reorder: "continues",
  truncate: "continues",
  binary: "continues",
  garbage: "continues",
  huge: "continues",
  unknown_event: "continues",
  error_storm: "continues",
  expire: "has ended",
  overtake: "continues",
};

/** Their options besides the event. */
const SETTINGS: Readonly<Partial<Record<Fault["type"], object>>> = {
  stall: { ms: 700 },
  slow: { msPerFrame: 20 },
  huge: { characters: 1000 },
  overtake: { ms: 700 },
};

/** Faults that do not apply to an event, or that work differently. */
const OTHERS: readonly (readonly [fault: Fault, state: State])[] = [
  [{ type: "no_credit" }, "has ended"],
  [{ type: "transcription_stops" }, "continues"],
  [{ type: "rate_limit", times: 3 }, "continues"],
  [{ type: "rate_limit", times: 3, refuses: true }, "continues"],
  [{ type: "duplicate", times: Infinity }, "continues"],
  [{ type: "binary", times: Infinity }, "continues"],
  [{ type: "truncate", times: 40 }, "continues"],
  // Longer than any timeout.
  [{ type: "stall", ms: 25_000 }, "continues"],
  [{ type: "slow", msPerFrame: 500 }, "continues"],
  [{ type: "error_storm", count: 50, everyMs: 10 }, "continues"],
  [{ type: "drop", code: 1000, reason: "Enough" }, "has ended"],
];

/** Longer than everything takes, in virtual milliseconds: five requests that go unanswered one after the other, too. */
const LONG_MS = 120_000;

/** Runs all operations of a session at once. */
function doAll(session: Session): Readonly<Record<string, Promise<unknown>>> {
  const response = session.respond();
  session.appendAudio(toBytes(tone(200)));
  return {
    update: session.update({ instructions: "Be brief." }),
    setTools: session.setTools([]),
    sendMessage: session.sendMessage("Hello"),
    retrieveItem: session.retrieveItem("item_of_nobody"),
    deleteItem: session.deleteItem("item_of_nobody"),
    truncateItem: session.truncateItem("item_of_nobody", 1),
    commitAudio: session.commitAudio(),
    clearAudio: session.clearAudio(),
    "response done": response.done,
    "response text": response.text(),
    "response audio": response.audio(),
    "response items": response.items(),
    "response stream": Array.fromAsync(response.transcriptStream()),
    "response queued": session.respond().done,
    "response cancelled": session.respond().done,
    cancel: session.respond().cancel(),
    "response asked for": session.ask("How are you?"),
    "beside done": session.respond({ conversation: "none", input: [] }).done,
  };
}

/** Applies a fault while everything is in progress, and checks the session's state. Returns the received types. */
async function strike(fault: Fault | undefined, state: State): Promise<ReadonlySet<string>> {
  const name = JSON.stringify(fault);
  const clock = createVirtualClock();
  const simulator = createSimulator({
    createModel:
      scripted([spoken("One two.", 60), called("sum", {}), called("slow", {})], [written("Three.")]).createModel,
    pace: "fast",
    clock,
  });
  const slow = () => new Promise((resolve) => clock.schedule(() => resolve("slow"), 700));
  const tools = [defineTool({ name: "sum", run: () => 3 }), defineTool({ name: "slow", run: slow })];
  const connecting = connect({
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    tools,
    turnDetection: null,
    recovery: false,
  });
  await clock.advance(10);
  const session = await connecting;
  const types = new Set<string>();
  session.on("*", (event) => void ("event_id" in event && types.add(event.type)));
  // The events before the fault.
  types.delete("session.created");
  const pending = new Set<string>();
  const watch = (promises: Readonly<Record<string, Promise<unknown>>>) => {
    for (const [key, promise] of Object.entries(promises)) {
      pending.add(key);
      promise.catch(() => {}).finally(() => pending.delete(key));
    }
  };
  watch({ closed: session.closed });
  if (fault) simulator.sessions[0]!.fault(fault);
  watch(doAll(session));
  await clock.advance(LONG_MS);
  const left = (but: RegExp) => [...pending].filter((key) => !but.test(key));
  if (state === "has ended") {
    const close = await session.closed;
    const error = await assertRejects(() => session.clearAudio(), ConnectionError, undefined, name);
    assertEquals(error.close, close);
  } else {
    // A response whose end was lost is recognized as ended when the next one starts.
    assertEquals(left(/^(closed|response|beside)/), [], name);
  }
  if (state === "continues") {
    let status: string | undefined;
    for (let asked = 0; asked < 5 && status !== "completed"; asked++) {
      watch({ asked: session.ask("Are you there?").then((outcome) => status = outcome.status) });
      await clock.advance(LONG_MS);
    }
    assertEquals([status, left(/^(closed|beside)/)], ["completed", []], name);
  }
  watch({ close: session.close() });
  await clock.advance(LONG_MS);
  assertEquals([[...pending], clock.pending], [[], 0], name);
  return types;
}

for (const [type, state] of Object.entries(AT_EVENTS)) {
  Deno.test(`a session ${state} after the fault ${type} at any event, and every promise settles`, async () => {
    const types = await strike(undefined, "continues");
    assert(types.size > 15);
    for (const at of types) await strike({ type, at, ...SETTINGS[type as Fault["type"]] } as Fault, state);
  });
}

for (const [fault, state] of OTHERS) {
  Deno.test(`a session ${state} after the fault ${JSON.stringify(fault)}, and every promise settles`, async () => {
    await strike(fault, state);
  });
}
