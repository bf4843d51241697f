import { assert, assertEquals, assertRejects } from "@std/assert";
import * as audioKit from "../../src/audio/mod.ts";
import { decodeBase64 } from "../../src/audio/mod.ts";
import {
  connectTranscription,
  type ConnectTranscriptionOptions,
  type TranscriptionUtterance,
} from "../../src/connect_transcription.ts";
import { ConnectionError, RealtimeApiError } from "../../src/errors.ts";
import { createSimulator, denoUpgrade, type SimulatorOptions, synthesizeSpeech } from "../../src/simulator/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair, createTransport } from "../../src/transport/mod.ts";

const SPEECH = synthesizeSpeech("My order number is twelve, and I would like to know where it is.");

function simulate(options: SimulatorOptions = {}) {
  const turns = ["Good morning.", "My name is Ada."].map((user) => ({
    user,
    transcription: { language: "en" },
    responses: [],
  }));
  return createSimulator({ pace: "fast", scenario: { turns }, ...options });
}

/** Finals, and whether the partial ones before each were prefixes of it. */
function finals(utterances: readonly TranscriptionUtterance[]): unknown[] {
  return utterances.filter(({ status }) => status !== "partial").map(({ itemId, status, text }) => {
    const partials = utterances.filter((other) => other.itemId === itemId && other.status === "partial");
    assert(partials.every(({ final }) => !final));
    assert(status !== "completed" || partials.every((partial) => text.startsWith(partial.text.trim())));
    return [status, text];
  });
}

/** A server with scripted transcripts. */
async function scripted(options: ConnectTranscriptionOptions = {}) {
  const [client, server] = createMemorySocketPair();
  const clock = createVirtualClock();
  const heard: Record<string, unknown>[] = [];
  const urls: URL[] = [];
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
  send({ type: "session.created", session: { type: "transcription", id: "sess_1" } });
  const unhandled: unknown[] = [];
  const opening = connectTranscription({
    apiKey: "sk-test",
    clock,
    dial: ({ url }) => (urls.push(url), Promise.resolve(client)),
    onUnhandled: (_, context) => unhandled.push(context),
    recovery: false,
    ...options,
  });
  opening.catch(() => {});
  await clock.advance(0);
  const transcription = await opening;
  const words = (what: string, item_id: string, fields: object) =>
    send({ type: `conversation.item.input_audio_transcription.${what}`, item_id, content_index: 0, ...fields });
  return { answers, clock, heard, send, server, transcription, unhandled, urls, words };
}

Deno.test("connectTranscription() transcribes server-detected turns in order, with language and usage", async () => {
  await using simulator = simulate();
  const transcription = await connectTranscription({
    apiKey: "sk-test",
    dial: simulator.dial,
    model: "gpt-transcribe",
  });
  const quiet = new Int16Array(24_000);
  await ReadableStream.from([SPEECH, quiet, SPEECH]).pipeTo(transcription.input);
  assertEquals(await transcription.drain(), { missing: [], complete: true });
  await transcription.close();
  const utterances = await Array.fromAsync(transcription.utterances());
  assertEquals(finals(utterances), [["completed", "Good morning."], ["completed", "My name is Ada."]]);
  assert(utterances.length > 4, "words come one by one");
  const done = utterances.filter(({ final }) => final);
  assertEquals(done.map(({ itemId }) => itemId.startsWith("item_")), [true, true]);
  assertEquals(done.map(({ language, languages }) => [language, languages]), [["en", ["en"]], ["en", ["en"]]]);
  assertEquals(transcription.session.usage.length > 0, true);
  assert(done.every(({ usage }) => usage?.type === "tokens" && usage.total_tokens as number > 0));
});

Deno.test("connectTranscription() works over a socket with a model that streams before the commit", async () => {
  const simulator = simulate({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => simulator.fetch(request));
  const baseUrl = `http://127.0.0.1:${server.addr.port}/v1`;
  const transcription = await connectTranscription({
    apiKey: "sk-test",
    baseUrl,
    model: "gpt-live-transcribe",
    language: "en",
  });
  assertEquals(transcription.session.config?.audio?.input?.turn_detection, null);
  const committed = new Promise<string>((resolve) => {
    transcription.session.on("input_audio_buffer.committed", ({ item_id }) => resolve(item_id));
  });
  const utterances = transcription.utterances();
  const writer = transcription.input.getWriter();
  await writer.write(SPEECH);
  const drained = await transcription.drain();
  assertEquals(drained, { missing: [], complete: true });
  const itemId = await committed;
  await transcription.close();
  const all = await Array.fromAsync(utterances);
  assertEquals(finals(all), [["completed", "Good morning."]]);
  assert(all.every((utterance) => utterance.itemId === itemId && utterance.language === "en"));
  assertEquals(all.at(-1)?.usage?.type, "duration");
  await simulator.close();
  await server.shutdown();
});

Deno.test("RealtimeTranscription yields streamed words before the commit, during speech", async () => {
  const { clock, transcription, words, send } = await scripted({ model: "gpt-live-transcribe" });
  const utterances = transcription.utterances();
  words("delta", "item_1", { delta: "My name" });
  assertEquals((await utterances.next()).value?.text, "My name");
  await clock.advance(60_000);
  send({ type: "input_audio_buffer.committed", item_id: "item_1" });
  words("delta", "item_1", { delta: " is Ada" });
  words("completed", "item_1", { transcript: "My name is Ada.", usage: { type: "duration", seconds: 61 } });
  const { value: partial } = await utterances.next();
  assertEquals([partial?.text, partial?.final], ["My name is Ada", false]);
  const { value } = await utterances.next();
  assertEquals([value?.text, value?.final, value?.usage], ["My name is Ada.", true, { type: "duration", seconds: 61 }]);
});

Deno.test("RealtimeTranscription yields the utterance that a drop cut off, and then throws", async () => {
  const { clock, server, transcription, words } = await scripted({ model: "gpt-live-transcribe" });
  words("delta", "item_1", { delta: "My name" });
  server.close(1006);
  await clock.advance(0);
  const utterances = transcription.utterances();
  const [first, second] = [await utterances.next(), await utterances.next()];
  assertEquals([first, second].map(({ value }) => [value?.status, value?.text]), [
    ["partial", "My name"],
    ["incomplete", "My name"],
  ]);
  const error = await assertRejects(() => utterances.next(), ConnectionError, "ended with code 1006");
  assertEquals(error.close, { code: 1006, reason: "", clean: false });
  assertEquals(await transcription.drain(), { missing: ["item_1"], complete: false });
  assertEquals(clock.pending, 0);
});

Deno.test("close() yields unfinished utterances as incomplete, and throws nothing", async () => {
  const { transcription, words } = await scripted({ model: "gpt-live-transcribe" });
  words("delta", "item_1", { delta: "My name" });
  const utterances = transcription.utterances();
  await utterances.next();
  await transcription.close();
  assertEquals((await Array.fromAsync(utterances)).map(({ status }) => status), ["incomplete"]);
});

Deno.test("drain() commits the appended audio, padded to the minimum length", async () => {
  const { answers, clock, heard, transcription, send, words } = await scripted({ model: "gpt-realtime-whisper" });
  answers["input_audio_buffer.commit"] = () => {
    send({ type: "input_audio_buffer.committed", item_id: "item_1" });
    words("completed", "item_1", { transcript: "Yes." });
  };
  // No audio was sent.
  assertEquals(await transcription.drain(), { missing: [], complete: true });
  assertEquals(heard.map(({ type }) => type), ["session.update"]);
  await transcription.input.getWriter().write(new Uint8Array(24));
  assertEquals(await transcription.drain(), { missing: [], complete: true });
  const bytes = heard.filter(({ audio }) => audio).map(({ audio }) => decodeBase64(String(audio)).length);
  assertEquals(bytes, [24, 4776]);
  assertEquals(heard.at(-1)?.type, "input_audio_buffer.commit");
  // It was an item already.
  await transcription.drain();
  assertEquals(heard.filter(({ type }) => type === "input_audio_buffer.commit").length, 1);
  assertEquals(clock.pending, 0);
});

Deno.test("drain() always settles, and reports what is missing after its timeout", async () => {
  const { answers, clock, transcription, send } = await scripted({ turnDetection: null });
  answers["input_audio_buffer.commit"] = () => send({ type: "input_audio_buffer.committed", item_id: "item_1" });
  const writer = transcription.input.getWriter();
  await writer.write(SPEECH);
  let drained: unknown;
  transcription.drain({ timeoutMs: 3000 }).then((result) => drained = result);
  await clock.advance(2999);
  assertEquals(drained, undefined);
  await clock.advance(1);
  assertEquals(drained, { missing: ["item_1"], complete: false });
  // A commit without an answer leaves no item to name.
  answers["input_audio_buffer.commit"] = () => {};
  await writer.write(SPEECH);
  transcription.drain({ timeoutMs: 10 }).then((result) => drained = result);
  await clock.advance(10);
  assertEquals((drained as { complete: boolean }).complete, false);
  await assertRejects(() => transcription.drain({ signal: AbortSignal.abort(new Error("Enough")) }), Error, "Enough");
  await assertRejects(() => transcription.drain({ timeoutMs: -1 }), RangeError, "current value is -1");
  await transcription.close();
});

Deno.test("drain() lets the server detect the last turn, and waits for its transcript", async () => {
  const { answers, clock, heard, transcription, send, words } = await scripted({
    session: { audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: 300 } } } },
  });
  answers["session.update"] = () => {
    send({ type: "session.updated", session: { type: "transcription" } });
    // The server is slow.
    clock.schedule(() => send({ type: "input_audio_buffer.speech_started", item_id: "item_1" }), 400);
    clock.schedule(() => send({ type: "input_audio_buffer.committed", item_id: "item_1" }), 450);
    clock.schedule(() => words("completed", "item_1", { transcript: "Hello." }), 2000);
  };
  await transcription.input.getWriter().write(SPEECH.subarray(0, 24_000));
  await clock.advance(0);
  const sent = () => heard.reduce((sum, { audio }) => sum + (audio ? decodeBase64(String(audio)).length : 0), 0);
  const before = sent();
  let drained: unknown;
  transcription.drain().then((result) => drained = result);
  await clock.advance(1999);
  // The silence that ends a turn, and a margin.
  assertEquals([sent() - before, drained], [48 * 500, undefined]);
  await clock.advance(1);
  assertEquals(drained, { missing: [], complete: true });
});

Deno.test("commit() ends a turn at once, and so does closing the input", async () => {
  const { answers, heard, transcription, send } = await scripted({ model: "gpt-live-transcribe" });
  let count = 0;
  answers["input_audio_buffer.commit"] = () =>
    send({ type: "input_audio_buffer.committed", item_id: `item_${++count}` });
  await assertRejects(() => transcription.commit(), RangeError);
  const writer = transcription.input.getWriter();
  // Half a chunk is queued.
  await writer.write(SPEECH.subarray(0, 3600));
  assertEquals(await transcription.commit(), "item_1");
  const bytes = heard.filter(({ audio }) => audio).map(({ audio }) => decodeBase64(String(audio)).length);
  assertEquals(bytes, [4800, 2400]);
  await writer.write(SPEECH.subarray(0, 2400));
  await writer.close();
  assertEquals(count, 2);
});

Deno.test("commit() that is refused, or aborted before it began, leaves its audio to the end of the input", async () => {
  const { answers, heard, transcription, send } = await scripted({ model: "gpt-live-transcribe" });
  answers["input_audio_buffer.commit"] = ({ event_id }) => send({ type: "error", error: { message: "No.", event_id } });
  const writer = transcription.input.getWriter();
  await writer.write(SPEECH.subarray(0, 2400));
  await assertRejects(() => transcription.commit(), RealtimeApiError, "No.");
  await assertRejects(() => transcription.commit({ signal: AbortSignal.abort(new Error("Enough")) }), Error, "Enough");
  answers["input_audio_buffer.commit"] = () => send({ type: "input_audio_buffer.committed", item_id: "item_1" });
  await writer.close();
  assertEquals(heard.filter(({ type }) => type === "input_audio_buffer.commit").length, 2);
  await transcription.close();
});

Deno.test("closing the input commits nothing that the session has already committed or cleared, and pads the rest", async () => {
  for (const method of ["commitAudio", "clearAudio"] as const) {
    const { answers, heard, transcription, send } = await scripted({ model: "gpt-live-transcribe" });
    answers["input_audio_buffer.commit"] = () => send({ type: "input_audio_buffer.committed", item_id: "item_1" });
    answers["input_audio_buffer.clear"] = () => send({ type: "input_audio_buffer.cleared" });
    const writer = transcription.input.getWriter();
    await writer.write(SPEECH.subarray(0, 24_000));
    await transcription.session[method]();
    const before = heard.length;
    await writer.write(SPEECH.subarray(0, 1200));
    assertEquals(await transcription.commit(), "item_1");
    const sent = heard.slice(before).map(({ audio, type }) => audio ? decodeBase64(String(audio)).length : type);
    assertEquals(sent, [2400, 2400, "input_audio_buffer.commit"]);
    await writer.write(SPEECH.subarray(0, 24_000));
    await transcription.session[method]();
    await writer.close();
    assertEquals(
      heard.at(-1)?.type,
      method === "clearAudio" ? "input_audio_buffer.clear" : "input_audio_buffer.commit",
    );
    await transcription.close();
  }
});

Deno.test("connectTranscription() expands its shorthands", async () => {
  const cases: readonly (readonly [ConnectTranscriptionOptions, unknown])[] = [
    [{}, { transcription: { model: "gpt-transcribe" } }],
    [{ language: "de", keywords: ["Ada"] }, {
      transcription: { model: "gpt-transcribe", language: "de", keywords: ["Ada"] },
    }],
    [{ model: "gpt-realtime-whisper", delay: "low" }, {
      transcription: { model: "gpt-realtime-whisper", delay: "low" },
      turn_detection: null,
    }],
    [{ transcription: { model: "gpt-live-transcribe" }, turnDetection: "server_vad" }, {
      transcription: { model: "gpt-live-transcribe" },
      turn_detection: { type: "server_vad" },
    }],
    [{ session: { audio: { input: { transcription: { model: "gpt-live-transcribe" } } } } }, {
      transcription: { model: "gpt-live-transcribe" },
      turn_detection: null,
    }],
  ];
  for (const [options, input] of cases) {
    const { heard, urls, transcription } = await scripted(options);
    assertEquals(heard.map(({ session }) => session), [{ type: "transcription", audio: { input } }]);
    assertEquals(urls.map(({ search }) => search), ["?intent=transcription"]);
    await transcription.close();
  }
});

Deno.test("RealtimeTranscription converts other formats and rates with an audioKit", async () => {
  const options = {
    inputRate: 48_000,
    chunkMs: 20,
    session: { audio: { input: { format: { type: "audio/pcmu" } as const } } },
  };
  const { clock, heard, transcription } = await scripted({ ...options, audioKit, turnDetection: null });
  await transcription.input.getWriter().write(new Float32Array(48_000));
  await clock.advance(0);
  const bytes = heard.filter(({ audio }) => audio).map(({ audio }) => decodeBase64(String(audio)).length);
  assertEquals([bytes[0], bytes.length > 45], [160, true]);
  await transcription.close();
  await assertRejects(() => scripted(options), TypeError, "audioKit is missing");
});

Deno.test("RealtimeTranscription reports errors without another recipient", async () => {
  const { clock, send, transcription, unhandled } = await scripted();
  send({ type: "error", error: { type: "server_error", message: "Something went wrong.", event_id: null } });
  await clock.advance(0);
  assertEquals(unhandled, ["server"]);
  await transcription.close();
});

Deno.test("RealtimeTranscription reports a refused command to its caller only", async () => {
  const { answers, clock, send, transcription, unhandled } = await scripted();
  answers["input_audio_buffer.commit"] = ({ event_id }) =>
    send({ type: "error", error: { type: "invalid_request_error", message: "No.", event_id } });
  const writer = transcription.input.getWriter();
  await writer.write(new Int16Array(4_800));
  const refused = assertRejects(() => transcription.commit(), RealtimeApiError, "No.");
  await clock.advance(0);
  await refused;
  assertEquals(unhandled, []);
  await transcription.close();
});

Deno.test("connectTranscription() rejects unknown options before it dials", async () => {
  let dials = 0;
  const dial = () => Promise.reject(new Error(`${++dials}`));
  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, "the options must be an object"],
    [{ baseURL: "http://host" }, "there is no option baseURL: did you mean baseUrl?"],
    [{ lang: "de" }, "there is no option lang"],
    [{ model: "whisper-1", transcription: { model: "whisper-1" } }, "Cannot set both model and transcription"],
    [
      { language: "de", session: { audio: { input: { transcription: { model: "m" } } } } },
      "Cannot set both language and",
    ],
    [
      { transcription: { model: "m" }, session: { audio: { input: { transcription: { model: "m" } } } } },
      "Cannot set both",
    ],
  ];
  for (const [options, message] of wrong) {
    const all = options ? { apiKey: "sk-test", dial, ...options } : options;
    await assertRejects(() => connectTranscription(all as ConnectTranscriptionOptions), TypeError, message);
  }
  assertEquals(dials, 0);
});

Deno.test("connectTranscription() leaves no connection behind when it fails", async () => {
  const failures: ConnectTranscriptionOptions[] = [
    { signal: AbortSignal.abort() },
    { timeoutMs: -1 },
    { chunkMs: 7 },
    { transcriptTimeoutMs: -1 },
    { limits: { maxCostUsd: 1 } },
    { lang: "de" } as ConnectTranscriptionOptions,
  ];
  for (const options of failures) {
    await using simulator = simulate();
    const transport = simulator.transport({ intent: "transcription" });
    await assertRejects(() => connectTranscription({ transport, ...options }));
    assertEquals((await transport.closed).code, 1000);
  }
  await using simulator = simulate();
  const refused = connectTranscription({ apiKey: "sk-invalid", dial: simulator.dial });
  await assertRejects(() => refused, ConnectionError, "refused the session");
  const unknown = connectTranscription({
    apiKey: "sk-test",
    dial: simulator.dial,
    turnDetection: { type: "server_vad", threshold: 0.5 },
    model: "gpt-live-transcribe",
  });
  await assertRejects(() => unknown, RealtimeApiError, "Turn detection is not supported");
  assertEquals(simulator.sessions, []);
  const transport = createTransport(createMemorySocketPair()[0]);
  const clock = createVirtualClock();
  const late = assertRejects(() => connectTranscription({ transport, clock, timeoutMs: 50 }), DOMException, "50 ms");
  await clock.advance(50);
  await late;
});

Deno.test("drain() waits until the words of an item without a committed event arrive", async () => {
  const { answers, clock, transcription, send, words } = await scripted({ model: "gpt-realtime-whisper" });
  const content = [{ type: "input_audio", transcript: null }];
  answers["input_audio_buffer.commit"] = () =>
    send({ type: "conversation.item.created", item: { id: "item_1", type: "message", role: "user", content } });
  await transcription.input.getWriter().write(new Int16Array(24_000));
  let drained: unknown;
  void transcription.drain().then((result) => drained = result);
  await clock.advance(3_000);
  assertEquals(drained, undefined);
  words("completed", "item_1", { transcript: "Yes." });
  await clock.advance(0);
  assertEquals([drained, clock.pending], [{ missing: [], complete: true }, 0]);
  await transcription.close();
});
