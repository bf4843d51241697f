import { assert, assertEquals, assertMatch, assertObjectMatch, assertRejects } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import type { PlannedOutput } from "../../../src/simulator/model/planned_output.ts";
import { SERVER_PROFILES, type ServerName } from "../../../src/simulator/server_profile.ts";
import { Api, OFFER, OWNER } from "../_api.ts";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../_client.ts";
import { scripted, spoken, written } from "../_simulated_model.ts";
import { joined, silence, tone } from "../_sound.ts";

const CREATE = { type: "response.create" };
const ITEM = { id: "item_mine" };

async function open(server: ServerName, ...plans: readonly PlannedOutput[][]): Promise<Client> {
  return await Client.open({ server, pace: "fast", ...scripted(...plans) });
}

Deno.test("Azure and Voice Live refuse an invalid key at the handshake, the others on the socket", async () => {
  for (const server of ["azure", "voice-live"] as const) {
    const client = new Client({ server });
    for (const headers of [{}, { Authorization: "Bearer sk-invalid-key" }]) {
      const error = await assertRejects(() => client.dial(undefined, headers), ConnectionError);
      assertEquals(error.status, 401);
    }
  }
  for (const server of ["openai", "xai"] as const) {
    const client = new Client({ server });
    await client.dial(undefined, {});
    await client.clock.advance(0);
    assertEquals([typesOf(client.take()), client.closed?.code], [["error"], 3000]);
  }
});

Deno.test("Azure and Voice Live accept the api-key header, the others do not", async () => {
  const url = "wss://simulator/v1/realtime?model=gpt-realtime";
  const header = { "api-key": "sk-test" };
  for (const server of Object.keys(SERVER_PROFILES) as ServerName[]) {
    const isAllowed = server === "azure" || server === "voice-live";
    for (const [address, headers] of [[url, header], [`${url}&api-key=sk-test`, {}]] as const) {
      const client = new Client({ server });
      await client.dial(address, headers);
      await client.clock.advance(10);
      assertEquals(typesOf(client.take())[0], isAllowed ? "session.created" : "error", server);
    }
    const azure = new Client({ server });
    await azure.dial("wss://simulator/openai/v1/realtime?model=mine", header);
    await azure.clock.advance(10);
    assertEquals(typesOf(azure.take())[0], "session.created");
  }
  const bad = new Client({ server: "azure" });
  await assertRejects(() => bad.dial(`${url}&api-key=sk-invalid`, {}), ConnectionError);
});

Deno.test("Voice Live has its own address, and reports voices without an id", async () => {
  const url = "wss://simulator/voice-live/realtime?api-version=2025-10-01&model=gpt-realtime";
  const client = await Client.open({ server: "voice-live", url, headers: { "api-key": "sk-test" } });
  for (const voice of [{ id: "voice_7" }, { name: "sage" }, { type: "openai", name: "cedar" }, "cedar"]) {
    const { session } = only(await client.ask({ type: "session.update", session: { voice } }), "session.updated");
    const name = typeof voice === "string" ? voice : voice.id ?? voice.name;
    assertEquals((session as Frame).voice, { name, type: "openai" });
  }
});

Deno.test("Voice Live accepts and reports the settings that only it has", async () => {
  const client = await Client.open({ server: "voice-live", pace: "fast" });
  const updated = async (session: Readonly<Record<string, unknown>>) =>
    only(await client.ask({ type: "session.update", session }), "session.updated").session as Frame;
  const turn_detection = {
    type: "azure_semantic_vad",
    threshold: 0.3,
    remove_filler_words: true,
    end_of_utterance_detection: { model: "semantic_detection_v1", timeout: 2 },
  };
  const voice = { name: "en-US-Ava:DragonHDLatestNeural", type: "azure-standard", temperature: 0.8 };
  const settings = {
    turn_detection,
    voice,
    input_audio_noise_reduction: { type: "azure_deep_noise_suppression" },
    input_audio_echo_cancellation: { type: "server_echo_cancellation" },
    input_audio_transcription: { model: "azure-speech", phrase_list: ["Neptune"] },
    animation: { outputs: ["viseme_id"] },
    temperature: 0.7,
    reasoning_effort: "none",
    interim_response: { type: "static_interim_response", texts: ["One moment."] },
    metadata: { tenant: "a" },
  };
  assertObjectMatch(await updated(settings), settings);
  // They stay, and the kinds of OpenAI replace them.
  assertObjectMatch(await updated({ instructions: "Be brief." }), settings);
  await client.speak(joined(tone(640), silence(800)));
  const turn = await client.wait(5000);
  assertEquals((only(turn, "response.created").response as Frame).voice, voice);
  const plain = await updated({
    turn_detection: { type: "server_vad" },
    input_audio_noise_reduction: { type: "near_field" },
    input_audio_transcription: null,
  });
  assertEquals((plain.turn_detection as Frame).type, "server_vad");
  assertEquals(plain.input_audio_noise_reduction, { type: "near_field" });
  assertEquals(plain.input_audio_transcription, null);
});

Deno.test("Voice Live accepts the settings of a response that only it has, and its input", async () => {
  const client = await Client.open({ server: "voice-live", pace: "fast" });
  const said = (role: string, type: string, text: string) => ({ type: "message", role, content: [{ type, text }] });
  const response = {
    modalities: ["text"],
    temperature: 0.7,
    reasoning_effort: "low",
    interim_response: null,
    cancel_previous: false,
    commit: false,
    metadata: { topic: "a" },
    input_items: [said("assistant", "text", "Yes?"), said("user", "input_text", "Say blue.")],
  };
  await client.ask(userText("Say red."));
  const frames = await client.ask({ type: "response.create", response }, 5000);
  assertEquals(only(frames, "response.text.done").text, "You said: Say blue.");
  assertObjectMatch(only(frames, "response.done").response as Frame, {
    conversation_id: null,
    metadata: { topic: "a" },
  });
  for (const name of ["input_items", "max_output_tokens"]) {
    const refused = { type: "response.create", response: { [name]: false } };
    assertEquals((errorOf(await client.ask(refused)) as Frame).param, `response.${name}`);
  }
});

Deno.test("Voice Live takes and shows messages of the model in the words of the beta", async () => {
  const client = await Client.open({ server: "voice-live" });
  const item = { type: "message", role: "assistant", content: [{ type: "text", text: "Hello." }] };
  const [created] = await client.ask({ type: "conversation.item.create", item });
  assertEquals([created!.type, (created!.item as Frame).content], ["conversation.item.created", item.content]);
});

Deno.test("Voice Live refuses parts of a message that have no type, or are none", async () => {
  const client = await Client.open({ server: "voice-live" });
  for (
    const [part, code, param] of [[null, "invalid_type", ""], [{ text: "Hi" }, "missing_required_parameter", ".type"]]
  ) {
    const item = { type: "message", role: "assistant", content: [part] };
    const error = errorOf(await client.ask({ type: "conversation.item.create", item })) as Frame;
    assertEquals([error.code, error.param], [code, `item.content[0]${param}`]);
  }
});

Deno.test("Voice Live changes two times of turn detection with its first settings, and then keeps absent ones", async () => {
  const client = await Client.open({ server: "voice-live" });
  const updated = async (turn_detection: unknown) => {
    const frames = await client.ask({ type: "session.update", session: { turn_detection } });
    return ((only(frames, "session.updated").session as Frame).turn_detection) as Frame;
  };
  const type = "server_vad";
  assertObjectMatch(await updated({ type, threshold: 0.4 }), { prefix_padding_ms: 400, silence_duration_ms: 500 });
  assertObjectMatch(await updated({ type, silence_duration_ms: 800 }), { silence_duration_ms: 800, threshold: 0.4 });
  const kept = { prefix_padding_ms: 400, silence_duration_ms: 800, threshold: 0.6 };
  assertObjectMatch(await updated({ type, threshold: 0.6 }), kept);
  assertObjectMatch(await updated({ type: "azure_semantic_vad" }), kept);
  await updated(null);
  assertObjectMatch(await updated({ type }), { prefix_padding_ms: 400, silence_duration_ms: 500, threshold: 0.5 });
});

Deno.test("Voice Live refuses settings under its own names", async () => {
  const client = await Client.open({ server: "voice-live" });
  const cases: readonly [session: Readonly<Record<string, unknown>>, param: string, message: RegExp][] = [
    [{ input_audio_format: "mp3" }, "session.input_audio_format", /^Invalid value: 'mp3'/],
    [{ input_audio_format: "pcm16_8000hz" }, "session.input_audio_format", /^Invalid value: 'pcm16_8000hz'/],
    [
      { input_audio_sampling_rate: 11025 },
      "session.input_audio_sampling_rate",
      /^Invalid 'session\.input_audio_sampling/,
    ],
    [{ turn_detection: { type: "server_vad", threshold: 2 } }, "session.turn_detection.threshold", /threshold'/],
    [{ turn_detection: { type: "none" } }, "session.turn_detection.type", /^Invalid value: 'none'/],
    [{ modalities: 5 }, "session.modalities", /^Invalid type for 'session\.modalities'/],
    [{ max_response_output_tokens: 0 }, "session.max_response_output_tokens", /^Invalid 'session\.max_response/],
    [{ bogus: 1, animation: {} }, "session.bogus", /^Unknown parameter: 'session\.bogus'/],
  ];
  for (const [session, param, message] of cases) {
    const error = errorOf(await client.ask({ type: "session.update", session })) as Frame;
    assertEquals(error.param, param);
    assertMatch(String(error.message), message);
  }
});

Deno.test("xAI reports previous_item_id for answers, and null for all other items", async () => {
  const client = await open("xai", [spoken("Yes.", 200)], [spoken("No.", 200)]);
  const seeded = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello." }] };
  const frames: Frame[] = [];
  for (let turn = 0; turn < 2; turn++) {
    frames.push(...await client.ask(userText("Hi")), ...await client.ask(CREATE, 2000));
  }
  frames.push(...await client.ask({ type: "conversation.item.create", item: seeded }));
  const added = frames.filter(({ type }) => type === "conversation.item.added");
  const ids = added.map(({ item }) => (item as Frame).id);
  assertEquals(added.map(({ previous_item_id }) => previous_item_id), [null, ids[0], null, ids[2], null]);
});

Deno.test("xAI distinguishes client secrets from API keys, before and after they expire", async () => {
  const api = new Api({ server: "xai" });
  const url = "https://simulator/v1/realtime/client_secrets";
  const body = JSON.stringify({ expires_after: { anchor: "created_at", seconds: 10 } });
  const { value } = await (await api.simulator.fetch(url, { method: "POST", headers: OWNER, body })).json();
  const opened = async () => {
    const client = new Client({}, { clock: api.clock, simulator: api.simulator });
    await client.dial(undefined, { Authorization: `Bearer ${value}` });
    await client.clock.advance(10);
    return typesOf(client.take())[0];
  };
  assertEquals(await opened(), "session.created");
  await api.clock.advance(10_000);
  assertEquals(await opened(), "error");
});

Deno.test("Azure sends every content part twice, and reports failed transcriptions as server errors", async () => {
  const client = await open("azure", [written("Hi.")]);
  const frames = await client.ask({ ...CREATE, response: { output_modalities: ["text"] } }, 1000);
  const { content, part } = only(frames, "response.content_part.done");
  assertEquals([content, part], [{ type: "text", text: "Hi." }, { type: "text", text: "Hi." }]);
  const failing = await Client.open({
    server: "azure",
    scenario: { turns: [{ transcription: { failure: { code: "busy", message: "Busy." } }, responses: [] }] },
  });
  const input = { transcription: { model: "whisper-1" }, turn_detection: null };
  await failing.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
  await failing.speak(tone(500));
  const failed = (await failing.ask({ type: "input_audio_buffer.commit" }, 3000)).find(({ type }) =>
    type.endsWith("failed")
  );
  assertObjectMatch(failed ?? {}, { error: { type: "server_error", code: "busy" } });
});

Deno.test("Voice Live omits event ids from its errors, and uses the beta's names", async () => {
  const client = await open("voice-live", [spoken("Hi.", 300)], [written("Ho.")]);
  const { event_id } = errorOf(await client.ask({ type: "response.cancel", event_id: "event_mine" })) as Frame;
  assertEquals(event_id, null);
  const heard = typesOf(await client.ask(CREATE, 2000));
  assert(heard.includes("response.audio.delta") && heard.includes("response.audio_transcript.done"), heard.join());
  const modalities = {
    type: "session.update",
    session: { modalities: ["text"], voice: { name: "alloy", type: "openai" } },
  };
  assertObjectMatch(only(await client.ask(modalities), "session.updated"), { session: { modalities: ["text"] } });
  const written_ = typesOf(await client.ask(CREATE, 2000));
  assert(written_.includes("response.text.delta") && !written_.includes("conversation.item.done"), written_.join());
});

Deno.test("xAI cancels a response for the next one, sends empty ids on deletion, and puts usage next to the response", async () => {
  const client = await open("xai", [spoken("A long story.", 60_000)], [spoken("Short.", 200)]);
  await client.ask(userText("Hi", ITEM));
  client.send(CREATE);
  const frames = await client.ask(CREATE, 2000);
  const [first, second] = frames.filter(({ type }) => type === "response.done");
  assertObjectMatch(first ?? {}, { response: { status: "cancelled", status_details: "unimplemented", usage: {} } });
  assertObjectMatch(second ?? {}, { response: { status: "completed" }, usage: { output_token_details: {} } });
  assertEquals(
    only(await client.ask({ type: "conversation.item.delete", item_id: ITEM.id }), "conversation.item.deleted").item_id,
    "",
  );
});

Deno.test("xAI answers turns despite create_response: false", async () => {
  const client = await open("xai", [spoken("Yes.", 200)]);
  const turn_detection = { type: "server_vad", create_response: false };
  await client.ask({ type: "session.update", session: { turn_detection } });
  await client.speak(tone(600));
  await client.speak(new Int16Array(24_000));
  assert((await client.wait(2000)).some(({ type }) => type === "response.done"));
});

Deno.test("xAI names no predecessor of a turn, and ends each audio once", async () => {
  const client = await open("xai", [spoken("Yes.", 200)], [spoken("No.", 200)], [written("Maybe.")]);
  await client.ask({ type: "session.update", session: { turn_detection: { type: "server_vad" } } });
  for (let turn = 0; turn < 2; turn++) {
    await client.speak(joined(tone(600), silence(1_000)));
    await client.wait(2_000);
  }
  await client.ask({ type: "response.create", response: { modalities: ["text"] } }, 2_000);
  const framesOf = (type: string) => client.received.filter((frame) => frame.type === type);
  assertEquals(framesOf("input_audio_buffer.committed").map((frame) => frame.previous_item_id), [null, null]);
  assertEquals(framesOf("response.content_part.done").length, 3);
  assertEquals(framesOf("response.output_audio.done").length, 2);
});

Deno.test("xAI turns off the detection of turns by its type", async () => {
  const client = await Client.open({ server: "xai", pace: "fast" });
  for (const [type, isHeard] of [["server_vad", true], [null, false]] as const) {
    const update = { type: "session.update", session: { turn_detection: { type } } };
    const { session } = only(await client.ask(update), "session.updated") as unknown as { session: Frame };
    assertEquals((session.turn_detection as Frame).type, type);
    await client.speak(joined(tone(600), silence(1_000)));
    const types = typesOf(await client.wait(2_000));
    assertEquals(types.includes("input_audio_buffer.speech_started"), isHeard);
  }
});

Deno.test("Voice Live and xAI order the fields of events and items as recorded", async () => {
  const orders = async (server: ServerName) => {
    const client = await open(server, [spoken("Hello.", 200)]);
    client.send({ type: "session.update", session: {} }, CREATE);
    const frames = await client.wait(5000);
    return (type: string, field?: string) => {
      const frame = frames.find((each) => each.type === type);
      return Object.keys((field ? frame?.[field] : frame) ?? {}).join();
    };
  };
  const voiceLive = await orders("voice-live");
  assertEquals(voiceLive("session.updated"), "event_id,type,session");
  assertMatch(voiceLive("session.updated", "session"), /^id,model,modalities,instructions,voice,.*,include$/);
  assertEquals(voiceLive("response.output_item.added", "item"), "id,object,type,status,role,content");
  assertMatch(voiceLive("response.done", "response"), /,output,usage,conversation_id,.*,max_output_tokens,metadata$/);
  const xai = await orders("xai");
  assertEquals(xai("session.updated"), "session,type,event_id,previous_item_id");
  assertEquals(xai("conversation.item.added"), "type,event_id,item,previous_item_id");
  assertEquals(
    xai("response.content_part.added"),
    "type,event_id,item_id,previous_item_id,part,response_id,content_index,output_index",
  );
  assertEquals(
    xai("response.output_audio.delta"),
    "type,event_id,item_id,response_id,delta,content_index,output_index,rid,latency,audio_duration_ms,ts,previous_item_id",
  );
});

Deno.test("xAI accepts and reports the tools that it runs itself", async () => {
  const client = await Client.open({ server: "xai", pace: "fast" });
  const own = [{ type: "web_search" }, { type: "x_search", allowed_x_handles: ["oai"] }];
  const tool = { name: "get_time", parameters: { type: "object", properties: {} } };
  const updated = async (session: Readonly<Record<string, unknown>>) =>
    (only(await client.ask({ type: "session.update", session }), "session.updated").session as Frame).tools;
  const both = [own[0], { type: "function", function: tool }, own[1]];
  assertEquals(await updated({ tools: [own[0], { type: "function", ...tool }, own[1]] }), both);
  assertEquals(await updated({ instructions: "Be brief." }), both);
  assertEquals(await updated({ tools: own }), own);
  assertEquals(await updated({ tools: [] }), undefined);
  const error = errorOf(
    await client.ask({ type: "session.update", session: { tools: [...own, { type: "browser" }] } }),
  ) as Frame;
  assertEquals([error.code, error.param], ["invalid_value", "session.tools[2].type"]);
});

Deno.test("xAI refuses settings of a wrong type, wherever they are", async () => {
  const client = await Client.open({ server: "xai" });
  const cases: readonly [session: Readonly<Record<string, unknown>>, param: string][] = [
    [{ audio: 5 }, "session.audio"],
    [{ audio: { input: 5 } }, "session.audio.input"],
    [{ audio: { output: null } }, "session.audio.output"],
    [{ audio: { input: { format: 5 } } }, "session.audio.input.format"],
    [{ modalities: "text" }, "session.modalities"],
    [{ turn_detection: 5 }, "session.turn_detection"],
    [{ turn_detection: { type: "server_vad", threshold: "high" } }, "session.turn_detection.threshold"],
    [{ voice: 5 }, "session.voice"],
    [{ tools: 5 }, "session.tools"],
    [{ tools: [{ type: "web_search" }, null] }, "session.tools[1]"],
  ];
  for (const [session, param] of cases) {
    const error = errorOf(await client.ask({ type: "session.update", session })) as Frame;
    assertEquals([error.code, error.param], ["invalid_type", param]);
    assert(String(error.message).includes(`'${param}'`), String(error.message));
  }
});

Deno.test("xAI takes the modalities of a response, as its documentation sends them", async () => {
  const client = await Client.open({ server: "xai", pace: "fast" });
  for (const [modalities, type] of [[["text"], "output_text"], [["text", "audio"], "output_audio"]] as const) {
    const frames = await client.ask({ type: "response.create", response: { modalities } }, 5000);
    assert(frames.some((frame) => frame.type === `response.${type}.delta`), modalities.join());
  }
  const { error } = only(await client.ask({ type: "response.create", response: { modalities: 5 } }), "error");
  assertEquals((error as Frame).param, "response.modalities");
});

Deno.test("xAI echoes metadata, by which LiveKit finds its responses, and shows no metadata without", async () => {
  const client = await Client.open({ server: "xai", pace: "fast" });
  const metadata = { client_event_id: "mine" };
  const named = await client.ask({ type: "response.create", response: { metadata } }, 5000);
  const plain = await client.ask(CREATE, 5000);
  for (const type of ["response.created", "response.done"]) {
    assertEquals((only(named, type).response as Frame).metadata, metadata);
    assertEquals("metadata" in (only(plain, type).response as Frame), false);
  }
});

Deno.test("xAI bills the audio of the whole conversation with each response", async () => {
  const reply = [spoken("Yes.", 700)];
  const client = await Client.open({ server: "xai", pace: "fast", ...scripted(reply, reply, reply) });
  const billed: unknown[] = [];
  for (let count = 0; count < 3; count++) {
    const { usage } = only(await client.ask(CREATE, 5000), "response.done");
    const { billable_audio_seconds, output_audio_seconds } = usage as Frame;
    billed.push([output_audio_seconds, billable_audio_seconds]);
  }
  assertEquals(billed, [[0.7, 1], [0.7, 2], [0.7, 3]]);
});

Deno.test("xAI measures the deltas of audio and words", async () => {
  const client = await Client.open({
    server: "xai",
    pace: "realtime",
    ...scripted([spoken("One two three. ".repeat(8), 900)]),
  });
  const [, ...frames] = await client.ask(CREATE, 5000);
  const words = frames.filter(({ type }) => type === "response.output_audio_transcript.delta");
  const audio = frames.filter(({ type }) => type === "response.output_audio.delta");
  assertEquals(audio.map((frame) => frame.audio_duration_ms), [100, 200, 200, 200, 200]);
  assertEquals(audio.map((frame) => frame.latency !== undefined), [true, false, false, false, false]);
  assertMatch(String(audio[0]?.latency), /^0\.\d\d$/);
  // Words name themselves, and audio the words before it.
  for (const { event_id, rid } of words) assertEquals(rid, event_id);
  for (const frame of audio) {
    const before = frames.slice(0, frames.indexOf(frame)).findLast((each) => words.includes(each));
    assertEquals(frame.rid, before?.event_id);
  }
  assertEquals(words[0]?.start_time, 0);
  const starts = words.map(({ start_time }) => Number(start_time));
  assertEquals(starts, starts.toSorted((a, b) => a - b));
  assert(starts.at(-1)! > 0 && starts.at(-1)! < 0.9, String(starts));
  const sentMs = audio.map(({ ts }) => Number(ts));
  assertEquals(sentMs.at(-1)! - sentMs[0]! >= 400, true, String(sentMs));
});

Deno.test("xAI measures each of two responses that are sent at once", async () => {
  const client = await Client.open({
    server: "xai",
    pace: "realtime",
    ...scripted([spoken("One two three. ".repeat(8), 900)], [spoken("Four five six. ".repeat(8), 900)]),
  });
  client.send(CREATE);
  await client.wait(100);
  client.send({ type: "response.create", response: { conversation: "none" } });
  await client.wait(5000);
  const created = client.received.filter(({ type }) => type === "response.created");
  const responses = created.map(({ response }) => (response as Frame).id);
  assertEquals(responses.length, 2);
  for (const id of responses) {
    const deltas = client.received.filter(({ response_id, type }) => response_id === id && /delta$/.test(type));
    const audio = deltas.filter(({ type }) => type === "response.output_audio.delta");
    assertEquals(audio.map((frame) => frame.latency !== undefined), [true, false, false, false, false]);
    const starts = deltas.filter(({ start_time }) => start_time !== undefined).map((frame) => Number(frame.start_time));
    assertEquals(starts, starts.toSorted((a, b) => a - b));
  }
});

Deno.test("The ping of xAI has the time of the simulator's clock", async () => {
  const first = await Client.connect({ server: "xai" });
  await first.wait(600_000);
  const second = new Client({}, first);
  await second.dial();
  await second.clock.advance(10);
  const [before, after] = [first, second].map(({ received }) => Number(only(received, "ping").timestamp));
  assertEquals(after! - before!, 600_010);
});

Deno.test("A self-hosted server assigns its own item ids, and omits fields it does not know", async () => {
  const client = await open("self-hosted", [spoken("Yes.", 200)]);
  const [created] = await client.ask(userText("Hi", ITEM));
  const { id } = created?.item as Frame;
  assertEquals(created?.type, "conversation.item.created");
  assertMatch(String(id), /^item_\w{21}$/);
  const frames = await client.ask({ ...CREATE, response: { metadata: { mine: "1" } } }, 2000);
  assertObjectMatch(only(frames, "response.done"), { response: { metadata: null } });
  await client.speak(tone(600));
  await client.speak(new Int16Array(24_000));
  const types = typesOf(await client.wait(2000));
  assert(types.includes("input_audio_buffer.speech_stopped") && !types.includes("input_audio_buffer.committed"));
});

Deno.test("audioShortfallMs makes the server count an answer shorter than the audio it sent", async () => {
  const server = { ...SERVER_PROFILES.openai, audioShortfallMs: 85 };
  const client = await Client.open({ server, pace: "fast", ...scripted([spoken("Hello.", 1000)]) });
  const { item } = only(await client.ask(CREATE, 2000), "response.output_item.done") as unknown as { item: Frame };
  const truncate = { type: "conversation.item.truncate", item_id: item.id, content_index: 0 };
  assertEquals(errorOf(await client.ask({ ...truncate, audio_end_ms: 1000 })), {
    type: "invalid_request_error",
    code: null,
    message: "Audio content of 915ms is already shorter than 1000ms",
    param: null,
    event_id: null,
  });
  only(await client.ask({ ...truncate, audio_end_ms: 915 }), "conversation.item.truncated");
});

Deno.test("A sideband can be refused on a call that was made with a client secret", async () => {
  const server = { ...SERVER_PROFILES.openai, allowsSidebandsOfSecrets: false };
  const api = new Api({ server });
  const post = (path: string, headers: HeadersInit, body: BodyInit) =>
    api.simulator.fetch(new Request(`https://simulator/v1${path}`, { method: "POST", headers, body }));
  const { value } = await (await post("/realtime/client_secrets", OWNER, "{}")).json();
  for (const [key, isAllowed] of [[value, false], ["sk-test", true]] as const) {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/sdp" };
    const response = await post("/realtime/calls?model=gpt-realtime", headers, OFFER);
    await response.body?.cancel();
    const callId = response.headers.get("location")?.split("/").at(-1);
    const client = new Client({}, { clock: api.clock, simulator: api.simulator });
    const dialing = client.dial(`wss://simulator/v1/realtime?call_id=${callId}`);
    if (isAllowed) await dialing;
    else assertEquals((await assertRejects(() => dialing, ConnectionError)).status, 404);
  }
  await api.simulator.close();
});

Deno.test("An idle sideband can be dropped, and one that sends stays", async () => {
  const api = new Api({ server: { ...SERVER_PROFILES.openai, idleSidebandMs: 180_000 } });
  const call = await api.call("/realtime/calls?model=gpt-realtime");
  const [idle, busy] = [await api.connect(`?call_id=${call.id}`), await api.connect(`?call_id=${call.id}`)];
  for (let minute = 0; minute < 4; minute++) {
    await api.clock.advance(60_000);
    busy.send({ type: "input_audio_buffer.clear" });
  }
  await api.clock.advance(0);
  assertEquals([idle.closed?.code, busy.closed, api.simulator.calls.length], [1006, undefined, 1]);
  await api.simulator.close();
});

Deno.test("The ids option creates the ids of xAI's own events, too", async () => {
  let count = 0;
  const scenario = { turns: [{ user: "Hello there", responses: [] }] };
  const client = await Client.connect({ server: "xai", pace: "fast", scenario, ids: () => `id ${++count}` });
  const turn_detection = { type: "server_vad" };
  const audio = { input: { transcription: { model: "grok-transcribe" } } };
  await client.ask({ type: "session.update", session: { turn_detection, audio } });
  await client.speak(joined(tone(500), silence(1000)));
  await client.wait(1000);
  const types = typesOf(client.received);
  for (const type of ["ping", "conversation.item.added", "conversation.item.input_audio_transcription.updated"]) {
    assert(types.includes(type), type);
  }
  const ids = client.received.map(({ event_id }) => String(event_id));
  assertEquals(ids.filter((id) => !/^id \d+$/.test(id)), []);
  assertEquals(new Set(ids).size, ids.length);
});
