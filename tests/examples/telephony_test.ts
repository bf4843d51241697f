import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CallBridge } from "../../examples/telephony/call_bridge.ts";
import { type CallSocket, createTelephoneHandler, holdCall } from "../../examples/telephony/host.ts";
import { connectVoice, VOICE_PRESETS, VoiceSession } from "../../mod.ts";
import { decodeBase64, decodeG711, encodeBase64, encodeG711, measureLevel, silence } from "../../src/audio/mod.ts";
import { createSimulator, createVirtualClock, type ReplyPlan, type VirtualClock } from "../../src/simulator/mod.ts";
import { open, output } from "../session/_fake_server.ts";
import { saying, settled, tone, until } from "../voice/_conversation.ts";

const FRAME_MS = 20;
const STREAM = "MZ0123";

/** The other end of a Media Stream, by Twilio's documentation: plays in real time, returns marks, obeys `clear`. */
class Caller {
  /** What was played, µ-law. */
  readonly heard: number[] = [];
  /** Sizes of all frames that came. */
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

/** A call to a model that answers so. */
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

Deno.test("CallBridge lets a caller hear the answer, in frames of 20 ms, and the ledger know it from the marks", async () => {
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

Deno.test("CallBridge clears the line when the caller interrupts, and cuts where he heard it", async () => {
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

Deno.test("CallBridge refuses what is no frame, and passes over what it does not know", async () => {
  const { bridge, end } = await call({ outputs: [] });
  assertThrows(() => bridge.receive("no JSON"), SyntaxError);
  bridge.receive("null");
  bridge.receive(JSON.stringify({ event: "dtmf", dtmf: { digit: "1" } }));
  bridge.receive(JSON.stringify({ event: "mark", mark: { name: "somebody else's" } }));
  await end();
});

/** A bridge to a scripted server: what it sends to the caller, marks as their names and media as their bytes. */
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

Deno.test("CallBridge sends the end of an item though the server was done before any of it was sent", async () => {
  const { sent, server, speak, voice } = await scripted();
  server.emit(speak("resp_1", 200, 1), output("response.output_audio.done", "resp_1", {}));
  await server.settle();
  assertEquals(sent.filter((frame) => typeof frame !== "string").map(({ length }) => length), [160, 40]);
  assertEquals(sent.at(-1), "resp_1_item 25");
  await voice.close();
});

Deno.test("CallBridge sends nothing stale after an interruption, not even less than a frame", async () => {
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

/** A socket that a test holds the other end of. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  closed = false;
  send(frame: string): void {
    this.sent.push(frame);
  }
  close(): void {
    this.closed = true;
  }
  /** As the host sees it. */
  get socket(): CallSocket {
    return this as unknown as CallSocket;
  }
  deliver(frame: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

Deno.test("holdCall() keeps what comes before the session is open, and ends with the call", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const socket = new FakeSocket();
  const errors: unknown[] = [];
  const opening = Promise.withResolvers<VoiceSession>();
  const holding = holdCall(socket.socket, {
    connect: () => opening.promise,
    upgrade: () => ({ response: new Response(), socket: socket.socket }),
    onError: (error) => errors.push(error),
  });
  socket.deliver({ event: "start", streamSid: STREAM });
  const options = { ...VOICE_PRESETS.phone, playbackSource: "reported", turnDetection: null } as const;
  const voice = await settled(clock, connectVoice({ ...options, apiKey: "sk-test", dial: simulator.dial, clock }));
  opening.resolve(voice);
  voice.session.respond();
  await until(clock, () => socket.sent.some((frame) => JSON.parse(frame).event === "media"));
  socket.dispatchEvent(new MessageEvent("message", { data: "no JSON" }));
  assertEquals(errors.length, 1);
  socket.deliver({ event: "stop" });
  await settled(clock, holding);
  assertEquals(socket.closed, true);
  await simulator.close();
});

Deno.test("createTelephoneHandler() answers a call with a stream to itself, and tells when there is no session", async () => {
  const socket = new FakeSocket();
  const errors: unknown[] = [];
  const handler = createTelephoneHandler({
    connect: () => Promise.reject(new Error("No key")),
    upgrade: () => ({ response: new Response("upgraded"), socket: socket.socket }),
    onError: (error) => errors.push(error),
  });
  const answer = handler(new Request("https://calls.example/incoming", { method: "POST" }));
  assertMatch(await answer.text(), /<Stream url="wss:\/\/calls\.example\/media"\/>/);
  assertEquals(handler(new Request("https://calls.example/")).status, 404);
  assertEquals(await handler(new Request("https://calls.example/media")).text(), "upgraded");
  await createVirtualClock().advance(0);
  assertEquals([errors.map(String), socket.closed], [["Error: No key"], true]);
});
