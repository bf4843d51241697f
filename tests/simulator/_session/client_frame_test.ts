import { assertEquals } from "@std/assert";
import { Client, errorOf, typesOf, userText } from "../_client.ts";

const ACCEPTED = "Supported values are: 'session.update', 'session.close', 'input_audio_buffer.append', " +
  "'session.input_audio_buffer.append', 'input_audio_buffer.commit', 'input_audio_buffer.clear', " +
  "'conversation.item.create', 'conversation.item.truncate', 'conversation.item.delete', " +
  "'conversation.item.retrieve', 'response.create', and 'response.cancel'.";

Deno.test("What is no event is refused in the server's words, and the session goes on", async () => {
  const cases = [
    ["not json", "invalid_json", null, "Invalid event: failed to parse JSON value."],
    ["[]", "invalid_event", null, "Invalid event: expected a JSON object."],
    ["{}", "missing_required_parameter", "type", "Missing required parameter: 'type'."],
    ['{"type":"nope"}', "invalid_value", "type", `Invalid value: 'nope'. ${ACCEPTED}`],
    [
      '{"type":"output_audio_buffer.clear"}',
      "invalid_value",
      "type",
      `Invalid value: 'output_audio_buffer.clear'. ${ACCEPTED}`,
    ],
    [
      '{"type":"input_audio_buffer.clear","bogus":1}',
      "unknown_parameter",
      "bogus",
      "Unknown parameter: 'bogus'.",
    ],
    [
      '{"type":"conversation.item.retrieve"}',
      "missing_required_parameter",
      "item_id",
      "Missing required parameter: 'item_id'.",
    ],
    [
      '{"type":"input_audio_buffer.append","audio":"%%%"}',
      "invalid_value",
      "audio",
      "Invalid 'audio'. Expected base64-encoded audio bytes.",
    ],
  ] as const;
  const client = await Client.open();
  for (const [frame, code, param, message] of cases) {
    const error = errorOf(await client.ask(frame));
    assertEquals(error, { type: "invalid_request_error", code, message, param, event_id: null }, frame);
  }
  assertEquals(typesOf(await client.ask({ type: "input_audio_buffer.clear" })), ["input_audio_buffer.cleared"]);
});

Deno.test("An error names the event that it refuses", async () => {
  const client = await Client.open();
  const error = errorOf(await client.ask({ type: "response.cancel", event_id: "mine" }));
  assertEquals(error, {
    type: "invalid_request_error",
    code: "response_cancel_not_active",
    message: "Cancellation failed: no active response found",
    param: null,
    event_id: "mine",
  });
});

Deno.test("A mind that throws is told of as a server error, and the session goes on", async () => {
  const client = await Client.open({
    createModel: () => ({
      hear: () => "",
      reply() {
        throw new Error("Out of ideas");
      },
    }),
  });
  for (const event_id of ["one", "two"]) {
    assertEquals(errorOf(await client.ask({ type: "response.create", event_id })), {
      type: "server_error",
      code: null,
      message: "The simulator failed: Out of ideas",
      param: null,
      event_id,
    });
  }
});

Deno.test("An id of an event that is null counts as absent", async () => {
  const client = await Client.open();
  const frames = await client.ask({ ...userText("Hello"), previous_item_id: null, event_id: null });
  assertEquals(typesOf(frames), ["conversation.item.added", "conversation.item.done"]);
});

Deno.test("Numbers are refused by what is wrong with them", async () => {
  const client = await Client.open();
  const truncate = { type: "conversation.item.truncate", item_id: "x", content_index: 0 };
  const cases = [
    [1.5, "invalid_type", "Invalid type for 'audio_end_ms': expected an integer, but got a decimal instead."],
    [
      -1,
      "integer_below_min_value",
      "Invalid 'audio_end_ms': integer below minimum value. Expected a value >= 0, but got -1 instead.",
    ],
    ["1", "invalid_type", "Invalid type for 'audio_end_ms': expected a decimal, but got a string instead."],
  ] as const;
  for (const [audio_end_ms, code, message] of cases) {
    const error = errorOf(await client.ask({ ...truncate, audio_end_ms }));
    assertEquals(error, { type: "invalid_request_error", code, message, param: "audio_end_ms", event_id: null });
  }
});

Deno.test("Fields are refused by what is wrong with them, in words that name no more of them than they must", async () => {
  const client = await Client.open();
  const update = (session: object) => ({ type: "session.update", session: { type: "realtime", ...session } });
  const metadata = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, "value"]));
  const cases = [
    [
      { type: "response.create", response: { metadata } },
      "response.metadata",
      "object_above_max_properties",
      "Invalid 'response.metadata': too many properties. Expected an object with at most 16 properties, " +
      "but got an object with 17 properties instead.",
    ],
    [
      userText("Hi", { id: "" }),
      "item.id",
      "empty_string",
      "Invalid 'item.id': empty string. Expected a string with minimum length 1, but got an empty string instead.",
    ],
    [
      { type: "input_audio_buffer.append", audio: "A".repeat(20_971_524) },
      "audio",
      "string_above_max_length",
      "Invalid 'audio': string too long. Expected a string with maximum length 20971520, " +
      "but got a string with length 20971524 instead.",
    ],
    [
      update({ audio: { output: { format: { type: "audio/opus" } } } }),
      "session.audio.output.format.type",
      "invalid_value",
      "Invalid value: 'audio/opus'. Supported values are: 'audio/pcm', 'audio/pcmu', and 'audio/pcma'.",
    ],
    [
      update({ tool_choice: "" }),
      "session.tool_choice",
      "invalid_value",
      "Invalid value: ''. Supported values are: 'auto', 'none', and 'required'.",
    ],
    [
      update({ tools: [{ type: "mcp", server_label: "docs" }] }),
      "session.tools[0]",
      "invalid_value",
      'Invalid value: {"type":"mcp","server_label":"docs"}. ' +
      "Expected an object with a server_url, connector_id or tunnel_id.",
    ],
    [
      update({ audio: { input: { turn_detection: { type: "server_vad", threshold: 2 } } } }),
      "session.audio.input.turn_detection.threshold",
      "decimal_above_max_value",
      "Invalid 'session.audio.input.turn_detection.threshold': decimal above maximum value. " +
      "Expected a value <= 1, but got 2 instead.",
    ],
  ] as const;
  for (const [event, param, code, message] of cases) {
    const error = errorOf(await client.ask(event));
    assertEquals(error, { type: "invalid_request_error", code, message, param, event_id: null });
  }
});
