import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../_client.ts";
import { joined, silence, tone } from "../_sound.ts";

const URL = "wss://simulator/v1/realtime?intent=transcription";
const TURN = joined(silence(320), tone(960), silence(640));

async function open(): Promise<Client> {
  return await Client.open({
    url: URL,
    createModel: () => ({ hear: () => "Hello there.", reply: () => ({ outputs: [] }) }),
  });
}

function update(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: "session.update", session: { type: "transcription", audio: { input } } };
}

async function updated(client: Client, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const { session } = only(await client.ask(update(input)), "session.updated");
  return (session as { audio: { input: Record<string, unknown> } }).audio.input;
}

Deno.test("A transcription session is announced as such, without fields of sessions with a model", async () => {
  const client = await Client.connect({ url: URL });
  const { session } = only(client.take(), "session.created") as unknown as { session: Frame };
  const { expires_at, id, ...rest } = session;
  assertMatch(String(id), /^sess_/);
  assert(Number(expires_at) > 0);
  assertEquals(rest as unknown, {
    type: "transcription",
    object: "realtime.transcription_session",
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: {
          type: "server_vad",
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 200,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
    },
    include: null,
  });
});

Deno.test("A turn is detected, committed and transcribed, and never answered", async () => {
  const client = await open();
  await client.ask(update({ transcription: { model: "gpt-4o-transcribe", language: "en" } }));
  await client.speak(TURN);
  const frames = await client.wait(60_000);
  assertEquals(typesOf(frames), [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.completed",
  ]);
  const { item_id } = only(frames, "input_audio_buffer.committed");
  assertObjectMatch(frames.at(-1) ?? {}, { item_id, transcript: "Hello there." });
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), {
    item: { content: [{ transcript: "Hello there." }] },
  });
  const deleted = await client.ask({ type: "conversation.item.delete", item_id });
  assertEquals(typesOf(deleted), ["conversation.item.deleted"]);
});

Deno.test("A client can commit by itself", async () => {
  const client = await open();
  await client.ask(
    update({ turn_detection: null, transcription: { model: "whisper-1" }, format: { type: "audio/pcmu" } }),
  );
  client.send({ type: "input_audio_buffer.append", audio: btoa("\xff".repeat(8 * 500)) });
  const frames = await client.ask({ type: "input_audio_buffer.commit" }, 1000);
  const { item_id } = only(frames, "input_audio_buffer.committed");
  assertEquals(client.simulator.sessions[0]?.audioMsOf(String(item_id)), 500);
  assertEquals(typesOf(frames).at(-1), "conversation.item.input_audio_transcription.completed");
  assertEquals(typesOf(await client.ask({ type: "input_audio_buffer.clear" })), ["input_audio_buffer.cleared"]);
});

Deno.test("A model that supports no turn detection disables it, and refuses to enable it", async () => {
  for (const model of ["gpt-realtime-whisper", "gpt-live-transcribe"]) {
    const client = await open();
    assertObjectMatch(await updated(client, { transcription: { model } }), { turn_detection: null });
    const refused = await client.ask(update({ turn_detection: { type: "server_vad" } }));
    assertObjectMatch(errorOf(refused) as object, {
      code: "invalid_value",
      param: "session.audio.input.turn_detection",
      message: "Turn detection is not supported for this transcription model.",
    });
    assertObjectMatch(await updated(client, { transcription: { model: "gpt-transcribe" } }), { turn_detection: null });
    const on = await updated(client, { turn_detection: { type: "server_vad" } });
    assertObjectMatch(on, { turn_detection: { type: "server_vad", silence_duration_ms: 200 } });
  }
});

Deno.test("A transcription session refuses conversation events, and lists the types that it accepts", async () => {
  const client = await open();
  const known = "Supported values are: 'input_audio_buffer.append', 'input_audio_buffer.commit', " +
    "'input_audio_buffer.clear', 'conversation.item.delete', 'conversation.item.retrieve', and 'session.update'.";
  for (const event of [{ type: "response.create" }, { type: "response.cancel" }, userText("Hello")]) {
    assertEquals(errorOf(await client.ask(event)), {
      type: "invalid_request_error",
      code: "invalid_value",
      message: `Invalid value: '${event.type}'. ${known}`,
      param: "type",
      event_id: null,
    });
  }
  assertObjectMatch(errorOf(await client.ask({ type: "session.update", session: { type: "realtime" } })) as object, {
    message: "Passing a realtime session update event to a transcription session is not allowed.",
    param: "session.type",
  });
  const outOfRange = update({ turn_detection: { type: "server_vad", threshold: 2 } });
  assertObjectMatch(errorOf(await client.ask(outOfRange)) as object, { code: "decimal_above_max_value" });
});

Deno.test("A transcription session answers early commands after it was announced, and ends after an hour", async () => {
  const client = new Client({});
  await client.dial(URL);
  assertEquals(typesOf(await client.ask(update({ turn_detection: null }), 10)), ["session.created", "session.updated"]);
  await client.clock.advance(3_600_000);
  assertEquals(client.closed?.code, 1001);
  assertEquals(client.clock.pending, 0);
});

Deno.test("A transcription session whose client has gone leaves nothing scheduled", async () => {
  const client = await open();
  await client.ask(update({ turn_detection: null, transcription: { model: "gpt-4o-transcribe" } }));
  await client.speak(TURN);
  await client.ask({ type: "input_audio_buffer.commit" });
  assertEquals(client.clock.pending, 2);
  client.close();
  await client.clock.advance(0);
  assertEquals(client.clock.pending, 0);
});
