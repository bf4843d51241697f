import { encodeBase64, encodeG711, toBytes } from "../../../../src/audio/mod.ts";
import { synthesizeSpeech } from "../../../../src/simulator/speech.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertObjectMatch } from "@std/assert";
import { scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf } from "../../_client.ts";
import { joined, silence, tone } from "../../_sound.ts";

/** A client whose session has the given input settings, on top of turn detection with 200 ms of silence. */
async function listening(
  input: Readonly<Record<string, unknown>>,
  options: Parameters<typeof Client.open>[0] = {},
): Promise<Client> {
  const client = await Client.open({ ...scripted([written("Yes.")]), ...options });
  const session = { type: "realtime", output_modalities: ["text"], audio: { input } };
  await client.ask({ type: "session.update", session });
  return client;
}

function msOf(frames: readonly Frame[]): unknown[] {
  return frames.flatMap(({ audio_start_ms, audio_end_ms }) => audio_start_ms ?? audio_end_ms ?? []);
}

Deno.test("A spoken turn is detected, committed and answered in the recorded order", async () => {
  const client = await listening({ transcription: { model: "gpt-realtime-whisper" } });
  await client.speak(joined(silence(960), tone(960), silence(400)));
  const frames = await client.wait(2000);
  const until = frames.findIndex(({ type }) => type === "response.created");
  assertEquals(typesOf(frames.slice(0, until + 1)), [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
  ]);
  // Speech from 960 ms on, with 300 ms of padding; its end at 1920 ms and 224 ms of silence, in frames of 32 ms.
  assertEquals(msOf(frames), [660, 2144]);
  const { item_id } = only(frames, "input_audio_buffer.speech_started");
  assertEquals(only(frames, "input_audio_buffer.committed").item_id, item_id);
  const [added] = frames.filter(({ type }) => type === "conversation.item.added");
  assertEquals(added?.item as unknown, {
    id: item_id,
    type: "message",
    status: "completed",
    role: "user",
    content: [{ type: "input_audio", transcript: null }],
  });
  assertEquals(client.simulator.sessions[0]?.audioMsOf(String(item_id)), 2144 - 660);
});

Deno.test("Speech is located correctly, whatever its loudness and however fast it arrives", async () => {
  const speech = synthesizeSpeech("What is the weather like in Paris today?");
  const speechMs = speech.length / 24;
  for (const msBetween of [0, 20]) {
    const client = await listening({ turn_detection: { type: "server_vad", silence_duration_ms: 500 } });
    await client.speak(joined(silence(1000), speech, silence(1000)), msBetween);
    const [started, stopped, ...more] = msOf(client.take()) as number[];
    assertAlmostEquals(started ?? 0, 700, 100);
    assertAlmostEquals(stopped ?? 0, 1000 + speechMs + 500, 150);
    assertEquals(more, []);
  }
});

Deno.test("Padding never extends before the session's audio or into the previous turn", async () => {
  const client = await listening({});
  await client.speak(joined(tone(320), silence(320)));
  assertEquals(msOf(client.take()), [0, 544]);
  await client.speak(joined(tone(320), silence(320)));
  assertEquals(msOf(client.take()), [544, 1184]);
});

Deno.test("Speech interrupts the active response, and its end is answered, as the two flags specify", async () => {
  const heard = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"];
  const ended = ["response.done", "rate_limits.updated"];
  const committed = ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"];
  const cases = [
    [true, true, ["input_audio_buffer.speech_started", ...ended, heard[1], ...committed, "response.created"]],
    [true, false, ["input_audio_buffer.speech_started", ...ended, heard[1], ...committed]],
    // As documented: without an interruption it may fail to create a response.
    [false, true, [...heard, ...committed, "error"]],
    [false, false, [...heard, ...committed]],
  ] as const;
  for (const [interrupt_response, create_response, expected] of cases) {
    const { createModel } = scripted([spoken("One two three four five.", 5000)], [written("Yes.")]);
    const client = await Client.open({ createModel, pace: "realtime" });
    const turn_detection = { type: "server_vad", interrupt_response, create_response };
    await client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } });
    const [created] = await client.ask({ type: "response.create" }, 1000);
    await client.speak(joined(tone(320), silence(320)));
    const frames = client.take();
    const ofTurn = typesOf(frames).filter((type) => !/^response\.(output|content)|item\.done/.test(type));
    const what = `interrupt_response ${interrupt_response}, create_response ${create_response}`;
    assertEquals(ofTurn, expected.filter((type) => type !== "conversation.item.done"), what);
    if (interrupt_response) {
      assertObjectMatch(only(frames, "response.done"), {
        response: { status: "cancelled", status_details: { type: "cancelled", reason: "turn_detected" } },
      });
    } else if (create_response) {
      const { id } = created?.response as { id: string };
      assertObjectMatch(only(frames, "error"), {
        error: {
          code: "conversation_already_has_active_response",
          message: `Conversation already has an active response in progress: ${id}. ` +
            "Wait until the response is finished before creating a new one.",
          event_id: null,
        },
      });
    }
  }
});

Deno.test("A turn is answered when no response is active, whether or not interrupt_response is set", async () => {
  for (const interrupt_response of [true, false]) {
    const client = await listening({ turn_detection: { type: "server_vad", interrupt_response } });
    await client.speak(joined(tone(320), silence(320)));
    assertEquals(typesOf(await client.wait(5000)).includes("response.done"), true);
  }
});

Deno.test("A turn is committed and not answered if create_response is false", async () => {
  const client = await listening({ turn_detection: { type: "server_vad", create_response: false } });
  await client.speak(joined(tone(320), silence(320)));
  assertEquals(typesOf(await client.wait(5000)), [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
  ]);
});

Deno.test("Without turn detection the client commits and requests the response", async () => {
  const client = await listening({ turn_detection: null });
  await client.speak(tone(500));
  assertEquals(await client.wait(0), []);
  const frames = await client.ask({ type: "input_audio_buffer.commit" }, 1000);
  assertEquals(typesOf(frames), ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"]);
  const committed = only(frames, "input_audio_buffer.committed");
  assertEquals(committed.previous_item_id, null);
  assertEquals(client.simulator.sessions[0]?.audioMsOf(String(committed.item_id)), 500);
});

Deno.test("A commit of less than 100 ms of audio is refused", async () => {
  const client = await listening({ turn_detection: null });
  await client.speak(tone(90));
  assertEquals(errorOf(await client.ask({ type: "input_audio_buffer.commit" })), {
    type: "invalid_request_error",
    code: "input_audio_buffer_commit_empty",
    message: "Error committing input audio buffer: buffer too small. " +
      "Expected at least 100ms of audio, but buffer only has 90.00ms of audio.",
    param: null,
    event_id: null,
  });
  await client.speak(tone(10));
  assertEquals(typesOf(await client.ask({ type: "input_audio_buffer.commit" }))[0], "input_audio_buffer.committed");
  assertObjectMatch(errorOf(await client.ask({ type: "input_audio_buffer.commit" })) as object, {
    code: "input_audio_buffer_commit_empty",
  });
});

Deno.test("A silent microphone keeps only the padding in memory, however long it streams", async () => {
  const cases = [
    [{ type: "server_vad" }, 300 + 96],
    [{ type: "server_vad", prefix_padding_ms: 1000 }, 1000 + 96],
    // The minimum for a commit.
    [{ type: "server_vad", prefix_padding_ms: 0 }, 100],
    // Committed by a timeout.
    [{ type: "server_vad", idle_timeout_ms: 5000 }, 5000],
    [{ type: "semantic_vad" }, 300 + 96],
  ] as const;
  for (const [turn_detection, keptMs] of cases) {
    const client = await listening({ turn_detection });
    for (let second = 0; second < 20; second++) await client.speak(silence(1000), 20);
    await client.speak(silence(30_000));
    const { item_id } = only(await client.ask({ type: "input_audio_buffer.commit" }), "input_audio_buffer.committed");
    assertEquals(client.simulator.sessions[0]?.audioMsOf(String(item_id)), keptMs, JSON.stringify(turn_detection));
  }
});

Deno.test("Speech after a long silence has its full padding", async () => {
  for (const prefix_padding_ms of [0, 300, 1000]) {
    const client = await listening({ turn_detection: { type: "server_vad", prefix_padding_ms } });
    await client.speak(silence(9600 + 11), 7);
    await client.speak(joined(silence(21), tone(320), silence(640)), 7);
    // Frames of 32 ms: the tone begins within the one from 9600 ms on.
    const startMs = 9632 - prefix_padding_ms;
    const [started, stopped] = msOf(client.take()) as [number, number];
    assertEquals(started, startMs);
    const [id] = client.simulator.sessions[0]?.items.map((item) => item.id) ?? [];
    assertEquals(client.simulator.sessions[0]?.audioMsOf(String(id)), stopped - startMs);
  }
});

Deno.test("A commit during speech takes the announced item, the rest becomes another one", async () => {
  const client = await listening({});
  await client.speak(tone(320));
  const frames = await client.ask({ type: "input_audio_buffer.commit" });
  const announced = only(frames, "input_audio_buffer.speech_started").item_id;
  assertEquals(only(frames, "input_audio_buffer.committed").item_id, announced);
  await client.speak(joined(tone(320), silence(320)));
  const rest = client.take();
  const { item_id } = only(rest, "input_audio_buffer.committed");
  assertEquals(only(rest, "input_audio_buffer.speech_stopped").item_id, item_id);
  assertNotEquals(item_id, announced);
  const lengths = [announced, item_id].map((id) => client.simulator.sessions[0]?.audioMsOf(String(id)));
  assertEquals(lengths, [320, 320 + 224]);
});

Deno.test("Silence after a commit during speech is no turn: the end of the speech answers what was committed, once", async () => {
  const turn = (user: string, text: string) => ({
    user,
    responses: [{ outputs: [{ type: "message" as const, text }] }],
  });
  const scenario = { turns: [turn("One.", "First."), turn("Two.", "Second.")] };
  for (const asks of [false, true]) {
    const client = await Client.open({ scenario, pace: "fast" });
    const said = (frames: readonly Frame[]) =>
      frames.filter(({ type }) => type === "response.output_audio_transcript.done").map(({ transcript }) => transcript);
    await client.speak(tone(320));
    client.send({ type: "input_audio_buffer.commit" });
    if (asks) client.send({ type: "response.create" });
    await client.wait(5000);
    // Less than counts as speech.
    await client.speak(joined(tone(30), silence(1000)));
    await client.wait(5000);
    const frames = [...client.received];
    const { item_id } = only(frames, "input_audio_buffer.committed");
    assertEquals(only(frames, "input_audio_buffer.speech_stopped").item_id, item_id);
    assertEquals([said(frames), client.simulator.sessions[0]?.items.length], [["First."], 2]);
    await client.speak(joined(tone(320), silence(1000)));
    const next = await client.wait(5000);
    assertEquals(msOf(next)[0], 1344 - 300);
    assertEquals(said(next), ["Second."]);
  }
});

Deno.test("input_audio_buffer.clear discards the audio and the speech in progress, and time continues", async () => {
  const client = await listening({});
  await client.speak(tone(320));
  assertEquals(typesOf(await client.ask({ type: "input_audio_buffer.clear" })), [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.cleared",
  ]);
  assertObjectMatch(errorOf(await client.ask({ type: "input_audio_buffer.commit" })) as object, {
    code: "input_audio_buffer_commit_empty",
  });
  await client.speak(joined(silence(320), tone(320), silence(320)));
  assertEquals(msOf(client.take()), [340, 1184]);
});

Deno.test("A change of turn detection restarts the detection, and another change does not", async () => {
  const client = await listening({});
  await client.speak(tone(320));
  const brief = { type: "session.update", session: { type: "realtime", instructions: "Be brief." } };
  assertEquals(typesOf(await client.ask(brief)), ["input_audio_buffer.speech_started", "session.updated"]);
  await client.speak(silence(320));
  assertEquals(typesOf(client.take())[0], "input_audio_buffer.speech_stopped");
  await client.speak(tone(320));
  const detect = (fields: Readonly<Record<string, unknown>>) => {
    const turn_detection = { type: "server_vad", ...fields };
    return client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } });
  };
  // Settings about the handling of a turn do not affect its detection.
  await detect({ create_response: false, interrupt_response: false, prefix_padding_ms: 100, idle_timeout_ms: 5000 });
  await client.speak(silence(320));
  assertEquals(typesOf(client.take())[0], "input_audio_buffer.speech_stopped");
  await client.speak(tone(320));
  await detect({ threshold: 0.6 });
  await client.speak(silence(1000));
  assertEquals(typesOf(client.take()), []);
});

Deno.test("An append may split samples anywhere", async () => {
  const client = await listening({ turn_detection: null });
  const bytes = toBytes(tone(200));
  for (let start = 0; start < bytes.length; start += 333) {
    const audio = encodeBase64(bytes.slice(start, start + 333));
    client.send({ type: "input_audio_buffer.append", audio });
  }
  const frames = await client.ask({ type: "input_audio_buffer.commit" });
  const { item_id } = only(frames, "input_audio_buffer.committed");
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), {
    item: { content: [{ audio: encodeBase64(bytes) }] },
  });
});

Deno.test("G.711 audio is heard at its own rate", async () => {
  const heard: number[] = [];
  for (const type of ["audio/pcmu", "audio/pcma"] as const) {
    const client = await listening({ format: { type } }, {
      createModel: () => ({
        hear(audio) {
          heard.push(audio.length / 24);
          return "Hi";
        },
        reply: () => ({ outputs: [] }),
      }),
    });
    const samples = joined(silence(960), tone(960), silence(400)).filter((_, index) => index % 3 === 0);
    const audio = encodeBase64(encodeG711(samples, type));
    const frames = await client.ask({ type: "input_audio_buffer.append", audio });
    assertEquals(msOf(frames), [660, 2144]);
  }
  assertEquals(heard, [1484, 1484]);
});

Deno.test("input_audio_buffer.clear discards half a sample, too", async () => {
  const client = await listening({ turn_detection: null });
  await client.ask({ type: "input_audio_buffer.append", audio: encodeBase64(new Uint8Array(4801)) });
  await client.ask({ type: "input_audio_buffer.clear" });
  await client.ask({ type: "input_audio_buffer.append", audio: encodeBase64(toBytes(tone(200))) });
  const committed = only(await client.ask({ type: "input_audio_buffer.commit" }), "input_audio_buffer.committed");
  const item_id = String(committed.item_id);
  const { item } = only(
    await client.ask({ type: "conversation.item.retrieve", item_id }),
    "conversation.item.retrieved",
  );
  const [{ audio }] = (item as Frame & { content: [Frame] }).content;
  // Too long for an error message.
  assert(audio as unknown === encodeBase64(toBytes(tone(200))));
});
