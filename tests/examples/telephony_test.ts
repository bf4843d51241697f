import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { defineWebSocketHelper, type WSContext } from "hono/ws";
import { createTelephoneApp } from "../../examples/telephony/app.ts";
import { CallBridge } from "../../examples/telephony/call_bridge.ts";
import { type CallOptions, holdCall } from "../../examples/telephony/hold_call.ts";
import { Keypad } from "../../examples/telephony/keypad.ts";
import type { Line } from "../../examples/telephony/line.ts";
import { telnyxLine } from "../../examples/telephony/telnyx_line.ts";
import { Tickets } from "../../examples/telephony/tickets.ts";
import { twilioLine } from "../../examples/telephony/twilio_line.ts";
import { isSignedByTwilio, type SignedRequest } from "../../examples/telephony/twilio_signature.ts";
import { connectVoice, VOICE_PRESETS, VoiceSession } from "../../mod.ts";
import { memoryStore } from "../../src/hono/mod.ts";
import { decodeBase64, decodeG711, encodeBase64, encodeG711, measureLevel, silence } from "../../src/audio/mod.ts";
import {
  createSimulator,
  createVirtualClock,
  type ReplyPlan,
  type Simulator,
  type VirtualClock,
} from "../../src/simulator/mod.ts";
import { open, output } from "../session/_fake_server.ts";
import { saying, settled, tone, until } from "../voice/_conversation.ts";
import { twilioSign } from "./_twilio_sign.ts";

const FRAME_MS = 20;
const STREAM = "MZ0123";

/** The other end of a Media Stream, by Twilio's documentation: plays in real time, returns marks, obeys `clear`. */
class Caller {
  /** The played audio, µ-law. */
  readonly heard: number[] = [];
  /** Sizes of all received frames. */
  readonly sizes: number[] = [];
  clears = 0;
  /** Speech that is about to be sent: µ-law. */
  speech: Uint8Array = new Uint8Array(0);
  readonly #clock: VirtualClock;
  #queue: { readonly audio?: Uint8Array; readonly mark?: string }[] = [];
  #stop = (): void => {};
  receive: (frame: string) => void = () => {};

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Takes a frame of the bridge. */
  take(text: string): void {
    const frame = JSON.parse(text);
    assertEquals(frame.streamSid, STREAM);
    if (frame.event === "mark") this.#queue.push({ mark: frame.mark.name });
    if (frame.event === "media") {
      const audio = decodeBase64(frame.media.payload);
      this.sizes.push(audio.length);
      this.#queue.push({ audio });
    }
    if (frame.event === "clear") {
      this.clears++;
      const marks = this.#queue.filter(({ mark }) => mark !== undefined);
      this.#queue = [];
      for (const { mark } of marks) this.#sendMark(mark!);
    }
  }

  start(): void {
    this.#send({ event: "connected", protocol: "Call", version: "1.0.0" });
    this.#send({ event: "start", streamSid: STREAM, start: { mediaFormat: { encoding: "audio/x-mulaw" } } });
    this.#tick();
  }

  hangUp(): void {
    this.#stop();
    this.#send({ event: "stop", streamSid: STREAM });
  }

  /** Every 20 ms: plays a frame, and sends one. */
  #tick(): void {
    this.#returnMarks();
    const next = this.#queue.shift();
    if (next?.audio) this.heard.push(...next.audio);
    const frame = this.speech.slice(0, 160);
    this.speech = this.speech.subarray(160);
    const payload = encodeBase64(frame.length === 160 ? frame : silence(FRAME_MS, { format: "audio/pcmu" }));
    this.#send({ event: "media", streamSid: STREAM, media: { track: "inbound", payload } });
    this.#stop = this.#clock.schedule(() => this.#tick(), FRAME_MS);
  }

  #returnMarks(): void {
    while (this.#queue[0]?.mark !== undefined) this.#sendMark(this.#queue.shift()!.mark!);
  }

  #sendMark(name: string): void {
    this.#send({ event: "mark", streamSid: STREAM, mark: { name } });
  }

  #send(frame: unknown): void {
    this.receive(JSON.stringify(frame));
  }
}

const muLaw = (ms: number) => encodeG711(tone(ms).filter((_, i) => i % 3 === 0), "audio/pcmu");

/** A call to a model with these answers. */
async function call(plan: ReplyPlan) {
  const clock = createVirtualClock();
  const simulator = createSimulator({ ...saying(plan), clock });
  const voice = await settled(
    clock,
    connectVoice({
      ...VOICE_PRESETS.phone,
      apiKey: "sk-test",
      dial: simulator.dial,
      clock,
      turnDetection: "server_vad",
      playbackSource: "reported",
    }),
  );
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  const caller = new Caller(clock);
  const bridge = new CallBridge(voice, (frame) => caller.take(frame));
  caller.receive = (frame) => bridge.receive(frame);
  caller.start();
  const end = async () => {
    caller.hangUp();
    await settled(clock, voice.closed);
    await simulator.close();
    assertEquals([clock.pending, errors], [0, []]);
  };
  return { bridge, caller, clock, end, voice };
}

/** Speaks until the model answers. */
async function ask({ caller, clock, voice }: { caller: Caller; clock: VirtualClock; voice: VoiceSession }) {
  caller.speech = muLaw(500);
  await until(clock, () => voice.playback.items.some(({ heardMs, cut }) => heardMs > 0 && !cut));
}

Deno.test("CallBridge sends the answer in frames of 20 ms, and reports playout from the marks", async () => {
  const { caller, clock, end, voice } = await call({
    outputs: [{ type: "message", text: "Hello.", audio: tone(1010) }, {
      type: "message",
      text: "Yes?",
      audio: tone(500),
    }],
  });
  await ask({ caller, clock, voice });
  await until(clock, () => voice.playback.items.every(({ complete }) => complete) && voice.playback.unheardMs === 0);
  assertEquals(voice.playback.items.map(({ heardMs }) => heardMs), [1010, 500]);
  assertEquals(caller.heard.length, 1510 * 8);
  // 50 whole frames, the 10 ms that end the first item, 25 more.
  assertEquals(caller.sizes.filter((size) => size !== 160), [80]);
  assert(measureLevel(decodeG711(Uint8Array.from(caller.heard), "audio/pcmu")).rmsDbfs > -20);
  assertEquals(caller.clears, 0);
  await end();
});

Deno.test("CallBridge clears the call when the caller interrupts, and truncates at the heard position", async () => {
  const { caller, clock, end, voice } = await call({
    outputs: [{ type: "message", text: "Once.", audio: tone(9000) }],
  });
  const cuts: number[] = [];
  let heardMs = 0;
  voice.on("interrupted", (event) => {
    heardMs = caller.heard.length / 8;
    cuts.push(event.heardMs);
  });
  await ask({ caller, clock, voice });
  await clock.advance(1500);
  caller.speech = muLaw(300);
  await until(clock, () => cuts.length > 0);
  assertEquals([cuts.length, caller.clears], [1, 1]);
  // A mark comes back with the next frame of up to 40 ms.
  assertAlmostEquals(cuts[0]!, heardMs, 60);
  const before = caller.heard.length;
  const item = voice.playback.items[0]!;
  await clock.advance(200);
  assertEquals([caller.heard.length, voice.playback.get(item.itemId)?.heardMs], [before, item.heardMs]);
  // The answer to the interruption is heard.
  await until(clock, () => caller.heard.length > before);
  await end();
});

Deno.test("CallBridge rejects malformed frames, and ignores unknown events", async () => {
  const { bridge, end } = await call({ outputs: [] });
  assertThrows(() => bridge.receive("no JSON"), SyntaxError);
  bridge.receive("null");
  bridge.receive(JSON.stringify({ event: "dtmf", dtmf: { digit: "1" } }));
  bridge.receive(JSON.stringify({ event: "mark", mark: { name: "somebody else's" } }));
  await end();
});

/** A bridge to a scripted server: its frames to the caller, marks as their names and media as their bytes. */
async function scripted() {
  const { server, session } = await open();
  const format = { type: "audio/pcmu" };
  server.emit({
    type: "session.updated",
    session: { type: "realtime", audio: { input: { format }, output: { format } } },
  });
  await server.settle();
  const voice = new VoiceSession(session, { playbackSource: "reported", clock: server.clock });
  const sent: (string | number[])[] = [];
  const bridge = new CallBridge(voice, (text) => {
    const { event, mark, media } = JSON.parse(text);
    sent.push(event === "media" ? [...decodeBase64(media.payload)] : mark?.name ?? event);
  });
  bridge.receive(JSON.stringify({ event: "start", streamSid: STREAM }));
  const speak = (responseId: string, bytes: number, value: number) =>
    output("response.output_audio.delta", responseId, { delta: encodeBase64(new Uint8Array(bytes).fill(value)) });
  return { sent, server, speak, voice };
}

Deno.test("CallBridge sends the end of an item that was complete before any of it was sent", async () => {
  const { sent, server, speak, voice } = await scripted();
  server.emit(speak("resp_1", 200, 1), output("response.output_audio.done", "resp_1", {}));
  await server.settle();
  assertEquals(sent.filter((frame) => typeof frame !== "string").map(({ length }) => length), [160, 40]);
  assertEquals(sent.at(-1), "resp_1_item 25");
  await voice.close();
});

Deno.test("CallBridge sends nothing stale after an interruption, not even a partial frame", async () => {
  const { sent, server, speak, voice } = await scripted();
  server.emit(speak("resp_1", 260, 1));
  await server.settle();
  server.emit({ type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" });
  server.emit(speak("resp_1", 260, 1), speak("resp_2", 160, 2));
  await server.settle();
  const frame = (value: number) => Array(160).fill(value);
  assertEquals(sent, [frame(1), "resp_1_item 20", "clear", frame(2), "resp_2_item 20"]);
  await voice.close();
});

Deno.test("CallBridge sends nothing of an item that is cut before it is sent", async () => {
  const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" };
  for (let turns = 0; turns < 20; turns++) {
    const { sent, server, speak, voice } = await scripted();
    server.emit(speak("resp_1", 160, 1));
    await server.settle();
    server.emit(speak("resp_1", 800, 1));
    // Some microtasks pass between the arrival of the audio and its sending.
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    server.emit(SPEECH, speak("resp_2", 160, 2));
    await server.settle();
    const cleared = sent.indexOf("clear");
    const stale = sent.slice(cleared).filter((frame) => typeof frame !== "string" && frame[0] === 1);
    assertEquals([cleared > 0, stale], [true, []], `after ${turns} turns`);
    await voice.close();
  }
});

Deno.test("CallBridge ends the session when the call stops accepting data", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { playbackSource: "reported", clock: server.clock });
  const bridge = new CallBridge(voice, () => {
    throw new TypeError("The socket is closed");
  });
  bridge.receive(JSON.stringify({ event: "start", streamSid: STREAM }));
  server.emit(output("response.output_audio.delta", "resp_1", { delta: encodeBase64(new Uint8Array(9600)) }));
  assertEquals((await voice.closed).clean, true);
});

/** The socket of a call as an app has it. */
function fakeSocket() {
  const sent: string[] = [];
  const fake = { closes: 0, sent, send: (frame: string) => sent.push(frame), close: () => fake.closes++ };
  return { fake, socket: fake as unknown as WSContext };
}

function frameOf(frame: unknown): MessageEvent {
  return new MessageEvent("message", { data: JSON.stringify(frame) });
}

/** A call that is held while its session is being opened. */
function holding() {
  const { fake, socket } = fakeSocket();
  const errors: unknown[] = [];
  const opening = Promise.withResolvers<VoiceSession>();
  let asked = 0;
  const connect = () => (asked++, opening.promise);
  const events = holdCall({ connect, onError: (error) => errors.push(error) });
  const receive = (frame: unknown) => events.onMessage!(frameOf(frame), socket);
  const hangUp = () => events.onClose!(new CloseEvent("close"), socket);
  return { asked: () => asked, errors, events, fake, hangUp, opening, receive, socket };
}

async function phone(clock: VirtualClock, simulator: Simulator): Promise<VoiceSession> {
  const options = { ...VOICE_PRESETS.phone, playbackSource: "reported", turnDetection: null } as const;
  return await settled(clock, connectVoice({ ...options, apiKey: "sk-test", dial: simulator.dial, clock }));
}

Deno.test("holdCall() opens one session, buffers frames that arrive before it opens, and ends with the call", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const call = holding();
  assertEquals(call.asked(), 0);
  call.receive({ event: "connected" });
  call.receive({ event: "start", streamSid: STREAM });
  assertEquals(call.asked(), 1);
  const voice = await phone(clock, simulator);
  call.opening.resolve(voice);
  voice.session.respond();
  await until(clock, () => call.fake.sent.some((frame) => JSON.parse(frame).event === "media"));
  call.events.onMessage!(new MessageEvent("message", { data: "no JSON" }), call.socket);
  assertEquals(call.errors.length, 1);
  call.receive({ event: "stop" });
  await settled(clock, voice.closed);
  await clock.advance(0);
  assertEquals([call.fake.closes, call.asked()], [1, 1]);
  await simulator.close();
});

Deno.test("holdCall() closes the session of a caller who has hung up, even before it opened", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  for (const isEarly of [false, true]) {
    const call = holding();
    call.receive({ event: "start", streamSid: STREAM });
    const voice = await phone(clock, simulator);
    if (isEarly) call.hangUp();
    call.opening.resolve(voice);
    await clock.advance(0);
    call.hangUp();
    await settled(clock, voice.closed);
    await clock.advance(0);
    assertEquals([call.fake.closes, call.errors], [0, []]);
  }
  await simulator.close();
});

Deno.test("holdCall() hangs up if no session opens, and reports why", async () => {
  const call = holding();
  call.receive({ event: "start", streamSid: STREAM });
  call.opening.reject(new Error("No key"));
  await createVirtualClock().advance(0);
  assertEquals([call.errors.map(String), call.fake.closes], [["Error: No key"], 1]);
});

const TOKEN = "12345";

Deno.test("isSignedByTwilio() accepts the example of Twilio's documentation, and rejects variations of it", async () => {
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const params = {
    To: "+18005551212",
    CallSid: "CA1234567890ABCDE",
    Digits: "1234",
    Caller: "+12349013030",
    From: "+12349013030",
  };
  const check = (signature: string | undefined, token = TOKEN, request: SignedRequest = { url, params: entries }) =>
    isSignedByTwilio(signature, request, token);
  const entries = Object.entries(params);
  const signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";
  assertEquals(await check(signature), true);
  assertEquals(await check(signature, TOKEN, { url, params: new URLSearchParams([...entries, ...entries]) }), true);
  assertEquals(await check(signature, "12346"), false);
  assertEquals(await check(signature, TOKEN, { url: `${url}3`, params: entries }), false);
  assertEquals(await check(signature, TOKEN, { url, params: [...entries, ["Digits", "5"]] }), false);
  assertEquals(await check(signature, TOKEN, { url }), false);
  for (const wrong of [undefined, "", "*", "AAAA", signature.toLowerCase(), signature.slice(4)]) {
    assertEquals(await check(wrong), false, wrong);
  }
  for (const token of ["", undefined]) {
    await assertRejects(() => isSignedByTwilio(signature, { url }, token), TypeError, "no auth token");
  }
});

Deno.test("isSignedByTwilio() sorts by field name, and does not confuse fields", async () => {
  const url = "https://calls.example/incoming";
  // By names: From comes before FromCity, regardless of their values.
  const signature = await twilioSign(`${url}Fromx1Fromx2FromCityaTo`, TOKEN);
  const params = [["FromCity", "a"], ["To", ""], ["From", "x2"], ["From", "x1"]] as const;
  assertEquals(await isSignedByTwilio(signature, { url, params }, TOKEN), true);
});

const ENVIRONMENT = { OPENAI_API_KEY: "sk-test", TWILIO_AUTH_TOKEN: TOKEN };

/** An app that Twilio asks, and others. */
function telephone(env: Record<string, string> = ENVIRONMENT) {
  const upgrade = defineWebSocketHelper(() => new Response("upgraded"));
  const app = createTelephoneApp(upgrade, () => env);
  /** Sends a request to the app, signed as Twilio signs it for the given URL. */
  const ask = async (path: string, { signed, body }: { signed?: string; body?: string } = {}): Promise<Response> => {
    const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
    if (signed !== undefined) headers["x-twilio-signature"] = await twilioSign(signed, TOKEN);
    const init: RequestInit = body === undefined ? { headers } : { method: "POST", headers, body };
    return await app.request(`http://calls.example${path}`, init);
  };
  const ring = async (callSid: string, from = "+15551234567") => {
    const params = new URLSearchParams({ CallSid: callSid, From: from });
    const signed = `https://calls.example/incomingCallSid${callSid}From${from}`;
    return await (await ask("/incoming", { signed, body: `${params}` })).text();
  };
  const open = async (twiml: string) => {
    const { pathname } = new URL(/url="([^"]+)"/.exec(twiml)![1]!);
    return (await ask(pathname, { signed: `wss://calls.example${pathname}` })).status;
  };
  return { ask, open, ring };
}

const UUID = "[0-9a-f-]{36}";
const BUSY = `<Response><Reject reason="busy"/></Response>`;

Deno.test("createTelephoneApp() answers each call with its own stream", async () => {
  const body = "CallSid=CA1&From=%2B15551234567&Speech=caf%C3%A9+au+lait";
  const fields = "CallSidCA1From+15551234567Speechcafé au lait";
  const answer = await telephone().ask("/incoming", { signed: `https://calls.example/incoming${fields}`, body });
  assertEquals([answer.status, answer.headers.get("content-type")], [200, "text/xml"]);
  const stream = new RegExp(`^<Response><Connect><Stream url="wss://calls\\.example/media/${UUID}"/></Connect>`);
  assertMatch(await answer.text(), stream);
  const env = { ...ENVIRONMENT, PUBLIC_URL: "https://public.example:8443/" };
  const elsewhere = await telephone(env).ask("/incoming?line=2", {
    signed: `https://public.example:8443/incoming?line=2${fields}`,
    body,
  });
  assertMatch(await elsewhere.text(), new RegExp(`"wss://public\\.example:8443/media/${UUID}"`));
});

Deno.test("createTelephoneApp() rejects requests that Twilio did not sign, and all requests if it cannot verify signatures", async () => {
  const body = "CallSid=CA1";
  const { ask, ring } = telephone();
  const { pathname } = new URL(/url="([^"]+)"/.exec(await ring("CA1"))![1]!);
  const cases: readonly (readonly [Promise<Response>, number])[] = [
    [ask("/incoming", { body }), 403],
    [ask("/incoming", { body, signed: "https://calls.example/incoming" }), 403],
    [ask("/incoming", { body, signed: "http://calls.example/incomingCallSidCA1" }), 403],
    [ask("/incoming", { body: `${body}&a=${"a".repeat(70_000)}`, signed: "https://calls.example/incoming" }), 413],
    [ask(pathname), 403],
    [ask(pathname, { signed: "wss://calls.example/media" }), 403],
    [ask(pathname, { signed: `https://calls.example${pathname}` }), 403],
    [ask("/media", { signed: "wss://calls.example/media" }), 404],
    [ask("/", {}), 404],
  ];
  for (const [index, [answer, status]] of cases.entries()) assertEquals((await answer).status, status, `case ${index}`);
  const { error } = console;
  const logged: unknown[] = [];
  console.error = (...words) => logged.push(...words);
  try {
    const signed = { signed: "wss://calls.example/media/x" };
    assertEquals((await telephone({ OPENAI_API_KEY: "sk-test" }).ask("/media/x", signed)).status, 500);
  } finally {
    console.error = error;
  }
  assertEquals(logged.length, 1);
});

Deno.test("createTelephoneApp() opens one stream per announced call only", async () => {
  const { ask, open, ring } = telephone();
  const first = await ring("CA1");
  // Twilio repeats a request without an answer.
  assertEquals(await ring("CA1"), first);
  assertEquals(await open(first), 200);
  assertEquals(await open(first), 403);
  assertEquals(await ring("CA1"), BUSY);
  const forged = `/media/${crypto.randomUUID()}`;
  assertEquals((await ask(forged, { signed: `wss://calls.example${forged}` })).status, 403);
});

Deno.test("createTelephoneApp() limits the number of simultaneous calls", async () => {
  const { open, ring } = telephone({ ...ENVIRONMENT, MAX_CALLS: "2" });
  const [first, second] = [await ring("CA1"), await ring("CA2")];
  assertEquals(await ring("CA3"), BUSY);
  assertEquals([await open(first), await open(second)], [200, 200]);
  assertEquals(await ring("CA3"), BUSY);
});

Deno.test("Tickets expire, and a finished call frees its place", async () => {
  let now = 0;
  const tickets = new Tickets(memoryStore({ now: () => now }), { maxCalls: 1, maxCallMs: 600_000 });
  const call = { callSid: "CA1", from: "+15551234567" };
  const ticket = await tickets.issue(call);
  assertEquals(await tickets.take(ticket!), call);
  assertEquals(await tickets.issue({ callSid: "CA2", from: undefined }), undefined);
  await tickets.end(call);
  const late = await tickets.issue({ callSid: "CA2", from: undefined });
  now += 60_001;
  assertEquals(await tickets.take(late!), undefined);
  assertEquals(typeof await tickets.issue({ callSid: "CA3", from: undefined }), "string");
});

Deno.test("Keypad collects digits until a pause or #", async () => {
  const clock = createVirtualClock();
  const inputs: string[] = [];
  const keypad = new Keypad((digits) => inputs.push(digits), clock);
  for (const digit of ["1", "2", "x", "", "12", "*"]) keypad.press(digit);
  await clock.advance(1_999);
  keypad.press("3");
  await clock.advance(1_999);
  assertEquals(inputs, []);
  await clock.advance(1);
  keypad.press("9");
  keypad.press("#");
  keypad.press("#");
  for (let key = 0; key < 40; key++) keypad.press("5");
  keypad.close();
  await clock.advance(5_000);
  assertEquals(inputs, ["12*3", "9", "5".repeat(32)]);
  assertEquals(clock.pending, 0);
});

/** How each protocol writes the same call, and how it reads it. */
const LINES: Readonly<Record<string, { make: () => Line; start: object; names: object }>> = {
  Twilio: { make: twilioLine, start: { event: "start", streamSid: STREAM }, names: { streamSid: STREAM } },
  Telnyx: {
    make: telnyxLine,
    start: { event: "start", stream_id: STREAM, start: { call_control_id: "v3:1" } },
    names: {},
  },
};

Deno.test("two provider protocols read and write the same call", () => {
  for (const [name, { make, names, start }] of Object.entries(LINES)) {
    const line = make();
    const read = (frame: unknown) => line.read(JSON.stringify(frame));
    assertEquals(read({ event: "connected" }), undefined);
    assertEquals(read(start), { type: "start" }, name);
    assertEquals(read({ event: "media", media: { track: "inbound", payload: "AAAA" } }), {
      type: "media",
      payload: "AAAA",
    });
    assertEquals(read({ event: "media", media: { track: "outbound", payload: "AAAA" } }), undefined);
    assertEquals(read({ event: "mark", mark: { name: "m" } }), { type: "mark", name: "m" });
    assertEquals(read({ event: "dtmf", dtmf: { digit: "5" } }), { type: "dtmf", digit: "5" });
    assertEquals(read({ event: "stop" }), { type: "stop" });
    assertEquals([read(null), read({ event: "newer" })], [undefined, undefined]);
    assertEquals(JSON.parse(line.media("AAAA")), { ...names, event: "media", media: { payload: "AAAA" } });
    assertEquals(JSON.parse(line.mark("m")), { ...names, event: "mark", mark: { name: "m" } });
    assertEquals(JSON.parse(line.clear()), { ...names, event: "clear" });
  }
});

/** A call that is held, to a model that answers so; the caller plays what comes, and returns marks when it is told. */
async function held(plan: ReplyPlan, options: Partial<CallOptions> = {}) {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const simulator = createSimulator({
    ...saying(plan),
    clock,
    onFrame: ({ data, from }) => from === "client" && asked.push(String(data)),
  });
  const marks: string[] = [];
  const errors: unknown[] = [];
  const call = fakeSocket();
  call.fake.send = (frame: string) => {
    const { event, mark } = JSON.parse(frame);
    if (event === "mark") marks.push(mark.name);
    return call.fake.sent.push(frame);
  };
  let hangUp = (): void => {};
  const events = holdCall({
    clock,
    connect: (control) => {
      hangUp = control.hangUpWhenHeard;
      return connectVoice({
        ...VOICE_PRESETS.phone,
        apiKey: "sk-test",
        dial: simulator.dial,
        clock,
        turnDetection: null,
        playbackSource: "reported",
      });
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  const receive = (frame: unknown) => events.onMessage!(frameOf(frame), call.socket);
  receive({ event: "start", streamSid: STREAM });
  await clock.advance(100);
  return {
    asked,
    call: call.fake,
    clock,
    errors,
    hangUp: () => hangUp(),
    marks,
    receive,
    async end() {
      events.onClose!(new CloseEvent("close"), call.socket);
      await clock.advance(1_000);
      await simulator.close();
      assertEquals(errors, []);
    },
  };
}

const GOODBYE: ReplyPlan = { outputs: [{ type: "message", text: "Goodbye.", audio: tone(1000) }] };

Deno.test("holdCall() greets, and hangs up after a farewell when the marks confirm that it was heard", async () => {
  const { asked, call, clock, end, hangUp, marks, receive } = await held(GOODBYE, { greeting: "Say hello." });
  assertEquals(asked.filter((frame) => frame.includes("Say hello.")).length, 1);
  hangUp();
  await clock.advance(20_000);
  assert(marks.length > 1);
  // All of it was generated, none of it heard.
  assertEquals(call.closes, 0);
  for (const mark of marks.filter((mark) => mark !== marks.at(-1))) receive({ event: "mark", mark: { name: mark } });
  await clock.advance(60_000);
  assertEquals(call.closes, 0);
  receive({ event: "mark", mark: { name: marks.at(-1) } });
  await clock.advance(100);
  assertEquals(call.closes, 1);
  await end();
});

Deno.test("holdCall() sends the digits of the keypad to the model", async () => {
  const { asked, clock, end, receive } = await held(GOODBYE);
  for (const digit of "42#") receive({ event: "dtmf", dtmf: { digit } });
  await clock.advance(500);
  const typed = asked.map((frame) => JSON.parse(frame)).filter(({ type }) => /item.create|response.create/.test(type));
  assertEquals(typed.map(({ type }) => type), ["conversation.item.create", "response.create"]);
  assertMatch(JSON.stringify(typed[0]), /typed 42 on the keypad/);
  await end();
});

Deno.test("holdCall() hangs up at the maximum duration, and reports the end once", async () => {
  let ended = 0;
  const { call, clock, end } = await held(GOODBYE, { maxDurationMs: 5_000, onEnd: () => ended++ });
  await clock.advance(4_000);
  assertEquals([call.closes, ended], [0, 0]);
  await clock.advance(2_000);
  assertEquals([call.closes, ended], [1, 1]);
  await end();
  assertEquals(ended, 1);
  // A caller who never spoke has also used a place.
  const silent = holdCall({
    connect: () => Promise.reject(new Error("never")),
    onError: () => {},
    onEnd: () => ended++,
  });
  silent.onClose!(new CloseEvent("close"), fakeSocket().socket);
  assertEquals(ended, 2);
});
