import { assert, assertEquals } from "@std/assert";
import { attachLive, connectLive, type LiveSession } from "../../src/live/mod.ts";
import { createSimulator, createVirtualClock, type Fault } from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { randomFrom, testSeed } from "../_random.ts";
import { silence, tone } from "../simulator/_sound.ts";

// Random sessions, random commands, random faults: every promise settles, and nothing is left behind.

const SESSIONS = Number(Deno.env.get("RANDOM_SESSIONS") ?? 24);
const seed = testSeed();
const random = randomFrom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;

function randomFault(): Fault {
  const at = pick([undefined, "session.started", "session.closed", "session.commentary.appended", "response.event"]);
  const timing = { ...at && { at }, ...random() < 0.5 && { afterMs: below(5_000) } };
  return pick<Fault>([
    { type: "drop", ...timing, ...random() < 0.5 && { code: pick([1000, 1001, 1011, 4000]) } },
    { type: "silence", ...timing },
    { type: "stall", ms: 1 + below(8_000), ...timing },
    { type: "slow", msPerFrame: 1 + below(300), ...timing },
    { type: "truncate", times: 1 + below(3), ...timing },
    { type: "duplicate", times: 1 + below(3), ...timing },
    { type: "binary", times: 1 + below(3), ...timing },
    { type: "expire", ...timing, announces: random() < 0.5 },
    { type: "no_credit" },
  ]);
}

/** A frame of the client, as far as the test reads it. */
interface Frame {
  readonly type: string;
  readonly event_id?: string;
  readonly item?: { readonly call_id?: string };
}

interface Result {
  readonly outcomes: readonly string[];
  readonly pending: number;
  readonly open: number;
  readonly frames: readonly Frame[];
  /** Names of the client's events that the server has refused, as it holds too much already. */
  readonly refused: ReadonlySet<string>;
}

async function runOne(): Promise<Result> {
  const clock = createVirtualClock();
  const frames: Frame[] = [];
  const refused = new Set<string>();
  const simulator = createSimulator({
    clock,
    onFrame: ({ data, from }) => {
      const text = String(data);
      if (from === "client") frames.push(JSON.parse(text));
      else if (text.includes("response_input_buffer_full")) refused.add(JSON.parse(text).client_event_id);
    },
    live: {
      latency: pick(["none", "recorded"] as const),
      faults: random() < 0.7 ? [randomFault()] : [],
      scenario: { turns: [{ user: "Hello there.", delegates: { calls: [[{ name: "tool", arguments: "{}" }]] } }] },
    },
  });
  const outcomes: string[] = [];
  const watch = (name: string, promise: Promise<unknown>) => {
    const index = outcomes.push(`${name}: pending`) - 1;
    promise.then(() => outcomes[index] = `${name}: done`, () => outcomes[index] = `${name}: failed`);
  };
  const common = { apiKey: "sk-test", dial: simulator.dial, clock, onUnhandled: () => {} };
  const wait = (ms: number) => new Promise<void>((resolve) => clock.schedule(resolve, ms));
  const tool = defineTool({
    name: "tool",
    run: async () => {
      await wait(below(3_000));
      if (random() < 0.3) throw new Error("broken");
      return "x".repeat(below(50_000));
    },
  });
  const connecting = connectLive({ ...common, ...random() < 0.6 && { backend: "gpt-5.2", tools: [tool] } });
  watch("connect", connecting);
  let session: LiveSession | undefined;
  connecting.then((opened) => session = opened, () => {});
  for (let step = 0; step < 400 && !session && outcomes[0]!.endsWith("pending"); step++) await clock.advance(50);
  if (session) {
    const live: LiveSession = session;
    const sides: LiveSession[] = [];
    watch("closed", live.closed);
    if (random() < 0.2) {
      live.on(pick(["*", "failure", "closed", "session.output_audio.delta"] as const), () => {
        throw new Error("A listener is broken");
      });
    }
    const read = async (values: AsyncIterable<unknown>) => {
      for await (const value of values) if (value === undefined) throw new Error("nothing was read");
    };
    watch("events", read(live.events()));
    watch("transcripts", read(live.transcripts()));
    watch("delegations", read(live.delegations()));
    watch("pipe", live.pipe({ from: [tone(800), silence(1_000)], to: () => wait(below(100)) }));
    for (let step = 0; step < 8; step++) {
      const command = pick([
        "say",
        "inform",
        "instruct",
        "mute",
        "unmute",
        "fixture",
        "decide",
        "task",
        "update",
        "attach",
        "observe",
        "send",
        "wait",
      ]);
      if (command === "say" || command === "inform" || command === "instruct") watch(command, live[command]("Hello!"));
      if (command === "mute" || command === "unmute") watch(command, live[command]({ server: random() < 0.5 }));
      if (command === "fixture") watch(command, live.playFixture(tone(200)));
      if (command === "update") watch(command, live.update({ triggers: [] }));
      if (command === "send") watch(command, live.sendMessage("Hi.".repeat(1 + below(9_000))));
      if (command === "decide") watch(command, live.decide());
      if (command === "task") {
        const answer = async () => {
          const { value: task } = await live.delegations().next();
          await task?.answer(`You asked: ${await task.request()}`);
        };
        watch(command, answer());
      }
      if (command === "attach") watch(command, attachLive(live.id, common).then((side) => side.close()));
      if (command === "observe") {
        const observe = async () => {
          const limits = random() < 0.3 ? { maxDurationMs: 1 + below(8_000) } : {};
          const side = await attachLive(live.id, { ...common, limits });
          sides.push(side);
          watch("side's events", read(side.events()));
          watch("side's command", side[pick(["say", "inform", "instruct"] as const)]("Hello!"));
          watch("side's end", side.closed);
        };
        watch(command, observe());
      }
      if (random() < 0.1) simulator.liveSessions[0]?.fault(randomFault());
      if (random() < 0.05) simulator.liveSessions[0]?.end(pick(["content", "remote_hangup"]));
      await clock.advance(below(900));
    }
    for (const side of sides) {
      if (random() < 0.5) watch("side's close", side.close({ endSession: random() < 0.3 }));
    }
    watch("close", live.close());
  }
  // A dead connection of an observer is detected after 50 seconds, and the end of its session after that.
  for (let second = 0; second < 120 && outcomes.some((outcome) => outcome.endsWith("pending")); second++) {
    await clock.advance(1_000);
  }
  await simulator.close();
  await clock.advance(4_000);
  return { outcomes, pending: clock.pending, open: simulator.liveSessions.length, frames, refused };
}

Deno.test("random Live sessions with faults never hang, and leave nothing behind", async () => {
  let done = 0;
  for (let index = 0; index < SESSIONS; index++) {
    const { frames, open, outcomes, pending, refused } = await runOne();
    const where = `session ${index} of seed ${seed}`;
    assertEquals(outcomes.filter((outcome) => outcome.endsWith("pending")), [], where);
    assertEquals([pending, open], [0, 0], where);
    const countOf = (wanted: string) => frames.filter(({ type }) => type === wanted).length;
    assert(countOf("session.start") <= 1, where);
    assert(countOf("session.close") <= 1, where);
    // An output that the server refuses as too long is sent once more, shortened.
    const answered = frames.filter(({ event_id = "" }) => !refused.has(event_id)).flatMap(({ item }) =>
      item?.call_id ?? []
    );
    assertEquals(answered.length, new Set(answered).size, `${where}: a call is answered once`);
    done += outcomes.filter((outcome) => outcome.endsWith("done")).length;
  }
  assert(done > SESSIONS * 5, `only ${done} of what was asked was done`);
});
