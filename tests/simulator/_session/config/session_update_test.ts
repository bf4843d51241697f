import { assertEquals, assertNotEquals, assertObjectMatch } from "@std/assert";
import { scripted, spoken } from "../../_simulated_model.ts";
import { Client, errorOf, only } from "../../_client.ts";

function update(session: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: "session.update", event_id: "update_1", session: { type: "realtime", ...session } };
}

async function updated(client: Client, session: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  return only(await client.ask(update(session)), "session.updated").session as Record<string, unknown>;
}

Deno.test("session.update merges the given fields", async () => {
  const client = await Client.open();
  await client.ask(
    update({ instructions: "Be brief.", audio: { input: { turn_detection: { type: "server_vad", threshold: 0.7 } } } }),
  );
  client.take();
  const session = await updated(client, {
    output_modalities: ["text"],
    audio: {
      input: {
        transcription: { model: "whisper-1" },
        turn_detection: { type: "server_vad", silence_duration_ms: 700 },
        noise_reduction: { type: "near_field" },
      },
      output: { format: { type: "audio/pcmu" } },
    },
  });
  assertObjectMatch(session, {
    instructions: "Be brief.",
    output_modalities: ["text"],
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24000 },
        transcription: { model: "whisper-1", language: null, prompt: null },
        noise_reduction: { type: "near_field" },
        turn_detection: {
          type: "server_vad",
          threshold: 0.7,
          prefix_padding_ms: 300,
          silence_duration_ms: 700,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
      output: { format: { type: "audio/pcmu" }, voice: "alloy", speed: 1 },
    },
  });
  assertObjectMatch(await updated(client, { audio: { output: { format: { type: "audio/pcm", rate: 24000 } } } }), {
    audio: { output: { format: { type: "audio/pcm", rate: 24000 } } },
  });
});

Deno.test("session.update removes fields set to null or empty", async () => {
  const client = await Client.connect();
  const { session: before } = only(client.take(), "session.created") as unknown as {
    session: { instructions: string };
  };
  const tools = [{ type: "function", name: "look", parameters: { type: "object" } }];
  const input = { transcription: { model: "whisper-1" }, noise_reduction: { type: "far_field" } };
  assertObjectMatch(await updated(client, { instructions: "Be brief.", tools, audio: { input } }), { tools });
  const off = { transcription: null, noise_reduction: null, turn_detection: null };
  const session = await updated(client, { instructions: "", tools: [], audio: { input: off } });
  assertObjectMatch(session, { instructions: before.instructions, tools: [], audio: { input: off } });
});

Deno.test("session.update fills in the defaults of another turn detection type", async () => {
  const client = await Client.open();
  const semantic = await updated(client, { audio: { input: { turn_detection: { type: "semantic_vad" } } } });
  assertEquals((semantic.audio as { input: { turn_detection: unknown } }).input.turn_detection, {
    type: "semantic_vad",
    eagerness: "auto",
    create_response: true,
    interrupt_response: true,
  });
  const server = await updated(client, { audio: { input: { turn_detection: { type: "server_vad" } } } });
  assertObjectMatch(server, { audio: { input: { turn_detection: { threshold: 0.5, silence_duration_ms: 200 } } } });
});

Deno.test("session.update is discarded as a whole when one field is invalid", async () => {
  const cases = [
    [{ bogus_field: 1 }, "unknown_parameter", "session.bogus_field", "Unknown parameter: 'session.bogus_field'."],
    [
      { audio: { input: { format: { type: "audio/pcm", rate: 16000 } } } },
      "integer_below_min_value",
      "session.audio.input.format.rate",
      "Invalid 'session.audio.input.format.rate': integer below minimum value. " +
      "Expected a value >= 24000, but got 16000 instead.",
    ],
    [
      { instructions: 5 },
      "invalid_type",
      "session.instructions",
      "Invalid type for 'session.instructions': expected a string, but got an integer instead.",
    ],
    [
      { audio: { input: { turn_detection: { type: "server_vad", threshold: 1.5 } } } },
      "decimal_above_max_value",
      "session.audio.input.turn_detection.threshold",
      "Invalid 'session.audio.input.turn_detection.threshold': decimal above maximum value. " +
      "Expected a value <= 1, but got 1.5 instead.",
    ],
    [
      { max_output_tokens: 5000 },
      "integer_above_max_value",
      "session.max_output_tokens",
      "Invalid 'session.max_output_tokens': integer above maximum value. " +
      "Expected a value <= 4096, but got 5000 instead.",
    ],
    [
      { audio: { input: { noise_reduction: { type: "middle" } } } },
      "invalid_value",
      "session.audio.input.noise_reduction.type",
      "Invalid value: 'middle'. Supported values are: 'near_field' and 'far_field'.",
    ],
  ] as const;
  for (const [wrong, code, param, message] of cases) {
    const client = await Client.open();
    const error = errorOf(await client.ask(update({ ...wrong, output_modalities: ["text"] })));
    assertEquals(error, { type: "invalid_request_error", code, message, param, event_id: "update_1" });
    assertObjectMatch(await updated(client, {}), { output_modalities: ["audio"] });
  }
});

Deno.test("session.update without a session or its type names the missing field", async () => {
  const client = await Client.open();
  assertObjectMatch(errorOf(await client.ask({ type: "session.update" })) as object, {
    code: "missing_required_parameter",
    param: "session",
    message: "Missing required parameter: 'session'.",
    event_id: null,
  });
  assertObjectMatch(errorOf(await client.ask({ type: "session.update", session: {} })) as object, {
    code: "missing_required_parameter",
    param: "session.type",
  });
});

Deno.test("session.update cannot change the model or the type of a session", async () => {
  const client = await Client.open();
  assertObjectMatch(errorOf(await client.ask(update({ model: "gpt-realtime-2.1" }))) as object, {
    param: "session.model",
    event_id: "update_1",
  });
  await updated(client, { model: "gpt-realtime" });
  const transcription = { type: "session.update", session: { type: "transcription" } };
  assertObjectMatch(errorOf(await client.ask(transcription)) as object, {
    message: "Passing a transcription session update event to a realtime session is not allowed.",
  });
});

Deno.test("session.update cannot change the voice once the model has spoken", async () => {
  const { createModel } = scripted([spoken("Hello.", 200)]);
  const client = await Client.open({ createModel });
  const voice = (voice: string) => ({ audio: { output: { voice } } });
  client.send({ type: "response.create" }, { type: "response.cancel" });
  await client.wait(0);
  client.take();
  await updated(client, voice("cedar"));
  await client.ask({ type: "response.create" }, 1000);
  assertEquals(errorOf(await client.ask(update(voice("marin")))), {
    type: "invalid_request_error",
    code: "cannot_update_voice",
    message: "Cannot update a conversation's voice if assistant audio is present.",
    param: null,
    event_id: "update_1",
  });
  assertNotEquals(await updated(client, { ...voice("cedar"), instructions: "Go on." }), undefined);
});

Deno.test("session.update cannot change tracing once it is enabled", async () => {
  const client = await Client.open();
  assertObjectMatch(await updated(client, { tracing: null }), { tracing: null });
  assertObjectMatch(await updated(client, { tracing: "auto" }), { tracing: "auto" });
  for (const tracing of [null, { workflow_name: "mine" }]) {
    assertEquals(errorOf(await client.ask(update({ tracing, instructions: "Be brief." }))), {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "Cannot update tracing once it has been enabled for a session.",
      param: "session.tracing",
      event_id: "update_1",
    });
  }
  const session = await updated(client, { tracing: "auto" });
  assertNotEquals(session.instructions, "Be brief.");
});

Deno.test("session.update sets the noise reduction strength to 1 by default, and keeps it when omitted", async () => {
  const client = await Client.open();
  const reduced = async (noise_reduction: unknown) => {
    const session = await updated(client, { audio: { input: { noise_reduction } } });
    return (session.audio as { input: { noise_reduction: unknown } }).input.noise_reduction;
  };
  assertEquals(await reduced({ type: "near_field" }), { type: "near_field", strength: 1 });
  assertEquals(await reduced({ strength: 0.4 }), { type: "near_field", strength: 0.4 });
  assertEquals(await reduced({ type: "far_field" }), { type: "far_field", strength: 0.4 });
  assertEquals(await reduced(null), null);
  assertEquals(await reduced({ type: "far_field" }), { type: "far_field", strength: 1 });
});

Deno.test("session.update accepts every session setting, and reports it back", async () => {
  const client = await Client.open({ url: "wss://simulator/v1/realtime?model=gpt-realtime-2.1" });
  const settings = {
    include: ["item.input_audio_transcription.logprobs"],
    max_output_tokens: 2000,
    output_modalities: ["text"],
    parallel_tool_calls: false,
    prompt: { id: "pmpt_1", version: "2", variables: { city: "Paris" } },
    reasoning: { effort: "high" },
    tool_choice: "required",
    tools: [{ type: "function", name: "look", description: "Looks.", parameters: { type: "object" } }],
    tracing: { workflow_name: "mine", group_id: "g", metadata: { a: 1 } },
    truncation: { type: "retention_ratio", retention_ratio: 0.5, token_limits: { post_instructions: 9000 } },
  };
  const input = {
    format: { type: "audio/pcmu" },
    transcription: { model: "gpt-transcribe", languages: ["de", "en"], keywords: ["Oslo"] },
    turn_detection: { type: "semantic_vad", eagerness: "low", create_response: false, interrupt_response: false },
  };
  const output = { format: { type: "audio/pcma" }, voice: { id: "voice_1" }, speed: 1.2 };
  assertObjectMatch(await updated(client, { ...settings, audio: { input, output } }), {
    ...settings,
    audio: { input, output },
  });
  const refused = await client.ask(
    update({ audio: { input: { transcription: { model: "gpt-transcribe", languages: [] } } } }),
  );
  assertObjectMatch(errorOf(refused) as object, {
    code: "empty_array",
    param: "session.audio.input.transcription.languages",
  });
});
