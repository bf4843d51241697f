import { decodeBase64, encodeBase64, toBytes, toInt16 } from "../../../../src/audio/mod.ts";
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { SimulatedModel, TranslationInput } from "../../../../src/simulator/model/simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf } from "../../_client.ts";
import { joined, silence, tone } from "../../_sound.ts";

const URL = "wss://simulator/v1/realtime/translations?model=gpt-realtime-translate";

async function open(createModel: Partial<SimulatedModel> = {}): Promise<Client> {
  const hears: SimulatedModel = { hear: () => "Good day.", reply: () => ({ outputs: [] }), ...createModel };
  return await Client.open({ url: URL, createModel: () => hears, pace: "realtime" });
}

function update(audio: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: "session.update", session: { audio } };
}

/** Appends audio in pieces of 200 ms, as in the documentation. */
async function append(client: Client, samples: Int16Array): Promise<void> {
  for (let start = 0; start < samples.length; start += 4800) {
    const audio = encodeBase64(toBytes(samples.slice(start, start + 4800)));
    client.send({ type: "session.input_audio_buffer.append", audio });
  }
  await client.clock.advance(0);
}

function of(frames: readonly Frame[], type: string): Frame[] {
  return frames.filter((frame) => frame.type === type);
}

function soundOf(frames: readonly Frame[]): Int16Array {
  const bytes = of(frames, "session.output_audio.delta").map(({ delta }) => toInt16(decodeBase64(String(delta))));
  return joined(...bytes);
}

Deno.test("A translation session is announced as such", async () => {
  const client = await Client.connect({ url: URL });
  const { session } = only(client.take(), "session.created") as unknown as { session: Frame };
  const { expires_at, id, ...rest } = session;
  assertMatch(String(id), /^sess_/);
  assert(Number(expires_at) > 0);
  assertEquals(rest as unknown, {
    type: "translation",
    model: "gpt-realtime-translate",
    audio: { input: { noise_reduction: null, transcription: null }, output: { language: "en" } },
  });
});

Deno.test("A translation session speaks the words between two pauses, at the time where they were heard", async () => {
  const client = await open();
  await client.ask(update({ input: { transcription: { model: "gpt-4o-transcribe" } } }));
  await append(client, joined(silence(1000), tone(1000), silence(600)));
  const frames = await client.wait(5000);
  assertEquals(typesOf(frames), [
    "session.input_transcript.delta",
    "session.output_transcript.delta",
    "session.output_audio.delta",
  ]);
  const words = (type: string) => of(frames, type).map(({ delta }) => delta).join("");
  assertEquals([words("session.input_transcript.delta"), words("session.output_transcript.delta")], [
    "Good day.",
    "Good day.",
  ]);
  assertEquals(new Set(frames.map(({ elapsed_ms }) => elapsed_ms)), new Set([2600]));
  const { delta: _delta, event_id: _event, ...sound } = of(frames, "session.output_audio.delta")[0]!;
  assertEquals(sound as unknown, {
    type: "session.output_audio.delta",
    sample_rate: 24000,
    channels: 1,
    format: "pcm16",
    elapsed_ms: 2600,
  });
  const said = soundOf(frames);
  assertAlmostEquals(said.findIndex((sample) => sample !== 0) / 24, 32, 40);
  assertAlmostEquals(said.filter((sample) => sample !== 0).length / 24, 1000, 20);
});

Deno.test("A translation comes from the model, and is sent in real time", async () => {
  const asked: TranslationInput[] = [];
  const audio = tone(2000);
  const client = await open({
    translate(input) {
      asked.push(input);
      return { text: "Guten Tag.", audio };
    },
  });
  await client.ask(update({ output: { language: "de" } }));
  await append(client, joined(tone(1000), silence(600)));
  assertEquals(asked.map(({ language, text }) => [language, text]), [["de", "Good day."]]);
  assertAlmostEquals((asked[0]?.audio.length ?? 0) / 24, 1400, 50);
  const early = await client.wait(500);
  assertEquals(of(early, "session.input_transcript.delta"), []);
  assertEquals(of(early, "session.output_transcript.delta").map(({ delta }) => delta).join(""), "Guten Tag.");
  assertAlmostEquals(soundOf(early).length / 24, 700, 200);
  const rest = await client.wait(5000);
  assertEquals(joined(soundOf(early), soundOf(rest)), audio);
});

Deno.test("A translation of a model that cannot be played is named in an error, as nothing catches it later", async () => {
  const cases: readonly [model: object, message: string][] = [
    [{ translate: () => Promise.resolve({ text: "Hola." }) }, "its text must be a string: current value is undefined"],
    [{ translate: () => ({ text: "Hola.", audio: [1] }) }, "its audio must be an Int16Array: current value is 1"],
    [{ hear: () => ({}) }, "hear() must return a transcript"],
  ];
  for (const [model, message] of cases) {
    const client = await open(model);
    await append(client, joined(tone(1000), silence(600)));
    const { error } = only(await client.wait(5000), "error");
    assert(String((error as Frame).message).includes(message), String((error as Frame).message));
  }
});

Deno.test("Translations that are due at once are sent one after the other", async () => {
  let count = 0;
  const client = await open({
    hear: () => `Sentence ${++count}.`,
    translate: ({ text }) => ({ text, audio: tone(3000) }),
  });
  await append(client, joined(tone(500), silence(600), tone(500), silence(600)));
  const frames = await client.wait(10_000);
  assertEquals(typesOf(frames), [
    "session.output_transcript.delta",
    "session.output_audio.delta",
    "session.output_transcript.delta",
    "session.output_audio.delta",
  ]);
  assertEquals(soundOf(frames).length / 24, 6000);
  const words = of(frames, "session.output_transcript.delta").map(({ delta }) => delta);
  assertEquals(words.join(""), "Sentence 1.Sentence 2.");
});

Deno.test("session.close translates pending speech, reports the end and closes the connection", async () => {
  const client = await open();
  await append(client, tone(1000));
  client.send({ type: "session.close" });
  const closing = await client.wait(500);
  assertEquals(typesOf(closing), ["session.output_transcript.delta", "session.output_audio.delta"]);
  assertEquals(client.closed, undefined);
  assertObjectMatch(errorOf(await client.ask({ type: "session.input_audio_buffer.append", audio: "AAAA" })) as object, {
    code: "invalid_event",
  });
  const frames = await client.wait(5000);
  assertEquals(typesOf(frames).at(-1), "session.closed");
  assertEquals(client.closed, { code: 1000, reason: "" });
  assertEquals(joined(soundOf(closing), soundOf(frames)).length / 24, 1000);
  assertEquals(client.clock.pending, 0);
});

Deno.test("session.close ends a session without pending speech at once", async () => {
  const client = await open();
  await append(client, silence(5000));
  assertEquals(typesOf(await client.ask({ type: "session.close" })), ["session.closed"]);
  assertEquals(client.closed?.code, 1000);
});

Deno.test("A translation session translates half a minute of speech without a pause", async () => {
  const client = await open();
  await append(client, tone(31_000));
  assert(of(await client.wait(1000), "session.output_audio.delta").length > 0);
});

Deno.test("session.update merges the given fields, and is discarded when invalid", async () => {
  const client = await open();
  const ask = async (audio: Readonly<Record<string, unknown>>) =>
    (only(await client.ask(update(audio)), "session.updated").session as { audio: unknown }).audio;
  const transcription = { model: "gpt-4o-transcribe" };
  assertEquals(await ask({ output: { language: "fr" }, input: { transcription } }), {
    input: { noise_reduction: null, transcription },
    output: { language: "fr" },
  });
  assertEquals(await ask({ input: { noise_reduction: { type: "near_field" } } }), {
    input: { noise_reduction: { type: "near_field", strength: 1 }, transcription },
    output: { language: "fr" },
  });
  assertEquals(await ask({ input: { noise_reduction: null, transcription: null } }), {
    input: { noise_reduction: null, transcription: null },
    output: { language: "fr" },
  });
  assertObjectMatch(errorOf(await client.ask({ type: "session.update", session: { model: "x" } })) as object, {
    code: "unknown_parameter",
    param: "session.model",
  });
});

Deno.test("A translation session refuses conversation events, and lists the types that it accepts", async () => {
  const client = await open();
  for (const type of ["response.create", "input_audio_buffer.append", "conversation.item.create"]) {
    assertEquals(errorOf(await client.ask({ type })), {
      type: "invalid_request_error",
      code: "invalid_value",
      message: `Invalid value: '${type}'. Supported values are: 'session.close', ` +
        "'session.input_audio_buffer.append', and 'session.update'.",
      param: "type",
      event_id: null,
    });
  }
  assertObjectMatch(errorOf(await client.ask("no json")) as object, { code: "invalid_json" });
});

Deno.test("A translation session whose client has gone leaves nothing scheduled, and it ends after an hour", async () => {
  const gone = await open();
  await append(gone, joined(tone(1000), silence(600)));
  gone.close();
  await gone.clock.advance(0);
  assertEquals(gone.clock.pending, 0);
  const client = await open();
  await client.clock.advance(3_600_000);
  assertEquals(client.closed?.code, 1001);
});
