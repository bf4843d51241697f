import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";
import {
  attachLive,
  connectLive,
  type ConnectLiveOptions,
  forkLive,
  type LiveEvent,
  openLiveChannel,
} from "../../src/live/mod.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import type { Dial } from "../../src/transport/mod.ts";
import { joined, silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, settled, speak } from "./_live.ts";
import { scriptedSession } from "./_scripted.ts";

Deno.test("connectLive() starts a session with its settings, and close() is confirmed", async () => {
  const { clock, frames, sent, session, settle } = await connectRig({
    model: "gpt-live-1.1",
    instructions: "Be brief.",
    voice: "willow",
    history: [{ role: "user", content: [{ text: "Hello!" }] }],
    safetyIdentifier: "user_1",
    store: true,
    session: { triggers: [] },
  });
  const [start] = sent("session.start");
  assertEquals(start!.session, {
    triggers: [],
    model: "gpt-live-1.1",
    audio: { output: { voice: "willow" } },
    instructions: "Be brief.",
    input: [{ role: "user", content: [{ text: "Hello!" }] }],
    store: true,
    safety_identifier: "user_1",
  });
  assertEquals(session.config?.model, "gpt-live-1.1");
  assertEquals(session.id, session.config?.id);
  await clock.advance(1_000);
  assertEquals(await settle(session.close()), { reason: "close_requested", seconds: 1, confirmed: true });
  assertStrictEquals(session.close(), session.close());
  assertEquals(await session.closed, await session.close());
  assertEquals(clock.pending, 0);
  assertEquals(frames.filter(({ data }) => String(data).includes('session.close"')).length, 1);
});

Deno.test("connectLive() starts a session of an Azure deployment with its name as the model", async () => {
  const azure = { endpoint: "https://r.openai.azure.com", deployment: "our-voice", apiKey: "az" };
  for (const model of [undefined, "gpt-live-1.1"]) {
    const { session, socket } = await scriptedSession({ azure, model });
    assertEquals(socket.sent.map(({ session }) => (session as { model: string }).model), ["our-voice"]);
    socket.push({ type: "session.closed", event_id: "e", reason: "expired", session: {}, usage: { seconds: 1 } });
    await session.closed;
  }
});

Deno.test("say() resolves with the acknowledged interval with the keeper, and times out without it", async () => {
  const kept = await connectRig();
  const interval = await kept.settle(kept.session.say("Good morning!"), 1_000);
  assertEquals(interval.endMs - interval.startMs, 200);
  assertEquals(interval.startMs % 200, 0);
  const bare = await connectRig({ keeper: false });
  const error = await bare.settle(assertRejects(() => bare.session.say("Good morning!"), DOMException));
  assertEquals(error.name, "TimeoutError");
  assert(error.message.includes("needs input audio"), error.message);
  assertEquals(bare.server.inputMs, 0);
  assertEquals(bare.sent("session.input_audio.append"), []);
  // Other commands need no audio.
  const silent = await scriptedSession();
  const muting = assertRejects(() => silent.session.mute({ server: true }), DOMException);
  await silent.clock.advance(10_000);
  assert(!(await muting).message.includes("input audio"));
});

Deno.test("say(), inform() and instruct() send their own command, and settle with their own answers", async () => {
  const { sent, session, settle, told } = await connectRig();
  const intervals = await settle(Promise.all([
    session.say("One."),
    session.inform("Two."),
    session.instruct("Three."),
  ]));
  assertEquals(intervals.length, 3);
  assertEquals(
    sent().slice(1).map(({ content, delegation_id, type }) => [type, content, delegation_id]),
    [
      ["session.commentary.append", "One.", null],
      ["session.thinking.append", "Two.", null],
      ["session.instructions.append", "Three.", null],
    ],
  );
  assertEquals(eventsOf(told, "session.thinking.appended")[0]!.start_ms, intervals[1]!.startMs);
});

Deno.test("say() rejects blank and overlong text, and text that the server refuses", async () => {
  const { sent, session, settle } = await connectRig();
  await assertRejects(() => session.say("  "), InvalidEventError, "must be more than white space");
  await assertRejects(() => session.inform("word ".repeat(501)), InvalidEventError, "at most 500 tokens");
  assertEquals(sent().length, 1);
  const long = settle(assertRejects(() => session.say("abcdef ".repeat(300)), RealtimeApiError));
  assertEquals((await long).code, "string_above_max_length");
  const stray = settle(assertRejects(() => session.say("Hi.", { delegationId: "item_x" }), RealtimeApiError));
  assertEquals((await stray).param, "delegation_id");
  const signal = AbortSignal.abort(new Error("Enough"));
  await assertRejects(() => session.say("Hi.", { signal }), Error, "Enough");
});

Deno.test("the output is one continuous track in which speech is detected", async () => {
  const { clock, session, settle, told } = await connectRig();
  const read: Uint8Array[] = [];
  void session.pipe({ to: (bytes) => void read.push(bytes) });
  await clock.advance(1_000);
  assert(read.every((bytes) => bytes.length === 4_800 && bytes.every((byte) => byte === 0)));
  assert(!session.isSpeaking);
  await settle(session.say("Good morning to you all!"));
  await clock.advance(1_000);
  assert(session.isSpeaking);
  await clock.advance(4_000);
  assert(!session.isSpeaking);
  const [started] = eventsOf(told, "speech_started");
  const [stopped] = eventsOf(told, "speech_stopped");
  const audible = read.map((bytes, index) => bytes.some((byte) => byte !== 0) ? index : -1).filter((index) =>
    index >= 0
  );
  assertEquals(started!.atMs, audible[0]! * 100);
  assertEquals(stopped!.atMs, (audible.at(-1)! + 1) * 100);
  assert(Math.abs(read.length * 100 - clock.now()) <= 300, "it lags by what the keeper leaves open");
});

Deno.test("transcripts() joins fragments into turns, and marks those cut by the end", async () => {
  const rig = await connectRig({}, { scenario: { turns: [{ user: "Where is my order?", says: "On its way." }] } });
  const turns = rig.session.transcripts();
  await speak(rig, joined(tone(1_200), silence(1_000)));
  await rig.clock.advance(5_000);
  const words = [(await turns.next()).value, (await turns.next()).value].map((
    turn,
  ) => [turn?.role, turn?.text, turn?.status]);
  assertEquals(words, [["user", "Where is my order?", "completed"], ["assistant", "On its way.", "completed"]]);
  await rig.settle(rig.session.say("This is a long story that nobody will ever hear to its very end."));
  await rig.clock.advance(1_500);
  await rig.settle(rig.session.close());
  const { value } = await turns.next();
  assertEquals(value?.status, "incomplete");
  assertEquals((await turns.next()).done, true);
});

Deno.test("usage is replaced rather than added, and reports how full the context is", async () => {
  const { clock, session, settle } = await connectRig();
  await clock.advance(31_000);
  assertEquals(session.usage.seconds, 30);
  assert(session.usage.contextRatio! > 0);
  await clock.advance(4_000);
  assertEquals((await settle(session.close())).seconds, 35);
  assertEquals(session.usage.seconds, 35);
});

Deno.test("limits.maxDurationMs closes the session, since silence is billed", async () => {
  const { clock, session, told } = await connectRig({ limits: { maxDurationMs: 60_000 } });
  await clock.advance(59_999);
  assertEquals(eventsOf(told, "closed"), []);
  await clock.advance(1);
  assertEquals(await session.closed, { reason: "close_requested", seconds: 60, confirmed: true });
  assertEquals(clock.pending, 0);
});

Deno.test("close() reports whether the server confirmed the end", async () => {
  const silent = await connectRig({ closeTimeoutMs: 2_000 });
  silent.server.fault({ type: "silence" });
  const before = silent.clock.now();
  const result = await silent.settle(silent.session.close());
  assertEquals([result.reason, result.confirmed], ["close_requested", false]);
  assert(silent.clock.now() - before >= 2_000);
  const lost = await connectRig();
  lost.server.close(1011, "gone");
  await lost.clock.advance(0);
  assertEquals(await lost.session.close(), { reason: "connection_lost", seconds: 0, confirmed: false });
  const expired = await connectRig();
  expired.server.end("expired");
  await expired.clock.advance(0);
  assertEquals(await expired.session.closed, { reason: "expired", seconds: 0, confirmed: true });
});

Deno.test("close() does not wait for a confirmation that the server has refused", async () => {
  const { clock, session, socket } = await scriptedSession();
  const closing = session.close();
  await clock.advance(0);
  const { event_id: client_event_id, type } = socket.sent.at(-1)!;
  assertEquals(type, "session.close");
  const refusal = { type: "invalid_request_error", code: "event_not_allowed", message: "No." };
  // An error about another event ends nothing.
  socket.push({ type: "error", event_id: "event_2", error: { ...refusal, code: "other" } });
  await clock.advance(3_000);
  assertEquals(socket.isClosed, false);
  socket.push({ type: "error", event_id: "event_3", error: refusal, client_event_id });
  const { confirmed, reason } = await closing;
  assertEquals([confirmed, reason], [false, "close_requested"]);
  assertEquals(clock.pending, 0);
  // Nor does the timeout of other answers.
  const patient = await scriptedSession({ ackTimeoutMs: 1_000, closeTimeoutMs: 5_000 });
  const ended = patient.session.close();
  await patient.clock.advance(4_900);
  assertEquals(patient.socket.isClosed, false);
  await patient.clock.advance(100);
  assertEquals((await ended).confirmed, false);
});

Deno.test("every reader ends with closed, and throws after an unclean end", async () => {
  const { clock, server, session } = await connectRig();
  const events = session.events();
  const seen: LiveEvent[] = [];
  const reading = (async () => {
    for await (const event of events) seen.push(event);
  })();
  reading.catch(() => {});
  const transcripts = session.transcripts().next();
  transcripts.catch(() => {});
  await clock.advance(300);
  server.close(1011, "gone");
  await clock.advance(0);
  await assertRejects(() => reading, ConnectionError, "code 1011");
  await assertRejects(() => transcripts, ConnectionError);
  const last = seen.at(-1)!;
  assert(last.type === "closed" && !last.clean && last.close.code === 1011);
  assertEquals(seen.filter(({ type }) => type === "closed").length, 1);
  await assertRejects(() => session.say("Hi."), ConnectionError);
  assertEquals((await session.delegations().next()).done, true);
  assertEquals(clock.pending, 0);
});

Deno.test("mute() replaces the input with silence, or asks the server to hide it", async () => {
  const rig = await connectRig();
  const { clock, sent, server, session, settle } = rig;
  await session.mute();
  assert(session.muted && !server.isMuted);
  await speak(rig, tone(500));
  const appends = sent("session.input_audio.append");
  assert(appends.length >= 5 && appends.every(({ audio }) => /^A+=*$/.test(String(audio))));
  await session.unmute();
  assert(!session.muted);
  await settle(session.mute({ server: true }));
  assert(session.muted && server.isMuted);
  await settle(session.unmute());
  assert(!session.muted && !server.isMuted);
  await clock.advance(0);
});

Deno.test("the last call of mute() and unmute() wins, though the server has not confirmed the first", async () => {
  const { clock, sent, server, session, settle } = await connectRig();
  await settle(Promise.all([session.mute({ server: true }), session.unmute()]));
  assertEquals([session.muted, server.isMuted], [false, false]);
  await settle(Promise.all([session.unmute(), session.mute({ server: true }), session.unmute(), session.mute()]));
  assertEquals([session.muted, server.isMuted], [true, false]);
  await settle(session.unmute());
  const asked = sent().length;
  // A request that was aborted is not pending.
  await assertRejects(() => session.mute({ server: true, signal: AbortSignal.abort(new Error("Enough")) }), Error);
  await session.unmute();
  await clock.advance(0);
  assertEquals([sent().length, session.muted], [asked, false]);
});

/** Sends frames as `carry` does, which may also answer them. */
function overLine(carry: (frame: string, send: (frame: string) => void, answer: (frame: string) => void) => void) {
  return (dial: Dial): Dial => async (request) => {
    const socket = await dial(request);
    let answer = (_frame: string) => {};
    return {
      bufferedAmount: 0,
      close: (code) => socket.close(code),
      listen(listener) {
        answer = listener.message;
        socket.listen(listener);
      },
      send: (frame) => carry(frame, (frame) => socket.send(frame), answer),
    };
  };
}

Deno.test("unmute() reverts a mute that was aborted before it arrived", async () => {
  const held: (() => void)[] = [];
  let isHeld = false;
  const line = overLine((frame, send) => isHeld ? void held.push(() => send(frame)) : send(frame));
  const { server, session, settle } = await connectRig({}, {}, line);
  const controller = new AbortController();
  isHeld = true;
  const muting = session.mute({ server: true, signal: controller.signal });
  controller.abort(new Error("Enough"));
  await assertRejects(() => muting, Error, "Enough");
  const unmuting = session.unmute();
  isHeld = false;
  for (const send of held) send();
  await settle(unmuting);
  assertEquals([session.muted, server.isMuted], [false, false]);
});

Deno.test("mute() and unmute() do nothing when their signal is aborted already", async () => {
  const { sent, server, session, settle } = await connectRig();
  const aborted = { signal: AbortSignal.abort(new Error("Enough")) };
  await assertRejects(() => session.mute(aborted), Error, "Enough");
  await assertRejects(() => session.mute({ server: true, ...aborted }), Error, "Enough");
  assertEquals(session.muted, false);
  await settle(Promise.all([session.mute(), session.mute({ server: true })]));
  await assertRejects(() => session.unmute(aborted), Error, "Enough");
  assertEquals([session.muted, server.isMuted], [true, true]);
  assertEquals(sent().map(({ type }) => type), ["session.start", "session.input_audio.mute"]);
});

Deno.test("unmute() sends nothing after the server has refused to mute", async () => {
  const line = overLine((frame, send, answer) => {
    const { event_id, type } = JSON.parse(frame);
    if (type !== "session.input_audio.mute") return send(frame);
    answer(`{"type":"error","event_id":"e","error":{"message":"No."},"client_event_id":"${event_id}"}`);
  });
  const { sent, session, settle } = await connectRig({}, {}, line);
  await assertRejects(() => settle(session.mute({ server: true })), RealtimeApiError, "No.");
  await session.unmute();
  assertEquals([session.muted, sent("session.input_audio.unmute").length], [false, 0]);
});

Deno.test("readers of a session end at once when return() is called during a read", async () => {
  const { session } = await connectRig();
  const events = session.events();
  assertEquals((await events.next()).value?.type, "session.started");
  for (const reader of [session.delegations(), session.transcripts(), events]) {
    const reading = reader.next();
    assertEquals(await reader.return!(), { done: true, value: undefined });
    assertEquals(await reading, { done: true, value: undefined });
  }
});

Deno.test("an answer without client_event_id settles nothing if the server sends such ids", async () => {
  const { clock, server, session, settle } = await connectRig({ keeper: false });
  const appended = (text: string) => `{"type":"session.commentary.appended","event_id":"e",${text}}`;
  const saying = session.say("Hello!");
  server.send(appended(`"start_ms":1,"end_ms":2`));
  server.send(appended(`"start_ms":3,"end_ms":4,"client_event_id":"another"`));
  await clock.advance(100);
  await session.pipe({ from: [silence(400)] });
  assertEquals(await settle(saying), { startMs: 0, endMs: 200 });
});

Deno.test("answers without client_event_id settle in order, even if errors have one", async () => {
  const { clock, server, session, settle } = await connectRig({}, {}, (dial) => async (request) => {
    const socket = await dial(request);
    const unnamed = (data: string | Uint8Array) => String(data).replaceAll(/,"client_event_id":"[^"]*"(?!}})/g, "");
    return {
      ...{ send: (data: string) => socket.send(data), close: (code?: number) => socket.close(code), bufferedAmount: 0 },
      listen: ({ close, message }) => socket.listen({ close, message: (data) => message(unnamed(data)) }),
    };
  });
  server.send(`{"type":"error","event_id":"e","error":{"message":"Oops.","client_event_id":"ev_1"}}`);
  const first = session.say("One.");
  await clock.advance(600);
  const second = session.say("Two.");
  const [one, two] = await settle(Promise.all([first, second]));
  assert(one.endMs <= two.startMs);
  await settle(session.mute({ server: true }));
  assert(session.muted);
});

Deno.test("a session ends with session.closed even if the server leaves its socket open", async () => {
  const { clock, frames, server, session, told } = await connectRig();
  server.send(`{"type":"session.closed","event_id":"e","reason":"content","usage":{"seconds":7}}`);
  await clock.advance(0);
  assertEquals(await session.closed, { reason: "content", seconds: 7, confirmed: true });
  assertEquals([session.state, eventsOf(told, "closed").length], ["closed", 1]);
  const sent = frames.length;
  await clock.advance(5_000);
  assertEquals([frames.length, clock.pending], [sent, 0]);
});

Deno.test("invalid times are rejected before anything is dialled", async () => {
  let dials = 0;
  const dial = () => (dials++, Promise.reject(new Error("no")));
  const connect = (options: object) => connectLive({ apiKey: "sk-test", dial, ...options });
  for (const value of [-1, NaN]) {
    await assertRejects(() => connect({ timeoutMs: value }), RangeError, "timeoutMs must be a number >= 0");
  }
  for (const value of [-1, NaN, null, "1000", 1n]) {
    const Fault = typeof value === "number" ? RangeError : TypeError;
    const rule = "must be a number >= 0";
    for (const name of ["ackTimeoutMs", "closeTimeoutMs"]) {
      await assertRejects(() => connect({ [name]: value }), Fault, `${name} ${rule}`);
    }
    for (const name of ["separationMs", "silenceMs", "backchannelMs"]) {
      await assertRejects(() => connect({ turns: { [name]: value } }), Fault, `${name} ${rule}`);
    }
  }
  for (const [value, rule] of [[-1, "a number >= 0"], [NaN, "a number >= 0"], [0, "> 0"]] as const) {
    const given = { limits: { maxDurationMs: value } };
    await assertRejects(() => connect(given), RangeError, `limits.maxDurationMs must be ${rule}`);
  }
  await assertRejects(() => connect({ limits: { maxDurationMs: null } }), TypeError, "maxDurationMs must be a number");
  assertEquals(dials, 0);
});

Deno.test("an option of a wrong type is named before anything is dialled, whatever opens the session", async () => {
  let dials = 0;
  const dial = () => (dials++, Promise.reject(new Error("no")));
  const media = { muted: false, mute: () => {} };
  const openings: Record<string, (options: object) => Promise<unknown>> = {
    connectLive: (options) => connectLive({ apiKey: "sk-test", dial, backend: "m", ...options }),
    attachLive: (options) => attachLive("live_1", { apiKey: "sk-test", dial, ...options }),
    forkLive: (options) => forkLive("live_1", { apiKey: "sk-test", dial, ...options }),
    openLiveChannel: (options) => openLiveChannel({ send() {} } as never, media, options),
  };
  const common: [options: object, message: string][] = [
    [{ onUnhandled: "log" }, "onUnhandled must be a function: current value is of type String"],
    [{ onToolApproval: true }, "onToolApproval must be a function: current value is of type Boolean"],
    // The controller in place of its signal.
    [{ signal: new AbortController() }, "signal must be an AbortSignal: current value is of type AbortController"],
    [{ signal: null }, "signal must be an AbortSignal: current value is null"],
    [{ clock: Date }, "clock must be a Clock: current value is of type Function"],
    [{ tools: {} }, "tools must be an array"],
    [{ tools: [{ type: "function", name: "get_order" }] }, "tools must be created by defineTool"],
    [{ tools: [null] }, "tools must be created by defineTool: current value is null"],
    [{ limits: 5 }, "limits must be an object"],
    [{ turns: [] }, "turns must be an object"],
  ];
  const dialling: typeof common = [
    [{ dial: "wss://localhost" }, "dial must be a function: current value is of type String"],
    [{ dial: null }, "dial must be a function: current value is null"],
    [{ transport: {} }, "transport must be a Transport"],
  ];
  for (const [name, open] of Object.entries(openings)) {
    for (const [options, message] of name === "openLiveChannel" ? common : [...common, ...dialling]) {
      await assertRejects(() => open(options), TypeError, message);
    }
  }
  await assertRejects(
    () => openings.connectLive!({ audioKit: "audio" }),
    TypeError,
    "audioKit must be an AudioKit",
  );
  for (const transport of [undefined, null, {}]) {
    await assertRejects(() => openLiveChannel(transport as never, media), TypeError, "transport must have send()");
  }
  await assertRejects(() => openLiveChannel({ send() {} } as never, {} as never), TypeError, "media must have mute()");
  await assertRejects(() => openings.connectLive!({ backend: 5 }), InvalidEventError, "responses must be an object");
  assertEquals(dials, 0);
});

Deno.test("update() changes only the delegation", async () => {
  const backend = { model: "gpt-5.2" };
  const { session, settle } = await connectRig({ backend });
  const changed = await settle(
    session.update({ delegation: { type: "responses", responses: { instructions: "Hurry." } } }),
  );
  assertEquals(changed.delegation, { type: "responses", responses: { model: "gpt-5.2", instructions: "Hurry." } });
  assertEquals(session.config, changed);
  await assertRejects(() => session.update({ instructions: "x" } as never), InvalidEventError, "instructions");
  const refused = settle(assertRejects(() => session.update({ delegation: { type: "client" } }), RealtimeApiError));
  assertEquals((await refused).param, "session.delegation.type");
});

Deno.test("playFixture() resolves when the fixture was played, and decide() with the decision", async () => {
  const questions = [{ type: "predicate", name: "angry", instructions: "Is the caller angry?" }] as const;
  const { session, settle, told } = await connectRig({
    delegation: { type: "decisions", decisions: { model: "gpt-5.2-mini", questions } },
  });
  // Longer than the timeout of an answer.
  await settle(session.playFixture(tone(20_000)));
  assertEquals(eventsOf(told, "session.output_audio.fixture.played").length, 1);
  const { answers } = await settle(session.decide());
  assertEquals(answers, [{ type: "predicate", name: "angry", probability: 0.5 }]);
  await assertRejects(() => session.playFixture(new Uint8Array(3)), InvalidEventError, "base64 of whole samples");
});

Deno.test("decide() is not answered by the decision of a delegation or of a trigger", async () => {
  const { session, socket, clock } = await scriptedSession();
  const deciding = session.decide();
  const decided = (id: string, cause: object) => {
    const event = { type: "decision.completed", decision: { id, answers: [] } };
    socket.push({ type: "decision.event", event_id: `event_${id}`, event, ...cause });
  };
  decided("of_a_delegation", { delegation_id: "delegation_1", source_event_id: null });
  decided("of_a_trigger", { delegation_id: null, source_event_id: "event_9", trigger_id: "trigger_1" });
  decided("own", { delegation_id: null, source_event_id: null });
  await clock.advance(0);
  assertEquals(await deciding, { id: "own", answers: [] } as never);
});

Deno.test("turn_delta has the turn so far and its new words, and the options of turns apply", async () => {
  const { socket, clock, told } = await scriptedSession({ turns: { silenceMs: 300 } });
  const say = (delta: string, start_ms: number) =>
    socket.push({ type: "session.input_transcript.delta", event_id: "e", delta, start_ms, end_ms: start_ms + 200 });
  say("Hello", 0);
  say(" there.", 200);
  await clock.advance(299);
  assertEquals(eventsOf(told, "turn_done"), []);
  await clock.advance(1);
  assertEquals(eventsOf(told, "turn_delta").map(({ delta, turn }) => [delta, turn.text, turn.endMs]), [
    ["Hello", "Hello", 200],
    [" there.", "Hello there.", 400],
  ]);
  assertEquals(eventsOf(told, "turn_done").map(({ turn }) => [turn.text, turn.status]), [[
    "Hello there.",
    "completed",
  ]]);
});

Deno.test("an end is clean if the server confirmed it, closed with 1000, or this side ended the session", async () => {
  const closed = { type: "session.closed", event_id: "event_9", reason: "expired", session: { id: "live_1" } };
  const ends: [string, boolean, (rig: Awaited<ReturnType<typeof connectRig>>) => unknown][] = [
    ["1000 of the server", true, ({ server }) => server.close(1000, "")],
    ["1011 of the server", false, ({ server }) => server.close(1011, "gone")],
    ["close()", true, ({ session }) => session.close()],
  ];
  for (const [name, clean, end] of ends) {
    const rig = await connectRig({ keeper: false });
    end(rig);
    await rig.settle(rig.session.closed);
    assertEquals(eventsOf(rig.told, "closed").map((event) => event.clean), [clean], name);
  }
  const { session, socket, told, clock } = await scriptedSession();
  socket.push(closed);
  await clock.advance(0);
  assertEquals((await session.closed).reason, "expired");
  assertEquals(eventsOf(told, "closed").map(({ clean, confirmed }) => [clean, confirmed]), [[true, true]]);
});

Deno.test("connectLive() validates before it dials, and reports why a session was refused", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  let dials = 0;
  const dial: ConnectLiveOptions["dial"] = (request) => {
    dials++;
    return simulator.dial(request);
  };
  const connect = (options: object) => connectLive({ apiKey: "sk-test", dial, clock, ...options });
  await assertRejects(() => connect({ baseURL: "x" }), TypeError, "did you mean baseUrl?");
  await assertRejects(() => connect({ limits: { maxDuration: 1 } }), TypeError, "limits.maxDurationMs?");
  await assertRejects(() => connect({ voice: "" }), InvalidEventError, "output.voice must be 1 to 128 characters");
  await assertRejects(() => connect({ session: { colour: "red" } }), InvalidEventError, "session.colour");
  await assertRejects(() => connect({ instructions: "word ".repeat(16_385) }), InvalidEventError, "16384 tokens");
  await assertRejects(() => connect({ backend: "m", delegation: { type: "client" } }), TypeError, "only one of");
  for (const url of [undefined, "wss://proxy.example.com/v1/live/sessions"]) {
    await assertRejects(() => connect({ tools: [{ definition: { name: "x" } }], url }), TypeError, "need a backend");
  }
  for (const tools of [5, null]) {
    await assertRejects(() => connect({ tools }), TypeError, `an array: current value is ${tools}`);
  }
  await assertRejects(() => connect({ session: null }), TypeError, "session must be an object: current value is null");
  for (const keeper of ["false", 0, null]) {
    await assertRejects(
      () => connect({ keeper }),
      TypeError,
      "keeper must be true or false: current value is ",
    );
  }
  for (
    const blank of [{ backend: " " }, { delegation: { type: "decisions", decisions: { model: "", questions: [] } } }]
  ) {
    await assertRejects(() => connect(blank), InvalidEventError, "model must be more than white space");
  }
  const twice = [{ definition: { name: "x" } }, { definition: { name: "x" } }];
  const open = { apiKey: "sk-test", dial, tools: twice } as never;
  for (
    const opening of [connect({ backend: "m", tools: twice }), attachLive("live_1", open), forkLive("live_1", open)]
  ) {
    await assertRejects(() => opening, TypeError, "tools must have different names: current value is x");
  }
  await assertRejects(() => connect({ apiKey: undefined }), ConnectionError, "there is no API key");
  await assertRejects(() => connect({ signal: AbortSignal.abort(new Error("No")) }), Error, "No");
  const refused = await assertRejects(() => connect({ voice: "nova" }), ConnectionError, "not available");
  assertEquals([refused.kind, (refused.cause as RealtimeApiError).code], ["refused", "forbidden"]);
  await assertRejects(() => connect({ apiKey: "sk-invalid" }), ConnectionError, "401");
  // Only the server can tell that a voice or a key is invalid.
  assertEquals(dials, 2);
  await settled(clock, simulator.close());
});

Deno.test("connectLive() times out, and leaves no socket behind", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, live: { latency: "recorded" } });
  const connecting = connectLive({ apiKey: "sk-test", dial: simulator.dial, clock, timeoutMs: 1_000 });
  const error = await settled(clock, assertRejects(() => connecting, DOMException));
  assertEquals(error.name, "TimeoutError");
  await clock.advance(100);
  assertEquals(simulator.liveSessions, []);
  const controller = new AbortController();
  const aborted = connectLive({ apiKey: "sk-test", dial: simulator.dial, clock, signal: controller.signal });
  aborted.catch(() => {});
  await clock.advance(10);
  controller.abort(new Error("Enough"));
  await assertRejects(() => aborted, Error, "Enough");
  await clock.advance(100);
  assertEquals(simulator.liveSessions, []);
  assertEquals(clock.pending, 0);
});

Deno.test("await using closes the session, confirmed or not", async () => {
  const { clock, session, simulator } = await connectRig();
  const disposing = (async () => {
    await using _live = session;
  })();
  await clock.advance(0);
  await disposing;
  assertEquals((await session.closed).confirmed, true);
  assertEquals(simulator.liveSessions, []);
});

Deno.test("unknown and malformed events are delivered, and failures are reported", async () => {
  const unhandled: [unknown, string][] = [];
  const { clock, server, session, told } = await connectRig({
    onUnhandled: (error, context) => void unhandled.push([error, context]),
  });
  server.send(`{"type":"session.rested","for_ms":5}`);
  server.send(`{"type":"session.usage.updated","event_id":"e","usage":"many"}`);
  server.send("nonsense");
  server.send(`{"type":"error","event_id":"e","error":{"type":"server_error","message":"Oops.","code":null}}`);
  await clock.advance(0);
  const unknown = told.find(({ type }: { readonly type: string }) => type === "session.rested");
  assertEquals<unknown>(unknown, { type: "session.rested", for_ms: 5 });
  assertEquals(eventsOf(told, "malformed_event").map(({ eventType }) => eventType), [
    "session.usage.updated",
    undefined,
  ]);
  assertEquals(eventsOf(told, "error")[0]!.error.message, "Oops.");
  assertEquals(unhandled, [], "a listener of everything hears it");
  session.on("speech_started", () => {
    throw new Error("Broken listener");
  });
  void session.say("Hello!");
  await clock.advance(3_000);
  assertEquals(eventsOf(told, "failure").map(({ context }) => context), ["listener of speech_started"]);
});

Deno.test("a session outlives an onUnhandled, and listeners of failures, that fail", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const logged: unknown[][] = [];
  const { error } = console;
  console.error = (...words) => logged.push(words);
  try {
    for (
      const fails of [() => Promise.reject(new Error("Later")), () => {
        throw new Error("At once");
      }]
    ) {
      const options = { apiKey: "sk-test", dial: simulator.dial, clock, onUnhandled: fails };
      const session = await settled(clock, connectLive(options));
      const server = simulator.liveSessions.at(-1)!;
      server.send(`{"type":"error","event_id":"e","error":{"message":"Oops."}}`);
      await clock.advance(0);
      for (const type of ["failure", "*", "closed"] as const) session.on(type, fails);
      server.send(`{"type":"session.rested"}`);
      await clock.advance(0);
      await settled(clock, session.say("Still here."));
      assertEquals((await settled(clock, session.close())).confirmed, true);
    }
  } finally {
    console.error = error;
  }
  assert(logged.length > 4);
  assertEquals(new Set(logged.map(([words]) => words)), new Set(["Live session: onUnhandled failed"]));
});

Deno.test("unhandled failures go to onUnhandled", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const unhandled: string[] = [];
  const connecting = connectLive({
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    onUnhandled: (error, context) => void unhandled.push(`${context}: ${(error as Error).message}`),
  });
  const session = await settled(clock, connecting);
  simulator.liveSessions[0]!.send(`{"type":"error","event_id":"e","error":{"type":"server_error","message":"Oops."}}`);
  await clock.advance(0);
  const failing = async function* () {
    yield new Int16Array(2_400);
    await Promise.resolve();
    throw new Error("Unplugged");
  };
  const result = await settled(clock, session.pipe({ from: failing() }));
  assertEquals((result.fromError as Error).message, "Unplugged");
  assertEquals(unhandled, ["server: Oops.", "source: Unplugged"]);
  // A reader of turns receives none of them, and one of all events does.
  const turns = session.transcripts();
  await settled(clock, session.pipe({ from: failing() }));
  assertEquals(unhandled.splice(2), ["source: Unplugged"]);
  const events = session.events();
  await settled(clock, session.pipe({ from: failing() }));
  assertEquals(unhandled.length, 2);
  await settled(clock, session.close());
  await Promise.all([turns.return?.(), events.return?.()]);
});
