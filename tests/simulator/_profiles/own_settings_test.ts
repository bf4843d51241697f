import { assertEquals, assertObjectMatch } from "@std/assert";
import type { ServerName } from "../../../src/simulator/server_profile.ts";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../_client.ts";
import { scripted, spoken } from "../_simulated_model.ts";
import { joined, silence, tone } from "../_sound.ts";

const CREATE = { type: "response.create" };
const USER = { type: "message", role: "user", content: [{ type: "input_text", text: "And tea." }] };

async function updated(client: Client, session: Frame["session"]): Promise<Record<string, unknown>> {
  const frames = await client.ask({ type: "session.update", session });
  return only(frames, "session.updated").session as Record<string, unknown>;
}

/** The words of the only response. */
function saidIn(frames: readonly Frame[]): unknown {
  const { response } = only(frames, "response.done") as unknown as { response: { output: { content: Frame[] }[] } };
  return response.output.map(({ content }) => content.map(({ transcript }) => transcript)).join();
}

Deno.test("xAI accepts and reports the settings that only it has", async () => {
  const client = await Client.open({ server: "xai" });
  const documented = { reasoning: { effort: "none" }, replace: { xAI: "ex ay eye" }, resumption: { enabled: true } };
  assertObjectMatch(
    await updated(client, {
      ...documented,
      keep_context: true,
      max_response_output_tokens: 100,
      audio: {
        input: {
          transport: "json",
          format: { type: "audio/pcm", rate: 16_000 },
          transcription: { language_hint: "en", keyterms: ["Oslo"] },
        },
        output: { transport: "json" },
      },
    }),
    {
      ...documented,
      keep_context: true,
      enable_noise_suppression: true,
      max_response_output_tokens: 100,
      audio: { input: { format: { rate: 16_000 }, transcription: { model: "grok-transcribe" } } },
    },
  );
  assertObjectMatch(await updated(client, { input_audio_transcription: { model: "grok-stt" } }), {
    keep_context: true,
    audio: { input: { transcription: { model: "grok-stt" } } },
  });
});

Deno.test("Settings that only one server has must have its types", async () => {
  const cases: [server: ServerName, session: Record<string, unknown>, param: string, words: string][] = [
    ["xai", { keep_context: "yes" }, "session.keep_context", "a boolean, but got a string"],
    ["xai", { resumption: true }, "session.resumption", "an object, but got a boolean"],
    [
      "xai",
      { audio: { input: { transcription: { keyterms: "Oslo" } } } },
      "session.audio.input.transcription.keyterms",
      "an array of strings, but got a string",
    ],
    ["voice-live", { temperature: "hot" }, "session.temperature", "a decimal, but got a string"],
    ["voice-live", { avatar: [] }, "session.avatar", "an object, but got an array"],
    [
      "voice-live",
      { turn_detection: { type: "azure_semantic_vad", languages: "en" } },
      "session.turn_detection.languages",
      "an array of strings, but got a string",
    ],
    [
      "voice-live",
      { input_audio_transcription: { model: "azure-speech", phrase_list: {} } },
      "session.input_audio_transcription.phrase_list",
      "an array of strings, but got an object",
    ],
  ];
  for (const [server, session, param, words] of cases) {
    const client = await Client.open({ server });
    assertEquals(errorOf(await client.ask({ type: "session.update", session, event_id: "mine" })), {
      type: "invalid_request_error",
      code: "invalid_type",
      message: `Invalid type for '${param}': expected ${words} instead.`,
      param,
      event_id: server === "xai" ? "mine" : null,
    });
  }
  const client = await Client.open({ server: "xai" });
  const audio = { output: { transport: "binary" } };
  const refused = errorOf(await client.ask({ type: "session.update", session: { audio } })) as Frame;
  assertEquals([refused.code, refused.param], ["invalid_value", "session.audio.output.transport"]);
  const live = await Client.open({ server: "voice-live" });
  assertObjectMatch(errorOf(await live.ask({ ...CREATE, response: { cancel_previous: 1 } })) as Frame, {
    param: "response.cancel_previous",
  });
});

Deno.test("xAI transcribes the user's speech without being asked to, the others do not", async () => {
  for (const server of ["xai", "openai"] as const) {
    const client = await Client.open({ server, pace: "fast" });
    client.send({ type: "session.update", session: { turn_detection: { type: "server_vad" } } });
    await client.speak(joined(tone(1000), silence(1000)));
    const types = typesOf(await client.wait(5000));
    const type = "conversation.item.input_audio_transcription.completed";
    assertEquals(types.includes(type), server === "xai", server);
  }
});

Deno.test("xAI speaks a forced message as it is, and Voice Live a message of the client, which joins the conversation", async () => {
  const content = [{ type: "text", text: "Welcome to " }, { type: "text", text: "the shop." }];
  const message = { role: "assistant", content };
  for (const server of ["xai", "voice-live"] as const) {
    const client = await Client.open({ server, pace: "fast", ...scripted([spoken("By the model.", 200)]) });
    const request = server === "xai"
      ? { type: "conversation.item.create", item: { type: "force_message", interruptible: true, ...message } }
      : { ...CREATE, response: { pre_generated_assistant_message: message } };
    const frames = await client.ask(request, 5000);
    assertEquals(saidIn(frames), "Welcome to the shop.", server);
    assertEquals(client.simulator.sessions[0]?.items.length, 1, "it is in the conversation");
    assertEquals(saidIn(await client.ask(CREATE, 5000)), "By the model.", "the model's first answer is still to come");

    const wordless = server === "xai"
      ? { type: "conversation.item.create", item: { type: "force_message", role: "assistant" }, event_id: "mine" }
      : { ...CREATE, response: { pre_generated_assistant_message: { role: "assistant", content: [] } } };
    const param = server === "xai" ? "item" : "response.pre_generated_assistant_message";
    assertObjectMatch(errorOf(await client.ask(wordless)) as Frame, {
      code: "missing_required_parameter",
      param: `${param}.content[0].text`,
      event_id: server === "xai" ? "mine" : null,
    });
  }
});

Deno.test("Voice Live adds items to the conversation before a response, or to that of the response alone", async () => {
  const model = scripted([spoken("One coffee.", 200)], [spoken("And tea.", 200)]);
  const client = await Client.open({ server: "voice-live", pace: "fast", ...model });
  client.send(userText("A coffee."));
  await client.ask({ ...CREATE, response: { commit: false, append_input_items: [USER] } }, 5000);
  const itemsOf = (context: unknown) => (context as { items: readonly Frame[] }).items.length;
  assertEquals(itemsOf(model.contexts[0]), 2);
  assertEquals(client.simulator.sessions[0]?.items.length, 1, "the conversation is unchanged");

  const frames = await client.ask({ ...CREATE, response: { append_input_items: [USER] } }, 5000);
  assertEquals(typesOf(frames).slice(0, 2), ["conversation.item.created", "response.created"]);
  assertEquals(itemsOf(model.contexts[1]), 2);
  assertEquals(client.simulator.sessions[0]?.items.length, 3, "the item and the answer are in the conversation");

  const unset = { append_input_items: null, pre_generated_assistant_message: null };
  await client.ask({ ...CREATE, response: { ...unset, input_items: [USER] } }, 5000);
  assertEquals(itemsOf(model.contexts[2]), 1);
  assertEquals(client.simulator.sessions[0]?.items.length, 4, "items that replace the conversation do not join it");
});

Deno.test("A response of Voice Live cancels another one if it says so, and adds nothing if it is refused", async () => {
  const client = await Client.open({
    server: "voice-live",
    ...scripted([spoken("A long story.", 9000)], [spoken("Fine.", 200)]),
  });
  await client.ask(CREATE, 500);
  const before = client.simulator.sessions[0]?.items.length;
  const refused = await client.ask({ ...CREATE, response: { append_input_items: [USER] } });
  assertObjectMatch(only(refused, "error"), { error: { code: "conversation_already_has_active_response" } });
  assertEquals(client.simulator.sessions[0]?.items.length, before);
  const frames = await client.ask({ ...CREATE, response: { cancel_previous: true } }, 5000);
  const statuses = frames.filter(({ type }) => type === "response.done").map(({ response }) =>
    (response as Frame).status
  );
  assertEquals(statuses, ["cancelled", "completed"]);
});
