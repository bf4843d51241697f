import { encodeG711, float32ToPcm16, resample } from "../../../../src/audio/mod.ts";
import type { Clock } from "../../../../src/_internal/clock.ts";
import { createSimulator } from "../../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../../src/simulator/virtual_clock.ts";
import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { called, scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../../_client.ts";
import { tone } from "../../_sound.ts";

function create(response: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { type: "response.create", response: { output_modalities: ["text"], ...response } };
}

function done(frames: readonly Frame[]): Record<string, unknown> {
  return only(frames, "response.done").response as Record<string, unknown>;
}

Deno.test("A second response is refused while one is active, and the error names that one", async () => {
  const client = await Client.open({ ...scripted([written("One two three.")]), pace: "realtime" });
  const { response } = only(await client.ask(create()), "response.created") as unknown as { response: { id: string } };
  assertEquals(errorOf(await client.ask({ ...create(), event_id: "second" })), {
    type: "invalid_request_error",
    code: "conversation_already_has_active_response",
    message: `Conversation already has an active response in progress: ${response.id}. ` +
      "Wait until the response is finished before creating a new one.",
    param: null,
    event_id: "second",
  });
  assertEquals(done(await client.wait(5000)).id, response.id);
});

Deno.test("An out-of-band response runs in parallel, and leaves no trace in the conversation", async () => {
  const { createModel, contexts } = scripted([written("One two three.")], [written("Aside.")]);
  const client = await Client.open({ createModel, pace: "realtime" });
  await client.ask(userText("Hello"));
  await client.ask(create());
  const metadata = { topic: "aside" };
  const frames = await client.ask(create({ conversation: "none", metadata }), 5000);
  const aside = frames.find(({ type, response }) => {
    return type === "response.done" && (response as Frame).conversation_id === null;
  });
  assertObjectMatch(aside ?? {}, { response: { status: "completed", metadata } });
  assertEquals(contexts.map(({ outOfBand }) => outOfBand), [false, true]);
  const item = (aside?.response as { output: { id: string }[] }).output[0];
  const conversationItems = frames.filter(({ type }) => type.startsWith("conversation.item"));
  assertEquals(conversationItems.some((frame) => (frame.item as { id: string }).id === item?.id), false);
  assertEquals(client.simulator.sessions[0]?.items.length, 2);
});

Deno.test("response.cancel can name an out-of-band response", async () => {
  const client = await Client.open({ ...scripted([written("One two three.")]), pace: "realtime" });
  const frames = await client.ask(create({ conversation: "none" }));
  const { id } = only(frames, "response.created").response as { id: string };
  assertObjectMatch(errorOf(await client.ask({ type: "response.cancel" })) as object, {
    code: "response_cancel_not_active",
  });
  assertObjectMatch(done(await client.ask({ type: "response.cancel", response_id: id })), { id, status: "cancelled" });
  assertObjectMatch(errorOf(await client.ask({ type: "response.cancel", response_id: id })) as object, {
    code: "response_cancel_not_active",
  });
});

Deno.test("A response cancelled at once has no output", async () => {
  const client = await Client.open(scripted([written("One two three.")]));
  client.send(create(), { type: "response.cancel" });
  const frames = await client.wait(5000);
  assertEquals(typesOf(frames), ["response.created", "response.done", "rate_limits.updated"]);
  assertObjectMatch(done(frames), { status: "cancelled", output: [], usage: { output_tokens: 0 } });
});

Deno.test("The model receives the settings of the response, with those of the session as defaults", async () => {
  const { createModel, contexts } = scripted([written("Yes.")]);
  const client = await Client.open({ createModel });
  const look = { type: "function", name: "look", parameters: { type: "object" } };
  const session = { type: "realtime", instructions: "Be brief.", tools: [look], tool_choice: "required" };
  await client.ask({ type: "session.update", session });
  await client.ask(create(), 1000);
  const own = {
    instructions: "Be long.",
    tools: [{ ...look, name: "see" }],
    tool_choice: { type: "function", name: "see" },
  };
  await client.ask({ type: "response.create", response: own }, 1000);
  const seen = contexts.map(({ instructions, modality, ownToolChoice, toolChoice, tools }) => {
    return { instructions, modality, ownToolChoice, toolChoice, tools: tools.map(({ name }) => name) };
  });
  assertEquals(seen, [
    { instructions: "Be brief.", modality: "text", ownToolChoice: false, toolChoice: "required", tools: ["look"] },
    {
      instructions: "Be long.",
      modality: "audio",
      ownToolChoice: true,
      toolChoice: { type: "function", name: "see" },
      tools: ["see"],
    },
  ]);
});

Deno.test("The model receives the response's own input instead of the conversation", async () => {
  const { createModel, contexts } = scripted([written("Yes.")]);
  const client = await Client.open({ createModel });
  client.send(userText("one", { id: "one" }), userText("two", { id: "two" }));
  const item = { type: "message", role: "user", content: [{ type: "input_text", text: "three" }] };
  await client.ask(create({ input: [{ type: "item_reference", id: "two" }, item] }), 1000);
  assertEquals(contexts[0]?.items.map((item) => "content" in item && item.content[0]), [
    { type: "input_text", text: "two" },
    { type: "input_text", text: "three" },
  ]);
  await client.ask(create({ input: [] }), 1000);
  assertEquals(contexts[1]?.items, []);
  const unknown = create({ input: [{ type: "item_reference", id: "none" }] });
  assertObjectMatch(errorOf(await client.ask(unknown)) as object, {
    code: "invalid_value",
    message: "Item with id 'none' not found.",
    param: "response.input[0].id",
  });
});

Deno.test("A response ends incomplete when its tokens run out", async () => {
  const text = "One two three four five six seven eight nine ten eleven twelve.";
  const cases = [
    [4, "text", written(text), { type: "message", status: "incomplete" }],
    [12, "audio", spoken(text, 2000), { type: "message", status: "incomplete" }],
    [4, "text", called("look", { at: text }), { type: "function_call", status: "incomplete" }],
  ] as const;
  for (const [max_output_tokens, modality, output, item] of cases) {
    const client = await Client.open(scripted([output]));
    const response = done(await client.ask(create({ max_output_tokens, output_modalities: [modality] }), 5000));
    assertObjectMatch(response, {
      status: "incomplete",
      status_details: { type: "incomplete", reason: "max_output_tokens" },
      output: [item],
      max_output_tokens,
    });
    const { output_tokens } = response.usage as { output_tokens: number };
    assert(output_tokens > 0 && output_tokens <= max_output_tokens);
  }
});

Deno.test("The token limit counts all outputs together", async () => {
  const plan = [written("One two three four five.", "commentary"), called("look", { at: "everything there is" })];
  const all = done(await (await Client.open(scripted(plan))).ask(create(), 5000)).usage as { output_tokens: number };
  const client = await Client.open(scripted(plan));
  const response = done(await client.ask(create({ max_output_tokens: all.output_tokens - 1 }), 5000));
  assertObjectMatch(response, {
    status: "incomplete",
    output: [{ type: "message", status: "completed" }, { type: "function_call", status: "incomplete" }],
  });
});

Deno.test("A response ends with the planned outcome", async () => {
  const { createModel } = scripted(
    { outputs: [written("One.")], outcome: { status: "failed", code: "server_error", message: "Out of order." } },
    { outputs: [written("One.")], outcome: { status: "incomplete", reason: "content_filter" } },
    { outputs: [] },
  );
  const client = await Client.open({ createModel });
  assertObjectMatch(done(await client.ask(create(), 1000)), {
    status: "failed",
    status_details: { type: "failed", error: { code: "server_error", message: "Out of order." } },
    output: [{ status: "completed" }],
  });
  assertObjectMatch(done(await client.ask(create(), 1000)), {
    status: "incomplete",
    status_details: { type: "incomplete", reason: "content_filter" },
    output: [{ status: "incomplete" }],
  });
  assertObjectMatch(done(await client.ask(create(), 1000)), { status: "completed", output: [] });
});

Deno.test("The first output waits for the planned delay", async () => {
  const client = await Client.open({ ...scripted({ outputs: [written("One.")], delayMs: 700 }), pace: "fast" });
  assertEquals(typesOf(await client.ask(create(), 699)), ["response.created"]);
  assertEquals(typesOf(await client.wait(1))[0], "response.output_item.added");
});

Deno.test("Usage counts input and output at the documented rates, and cached input", async () => {
  const plan = [spoken("Four words are here.", 3000)];
  const client = await Client.open(scripted(plan, plan));
  const session = {
    type: "realtime",
    instructions: "x".repeat(40),
    audio: { input: { turn_detection: null } },
  };
  await client.ask({ type: "session.update", session });
  await client.speak(tone(2000));
  await client.ask({ type: "input_audio_buffer.commit" });
  const first = done(await client.ask({ type: "response.create" }, 5000));
  const zero = { text_tokens: 0, audio_tokens: 0, image_tokens: 0 };
  assertEquals(first.usage, {
    total_tokens: 95,
    input_tokens: 30,
    output_tokens: 65,
    input_token_details: {
      text_tokens: 10,
      audio_tokens: 20,
      image_tokens: 0,
      cached_tokens: 0,
      cached_tokens_details: zero,
    },
    output_token_details: { text_tokens: 5, audio_tokens: 60 },
  });
  const second = done(await client.ask({ type: "response.create" }, 5000));
  assertObjectMatch(second, {
    usage: {
      input_tokens: 95,
      input_token_details: {
        text_tokens: 15,
        audio_tokens: 80,
        cached_tokens: 15 + 64,
        cached_tokens_details: { text_tokens: 15, audio_tokens: 64 },
      },
    },
  });
});

Deno.test("Cached tokens count only what the conversation has read before", async () => {
  const client = await Client.open(scripted([written("Yes.")]));
  const cached = async (response: Readonly<Record<string, unknown>>) => {
    const { usage } = done(await client.ask(create(response), 1000));
    return (usage as { input_token_details: { cached_tokens: number } }).input_token_details.cached_tokens;
  };
  assertEquals(await cached({ conversation: "none" }), 0);
  assertEquals(await cached({}), 0);
  assert(await cached({}) > 0);
  assertEquals(await cached({ input: [] }), 0);
});

Deno.test("Usage counts the user's audio, but not its transcript", async () => {
  const client = await Client.open(scripted([written("Yes.")]));
  const input = { turn_detection: null, transcription: { model: "whisper-1" } };
  await client.ask({ type: "session.update", session: { type: "realtime", instructions: "x", audio: { input } } });
  await client.speak(tone(1000));
  await client.ask({ type: "input_audio_buffer.commit" }, 1000);
  assertObjectMatch(done(await client.ask(create(), 1000)), {
    usage: { input_token_details: { text_tokens: 1, audio_tokens: 10 } },
  });
});

Deno.test("Rate limits are sent after each response", async () => {
  const client = await Client.open(scripted([written("Yes.")]));
  const frames = await client.ask(create(), 1000);
  assertEquals(typesOf(frames).slice(-2), ["response.done", "rate_limits.updated"]);
  const [limit] = only(frames, "rate_limits.updated").rate_limits as Frame[];
  const { total_tokens } = done(frames).usage as { total_tokens: number };
  assertObjectMatch(limit ?? {}, { name: "tokens", limit: 15_000_000, remaining: 15_000_000 - total_tokens });
});

Deno.test("Audio is sent in the requested format", async () => {
  const samples = tone(500);
  for (const type of ["audio/pcmu", "audio/pcma"] as const) {
    const client = await Client.open(scripted([spoken("Hello.", 500)]));
    const response = { audio: { output: { format: { type } } } };
    const frames = await client.ask({ type: "response.create", response }, 1000);
    const deltas = frames.filter((frame) => frame.type === "response.output_audio.delta");
    const bytes = deltas.flatMap(({ delta }) => [...Uint8Array.from(atob(String(delta)), (c) => c.charCodeAt(0))]);
    const expected = encodeG711(float32ToPcm16(resample(samples, { from: 24000, to: 8000 })), type);
    assertEquals(bytes, [...expected]);
    assertObjectMatch(done(frames), { audio: { output: { format: { type } } } });
  }
});

Deno.test("Audio is sent at its pace in bursts of 400 ms, and no faster", async () => {
  const { createModel } = scripted([spoken("Hello there.", 4000)]);
  const client = await Client.open({ createModel, pace: 2 });
  const arrivals: [number, number][] = [];
  let sentMs = 0;
  client.onFrame = ({ type, delta }) => {
    if (type !== "response.output_audio.delta") return;
    arrivals.push([client.clock.now(), sentMs]);
    sentMs += atob(String(delta)).length / 48;
  };
  await client.ask({ type: "response.create" }, 10_000);
  assertEquals(sentMs, 4000);
  const [startMs = 0] = arrivals[0] ?? [];
  for (const [atMs, beforeMs] of arrivals) {
    const heardMs = (atMs - startMs) * 2;
    assert(beforeMs - heardMs < 500, `${beforeMs} ms sent after ${heardMs} ms`);
    assert(beforeMs - heardMs > -1, `only ${beforeMs} ms sent after ${heardMs} ms`);
  }
});

Deno.test("Audio that is sent late does not delay the rest", async () => {
  const clock = createVirtualClock();
  const late: Clock = { now: () => clock.now(), schedule: (callback, ms) => clock.schedule(callback, ms + 3) };
  const { createModel } = scripted([spoken("Hello there.", 60_000)]);
  const machine: string[] = [];
  const simulator = createSimulator({
    createModel,
    clock: late,
    pace: "realtime",
    onFrame: ({ data }) => machine.push(String(data)),
  });
  const transport = simulator.transport();
  await clock.advance(100);
  transport.send({ type: "response.create" });
  await clock.advance(60_000);
  const sentMs = machine.filter((data) => data.includes('"response.output_audio.delta"')).length * 200;
  assert(sentMs > 59_500, `${sentMs} ms were sent`);
});

Deno.test("The voice of a response cannot change once the model has spoken", async () => {
  const client = await Client.open(scripted([spoken("Hello.", 200)]));
  await client.ask(create(), 1000);
  const response = { audio: { output: { voice: "cedar" } } };
  assertObjectMatch(done(await client.ask({ type: "response.create", response }, 1000)), response);
  const other = { audio: { output: { voice: "ash" } } };
  assertObjectMatch(errorOf(await client.ask({ type: "response.create", response: other })) as object, {
    code: "cannot_update_voice",
  });
});

Deno.test("A response belongs to the session's conversation or to none", async () => {
  const client = await Client.open(scripted([written("Yes.")]));
  assertEquals(errorOf(await client.ask(create({ conversation: "conv_1" }))), {
    type: "invalid_request_error",
    code: "invalid_value",
    message: "Invalid value: 'conv_1'. Supported values are: 'auto' and 'none'.",
    param: "response.conversation",
    event_id: null,
  });
  assertObjectMatch(done(await client.ask(create({ conversation: "auto" }), 1000)), { status: "completed" });
});
