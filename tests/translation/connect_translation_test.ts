import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import * as audioKit from "../../src/audio/mod.ts";
import { decodeBase64, encodeBase64, toBytes } from "../../src/audio/mod.ts";
import {
  connectTranslation,
  type ConnectTranslationOptions,
  type TranslationWords,
} from "../../src/connect_translation.ts";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";
import { translationCodec } from "../../src/protocol/mod.ts";
import { createSimulator, denoUpgrade, type SimulatedModel, type SimulatorOptions } from "../../src/simulator/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair, createTransport, type Socket } from "../../src/transport/mod.ts";

/** A second of a tone, which the simulator detects as speech, and its translation. */
const SPEECH = Int16Array.from({ length: 24_000 }, (_, index) => Math.sin(index / 9) * 8000);
const TRANSLATED = Int16Array.from({ length: 12_000 }, (_, index) => Math.sin(index / 5) * 5000);

function simulate(options: SimulatorOptions = {}) {
  const model: SimulatedModel = {
    hear: () => "Good day.",
    reply: () => ({ outputs: [] }),
    translate: ({ language }) => ({ text: language === "de" ? "Guten Tag." : "Bonjour.", audio: TRANSLATED }),
  };
  return createSimulator({ pace: "fast", createModel: () => model, ...options });
}

async function joined(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(output).arrayBuffer());
}

async function words(transcripts: AsyncIterable<TranslationWords>): Promise<Record<string, string>> {
  const sides: Record<string, string> = {};
  for await (const { side, text } of transcripts) sides[side] = (sides[side] ?? "") + text;
  return sides;
}

/** A server with scripted answers, which records the received events. */
function scripted(options: ConnectTranslationOptions = {}) {
  const [client, server] = createMemorySocketPair();
  const clock = createVirtualClock();
  const heard: Record<string, unknown>[] = [];
  const unhandled: unknown[] = [];
  const send = (event: object) => server.send(JSON.stringify({ event_id: "event_1", ...event }));
  const answers: Record<string, (event: Record<string, unknown>) => void> = {
    "session.update": ({ session }) => send({ type: "session.updated", session }),
  };
  server.listen({
    message(frame) {
      const event = JSON.parse(String(frame));
      heard.push(event);
      answers[event.type]?.(event);
    },
    close() {},
  });
  send({ type: "session.created", session: { type: "translation", id: "sess_1" } });
  const opening = connectTranslation({
    apiKey: "sk-test",
    clock,
    dial: () => Promise.resolve(client),
    onUnhandled: (error, context) => unhandled.push([context, error]),
    recovery: false,
    ...options,
  });
  opening.catch(() => {});
  return { answers, clock, heard, opening, send, server: server as Socket, unhandled };
}

Deno.test("connectTranslation() translates in memory: audio and words of both sides, to the end", async () => {
  await using simulator = simulate();
  const translation = await connectTranslation({ apiKey: "sk-test", dial: simulator.dial, language: "de" });
  assertEquals(translation.config?.audio, {
    input: { noise_reduction: null, transcription: { model: "gpt-realtime-whisper" } },
    output: { language: "de" },
  });
  const transcripts = words(translation.transcripts());
  const writer = translation.input.getWriter();
  await writer.write(SPEECH);
  // There was no pause: close() translates the last sentence nevertheless.
  assertEquals(await translation.close(), { code: 1000, reason: "", clean: true, confirmed: true });
  assertEquals(await transcripts, { input: "Good day.", output: "Guten Tag." });
  assertEquals(await joined(translation.output), toBytes(TRANSLATED));
  assertStrictEquals((await translation.closed).clean, true);
});

Deno.test("connectTranslation() translates over a socket", async () => {
  const simulator = simulate({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => simulator.fetch(request));
  const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
  const translation = await connectTranslation({
    apiKey: "sk-test",
    baseUrl,
    session: { audio: { output: { language: "fr" } } },
  });
  await ReadableStream.from([toBytes(SPEECH).subarray(0, 10_001), toBytes(SPEECH).subarray(10_001)]).pipeTo(
    translation.input,
  );
  const end = await translation.close();
  assertEquals([end.code, end.clean, end.confirmed], [1000, true, true]);
  assertEquals(await words(translation.transcripts()), { input: "Good day.", output: "Bonjour." });
  assertEquals(await joined(translation.output), toBytes(TRANSLATED));
  await simulator.close();
  await server.shutdown();
});

Deno.test("connectTranslation() requests source transcripts unless they are turned off", async () => {
  const cases: readonly (readonly [ConnectTranslationOptions, unknown])[] = [
    [{}, { model: "gpt-realtime-whisper" }],
    [{ transcription: { model: "gpt-4o-transcribe" } }, { model: "gpt-4o-transcribe" }],
    [{ transcription: null }, null],
    [{ session: { audio: { input: { transcription: null } } } }, null],
  ];
  for (const [options, transcription] of cases) {
    const { clock, heard, opening } = scripted(options);
    await clock.advance(0);
    await opening;
    const [update] = heard as { session: { audio: { input: { transcription: unknown } } } }[];
    assertEquals(update?.session.audio.input.transcription, transcription);
  }
});

Deno.test("RealtimeTranslation converts formats other than 24 kHz PCM16 with an audioKit", async () => {
  const floats = Float32Array.from({ length: 48_000 }, (_, index) => Math.sin(index / 20) / 2);
  const { heard, opening, clock } = scripted({ inputRate: 48_000, audioKit, chunkMs: 200 });
  await clock.advance(0);
  const translation = await opening;
  const piping = ReadableStream.from([floats.subarray(0, 999), floats.subarray(999)]).pipeTo(translation.input);
  await clock.advance(0);
  await piping;
  const appended = heard.filter(({ type }) => type === "session.input_audio_buffer.append");
  const bytes = appended.map(({ audio }) => decodeBase64(String(audio)).length);
  assertEquals(new Set(bytes.slice(0, -1)), new Set([9600]));
  // A second of sound and one of silence.
  assertEquals(bytes.reduce((a, b) => a + b), 96_000);
  const { opening: kitless } = scripted({ inputRate: 48_000 });
  await assertRejects(() => kitless, TypeError, "audioKit is missing");
});

Deno.test("RealtimeTranslation yields everything received before a drop, and then throws", async () => {
  const { clock, opening, send, server } = scripted();
  await clock.advance(0);
  const translation = await opening;
  const events = translation.events();
  send({ type: "session.input_transcript.delta", delta: "Good", elapsed_ms: 200 });
  send({ type: "session.output_transcript.delta", delta: "Gu" });
  // A server may split samples.
  send({ type: "session.output_audio.delta", delta: encodeBase64(new Uint8Array([1, 2, 3])) });
  send({ type: "session.output_audio.delta", delta: encodeBase64(new Uint8Array([4, 5])) });
  server.close(1006);
  await clock.advance(0);
  const readers = [translation.transcripts(), translation.transcripts()] as const;
  assertEquals((await readers[0].next()).value, { side: "input", text: "Good", elapsedMs: 200 });
  assertEquals((await readers[0].next()).value, { side: "output", text: "Gu", elapsedMs: undefined });
  const error = await assertRejects(() => readers[0].next(), ConnectionError, "ended with code 1006");
  assertEquals([error.kind, error.close?.clean], ["closed", false]);
  assertEquals((await readers[0].next()).done, true);
  await assertRejects(() => readers[1].next(), ConnectionError);
  await assertRejects(async () => {
    for await (const event of events) assert(event.type.startsWith("session."));
  }, ConnectionError);
  const output = translation.output.getReader();
  assertEquals([(await output.read()).value, (await output.read()).value], [
    new Uint8Array([1, 2]),
    new Uint8Array([3, 4]),
  ]);
  await assertRejects(() => output.read(), ConnectionError);
  assertEquals(await translation.close(), { code: 1006, reason: "", clean: false, confirmed: false });
  assertEquals(clock.pending, 0);
});

Deno.test("RealtimeTranslation throws nothing to a reader that has left", async () => {
  const { clock, opening, send, server } = scripted();
  await clock.advance(0);
  const translation = await opening;
  send({ type: "session.output_transcript.delta", delta: "Gu" });
  const reader = translation.transcripts();
  await clock.advance(0);
  for await (const { text } of reader) {
    assertEquals(text, "Gu");
    break;
  }
  server.close(1006);
  await clock.advance(0);
  assertEquals((await reader.next()).done, true);
});

Deno.test("close() sends the remaining audio, waits for session.closed, and reports if it is missing", async () => {
  const { clock, heard, opening } = scripted();
  await clock.advance(0);
  const translation = await opening;
  await translation.input.getWriter().write(SPEECH.subarray(0, 1000));
  assertEquals(heard.filter(({ type }) => type !== "session.update"), []);
  let end: unknown;
  translation.close().then((info) => end = info);
  assertStrictEquals(translation.close(), translation.close());
  await clock.advance(29_999);
  assertEquals(heard.slice(1).map(({ type }) => type), ["session.input_audio_buffer.append", "session.close"]);
  assertEquals(end, undefined);
  await assertRejects(() => translation.update({ language: "it" }), ConnectionError, "is being closed");
  await clock.advance(1);
  assertEquals(end, { code: 1000, reason: "", clean: true, confirmed: false });
  assertEquals(clock.pending, 0);

  const patient = scripted();
  await clock.advance(0);
  const other = await patient.opening;
  patient.answers["session.close"] = () => patient.send({ type: "session.closed" });
  // The server reports the end, and leaves it to the client to hang up.
  assertEquals(await other.close(), { code: 1000, reason: "", clean: true, confirmed: true });
  assertEquals(patient.clock.pending, 0);
});

Deno.test("close() ends the connection at once when aborted, and rejects a negative timeout", async () => {
  const { clock, opening } = scripted();
  await clock.advance(0);
  const translation = await opening;
  await assertRejects(() => translation.close({ timeoutMs: -1 }), RangeError, "current value is -1");
  const end = await translation.close({ signal: AbortSignal.abort() });
  assertEquals([end.code, end.confirmed, clock.pending], [1000, false, 0]);
});

Deno.test("update() settles with its own answer, its own error, or a timeout", async () => {
  const { answers, clock, heard, opening, send, unhandled } = scripted();
  await clock.advance(0);
  const translation = await opening;
  assertEquals((await translation.update({ language: "it" })).audio.output?.language, "it");
  const waiting: Record<string, unknown>[] = [];
  answers["session.update"] = (event) => void waiting.push(event);
  const late = translation.update({ language: "fr" }, { timeoutMs: 100 });
  const timedOut = assertRejects(() => late, DOMException, "longer than 100 ms");
  await clock.advance(100);
  await timedOut;
  const second = translation.update({ language: "es" });
  const third = translation.update({ language: "nl" });
  const refused = assertRejects(() => third, RealtimeApiError, "No.");
  await clock.advance(0);
  // The error arrives first, and the late answer does not settle the next update.
  send({ type: "error", error: { type: "t", message: "No.", event_id: waiting[2]?.event_id } });
  send({ type: "session.updated", session: waiting[0]?.session });
  send({ type: "session.updated", session: waiting[1]?.session });
  await clock.advance(0);
  await refused;
  assertEquals(unhandled, []);
  assertEquals((await second).audio.output?.language, "es");
  assertEquals(translation.config?.audio.output?.language, "es");
  const sent = heard.length;
  await assertRejects(() => translation.update({ language: 5 as never }), InvalidEventError, "language");
  const both = { language: "de", session: { audio: { output: { language: "fr" } } } };
  await assertRejects(() => translation.update(both), TypeError, "Cannot set both language and session.audio.output");
  assertEquals(heard.length, sent);
  const orphan = assertRejects(() => translation.update({ language: "pt" }), ConnectionError, "ended with code 1000");
  const closing = translation.close({ timeoutMs: 0 });
  await clock.advance(0);
  await closing;
  await orphan;
});

Deno.test("RealtimeTranslation reports errors without another recipient, and continues", async () => {
  const { clock, opening, send, unhandled } = scripted({ maxUnheardMs: 100 });
  await clock.advance(0);
  const translation = await opening;
  const error = { type: "server_error", message: "Something went wrong." };
  send({ type: "error", error });
  send({ type: "session.output_audio.delta", delta: "no base64!" });
  send({ type: "session.output_audio.delta", delta: encodeBase64(new Uint8Array(4802)) });
  await clock.advance(0);
  assertEquals(unhandled.map((entry) => (entry as unknown[])[0]), ["server", "output", "output"]);
  await assertRejects(() => translation.output.getReader().read(), DOMException, "more than 100 ms of audio");
  const events = translation.events();
  send({ type: "error", error });
  await clock.advance(0);
  assertEquals([(await events.next()).value?.type, unhandled.length], ["error", 3]);
});

Deno.test("connectTranslation() rejects with the server's message, and leaves no connection behind", async () => {
  await using simulator = simulate();
  const refusals = [
    [{ apiKey: "sk-invalid" }, "Incorrect API key", 3000],
    [{ model: "gpt-realtime" }, "gpt-realtime", 4000],
  ] as const;
  for (const [options, message, code] of refusals) {
    const unhandled: unknown[] = [];
    const all = { apiKey: "sk-test", dial: simulator.dial, onUnhandled: (e: unknown) => unhandled.push(e), ...options };
    const error = await assertRejects(() => connectTranslation(all), ConnectionError, message);
    assertEquals([error.kind, error.close?.code, unhandled.length], ["refused", code, 0]);
    assert(error.cause instanceof RealtimeApiError);
  }
  assertEquals(simulator.sessions, []);
  const { answers, clock, opening, send, server } = scripted();
  answers["session.update"] = ({ event_id }) => send({ type: "error", error: { message: "No such thing.", event_id } });
  await clock.advance(0);
  await assertRejects(() => opening, RealtimeApiError, "No such thing.");
  assertEquals(clock.pending, 0);
  server.close();
  const early = scripted();
  early.answers["session.update"] = () => early.server.close(1011, "oops");
  await early.clock.advance(0);
  const error = await assertRejects(() => early.opening, ConnectionError, "ended with code 1011: oops");
  assertEquals(error.kind, "closed");
  // Its error comes after the first command, and seems to answer it.
  const late = scripted();
  late.answers["session.update"] = () => {
    late.send({ type: "error", error: { message: "No access." } });
    late.server.close(3000);
  };
  await late.clock.advance(0);
  const refused = await assertRejects(() => late.opening, ConnectionError, "refused the session: No access.");
  assertEquals([refused.kind, refused.close?.code], ["refused", 3000]);
});

Deno.test("connectTranslation() rejects unknown options before it dials", async () => {
  let dials = 0;
  const dial = () => Promise.reject(new Error(`${++dials}`));
  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, "the options must be an object"],
    [null, "the options must be an object"],
    [{ baseURL: "http://host" }, "there is no option baseURL: did you mean baseUrl?"],
    [{ lang: "de" }, "there is no option lang: did you mean language?"],
    [{ azure: { endpoint: "https://a", deploy: "d" } }, "there is no option azure.deploy"],
    [{ language: "de", session: { audio: { output: { language: "fr" } } } }, "Cannot set both language and session"],
  ];
  for (const [options, message] of wrong) {
    const all = options ? { apiKey: "sk-test", dial, ...options } : options;
    await assertRejects(() => connectTranslation(all as ConnectTranslationOptions), TypeError, message);
  }
  const invalid = { apiKey: "sk-test", dial, transcription: { model: 5 as never } };
  await assertRejects(() => connectTranslation(invalid), InvalidEventError, "transcription.model");
  assertEquals(dials, 0);
});

Deno.test("connectTranslation() closes the given transport when it fails", async () => {
  const failures: ConnectTranslationOptions[] = [
    { signal: AbortSignal.abort() },
    { timeoutMs: -1 },
    { chunkMs: 7 },
    { maxUnheardMs: -1 },
    { lang: "de" } as ConnectTranslationOptions,
  ];
  for (const options of failures) {
    const [client, server] = createMemorySocketPair();
    const transport = createTransport(client, { codec: translationCodec });
    server.listen({ message() {}, close() {} });
    server.send(`{"type":"session.created","event_id":"e","session":{}}`);
    await assertRejects(() => connectTranslation({ transport, ...options }));
    assertEquals((await transport.closed).code, 1000);
  }
  const { clock, opening } = scripted({
    timeoutMs: 50,
    transport: createTransport(createMemorySocketPair()[0], { codec: translationCodec }),
  });
  await clock.advance(50);
  await assertRejects(() => opening, DOMException, "longer than 50 ms");
});

Deno.test("RealtimeTranslation reports queued and dropped audio, even to a listener that throws", async () => {
  const [client, server] = createMemorySocketPair();
  let bufferedAmount = 0;
  const slow: Socket = {
    get bufferedAmount() {
      return bufferedAmount;
    },
    send: (data) => client.send(data),
    close: (code, reason) => client.close(code, reason),
    listen: (listener) => client.listen(listener),
  };
  server.listen({ message() {}, close() {} });
  server.send(`{"type":"session.created","event_id":"e","session":{}}`);
  server.send(`{"type":"session.updated","event_id":"e","session":{}}`);
  const lags: number[] = [];
  const unhandled: unknown[] = [];
  const clock = createVirtualClock();
  const translation = await connectTranslation({
    apiKey: "sk-test",
    clock,
    dial: () => Promise.resolve(slow),
    overflow: "drop-oldest",
    maxLagMs: 200,
    onLag({ droppedMs }) {
      lags.push(droppedMs);
      throw new Error("I cannot");
    },
    onUnhandled: (_, context) => unhandled.push(context),
  });
  bufferedAmount = 1e6;
  await translation.input.getWriter().write(SPEECH);
  assert(lags[0] === 0 && translation.droppedMs > 500 && lags.at(-1) === translation.droppedMs, `${lags}`);
  assertEquals(new Set(unhandled), new Set(["onLag"]));
  bufferedAmount = 0;
  await translation.close({ signal: AbortSignal.abort() });
});
