import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { encodeBase64 } from "../../../src/audio/mod.ts";
import { connect } from "../../../src/connect.ts";
import { ConnectionError } from "../../../src/errors.ts";
import type { SocketEnd } from "../../../src/transport/socket.ts";
import { recordSocket } from "../../../src/simulator/recording/record.ts";
import { parseRecording, type RecordedLine } from "../../../src/simulator/recording/recording.ts";
import { type Replay, replayRecording } from "../../../src/simulator/recording/replay.ts";
import type { LineFault } from "../../../src/simulator/_faults/line_fault.ts";
import type { ReplayDifference } from "../../../src/simulator/recording/replay_report.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import { called, scripted, spoken } from "../_simulated_model.ts";
import { converse, type Event, eventsIn } from "./_replayed.ts";

// Recordings of the real server, which are not part of the repository, are used where available.
const FOLDER = new URL("../../../../shared/traces/", import.meta.url);

const REQUEST = {
  url: new URL("ws://replay.example/"),
  headers: new Headers(),
  protocols: [],
  signal: new AbortController().signal,
};

/** A recording with one event per line. */
function recording(...lines: readonly Event[]): readonly RecordedLine[] {
  return lines.map(({ recv, sent, ...line }) =>
    recv ?? sent ? { dir: recv ? "recv" : "sent", event: recv ?? sent, ...line } : line
  );
}

/** A client of a replay without logic. */
function listen(replay: Replay, clock = createVirtualClock()) {
  const [near, far] = createMemorySocketPair();
  const client = {
    replay,
    frames: [] as Event[],
    closed: undefined as SocketEnd | undefined,
    send: (event: object) => near.send(JSON.stringify(event)),
    /** Types of the events received since the last call. */
    async take(): Promise<string[]> {
      const count = taken;
      await clock.advance(0);
      taken = client.frames.length;
      return client.frames.slice(count).map(({ type }) => type);
    },
  };
  let taken = 0;
  near.listen({
    message: (data) => void client.frames.push(JSON.parse(String(data))),
    close: (info) => void (client.closed = info),
  });
  replay.serve(far);
  return client;
}

async function readTraces(): Promise<[name: string, lines: readonly RecordedLine[]][]> {
  const traces: [string, readonly RecordedLine[]][] = [];
  try {
    for await (const { name } of Deno.readDir(FOLDER)) {
      if (name.endsWith(".jsonl")) traces.push([name, parseRecording(await Deno.readTextFile(new URL(name, FOLDER)))]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return traces;
}

/** Our own recording: a message, a function call, a spoken answer, in 300 ms. */
async function ownRecording(): Promise<readonly RecordedLine[]> {
  const clock = createVirtualClock();
  const createModel = scripted([called("get_weather", { city: "Oslo" })], [spoken("It rains.", 1200)]).createModel;
  const simulator = createSimulator({ clock, createModel, pace: 4 });
  const lines: string[] = [];
  const connecting = connect({
    apiKey: "sk-test",
    clock,
    dial: async (request) => recordSocket(await simulator.dial(request), { clock, write: (line) => lines.push(line) }),
    instructions: "Be kind.",
    tools: [defineTool({ name: "get_weather", parameters: { type: "object", properties: {} }, run: () => "rain" })],
  });
  await clock.advance(10);
  const session = await connecting;
  void session.addItem({ type: "message", role: "user", content: [{ type: "input_text", text: "Is it raining?" }] });
  session.respond();
  await clock.advance(2000);
  const closing = session.close();
  await clock.advance(0);
  await closing;
  await simulator.close();
  return parseRecording(lines.join("\n"));
}

const traces = await readTraces();
const own = await ownRecording();

Deno.test("replayRecording() serves a session that does what the recorded client did", async () => {
  const ofServer = traces.length === 0
    ? "NO recordings of the real server are at hand"
    : `${traces.length} recordings of the real server`;
  console.log(`Replayed: ${ofServer}, and one of our own`);
  for (const [name, lines] of [...traces, ["our own", own] as const]) {
    const { mistakes, outcomes, report, seen } = await converse(lines);
    assertEquals(mistakes, [], name);
    assertEquals(report, { isComplete: true, waitingFor: undefined, differences: [] }, name);
    const recorded = eventsIn(lines, "recv");
    assertEquals(seen.map(({ type }) => type), recorded.map(({ type }) => type), name);
    assertEquals(outcomes.filter(({ status }) => status !== "completed"), [], name);
    const words = (events: readonly unknown[]) =>
      JSON.stringify(events).match(/"(?:text|transcript|arguments)":"[^"]*"/g);
    assertEquals(words(seen), words(recorded), name);
  }
});

/** Delays and reorderings of frames that the protocol permits. */
const LINES: Readonly<Record<string, LineFault[]>> = {
  delayed: [{ type: "slow", msPerFrame: 7 }],
  stalled: [{ type: "stall", ms: 900 }, { type: "stall", ms: 400, at: "response.created" }],
  "reordered by one": [{ type: "reorder", frames: 1 }],
  reordered: [{ type: "reorder", frames: 4 }],
  "reordered far, and delayed": [{ type: "reorder", frames: 25 }, { type: "slow", msPerFrame: 11 }],
};

Deno.test("replayRecording() with late and reordered events yields the same conversation, valid at every step", async () => {
  for (const [name, lines] of [...traces, ["our own", own] as const]) {
    const inOrder = await converse(lines);
    const recorded = eventsIn(lines, "recv").map(({ type }) => type).sort();
    for (const [kind, faults] of Object.entries(LINES)) {
      const which = `${name}, ${kind}`;
      const { mistakes, outcomes, report, seen, texts } = await converse(lines, undefined, { faults });
      assertEquals(mistakes, [], which);
      assertEquals(report, { isComplete: true, waitingFor: undefined, differences: [] }, which);
      assertEquals(seen.map(({ type }) => type).sort(), recorded, which);
      assertEquals(outcomes.filter(({ status }) => status !== "completed"), [], which);
      assertEquals(texts, inOrder.texts, which);
    }
  }
});

Deno.test("replayRecording() reports differences between the client and the recorded one", async () => {
  const isMessage = (event: Event) => event.item?.type === "message";
  const edits: [edit: (events: Event[]) => Event[], differences: Partial<ReplayDifference>[]][] = [
    [
      ([update, ...rest]) => [{ ...update, session: { ...update.session, instructions: "Be rude." } }, ...rest],
      [{
        kind: "different",
        line: 2,
        type: "session.update",
        path: "session.instructions",
        recorded: "Be kind.",
        sent: "Be rude.",
      }],
    ],
    [
      (events) => events.map((event) => isMessage(event) ? { ...event, item: { ...event.item, content: [] } } : event),
      [
        { kind: "different", line: 4, path: "item.content[0].type", recorded: "input_text", sent: undefined },
        { kind: "different", line: 4, path: "item.content[0].text", recorded: "Is it raining?", sent: undefined },
        { kind: "different", line: 4, path: "item.content", recorded: undefined, sent: "[]" },
      ],
    ],
    [
      (events) => events.filter((event) => !isMessage(event)),
      [{ kind: "missing", line: 4, type: "conversation.item.create" }],
    ],
    [
      ([update, ...rest]) => [update, { type: "input_audio_buffer.clear" }, ...rest],
      [{ kind: "unexpected", line: 4, type: "input_audio_buffer.clear" }],
    ],
    [
      (events) => [...events, { type: "input_audio_buffer.append", audio: "AAAA" }, { type: "response.cancel" }],
      [
        { kind: "unexpected", line: own.length, type: "input_audio_buffer.append" },
        { kind: "unexpected", line: own.length, type: "response.cancel" },
      ],
    ],
  ];
  for (const [edit, differences] of edits) {
    const { report } = await converse(own, (events) => edit([...events]));
    assertEquals(report.isComplete, true);
    assertEquals(report.differences.length, differences.length, JSON.stringify(report.differences));
    for (const [index, difference] of differences.entries()) {
      assertEquals({ ...report.differences[index], ...difference }, { ...report.differences[index] });
    }
  }
});

Deno.test("replayRecording() reports what it still waits for when the client has left", async () => {
  const { report } = await converse(own, (events) => events.slice(0, 1));
  assertEquals([report.isComplete, report.waitingFor], [false, "conversation.item.create"]);
  assertEquals(report.differences.map(({ kind, type }) => `${kind} ${type}`), [
    "missing conversation.item.create",
    "missing response.create",
    "missing conversation.item.create",
    "missing response.create",
  ]);
});

Deno.test("replayRecording() ignores the given fields", async () => {
  const lines = recording({ sent: { type: "session.update", session: { type: "realtime", audio: { output: {} } } } });
  const paths = async (ignore: string[]) => {
    const replay = replayRecording(lines, { ignore });
    const session = { type: "realtime", instructions: "Hi", tools: [{ name: "a" }, { name: "b" }] };
    const client = listen(replay);
    client.send({ type: "session.update", event_id: "event_1", session });
    await client.take();
    return replay.report().differences.map(({ path }) => path);
  };
  assertEquals(await paths([]), ["session.instructions", "session.tools[0].name", "session.tools[1].name"]);
  assertEquals(await paths(["session.tools[1]"]), ["session.instructions", "session.tools[0].name"]);
  assertEquals(await paths(["session.tools"]), ["session.instructions"]);
  assertEquals(await paths(["session"]), []);
});

Deno.test("replayRecording() waits for the event that a line answers, and for no unrelated earlier ones", async () => {
  const lines = recording(
    { recv: { type: "session.created" } },
    { sent: { type: "response.create" } },
    { recv: { type: "response.created", response: { id: "resp_1", metadata: null } } },
    { recv: { type: "response.function_call_arguments.done", call_id: "call_1" } },
    { sent: { type: "conversation.item.create", item: { type: "function_call_output", call_id: "call_1" } } },
    { recv: { type: "response.done", response: { id: "resp_1", metadata: null } } },
    { recv: { type: "conversation.item.added", item: { id: "item_server" } } },
    { sent: { type: "conversation.item.truncate", item_id: "item_server", event_id: "event_recorded" } },
    { recv: { type: "error", error: { event_id: "event_recorded" } } },
    { recv: { type: "rate_limits.updated" } },
  );
  const client = listen(replayRecording(lines));
  assertEquals(await client.take(), ["session.created"]);
  client.send({ type: "response.create", response: { metadata: { key: "mine" } } });
  assertEquals(await client.take(), ["response.created", "response.function_call_arguments.done", "response.done"]);
  // As from every server, the response has the metadata of its request.
  assertEquals(client.frames.map(({ response }) => response?.metadata), [undefined, { key: "mine" }, undefined, {
    key: "mine",
  }]);
  const item = { id: "item_mine", type: "function_call_output", call_id: "call_1" };
  client.send({ type: "conversation.item.create", item });
  assertEquals(await client.take(), ["conversation.item.added"]);
  assertEquals(client.frames.at(-1)?.item.id, "item_mine");
  client.send({ type: "conversation.item.truncate", item_id: "item_mine", event_id: "event_mine" });
  assertEquals(await client.take(), ["error", "rate_limits.updated"]);
  assertEquals(client.frames.at(-2)?.error.event_id, "event_mine");
  assertEquals(client.replay.report().differences.map(({ path }) => path), ["response.metadata.key"]);
});

Deno.test("replayRecording() waits for the recorded amount of audio, and sends silence for omitted audio", async () => {
  const ms = (audio_ms: number) => ({ audio_ms, format: "audio/pcm" });
  const append = (audio: unknown) => ({ type: "input_audio_buffer.append", audio });
  const lines = recording(
    { sent: append(ms(60)) },
    { sent: append(ms(60)) },
    { recv: { type: "input_audio_buffer.speech_started", item_id: "item_1" } },
    { sent: append(ms(500)) },
    { recv: { type: "input_audio_buffer.speech_stopped", item_id: "item_1" } },
    { recv: { type: "input_audio_buffer.committed", item_id: "item_1" } },
    { sent: { type: "response.create" } },
    { recv: { type: "response.output_audio.delta", delta: { audio_ms: 20, format: "audio/pcmu" } } },
  );
  const audio = (ms: number) => encodeBase64(new Uint8Array(ms * 48));
  const client = listen(replayRecording(lines));
  client.send(append(audio(100)));
  assertEquals(await client.take(), []);
  client.send(append(audio(20)));
  assertEquals(await client.take(), ["input_audio_buffer.speech_started"]);
  client.send(append(audio(480)));
  assertEquals(await client.take(), []);
  // A client that has continued sends no more of it.
  client.send({ type: "response.create" });
  assertEquals((await client.take()).slice(0, 2), [
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
  ]);
  assertEquals(client.frames.at(-1)?.delta, encodeBase64(new Uint8Array(160).fill(0xff)));
  assertEquals(client.replay.report(), { isComplete: true, waitingFor: undefined, differences: [] });
});

Deno.test("replayRecording() separates answers from unrequested events", async () => {
  const lines = recording(
    { sent: { type: "input_audio_buffer.append", audio: encodeBase64(new Uint8Array(480)) } },
    { recv: { type: "input_audio_buffer.speech_started", item_id: "item_turn" } },
    { sent: { type: "input_audio_buffer.commit" } },
    { recv: { type: "input_audio_buffer.committed", item_id: "item_turn" } },
    { recv: { type: "input_audio_buffer.committed", item_id: "item_commit" } },
    { sent: { type: "response.create" } },
    {
      sent: { type: "conversation.item.create", item: { content: [{ type: "input_audio", audio: { audio_ms: 9 } }] } },
    },
    { recv: { type: "response.created", response: { id: "resp_1" } } },
    { recv: { type: "response.output_item.added", item: { id: "item_model" } } },
    { recv: { type: "conversation.item.added", item: { id: "item_model" } } },
    { recv: { type: "conversation.item.added", item: { id: "item_user" } } },
  );
  const client = listen(replayRecording(lines));
  client.send({ type: "input_audio_buffer.append", audio: encodeBase64(new Uint8Array(480)) });
  assertEquals(await client.take(), ["input_audio_buffer.speech_started", "input_audio_buffer.committed"]);
  client.send({ type: "input_audio_buffer.commit" });
  assertEquals(await client.take(), ["input_audio_buffer.committed"]);
  client.send({ type: "response.create" });
  await client.take();
  const content = [{ type: "input_audio", audio: encodeBase64(new Uint8Array(48)) }];
  client.send({ type: "conversation.item.create", item: { id: "item_mine", content } });
  await client.take();
  assertEquals(client.frames.slice(-2).map(({ item }) => item.id), ["item_model", "item_mine"]);
  assertEquals(client.replay.report(), { isComplete: true, waitingFor: undefined, differences: [] });
});

Deno.test("replayRecording() uses the recorded timing on request", async () => {
  const clock = createVirtualClock({ startMs: 1000 });
  const lines = recording(
    { recv: { type: "session.created" }, at_ms: 5 },
    { sent: { type: "response.create" }, at_ms: 2000 },
    { recv: { type: "response.created" }, at_ms: 2100 },
    { recv: { type: "response.output_text.delta" }, at_ms: 2300 },
    { recv: { type: "response.output_text.delta" } },
  );
  const client = listen(replayRecording(lines, { clock, pace: "recorded" }), clock);
  const typesAfter = async (ms: number) => {
    await clock.advance(ms);
    return client.take();
  };
  assertEquals([await typesAfter(4), await typesAfter(1)], [[], ["session.created"]]);
  await clock.advance(60_000);
  client.send({ type: "response.create" });
  assertEquals([await typesAfter(99), await typesAfter(1)], [[], ["response.created"]]);
  const delta = "response.output_text.delta";
  assertEquals([await typesAfter(199), await typesAfter(1)], [[], [delta, delta]]);
});

Deno.test("replayRecording() does not time an event by one of the client that did not cause it", async () => {
  const clock = createVirtualClock();
  const lines = recording(
    { recv: { type: "session.created" }, at_ms: 0 },
    { sent: { type: "input_audio_buffer.clear" }, at_ms: 10 },
    { recv: { type: "rate_limits.updated" }, at_ms: 100 },
  );
  const client = listen(replayRecording(lines, { clock, pace: "recorded" }), clock);
  await clock.advance(80);
  client.send({ type: "input_audio_buffer.clear" });
  await clock.advance(19);
  assertEquals(await client.take(), ["session.created"]);
  await clock.advance(1);
  assertEquals(await client.take(), ["rate_limits.updated"]);
});

Deno.test("replayRecording() measures the audio of a client in the format of its session", async () => {
  const clock = createVirtualClock();
  const lines = recording(
    { recv: { type: "session.created", session: { audio: { input: { format: { type: "audio/pcmu" } } } } } },
    { sent: { type: "input_audio_buffer.append", audio: { audio_ms: 100, format: "audio/pcmu" } } },
    { recv: { type: "input_audio_buffer.speech_started", item_id: "item_1" } },
  );
  const client = listen(replayRecording(lines, { clock }), clock);
  const append = () => client.send({ type: "input_audio_buffer.append", audio: encodeBase64(new Uint8Array(400)) });
  append();
  assertEquals(await client.take(), ["session.created"]);
  append();
  assertEquals(await client.take(), ["input_audio_buffer.speech_started"]);
});

Deno.test("replayRecording() is complete when the client has sent what it has to, in its order", async () => {
  const clock = createVirtualClock();
  const lines = recording(
    { sent: { type: "response.create" } },
    { recv: { type: "server.news" } },
    { sent: { type: "input_audio_buffer.clear" } },
  );
  const { replay, send, take } = listen(replayRecording(lines, { clock }), clock);
  send({ type: "input_audio_buffer.clear" });
  await take();
  assertEquals(replay.report().differences, [{ kind: "unexpected", line: 1, type: "input_audio_buffer.clear" }]);
  send({ type: "response.create" });
  await take();
  const { isComplete, waitingFor } = replay.report();
  assertEquals([isComplete, waitingFor], [false, "input_audio_buffer.clear"]);
  send({ type: "input_audio_buffer.clear" });
  await take();
  assertEquals([replay.report().isComplete, replay.report().waitingFor], [true, undefined]);
});

Deno.test("replayRecording() closes where the server did, and waits for the client where the client did", async () => {
  const ending = async (close: object) => {
    const client = listen(replayRecording(recording({ recv: { type: "session.created" } }, close)));
    await client.take();
    return client.closed?.code;
  };
  assertEquals(await ending({ dir: "close", code: 1001, reason: "late" }), 1001);
  assertEquals(await ending({ dir: "close", code: 1000, by: "server" }), 1000);
  assertEquals(await ending({ dir: "close", code: 1000 }), undefined);
  assertEquals(await ending({ dir: "close", code: 4000, by: "client" }), undefined);
  assertEquals(await ending({ dir: "close" }), undefined);
});

Deno.test("replayRecording() replays malformed frames", async () => {
  const replay = replayRecording(parseRecording(
    '{"dir":"recv","frame":"garbage"}\n{"dir":"recv","frame":{"base64":"AP8="}}\n{"dir":"sent","frame":"{"}\n' +
      '{"dir":"recv","event":{"type":"error","error":{"event_id":null}}}',
  ));
  const frames: unknown[] = [];
  const socket = await replay.dial(REQUEST);
  socket.listen({ message: (data) => void frames.push(data), close() {} });
  await createVirtualClock().advance(0);
  assertEquals(frames, ["garbage", new Uint8Array([0, 255])]);
  socket.send("}");
  await createVirtualClock().advance(0);
  assertEquals(frames.length, 3);
  assertEquals(replay.report().differences.map(({ recorded, sent }) => [recorded, sent]), [["{", "}"]]);
});

Deno.test("Replay serves one client", async () => {
  const replay = replayRecording([]);
  await using _transport = replay.transport();
  await assertRejects(() => replay.dial(REQUEST), ConnectionError, "replayed to another client");
  assertThrows(() => replay.transport(), ConnectionError);
  const aborted = { ...REQUEST, signal: AbortSignal.abort() };
  await assertRejects(() => replayRecording([]).dial(aborted), DOMException);
});

Deno.test("replayRecording() measures the audio of each line once, however long it waits", async () => {
  const clock = createVirtualClock();
  let reads = 0;
  const append = (): Event => ({
    sent: {
      type: "input_audio_buffer.append",
      get audio() {
        reads++;
        return encodeBase64(new Uint8Array(4800));
      },
    },
  });
  const started = { recv: { type: "input_audio_buffer.speech_started", item_id: "item_1", audio_start_ms: 0 } };
  const lines = recording(...Array.from({ length: 20 }, append), started);
  const client = listen(replayRecording(lines, { clock }), clock);
  for (let i = 0; i < 20; i++) {
    assertEquals(await client.take(), []);
    client.send({ type: "input_audio_buffer.append", audio: encodeBase64(new Uint8Array(4800)) });
  }
  assertEquals(await client.take(), ["input_audio_buffer.speech_started"]);
  assertEquals(reads, 20);
});

Deno.test("replayRecording() knows two paces", () => {
  assertThrows(
    () => replayRecording([], { pace: "realtime" as "fast" }),
    TypeError,
    "Cannot replay the recording as pace must be fast or recorded: current value is of type String",
  );
});
