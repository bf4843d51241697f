import { assert, assertEquals, assertGreater, assertInstanceOf, assertNotEquals, assertThrows } from "@std/assert";
import { toBytes } from "../../../src/audio/mod.ts";
import { ConnectionError, RealtimeApiError } from "../../../src/errors.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { synthesizeSpeech } from "../../../src/simulator/speech.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { called, scripted, written } from "../_simulated_model.ts";
import { Faulty, WORDS } from "./_faulty.ts";
import { joined, silence, tone } from "../_sound.ts";

/** The instructions of a session. */
function instructionsOf(session: unknown): unknown {
  return (session as { readonly instructions?: unknown }).instructions;
}

/** Two seconds of the simulated model's voice, as sent. */
const VOICE = toBytes(tone(2000));

Deno.test("Fault drop: pending commands settle with the end of the connection, and earlier events are read", async () => {
  for (const code of [1000, 1001, 1006, 1011, 1013, 3000, 4999]) {
    const faulty = await Faulty.open();
    const { clock, session } = faulty;
    const running = faulty.respond();
    const queued = faulty.respond();
    await clock.advance(50);
    faulty.server.fault({ type: "drop", code, reason: "gone", at: "conversation.item.added" });
    const adding = faulty.watch(session.sendMessage("Are you there?"));
    const updating = faulty.watch(session.update({ instructions: "Be brief." }));
    await clock.advance(0);
    assertEquals([running.done.value?.status, queued.done.value?.status], ["lost", "lost"]);
    const waiting = [adding, updating, running.words, queued.audio];
    for (const { error } of waiting) {
      assertInstanceOf(error, ConnectionError);
      assertEquals([error.kind, error.close?.code, error.close?.reason], ["closed", code, "gone"]);
    }
    assertEquals(await session.closed.then(({ code, reason }) => [code, reason]), [code, "gone"]);
    assertGreater(faulty.seen.length, 8);
    assertEquals(faulty.idsSeen, faulty.idsMeant.slice(0, faulty.seen.length));
    assertEquals(faulty.meant[faulty.seen.length]?.type, "conversation.item.added");
    assertThrows(() => session.send({ type: "input_audio_buffer.clear" }), ConnectionError, `code ${code}`);
    await faulty.end();
  }
});

Deno.test("Fault drop: a drop before the session is ready makes connect() reject", async () => {
  const moments: Fault[] = [
    { type: "drop", code: 1011 },
    { type: "drop", code: 1011, afterMs: 2 },
    { type: "drop", code: 1011, at: "session.created" },
    { type: "drop", code: 1011, at: "session.updated" },
  ];
  for (const fault of moments) {
    const faulty = new Faulty({ faults: [fault] });
    await faulty.clock.advance(10);
    const { error } = faulty.connecting;
    assertInstanceOf(error, ConnectionError, JSON.stringify(fault));
    assertEquals([error.kind, error.close?.code], ["closed", 1011]);
    await faulty.end();
  }
});

Deno.test("Fault drop: held frames are lost", async () => {
  const faulty = await Faulty.open();
  faulty.server.fault({ type: "stall", ms: 5000 });
  faulty.server.fault({ type: "drop", afterMs: 1000 });
  const adding = faulty.watch(faulty.session.sendMessage("Hello!"));
  faulty.server.send('{"type":"server.news","event_id":"event_news"}');
  await faulty.clock.advance(1000);
  assertEquals([adding.state, faulty.seenOf("server.news")], ["ConnectionError", []]);
  await faulty.end();
});

Deno.test("Fault silence: commands time out, and close() settles the rest", async () => {
  const faulty = await Faulty.open();
  const { clock, session } = faulty;
  const { done } = faulty.respond();
  await clock.advance(50);
  faulty.server.fault({ type: "silence" });
  const count = faulty.seen.length;
  const updating = faulty.watch(session.update({ instructions: "Be brief." }));
  const cancelling = faulty.watch(session.cancel());
  await clock.advance(9999);
  assertEquals([updating.state, cancelling.state], ["pending", "pending"]);
  await clock.advance(1);
  assertEquals([updating.state, cancelling.state], ["TimeoutError", "TimeoutError"]);
  await clock.advance(60_000);
  // Nothing was delivered in either direction.
  assertEquals(faulty.seen.length, count);
  assertNotEquals(instructionsOf(faulty.server.session), "Be brief.");
  await faulty.end();
  assertEquals(done.value?.status, "lost");
});

Deno.test("Fault silence: connect() times out when the server sends nothing", async () => {
  const faulty = new Faulty({ faults: [{ type: "silence" }] });
  await faulty.clock.advance(14_999);
  assertEquals(faulty.connecting.state, "pending");
  await faulty.clock.advance(1);
  assertEquals(faulty.connecting.state, "TimeoutError");
  await faulty.end();
});

Deno.test("Fault stall: held frames arrive in order and complete", async () => {
  const faulty = await Faulty.open();
  const { clock, session } = faulty;
  const { audio, done, words } = faulty.respond();
  await clock.advance(50);
  faulty.server.fault({ type: "stall", ms: 5000 });
  const count = faulty.seen.length;
  const updating = faulty.watch(session.update({ instructions: "Be brief." }));
  await clock.advance(4999);
  assertEquals([faulty.seen.length, updating.state], [count, "pending"]);
  await clock.advance(1);
  assertEquals([updating.state, done.value?.status, words.value], ["resolved", "completed", WORDS]);
  assertEquals(audio.value, VOICE);
  await faulty.end();
  assertEquals(faulty.idsSeen, faulty.idsMeant);
});

Deno.test("Fault stall: a late answer to a timed-out command does not settle the next one", async () => {
  const faulty = await Faulty.open();
  const { clock, session } = faulty;
  faulty.server.fault({ type: "stall", ms: 12_000 });
  const first = faulty.watch(session.update({ instructions: "First." }));
  await clock.advance(11_000);
  const second = faulty.watch(session.update({ instructions: "Second." }));
  await clock.advance(1000);
  assertEquals([first.state, second.state], ["TimeoutError", "resolved"]);
  assertEquals(instructionsOf(second.value), "Second.");
  await faulty.end();
});

Deno.test("Fault stall: a stall from the start delays session.created, for which connect() waits until its timeout", async () => {
  const faults: Fault[] = [{ type: "stall", ms: 3000 }];
  const patient = new Faulty({ faults });
  const impatient = new Faulty({ faults, connect: { timeoutMs: 2000 } });
  for (const { clock } of [patient, impatient]) await clock.advance(2999);
  assertEquals([patient.connecting.state, impatient.connecting.state], ["pending", "TimeoutError"]);
  await patient.clock.advance(5);
  assertEquals(patient.connecting.state, "resolved");
  for (const faulty of [patient, impatient]) await faulty.end();
});

Deno.test("Fault stall: a session that the server ends during a stall ends later for the client", async () => {
  const faulty = await Faulty.open({ faults: [{ type: "reorder", frames: 50 }] });
  const { clock, server, session } = faulty;
  const { done } = faulty.respond();
  await clock.advance(50);
  server.fault({ type: "stall", ms: 5000 });
  const closing = faulty.watch(faulty.simulator.close());
  const closed = faulty.watch(session.closed);
  await clock.advance(4999);
  assertEquals([closing.state, closed.state], ["resolved", "pending"]);
  await clock.advance(1);
  assertEquals([closed.value?.code, done.value?.status], [1001, "lost"]);
  await faulty.end();
  // The held words have arrived before the end.
  assertEquals(faulty.idsSeen.toSorted(), faulty.idsMeant.toSorted());
});

Deno.test("Fault stall: a client that leaves during a stall is gone at once", async () => {
  const faulty = await Faulty.open();
  const { clock, server, session } = faulty;
  server.fault({ type: "reorder", frames: 50 });
  faulty.respond();
  await clock.advance(10);
  server.fault({ type: "stall", ms: 5000 });
  server.fault({ type: "garbage", afterMs: 5000 });
  const ended = faulty.watch(server.closed);
  faulty.watch(session.sendMessage("Is anybody there?"));
  faulty.watch(session.close());
  await clock.advance(0);
  assertEquals([ended.state, clock.pending], ["resolved", 0]);
  assertEquals(server.items.map((item) => "role" in item && item.role), ["assistant"]);
  await faulty.end();
});

Deno.test("Fault slow: frames arrive late and complete", async () => {
  const bytes = VOICE.length * 4 / 3;
  for (const [fault, leastMs] of [[{ bytesPerSecond: 50_000 }, bytes / 50], [{ msPerFrame: 100 }, 3000]] as const) {
    const faulty = await Faulty.open();
    faulty.server.fault({ type: "slow", ...fault });
    const { audio, done, words } = faulty.respond();
    await faulty.clock.advance(leastMs);
    assertEquals(done.state, "pending", JSON.stringify(fault));
    await faulty.clock.advance(10_000);
    assertEquals([done.value?.status, words.value], ["completed", WORDS]);
    assertEquals(audio.value, VOICE);
    await faulty.end();
    assertEquals(faulty.idsSeen, faulty.idsMeant);
  }
});

Deno.test("Fault duplicate: every command settles once, and a tool runs once", async () => {
  let runs = 0;
  const parameters = { type: "object", properties: {} } as const;
  const count = defineTool({ name: "count", description: "Counts.", parameters, run: () => ++runs });
  const faulty = await Faulty.open({
    createModel: scripted([called("count", {})], [written("Counted.")]).createModel,
    faults: [{ type: "duplicate", times: Infinity }],
    connect: { outputModalities: ["text"], tools: [count] },
  });
  const { clock, session } = faulty;
  for (const instructions of ["First.", "Second."]) {
    const updating = faulty.watch(session.update({ instructions }));
    await clock.advance(10);
    assertEquals(instructionsOf(updating.value), instructions);
  }
  const adding = faulty.watch(session.sendMessage("Count!"));
  const { done } = faulty.respond();
  await clock.advance(1000);
  assertEquals([adding.state, done.value?.status, runs], ["resolved", "completed", 1]);
  assertEquals(faulty.meant.filter(({ type }) => type === "response.done").length, 2);
  await faulty.end();
  assertEquals(faulty.idsSeen.filter((id) => id.startsWith("event_")), faulty.idsMeant.flatMap((id) => [id, id]));
});

Deno.test("Fault reorder: words, transcripts and limits arrive late and complete", async () => {
  for (const frames of [undefined, 50]) {
    const faulty = await Faulty.open({
      faults: [{ type: "reorder", frames }],
      connect: { transcription: { model: "gpt-transcribe" }, turnDetection: "server_vad" },
    });
    const { clock, session } = faulty;
    session.appendAudio(toBytes(joined(synthesizeSpeech("Hello there."), silence(800))));
    await clock.advance(0);
    const response = session.activeResponse!;
    const [done, words, audio] = [response.done, response.transcript(), response.audio()] as const;
    await clock.advance(1000);
    assertEquals([(await done).status, await words, await audio], ["completed", WORDS, VOICE]);
    const { transcript } = faulty.seenOf("conversation.item.input_audio_transcription.completed")[0]!;
    assertEquals(transcript, "Hello there.");
    await faulty.end();
    assertNotEquals(faulty.idsSeen, faulty.idsMeant);
    assertEquals(faulty.idsSeen.toSorted(), faulty.idsMeant.toSorted());
    // Ordered sequences keep their order: the words of a message, all other events, and the end after both.
    const orderOf = (events: readonly { readonly type: string }[], kind: RegExp) =>
      events.filter(({ type }) => kind.test(type)).map((event) => (event as { event_id?: string }).event_id);
    for (
      const kind of [
        /^response\.output_audio_transcript/,
        /^(?!response\.output_audio_transcript\.delta|rate_limits|.*input_audio_transcription)/,
        /input_audio_transcription/,
      ]
    ) assertEquals(orderOf(faulty.seen, kind), orderOf(faulty.meant, kind));
  }
});

Deno.test("Fault truncate: a truncated frame is delivered, and the conversation continues", async () => {
  const types = [
    "conversation.item.done",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_audio.delta",
    "response.output_audio_transcript.done",
    "response.output_item.done",
    "rate_limits.updated",
  ];
  for (const at of types) {
    const faulty = await Faulty.open();
    const { clock, session } = faulty;
    faulty.server.fault({ type: "truncate", at, keep: 0.4 });
    const adding = faulty.watch(session.sendMessage("Hello!"));
    const answers = [faulty.respond(), faulty.respond()];
    await clock.advance(1000);
    assertEquals([adding.state, ...answers.map(({ done }) => done.value?.status)], [
      "resolved",
      "completed",
      "completed",
    ]);
    const [malformed, ...more] = faulty.seenOf("malformed_event");
    assertEquals([more, malformed?.eventType], [[], undefined]);
    assert(String(malformed?.raw).startsWith(`{"type":"${at}"`), String(malformed?.raw));
    const cut = JSON.stringify(faulty.meant[faulty.types.indexOf("malformed_event")]);
    assertEquals(malformed?.raw, cut.slice(0, Math.floor(cut.length * 0.4)));
    await faulty.end();
    assertEquals(faulty.seen.length, faulty.meant.length);
  }
});

Deno.test("Fault truncate: a command whose answer is lost times out, and the next one settles", async () => {
  const faulty = await Faulty.open();
  const { clock, session } = faulty;
  faulty.server.fault({ type: "truncate", at: "conversation.item.added" });
  const first = faulty.watch(session.sendMessage("Hello!"));
  await clock.advance(10_000);
  const second = faulty.watch(session.sendMessage("Hello?"));
  await clock.advance(10);
  assertEquals([first.state, second.state], ["TimeoutError", "resolved"]);
  await faulty.end();
  for (const at of ["session.created", "session.updated"]) {
    const deaf = new Faulty({ faults: [{ type: "truncate", at }] });
    await deaf.clock.advance(15_000);
    assertEquals(deaf.connecting.state, "TimeoutError");
    await deaf.end();
  }
});

Deno.test("Fault garbage: a garbage frame is delivered as it is, and disturbs nothing else", async () => {
  const bytes = new Uint8Array([0x7b, 0xff, 0xfe, 0x00]);
  const frames: [frame: string | Uint8Array | undefined, raw: unknown][] = [
    [undefined, "\u0000 garbage {"],
    ["", ""],
    ["null", null],
    ["[]", []],
    ["{}", {}],
    ['{"type":7}', { type: 7 }],
    ['{"type":"rate_limits.updated","rate_limits":7}', { type: "rate_limits.updated", rate_limits: 7 }],
    ['{"type":"error","error":[]}', { type: "error", error: [] }],
    ['{"type":"session.updated","session":"new"}', { type: "session.updated", session: "new" }],
    [bytes, new TextDecoder().decode(bytes)],
  ];
  const faulty = await Faulty.open({ faults: frames.map(([frame]) => ({ type: "garbage", frame })) });
  for (const [frame] of frames) {
    faulty.server.fault({ type: "garbage", frame, at: "response.output_audio.delta", skip: 1 });
  }
  const updating = faulty.watch(faulty.session.update({ instructions: "Be brief." }));
  const { audio, done, words } = faulty.respond();
  await faulty.clock.advance(1000);
  assertEquals([instructionsOf(updating.value), done.value?.status, words.value], ["Be brief.", "completed", WORDS]);
  assertEquals(audio.value, VOICE);
  await faulty.end();
  const raws = frames.map(([, raw]) => raw);
  assertEquals(faulty.seenOf("malformed_event").map(({ raw }) => raw), [...raws, ...raws]);
  assertEquals(faulty.idsSeen.filter((id) => id !== "malformed_event"), faulty.idsMeant);
});

Deno.test("Fault binary: events in binary frames are read as usual", async () => {
  const faulty = await Faulty.open({ faults: [{ type: "binary", times: Infinity }] });
  const { audio, done, words } = faulty.respond();
  await faulty.clock.advance(1000);
  assertEquals([done.value?.status, words.value], ["completed", WORDS]);
  assertEquals(audio.value, VOICE);
  await faulty.end();
  assertEquals(faulty.idsSeen, faulty.idsMeant);
});

Deno.test("Fault binary: only the affected frame is binary", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, faults: [{ type: "binary" }] });
  const { signal } = new AbortController();
  const headers = new Headers({ Authorization: "Bearer sk-test" });
  const url = new URL("wss://simulator/v1/realtime?model=gpt-realtime");
  const socket = await simulator.dial({ url, headers, protocols: [], signal });
  const frames: (string | Uint8Array)[] = [];
  socket.listen({ message: (data) => void frames.push(data), close() {} });
  await clock.advance(10);
  socket.send('{"type":"input_audio_buffer.clear"}');
  await clock.advance(10);
  const texts = frames.map((frame) => typeof frame === "string" ? frame : new TextDecoder().decode(frame));
  assertEquals(frames.map((frame) => typeof frame), ["object", "string"]);
  assertEquals(texts.map((text) => JSON.parse(text).type), ["session.created", "input_audio_buffer.cleared"]);
  await simulator.close();
});

Deno.test("Fault huge: a very long frame is delivered", async () => {
  const faulty = await Faulty.open({ faults: [{ type: "huge", at: "session.created" }] });
  const { done } = faulty.respond();
  await faulty.clock.advance(1000);
  assertEquals(done.value?.status, "completed");
  const [huge] = faulty.seenOf("simulator.huge");
  assertEquals(String(huge?.padding).length, 16 * 1024 * 1024);
  await faulty.end();
});

Deno.test("Fault unknown_event: an unknown event is delivered as it is", async () => {
  const strange = { type: "response.dreamt", event_id: "event_dream", response_id: "resp_1", item_id: 7 };
  const faulty = await Faulty.open({ faults: [{ type: "unknown_event" }] });
  faulty.server.fault({ type: "unknown_event", event: strange, at: "response.output_audio.delta", skip: 3 });
  const { done, words } = faulty.respond();
  await faulty.clock.advance(1000);
  assertEquals([done.value?.status, words.value], ["completed", WORDS]);
  await faulty.end();
  assertEquals(faulty.seenOf("response.dreamt"), [strange]);
  const delta = "response.output_audio.delta";
  const dreamt = faulty.types.indexOf("response.dreamt");
  assertEquals(faulty.types.slice(0, dreamt).filter((type) => type === delta).length, 3);
  assertEquals(faulty.types[dreamt + 1], delta);
  assertEquals(faulty.seenOf("simulator.unknown").length, 1);
});

Deno.test("Fault error_storm: unrelated errors are delivered, and reject no command", async () => {
  const faulty = await Faulty.open({ faults: [{ type: "error_storm", count: 1000 }] });
  const { clock, session } = faulty;
  faulty.server.fault({ type: "error_storm", count: 50, everyMs: 3, code: "overloaded" });
  const updating = faulty.watch(session.update({ instructions: "Be brief." }));
  const adding = faulty.watch(session.sendMessage("Hello!"));
  const { done, words } = faulty.respond();
  await clock.advance(30);
  assertEquals(faulty.seenOf("error").length, 11);
  await clock.advance(970);
  assertEquals([updating.state, adding.state, done.value?.status, words.value], [
    "resolved",
    "resolved",
    "completed",
    WORDS,
  ]);
  await faulty.end();
  const codes = faulty.seenOf("error").map(({ error }) => (error as { code: string }).code);
  // The session kept none of the thousand that came before the first reader: that exceeds its limit.
  assertEquals(codes.filter((code) => code === "overloaded").length, 50);
});

Deno.test("Fault rate_limit: the response fails, the session continues", async () => {
  for (const refuses of [false, true]) {
    const faulty = await Faulty.open();
    faulty.server.fault({ type: "rate_limit", skip: 1, times: 2, refuses });
    const responses = Array.from({ length: 4 }, () => faulty.respond());
    await faulty.clock.advance(1000);
    const outcomes = responses.map(({ done }) => done.value);
    assertEquals(outcomes.map((outcome) => outcome?.status), ["completed", "failed", "failed", "completed"]);
    const { error } = responses[1]!.words;
    assertInstanceOf(error, RealtimeApiError);
    assertEquals([error.code, outcomes[2]?.status === "failed" && outcomes[2].code], [
      "rate_limit_exceeded",
      "rate_limit_exceeded",
    ]);
    assertEquals(faulty.types.filter((type) => type === "response.created").length, refuses ? 2 : 4);
    await faulty.end();
    assertEquals(faulty.idsSeen, faulty.idsMeant);
  }
});

Deno.test("Fault expire: the session ends with the server's message, as after an hour", async () => {
  const faulty = await Faulty.open({ faults: [{ type: "expire", afterMs: 50 }] });
  const { done } = faulty.respond();
  await faulty.clock.advance(30);
  const { code, reason } = await faulty.session.closed;
  assertEquals([code, reason], [1001, "Your session hit the maximum duration of 60 minutes."]);
  await faulty.end();
  assertEquals(done.value?.status, "lost");
});

Deno.test("createSimulator() accepts separate faults per session", async () => {
  let sessions = 0;
  const simulator = createSimulator({
    clock: { now: () => 0, schedule: () => () => {} },
    faults: ({ id }) => ++sessions === 2 ? [{ type: "drop", code: 4000, reason: id }] : [],
  });
  const transports = [simulator.transport(), simulator.transport(), simulator.transport()];
  const { code, reason } = await transports[1]!.closed;
  assertEquals([code, reason.startsWith("sess_"), simulator.sessions.length], [4000, true, 2]);
  await simulator.close();
});

Deno.test("createSimulator() and fault() reject invalid faults", async () => {
  const wrong: [fault: unknown, kind: typeof RangeError | typeof TypeError, message: string][] = [
    [{ type: "earthquake" }, TypeError, "type must be one of drop, silence,"],
    [{ type: "stall" }, RangeError, "Cannot set the fault stall as ms must be >= 0: current value is undefined"],
    [{ type: "stall", ms: -1 }, RangeError, "ms must be >= 0: current value is -1"],
    [{ type: "drop", code: 999 }, RangeError, "code must be from 1000 to 4999: current value is 999"],
    [{ type: "truncate", keep: 1.5 }, RangeError, "keep must be from 0 to 1"],
    [{ type: "slow", bytesPerSecond: 0 }, RangeError, "bytesPerSecond must be >= 1"],
    [{ type: "garbage", afterMs: NaN }, RangeError, "afterMs must be >= 0: current value is NaN"],
    [null, TypeError, "type must be one of drop, silence,"],
    [{ type: "drop", afterMS: 5 }, TypeError, "no option afterMS: did you mean afterMs?"],
    [
      { type: "rate_limit", at: "response.done" },
      TypeError,
      "Cannot set the fault rate_limit as there is no option at",
    ],
    [{ type: "drop", code: "1000" }, TypeError, "code must be a number: current value is 1000"],
    [{ type: "duplicate", times: 2.5 }, RangeError, "times must be a whole number: current value is 2.5"],
    [{ type: "drop", at: 5 }, TypeError, "at must be a string: current value is 5"],
    [
      { type: "drop", at: "response.doen" },
      TypeError,
      "at must be a type of server events, such as response.done: current value is response.doen",
    ],
    [
      { type: "overtake", events: ["error", "response.create"] },
      TypeError,
      "events must be a list of types of server events, such as response.created",
    ],
    [{ type: "expire", announces: "no" }, TypeError, "announces must be a boolean: current value is no"],
    [{ type: "overtake", events: "error" }, TypeError, "events must be a list of event types: current value is error"],
    [{ type: "garbage", frame: 7 }, TypeError, "frame must be a string or bytes: current value is 7"],
    [{ type: "unknown_event", event: null }, TypeError, "event must be an object: current value is null"],
  ];
  const faulty = await Faulty.open();
  for (const [fault, kind, message] of wrong) {
    assertThrows(() => createSimulator({ faults: [fault as Fault] }), kind, message);
    assertThrows(() => faulty.server.fault(fault as Fault), kind, message);
    assertThrows(() => createSimulator({ live: { faults: [fault as Fault] } }), kind, message);
  }
  for (const at of ["session.started", "response.audio.delta", "session.output_audio.delta", "ping", "made.up", ""]) {
    createSimulator({ faults: [{ type: "drop", at }, { type: "overtake", events: [at] }] });
  }
  await faulty.end();
});
