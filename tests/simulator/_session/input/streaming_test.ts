import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { Client, errorOf, type Frame, only, typesOf } from "../../_client.ts";
import { joined, silence, tone } from "../../_sound.ts";

const MODELS = ["gpt-live-transcribe", "gpt-realtime-whisper"];
const TEXT = "I would like a large pizza with extra cheese";
const DELTA = "conversation.item.input_audio_transcription.delta";
const COMPLETED = "conversation.item.input_audio_transcription.completed";

function update(type: "realtime" | "transcription", input: object): Readonly<Record<string, unknown>> {
  return { type: "session.update", session: { type, audio: { input } } };
}

async function open(kind: "realtime" | "transcription", input: object): Promise<Client> {
  const url = `wss://simulator/v1/realtime?${kind === "realtime" ? "model=gpt-realtime" : "intent=transcription"}`;
  const scenario = { turns: [{ user: TEXT, responses: [] }] };
  const client = await Client.open({ url, pace: "realtime", scenario });
  await client.ask(update(kind, input));
  return client;
}

/** Time of each delta since speech began, and its item. */
function deltasOf(client: Client): { readonly atMs: number; readonly itemId: unknown; readonly delta: string }[] {
  const deltas: { atMs: number; itemId: unknown; delta: string }[] = [];
  const startMs = client.clock.now();
  client.onFrame = (frame: Frame) => {
    if (frame.type !== DELTA) return;
    deltas.push({ atMs: client.clock.now() - startMs, itemId: frame.item_id, delta: String(frame.delta) });
  };
  return deltas;
}

Deno.test("Streaming models transcribe before the commit, with the item id that committed reports", async () => {
  for (const model of MODELS) {
    for (const kind of ["realtime", "transcription"] as const) {
      const client = await open(kind, { transcription: { model }, turn_detection: null });
      const deltas = deltasOf(client);
      await client.speak(tone(2000), 20);
      const early = deltas.length;
      assert(early >= 2, `${model}: ${early} deltas before the commit`);
      assert(deltas[0]!.atMs >= 500 && deltas[0]!.atMs <= 1400, `${model}: the first after ${deltas[0]!.atMs} ms`);
      client.take();
      const frames = await client.ask({ type: "input_audio_buffer.commit" }, 5000);
      const { item_id } = only(frames, "input_audio_buffer.committed");
      assertEquals(new Set(deltas.map(({ itemId }) => itemId)), new Set([item_id]));
      assertEquals(deltas.map(({ delta }) => delta).join("").trim(), TEXT);
      assertObjectMatch(only(frames, COMPLETED), {
        item_id,
        transcript: TEXT,
        usage: { type: "duration", seconds: 2 },
      });
    }
  }
});

Deno.test("Streaming transcription uses the item of the speech in progress if turn detection is on", async () => {
  const client = await open("realtime", { transcription: { model: MODELS[0] } });
  const deltas = deltasOf(client);
  await client.speak(joined(tone(1500), silence(700)), 20);
  const frames = client.take();
  const types = frames.map(({ type }) => type);
  assert(types.indexOf(DELTA) < types.indexOf("input_audio_buffer.speech_stopped"), typesOf(frames).join());
  const { item_id } = only(frames, "input_audio_buffer.speech_started");
  assertEquals(only(frames, "input_audio_buffer.committed").item_id, item_id);
  assert(deltas.every(({ itemId }) => itemId === item_id));
});

Deno.test("A commit during speech names the item of the words so far, and further words have another item", async () => {
  const client = await open("realtime", { transcription: { model: MODELS[0] } });
  const deltas = deltasOf(client);
  await client.speak(tone(1500), 20);
  const before = new Set(deltas.map(({ itemId }) => itemId));
  const { item_id } = only(await client.ask({ type: "input_audio_buffer.commit" }), "input_audio_buffer.committed");
  assertEquals(before, new Set([item_id]));
  await client.speak(joined(tone(1500), silence(700)), 20);
  await client.wait(5000);
  const completed = client.received.filter(({ type }) => type === COMPLETED);
  const rest = only(client.received, "input_audio_buffer.speech_stopped").item_id;
  assertEquals(completed.map((frame) => frame.item_id), [item_id, rest]);
  for (const { item_id, transcript } of completed) {
    const words = deltas.filter(({ itemId }) => itemId === item_id).map(({ delta }) => delta).join("");
    assertEquals(words.trim(), transcript);
  }
});

Deno.test("Speech keeps its item when turn detection is turned off, and other settings of it drop both", async () => {
  const input = (turn_detection: unknown) => ({
    type: "session.update",
    session: { type: "realtime", audio: { input: { transcription: { model: MODELS[0] }, turn_detection } } },
  });
  for (const off of [true, false]) {
    const client = await open("realtime", { transcription: { model: MODELS[0] } });
    const deltas = deltasOf(client);
    await client.speak(tone(1500), 20);
    const started = only(client.take(), "input_audio_buffer.speech_started").item_id;
    await client.ask(input(off ? null : { type: "server_vad", threshold: 0.4 }));
    await client.speak(tone(1500), 20);
    if (off) client.send({ type: "input_audio_buffer.commit" });
    else await client.speak(silence(700), 20);
    const committed = only(await client.wait(5000), COMPLETED).item_id;
    assertEquals(committed === started, off);
    const [words, dropped] = [deltas.filter((delta) => delta.itemId === committed), deltas.length];
    assertEquals(words.map(({ delta }) => delta).join("").trim(), TEXT);
    assertEquals(words.length < dropped, !off);
  }
});

Deno.test("delay postpones the first words, and is not reported back", async () => {
  const first: number[] = [];
  for (const delay of ["minimal", "medium", "xhigh"]) {
    const client = await Client.open({ url: "wss://simulator/v1/realtime?intent=transcription", pace: "realtime" });
    const set = update("transcription", { transcription: { model: MODELS[0], delay } });
    const { session } = only(await client.ask(set), "session.updated") as unknown as {
      session: { audio: { input: { transcription: object } } };
    };
    assertEquals(session.audio.input.transcription, { model: "gpt-live-transcribe", language: null, prompt: null });
    const deltas = deltasOf(client);
    await client.speak(tone(2500), 20);
    first.push(deltas[0]!.atMs);
  }
  assert(first[0]! < first[1]! && first[1]! < first[2]!, first.join());
  assert(first[0]! >= 500 && first[2]! <= 1500, first.join());
});

Deno.test("Committed silence has no words, is billed by the second, and uses no turn of a scenario", async () => {
  const client = await open("transcription", { transcription: { model: MODELS[0] } });
  await client.speak(silence(2300));
  const empty = only(await client.ask({ type: "input_audio_buffer.commit" }, 2000), COMPLETED);
  assertObjectMatch(empty, { transcript: "", usage: { type: "duration", seconds: 3 } });
  await client.speak(tone(500));
  assertEquals(only(await client.ask({ type: "input_audio_buffer.commit" }, 5000), COMPLETED).transcript, TEXT);
});

Deno.test("Cleared audio is transcribed no further, and the next item has a new id", async () => {
  const client = await open("transcription", { transcription: { model: MODELS[0] } });
  const deltas = deltasOf(client);
  await client.speak(tone(1500), 20);
  const dropped = deltas.length;
  await client.ask({ type: "input_audio_buffer.clear" }, 5000);
  assertEquals(deltas.length, dropped);
  await client.speak(tone(1000), 20);
  assert(deltas.length > dropped && deltas.at(-1)!.itemId !== deltas[0]!.itemId);
});

Deno.test("Audio that arrives faster than real time is transcribed no faster than a model works", async () => {
  const client = await open("transcription", { transcription: { model: MODELS[1] } });
  const deltas = deltasOf(client);
  await client.speak(tone(3000));
  assertEquals(deltas, []);
  await client.ask({ type: "input_audio_buffer.commit" }, 5000);
  assertEquals(deltas.map(({ delta }) => delta).join("").trim(), TEXT);
});

Deno.test("Models that do not stream transcribe nothing before the commit", async () => {
  const client = await open("transcription", { transcription: { model: "gpt-4o-transcribe" }, turn_detection: null });
  await client.speak(tone(3000), 20);
  assertEquals(client.take(), []);
});

Deno.test("Turn detection with streaming models is refused in transcription sessions, and accepted in conversations", async () => {
  for (const model of MODELS) {
    const input = { transcription: { model }, turn_detection: { type: "server_vad" } };
    const transcription = await Client.open({ url: "wss://simulator/v1/realtime?intent=transcription" });
    assertEquals(errorOf(await transcription.ask(update("transcription", input))), {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "Turn detection is not supported for this transcription model.",
      param: "session.audio.input.turn_detection",
      event_id: null,
    });
    const conversation = await Client.open();
    only(await conversation.ask(update("realtime", input)), "session.updated");
  }
});

Deno.test("A snapshot of a streaming model streams, too", async () => {
  const model = "gpt-live-transcribe-2026-11-01";
  const url = "wss://simulator/v1/realtime?intent=transcription";
  const client = await Client.open({ url, pace: "realtime", newerNames: { transcriptionModels: [model] } });
  await client.ask(update("transcription", { transcription: { model } }));
  const deltas = deltasOf(client);
  await client.speak(tone(2000), 20);
  assert(deltas.length >= 2);
  const frames = await client.ask({ type: "input_audio_buffer.commit" }, 5000);
  assertObjectMatch(only(frames, COMPLETED), { usage: { type: "duration", seconds: 2 } });
});
