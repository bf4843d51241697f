import { decodeBase64, encodeBase64, toBytes } from "../../../../src/audio/mod.ts";
import { assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { called, scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../../_client.ts";
import { tone } from "../../_sound.ts";

async function withItems(...ids: readonly string[]): Promise<Client> {
  const client = await Client.open();
  for (const id of ids) client.send(userText(id, { id }));
  await client.wait(0);
  return client;
}

function idsOf(client: Client): unknown[] {
  return client.simulator.sessions[0]!.items.map((item) => item.id);
}

/** A client whose model has said a second of audio. */
async function afterSpeech(): Promise<{ client: Client; item_id: string }> {
  const { createModel } = scripted([spoken("One two three.", 1000)]);
  const client = await Client.open({ createModel });
  const frames = await client.ask({ type: "response.create" }, 2000);
  return { client, item_id: (only(frames, "response.output_item.done").item as { id: string }).id };
}

function truncate(item_id: string, audio_end_ms: number, content_index = 0): Record<string, unknown> {
  return { type: "conversation.item.truncate", item_id, content_index, audio_end_ms };
}

Deno.test("conversation.item.create announces the item as added and done, with its predecessor", async () => {
  const client = await withItems("one");
  const frames = await client.ask(userText("two"));
  assertEquals(typesOf(frames), ["conversation.item.added", "conversation.item.done"]);
  const { item, previous_item_id } = only(frames, "conversation.item.added");
  assertEquals(previous_item_id, "one");
  const { id, ...rest } = item as Frame;
  assertMatch(String(id), /^item_\w{21}$/);
  assertEquals(rest as unknown, {
    type: "message",
    status: "completed",
    role: "user",
    content: [{ type: "input_text", text: "two" }],
  });
  assertEquals(only(frames, "conversation.item.done").item, item);
});

Deno.test("conversation.item.create inserts the item at the requested place", async () => {
  const client = await withItems("one", "two");
  const first = await client.ask({ ...userText("zero", { id: "zero" }), previous_item_id: "root" });
  assertEquals(only(first, "conversation.item.added").previous_item_id, null);
  const middle = await client.ask({ ...userText("half", { id: "half" }), previous_item_id: "one" });
  assertEquals(only(middle, "conversation.item.added").previous_item_id, "one");
  assertEquals(idsOf(client), ["zero", "one", "half", "two"]);
});

Deno.test("conversation.item.create refuses ids that are too long, taken or unknown", async () => {
  const client = await withItems("one");
  const long = "x".repeat(33);
  assertObjectMatch(errorOf(await client.ask(userText("?", { id: long }))) as object, {
    code: "string_above_max_length",
    param: "item.id",
    message: "Invalid 'item.id': string too long. Expected a string with maximum length 32, " +
      "but got a string with length 33 instead.",
  });
  assertObjectMatch(errorOf(await client.ask(userText("?", { id: "one" }))) as object, {
    message: "Error adding item: an item with id 'one' already exists.",
    param: "item.id",
  });
  assertObjectMatch(errorOf(await client.ask({ ...userText("?"), previous_item_id: "none" })) as object, {
    message: "Error adding item: the previous item with id 'none' does not exist.",
    param: "previous_item_id",
  });
  assertEquals(idsOf(client), ["one"]);
});

Deno.test("conversation.item.create refuses ids that have other characters than letters, digits, _ and -", async () => {
  const client = await withItems();
  const call = { type: "function_call", name: "look", arguments: "{}" };
  const cases: [field: string, item: object][] = [
    ["call_id", { ...call, call_id: "call_1/finished" }],
    ["call_id", { type: "function_call_output", call_id: "call_1/finished", output: "Nothing." }],
    ["id", { ...call, id: "item 1" }],
    ["id", { type: "message", role: "user", id: "item/1", content: [{ type: "input_text", text: "Hi." }] }],
  ];
  for (const [field, item] of cases) {
    assertObjectMatch(errorOf(await client.ask({ type: "conversation.item.create", item })) as object, {
      code: "invalid_value",
      message: `Invalid 'item.${field}': string does not match pattern. ` +
        "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      param: `item.${field}`,
    });
  }
  assertEquals(idsOf(client), []);
});

Deno.test("conversation.item.create refuses the output of a call that is not in the conversation", async () => {
  const client = await withItems("one");
  const call = { type: "function_call", id: "call", name: "look", call_id: "call_1", arguments: "{}" };
  const output = { type: "function_call_output", id: "out", call_id: "call_1", output: "Nothing." };
  const answer = { type: "conversation.item.create", item: output };
  const refusal = {
    type: "invalid_request_error",
    code: "invalid_tool_call_id",
    message: "Tool call ID 'call_1' not found in conversation.",
    param: null,
    event_id: null,
  };
  assertEquals(errorOf(await client.ask(answer)), refusal);
  await client.ask({ type: "conversation.item.create", item: { ...call, id: "other", call_id: "call_2" } });
  assertEquals(errorOf(await client.ask(answer)), refusal);
  await client.ask({ type: "conversation.item.create", item: call });
  await client.ask(answer);
  assertEquals(idsOf(client), ["one", "other", "call", "out"]);
  await client.ask({ type: "conversation.item.delete", item_id: "call" });
  assertEquals(errorOf(await client.ask({ ...answer, item: { ...output, id: "more" } })), refusal);
});

Deno.test("conversation.item.create holds an early output until the calling response has ended", async () => {
  for (const cancels of [false, true]) {
    const { createModel } = scripted([called("one", { a: 1 }), called("two", { b: 2 })]);
    const client = await Client.open({ createModel, pace: "realtime" });
    let answered = false;
    client.onFrame = ({ call_id, type }) => {
      if (type !== "response.function_call_arguments.done" || answered) return;
      answered = true;
      const item = { type: "function_call_output", id: "out", call_id, output: "1" };
      client.send({ type: "conversation.item.create", item });
      client.send({ type: "conversation.item.create", event_id: "event_again", item });
      client.send(userText("And now?", { id: "text" }));
      if (cancels) client.send({ type: "response.cancel" });
    };
    const frames = await client.ask({ type: "response.create" }, 5000);
    const done = frames.findIndex(({ type }) => type === "response.done");
    assertEquals(typesOf(frames.slice(done)), [
      "response.done",
      "rate_limits.updated",
      "conversation.item.added",
      "conversation.item.done",
      // The second item has the same id.
      "error",
    ]);
    assertEquals(frames.slice(0, done).some(({ type }) => type === "error"), false);
    assertObjectMatch(errorOf(frames.slice(-1)) as object, { event_id: "event_again" });
    // Other items are not held.
    const items = client.simulator.sessions[0]?.items ?? [];
    assertEquals(items.map(({ id, type }) => type === "function_call" ? type : id), [
      "function_call",
      "function_call",
      "text",
      "out",
    ]);
    assertEquals(frames[done + 2]?.previous_item_id, items.at(-2)?.id);
  }
});

Deno.test("conversation.item.create accepts every type of item", async () => {
  const client = await Client.open();
  const items = [
    { type: "message", role: "system", content: [{ type: "input_text", text: "Be brief." }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Yes." }] },
    { type: "function_call", name: "look", call_id: "call_1", arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: "Nothing." },
  ];
  const seen = [];
  for (const item of items) {
    const frames = await client.ask({ type: "conversation.item.create", item });
    const { id: _id, ...rest } = only(frames, "conversation.item.added").item as Record<string, unknown>;
    seen.push(rest);
  }
  const [system, assistant, call, output] = items;
  const status = "completed";
  assertEquals(seen, [{ ...system, status }, { ...assistant, status }, { ...call, status }, { ...output }]);
  const spoken = { type: "message", role: "assistant", content: [{ type: "output_audio", transcript: "Hi" }] };
  assertObjectMatch(errorOf(await client.ask({ type: "conversation.item.create", item: spoken })) as object, {
    code: "invalid_value",
    param: "item.content[0].type",
  });
});

Deno.test("conversation.item.create stores the user's audio, and passes it to the model", async () => {
  const heard: number[] = [];
  const client = await Client.open({
    createModel: () => ({
      hear(audio) {
        heard.push(audio.length);
        return "Hi";
      },
      reply: () => ({ outputs: [] }),
    }),
  });
  const audio = encodeBase64(toBytes(tone(500)));
  const item = { id: "spoken", type: "message", role: "user", content: [{ type: "input_audio", audio }] };
  const frames = await client.ask({ type: "conversation.item.create", item });
  assertObjectMatch(only(frames, "conversation.item.done"), {
    item: { content: [{ type: "input_audio", transcript: null }] },
  });
  assertEquals(heard, [12_000]);
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id: "spoken" });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), { item: { content: [{ audio }] } });
});

Deno.test("conversation.item.delete removes an item and closes the gap", async () => {
  const client = await withItems("one", "two");
  assertObjectMatch(
    only(await client.ask({ type: "conversation.item.delete", item_id: "two" }), "conversation.item.deleted"),
    {
      item_id: "two",
    },
  );
  const frames = await client.ask(userText("three"));
  assertEquals(only(frames, "conversation.item.added").previous_item_id, "one");
});

Deno.test("A command on a missing item is refused", async () => {
  const client = await Client.open();
  const cases = [
    [{ type: "conversation.item.delete", item_id: "x" }, "deleting", "item_delete_invalid_item_id"],
    [{ type: "conversation.item.retrieve", item_id: "x" }, "retrieving", "item_retrieve_invalid_item_id"],
    [truncate("x", 0), "truncating", "item_truncate_invalid_item_id"],
  ] as const;
  for (const [event, doing, code] of cases) {
    assertObjectMatch(errorOf(await client.ask(event)) as object, {
      code,
      message: `Error ${doing} item: the item with id 'x' does not exist.`,
    });
  }
});

Deno.test("conversation.item.truncate shortens the audio and drops the words", async () => {
  const { client, item_id } = await afterSpeech();
  const frames = await client.ask(truncate(item_id, 640));
  const { event_id: _id, ...rest } = only(frames, "conversation.item.truncated");
  assertEquals(rest as unknown, { type: "conversation.item.truncated", item_id, content_index: 0, audio_end_ms: 640 });
  assertEquals(client.simulator.sessions[0]?.audioMsOf(item_id), 640);
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id });
  const [part] = (only(retrieved, "conversation.item.retrieved").item as { content: Record<string, string>[] }).content;
  assertEquals(part?.transcript, "");
  assertEquals(decodeBase64(part?.audio ?? "").length, 640 * 48);
});

Deno.test("conversation.item.truncate refuses lengths beyond the audio, unspoken items, and other content", async () => {
  const { client, item_id } = await afterSpeech();
  assertObjectMatch(errorOf(await client.ask(truncate(item_id, 1001))) as object, {
    message: "Audio content of 1000ms is already shorter than 1001ms",
  });
  assertEquals(typesOf(await client.ask(truncate(item_id, 1000))), ["conversation.item.truncated"]);
  const only_audio = {
    message: "Only model output audio messages can be truncated",
    code: "unsupported_content_type",
  };
  assertObjectMatch(errorOf(await client.ask(truncate(item_id, 0, 1))) as object, only_audio);
  await client.ask(userText("Hello", { id: "typed" }));
  assertObjectMatch(errorOf(await client.ask(truncate("typed", 0))) as object, only_audio);
});

Deno.test("An item that was truncated to nothing has an audio of 0 ms", async () => {
  const { client, item_id } = await afterSpeech();
  for (const _ of ["once", "twice"]) {
    assertEquals(typesOf(await client.ask(truncate(item_id, 0))), ["conversation.item.truncated"]);
  }
  assertObjectMatch(errorOf(await client.ask(truncate(item_id, 1))) as object, {
    code: null,
    message: "Audio content of 0ms is already shorter than 1ms",
  });
});

Deno.test("conversation.item.truncate is refused while the item has no audio yet", async () => {
  const { createModel } = scripted({ outputs: [spoken("One two three.", 1000)], delayMs: 100 });
  const client = await Client.open({ createModel, pace: "realtime" });
  let refused: unknown;
  client.onFrame = ({ type, item_id, error }) => {
    if (type === "response.content_part.added") client.send(truncate(String(item_id), 0));
    refused ??= error;
  };
  await client.ask({ type: "response.create" }, 200);
  assertObjectMatch(refused as object, { code: "unsupported_content_type" });
});

Deno.test("A truncated item receives no more audio or words", async () => {
  const { createModel } = scripted([spoken("One two three.", 5000)]);
  const client = await Client.open({ createModel, pace: "realtime" });
  const frames = await client.ask({ type: "response.create" }, 1000);
  const { id } = only(frames, "response.output_item.added").item as { id: string };
  await client.ask(truncate(id, 300));
  const after = await client.wait(10_000);
  assertEquals(client.simulator.sessions[0]?.audioMsOf(id), 300);
  assertObjectMatch(only(after, "conversation.item.done"), { item: { content: [{ transcript: "" }] } });
});

Deno.test("An item deleted while it is generated is not announced as done", async () => {
  const { createModel } = scripted([written("One two three four five six.")]);
  const client = await Client.open({ createModel, pace: "realtime" });
  const response = { output_modalities: ["text"] };
  const frames = await client.ask({ type: "response.create", response }, 120);
  const { id } = only(frames, "response.output_item.added").item as { id: string };
  const after = await client.ask({ type: "conversation.item.delete", item_id: id }, 1000);
  assertEquals(typesOf(after).includes("conversation.item.done"), false);
  assertEquals(typesOf(after).includes("response.output_item.done"), true);
});

Deno.test("The audio of several content parts is concatenated", async () => {
  const client = await Client.open();
  const content = [300, 200].map((ms) => ({ type: "input_audio", audio: encodeBase64(toBytes(tone(ms))) }));
  const item = { id: "two", type: "message", role: "user", content };
  await client.ask({ type: "conversation.item.create", item });
  assertEquals(client.simulator.sessions[0]?.audioMsOf("two"), 500);
});
