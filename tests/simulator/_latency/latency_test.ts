import { assert, assertEquals, assertThrows } from "@std/assert";
import { WatchedClock } from "../../../src/simulator/_latency/watched_clock.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { RECORDED_LATENCY } from "../../../src/simulator/simulator_latency.ts";
import type { SimulatorOptions } from "../../../src/simulator/simulator_options.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { OWNER } from "../_api.ts";
import { Client, type Frame, typesOf, userText } from "../_client.ts";
import { tone } from "../_sound.ts";

const UPDATE = { type: "session.update", session: { type: "realtime", output_modalities: ["text"] } };
const MANUAL = { type: "session.update", session: { type: "realtime", audio: { input: { turn_detection: null } } } };

/** Arrival time of each event, in milliseconds since the last event was sent. */
async function timed(client: Client, ms: number, ...events: Readonly<Record<string, unknown>>[]) {
  const seen: [type: string, atMs: number][] = [];
  const startMs = client.clock.now();
  client.onFrame = ({ type }: Frame) => void seen.push([type, client.clock.now() - startMs]);
  client.send(...events);
  await client.clock.advance(ms);
  return seen;
}

Deno.test("latency: an answer is delayed by its latency, and answers keep their order", async () => {
  const client = await Client.open({ latency: "recorded" });
  assertEquals(await timed(client, 149, UPDATE), []);
  await client.clock.advance(1);
  assertEquals(typesOf(client.take()), ["session.updated"]);
  const seen = await timed(client, 200, userText("One"), { type: "input_audio_buffer.clear" });
  assertEquals(seen, [
    ["conversation.item.added", 150],
    ["conversation.item.done", 150],
    ["input_audio_buffer.cleared", 150],
  ]);
});

Deno.test("latency: a later command is answered later", async () => {
  const client = await Client.open({ latency: { ackMs: 100 } });
  client.send(UPDATE);
  await client.clock.advance(60);
  client.send({ type: "input_audio_buffer.clear" });
  assertEquals(typesOf(await client.wait(40)), ["session.updated"]);
  assertEquals(typesOf(await client.wait(59)), []);
  assertEquals(typesOf(await client.wait(1)), ["input_audio_buffer.cleared"]);
});

Deno.test("latency: a command is evaluated when its delay has passed, not when it arrives", async () => {
  const client = await Client.open({ latency: { ackMs: 100 }, pace: "realtime" });
  client.send({ type: "response.cancel", event_id: "too early" }, userText("One"), { type: "response.create" });
  client.send({ type: "response.create", event_id: "one too many" });
  // Nothing can be cancelled yet, but later there will be a response.
  client.send({ type: "response.cancel", event_id: "in time" });
  const frames = await client.wait(200);
  const refused = frames.filter(({ type }) => type === "error").map(({ error }) => (error as Frame).event_id);
  assertEquals(refused, ["too early", "one too many"]);
  assertEquals((frames.find(({ type }) => type === "response.done")?.response as Frame).status, "cancelled");
});

Deno.test("latency: the error of a refused commit follows the answers to later commands", async () => {
  const client = await Client.open({ latency: "recorded" });
  await client.ask(MANUAL, 200);
  client.send({ type: "input_audio_buffer.commit", event_id: "refused" });
  await client.clock.advance(10);
  await client.speak(tone(500));
  client.send({ type: "input_audio_buffer.commit", event_id: "good" });
  assertEquals(typesOf(await client.wait(300)), [
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
  ]);
  assertEquals(await client.wait(589), []);
  const [error] = await client.wait(1);
  assertEquals([error?.type, (error?.error as Frame).event_id], ["error", "refused"]);
});

Deno.test("latency: other errors have the given delay, even for malformed frames", async () => {
  const client = await Client.open({ latency: { ackMs: 100, errorMs: 300 } });
  const seen = await timed(client, 400, { type: "no.such.event" }, { type: "input_audio_buffer.clear" });
  assertEquals(seen, [["input_audio_buffer.cleared", 100], ["error", 300]]);
  client.take();
  client.send("{");
  assertEquals(await client.wait(299), []);
  assertEquals(typesOf(await client.wait(1)), ["error"]);
});

Deno.test("latency: a transcription arrives independently of the response", async () => {
  const client = await Client.open({ latency: "recorded", pace: "realtime" });
  const transcription = { model: "gpt-4o-transcribe" };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { transcription } } } }, 200);
  await client.speak(tone(1000));
  await client.speak(new Int16Array(24_000));
  const types = (await client.wait(30_000)).map(({ type }) => type);
  const completed = types.indexOf("conversation.item.input_audio_transcription.completed");
  assert(types.indexOf("response.created") < types.indexOf("conversation.item.input_audio_transcription.delta"));
  assert(completed < types.indexOf("response.done"));
});

Deno.test("latency: HTTP requests are delayed, too", async () => {
  const client = new Client({ latency: "recorded" });
  let status: number | undefined;
  const request = new Request("https://simulator/v1/realtime/client_secrets", { method: "POST", headers: OWNER });
  void client.simulator.fetch(request).then((response) => void (status = response.status));
  await client.clock.advance(RECORDED_LATENCY.restMs - 1);
  assertEquals(status, undefined);
  await client.clock.advance(1);
  assertEquals(status, 200);
});

Deno.test("latency: nothing is answered or scheduled once the client has gone", async () => {
  const client = await Client.open({ latency: "recorded" });
  client.send(UPDATE, { type: "no.such.event" });
  client.close();
  await client.clock.advance(2000);
  assertEquals([client.take(), client.clock.pending], [[], 0]);
});

Deno.test("latency: everything is answered at once without it", async () => {
  const client = await Client.open();
  assertEquals(typesOf(await client.ask(UPDATE)), ["session.updated"]);
});

Deno.test("createSimulator() rejects invalid latencies", () => {
  const cases: readonly [latency: unknown, error: typeof TypeError | typeof RangeError, words: string][] = [
    ["slow", TypeError, 'latency must be "none", "recorded" or an object: current value is slow'],
    [{ ackMS: 100 }, TypeError, "no option latency.ackMS: did you mean latency.ackMs?"],
    [{ ackMs: -1 }, RangeError, "latency.ackMs must be a finite number >= 0: current value is -1"],
    [{ errorMs: NaN }, RangeError, "latency.errorMs must be a finite number >= 0: current value is NaN"],
    [{ ackMs: "150" }, RangeError, "latency.ackMs must be a finite number >= 0: current value is 150"],
    [{ commitErrorMs: null }, RangeError, "latency.commitErrorMs must be a finite number >= 0: current value is null"],
    [{ restMs: Infinity }, RangeError, "latency.restMs must be a finite number >= 0: current value is Infinity"],
  ];
  for (const [latency, error, words] of cases) {
    assertThrows(() => createSimulator({ latency } as SimulatorOptions), error, words);
  }
});

/** The console output while `act` runs. */
async function warningsOf(act: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (message: string) => void warnings.push(message);
  try {
    await act();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

/** The warnings during `act`, and during two seconds of real time after it. */
async function warningsInTwoSeconds(act: () => unknown): Promise<readonly string[]> {
  const { setTimeout } = globalThis;
  let twoSecondsPass = () => {};
  globalThis.setTimeout = ((callback: () => void, ms: number) => {
    if (ms !== 2000) return setTimeout(callback, ms);
    twoSecondsPass = callback;
    return 0;
  }) as typeof setTimeout;
  try {
    return await warningsOf(async () => {
      await act();
      twoSecondsPass();
    });
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

Deno.test("WatchedClock warns once when calls are scheduled while the clock stands still", async () => {
  const real = createVirtualClock();
  const clock = createVirtualClock();
  const watched = new WatchedClock(clock, real);
  const done: number[] = [];
  const calm = await warningsOf(async () => {
    const cancel = watched.schedule(() => done.push(0), 10);
    await real.advance(1999);
    cancel();
    cancel();
    assertEquals([real.pending, clock.pending], [0, 0]);
    watched.schedule(() => done.push(watched.now()), 10);
    await clock.advance(5);
    await real.advance(2000);
    await clock.advance(5);
    assertEquals([done, real.pending], [[10], 0]);
  });
  assertEquals(calm, []);
  const stalled = await warningsOf(async () => {
    watched.schedule(() => {}, 10);
    await clock.advance(5);
    await real.advance(6000);
    watched.schedule(() => {}, 10);
    await real.advance(6000);
  });
  assertEquals(stalled.length, 1);
  assert(stalled[0]?.includes("its clock has stood still for 2 s"), stalled[0]);
});

Deno.test("A latency on a virtual clock that never advances is reported, whatever is pending", async () => {
  const commit = { type: "input_audio_buffer.commit" };
  const transcription = { model: "whisper-1" };
  const dictation = {
    type: "session.update",
    session: { type: "realtime", audio: { input: { transcription, turn_detection: null } } },
  };
  const waits: Readonly<Record<string, [latency: SimulatorOptions["latency"], act: (client: Client) => unknown]>> = {
    "an answer": ["recorded", (client) => client.send(UPDATE)],
    "an error": [{ errorMs: 100 }, (client) => client.send("{")],
    "the error of a commit": [{ commitErrorMs: 900 }, (client) => client.send(MANUAL, commit)],
    "a transcription": [{ transcriptionMs: 300 }, async (client) => {
      client.send(dictation);
      await client.speak(tone(200));
      client.send(commit);
    }],
    "an HTTP answer": [{ restMs: 100 }, (client) => {
      const url = "https://simulator/v1/realtime/client_secrets";
      void client.simulator.fetch(url, { method: "POST", headers: OWNER });
    }],
  };
  for (const [what, [latency, act]] of Object.entries(waits)) {
    const client = await Client.open({ latency });
    const warnings = await warningsInTwoSeconds(async () => {
      await act(client);
      await client.clock.advance(0);
    });
    assertEquals(warnings.length, 1, what);
    await client.clock.advance(2000);
    client.close();
  }
});

Deno.test("A session that cannot begin because the clock does not advance is reported with a remedy", async () => {
  const clock = createVirtualClock();
  await using simulator = createSimulator({ clock });
  const opening = await warningsInTwoSeconds(() => simulator.transport());
  assertEquals(opening.length, 1);
  assert(opening[0]!.includes("await clock.advance(200); await opening"), opening[0]);
});

Deno.test("A quiet session on a virtual clock is not reported, though its expiry is scheduled", async () => {
  const client = await Client.open({});
  assertEquals(await warningsInTwoSeconds(() => client.clock.advance(0)), []);
  client.close();
});
