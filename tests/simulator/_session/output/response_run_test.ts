import { decodeBase64 } from "../../../../src/audio/mod.ts";
import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { called, scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, type Frame, only, typesOf, userText } from "../../_client.ts";

const TEXT = { type: "response.create", response: { output_modalities: ["text"] } };

/** The last events of a spoken message and its response. */
const AUDIO_END = [
  "response.output_audio.done",
  "response.output_audio_transcript.done",
  "response.content_part.done",
  "conversation.item.done",
  "response.output_item.done",
  "response.done",
  "rate_limits.updated",
];

function responseOf(frames: readonly Frame[], type = "response.done"): Record<string, unknown> {
  return only(frames, type).response as Record<string, unknown>;
}

Deno.test("A text response is streamed in the recorded order", async () => {
  const { createModel } = scripted([written("Hi there, friend!")]);
  const client = await Client.open({ createModel });
  await client.ask(userText("Say hi."));
  const frames = await client.ask(TEXT, 1000);
  assertEquals(typesOf(frames), [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
  ]);
  const deltas = frames.filter(({ type }) => type === "response.output_text.delta");
  assertEquals(deltas.map(({ delta }) => delta), ["Hi", " there", ",", " friend", "!"]);
  for (const { delta, obfuscation } of deltas) assertEquals(`${delta}${obfuscation}`.length, 16);
  assertEquals(only(frames, "response.output_text.done").text, "Hi there, friend!");
  assertEquals(only(frames, "response.content_part.added").part, { type: "text", text: "" });
  assertObjectMatch(responseOf(frames), { status: "completed", status_details: null, metadata: null });
});

Deno.test("An audio response sends its words before its audio, in the recorded order", async () => {
  const { createModel } = scripted([spoken("Hello there, how are you today?", 1500)]);
  const client = await Client.open({ createModel });
  const frames = await client.ask({ type: "response.create" }, 2000);
  assertEquals(new Set(typesOf(frames).slice(0, 4)).size, 4);
  assertEquals(typesOf(frames).slice(-8), [
    "response.output_audio.delta",
    ...AUDIO_END,
  ]);
  const deltas = frames.filter(({ type }) => type === "response.output_audio.delta");
  const bytes = deltas.map(({ delta }) => decodeBase64(delta as string).length);
  assertEquals(bytes.reduce((sum, length) => sum + length, 0), 1500 * 48);
  assertEquals(deltas.some((delta) => "obfuscation" in delta), false);
  const types = frames.map(({ type }) => type);
  const lastWord = types.lastIndexOf("response.output_audio_transcript.delta");
  assertEquals(types.slice(4, 8), Array(4).fill("response.output_audio_transcript.delta"));
  assert(lastWord < types.lastIndexOf("response.output_audio.delta"));
  const transcript = "Hello there, how are you today?";
  assertEquals(only(frames, "response.content_part.done").part, { type: "audio", transcript });
  assertObjectMatch(responseOf(frames), { output: [{ content: [{ type: "output_audio", transcript }] }] });
});

Deno.test("A function call streams its arguments, and has a call_id of 16 letters", async () => {
  const { createModel } = scripted([called("get_weather", { city: "London" })]);
  const client = await Client.open({ createModel });
  const frames = await client.ask(TEXT, 1000);
  assertEquals(typesOf(frames), [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
    "rate_limits.updated",
  ]);
  const added = only(frames, "response.output_item.added").item as Record<string, unknown>;
  assertEquals(added.arguments, "");
  assertEquals(String(added.call_id).length, "call_".length + 16);
  const deltas = frames.filter(({ type }) => type === "response.function_call_arguments.delta");
  assertEquals(deltas.map(({ delta }) => delta).join(""), `{"city":"London"}`);
  const { call_id, name, arguments: json } = only(frames, "response.function_call_arguments.done");
  assertEquals({ call_id, name, json }, { call_id: added.call_id, name: "get_weather", json: `{"city":"London"}` });
});

Deno.test("A commentary stays open while the function call after it is streamed", async () => {
  const { createModel } = scripted([written("I will look.", "commentary"), called("get_weather", { city: "London" })]);
  const client = await Client.open({ createModel });
  const frames = await client.ask(TEXT, 1000);
  const indexes = frames.filter((frame) => "output_index" in frame).map(({ type, output_index }) => [
    type.replace("response.", ""),
    output_index,
  ]);
  assertEquals(indexes.filter(([type], index) => type !== indexes[index - 1]?.[0]), [
    ["output_item.added", 0],
    ["content_part.added", 0],
    ["output_text.delta", 0],
    ["output_item.added", 1],
    ["function_call_arguments.delta", 1],
    ["output_text.done", 0],
    ["content_part.done", 0],
    ["output_item.done", 0],
    ["function_call_arguments.done", 1],
    ["output_item.done", 1],
  ]);
  assertObjectMatch(responseOf(frames), { output: [{ phase: "commentary" }, { type: "function_call" }] });
});

Deno.test("A response that adds the second item of a conversation reports it as done with a null predecessor", async () => {
  const { createModel } = scripted([written("One.")], [written("Two.")]);
  const client = await Client.open({ createModel });
  await client.ask(userText("Count."));
  const first = await client.ask(TEXT, 1000);
  const second = await client.ask(TEXT, 1000);
  const firstItem = only(first, "conversation.item.done");
  assertEquals(firstItem.previous_item_id, null);
  assertEquals(only(second, "conversation.item.done").previous_item_id, (firstItem.item as { id: string }).id);
});

Deno.test("response.cancel ends the streaming at once with the part already sent", async () => {
  const { createModel } = scripted([spoken("One two three four five six seven eight nine ten.", 10_000)]);
  const client = await Client.open({ createModel, pace: "realtime" });
  const before = await client.ask({ type: "response.create" }, 1000);
  const sent = before.filter(({ type }) => type === "response.output_audio_transcript.delta");
  const transcript = sent.map(({ delta }) => delta).join("");
  const frames = await client.ask({ type: "response.cancel" });
  assertEquals(typesOf(frames), AUDIO_END);
  assertEquals(only(frames, "response.output_audio_transcript.done").transcript, transcript);
  assertObjectMatch(responseOf(frames), {
    status: "cancelled",
    status_details: { type: "cancelled", reason: "client_cancelled" },
    output: [{ status: "incomplete", content: [{ transcript }] }],
  });
  assertEquals(await client.wait(60_000), []);
  assertEquals(typesOf(await client.ask({ type: "response.create" })), ["response.created"]);
});

Deno.test("response.cancel takes effect before the rest is sent, at every pace", async () => {
  for (const pace of ["fast", 4, "realtime"] as const) {
    const { createModel } = scripted([spoken("One two three four five.", 5000)]);
    const client = await Client.open({ createModel, pace });
    client.onFrame = ({ type }) => {
      if (type === "response.output_audio.delta") client.send({ type: "response.cancel" });
    };
    const frames = await client.ask({ type: "response.create" }, 60_000);
    assertEquals(frames.filter(({ type }) => type === "response.output_audio.delta").length, 1, String(pace));
    assertObjectMatch(responseOf(frames), { status: "cancelled" });
  }
});
