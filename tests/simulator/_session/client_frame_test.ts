import { assert, assertEquals, assertMatch } from "@std/assert";
import type { SimulatedModel } from "../../../src/simulator/model/simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf, userText } from "../_client.ts";
import { tone } from "../_sound.ts";

const ACCEPTED = "Supported values are: 'session.update', 'session.close', 'input_audio_buffer.append', " +
  "'session.input_audio_buffer.append', 'input_audio_buffer.commit', 'input_audio_buffer.clear', " +
  "'conversation.item.create', 'conversation.item.truncate', 'conversation.item.delete', " +
  "'conversation.item.retrieve', 'response.create', and 'response.cancel'.";

Deno.test("A malformed frame is refused with the server's message, and the session continues", async () => {
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

Deno.test("A model that throws is reported as a server error, and the session continues", async () => {
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

Deno.test("A reply of a model that cannot be played is named in an error, as nothing catches it later", async () => {
  const cases: readonly [reply: unknown, message: string][] = [
    [undefined, "Cannot play a reply as it must be an object with a list outputs: current value is undefined"],
    [Promise.resolve({ outputs: [] }), "current value is a Promise, as reply() is asynchronous"],
    [{ outputs: {} }, "it must be an object with a list outputs"],
    [{ outputs: [{ type: "speech" }] }, "outputs[0].type must be one of message, function_call, mcp_call"],
    [{ outputs: [null] }, "outputs[0].type must be one of"],
    [{ outputs: [{ type: "message" }] }, "outputs[0].text must be a string: current value is undefined"],
    [{ outputs: [{ type: "message", text: "Hi", audio: [1] }] }, "outputs[0].audio must be an Int16Array"],
    [{ outputs: [{ type: "function_call", name: "f", arguments: {} }] }, "outputs[0].arguments must be a string"],
  ];
  for (const [reply, message] of cases) {
    const model = { hear: () => "", reply: () => reply } as unknown as SimulatedModel;
    const client = await Client.open({ createModel: () => model });
    const error = errorOf(await client.ask({ type: "response.create" }, 5000)) as Frame;
    assert(String(error.message).includes(message), String(error.message));
    assertEquals(error.type, "server_error");
  }
  const deaf = { hear: () => 5, reply: () => ({ outputs: [] }) } as unknown as SimulatedModel;
  const client = await Client.open({ createModel: () => deaf });
  client.send({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection: null } } } });
  await client.speak(tone(300));
  const heard = await client.ask({ type: "input_audio_buffer.commit" }, 1000);
  assertMatch(String((only(heard, "error").error as Frame).message), /hear\(\) must return a transcript/);
});

Deno.test("A previous_item_id of null counts as absent", async () => {
  const client = await Client.open();
  const frames = await client.ask({ ...userText("Hello"), previous_item_id: null });
  assertEquals(typesOf(frames), ["conversation.item.added", "conversation.item.done"]);
});

Deno.test("Invalid numbers are refused with the reason", async () => {
  const client = await Client.open();
  const truncate = { type: "conversation.item.truncate", item_id: "x", content_index: 0 };
  const cases = [
    [1.5, "invalid_type", "Invalid type for 'audio_end_ms': expected an integer, but got a decimal number instead."],
    [
      -1,
      "integer_below_min_value",
      "Invalid 'audio_end_ms': integer below minimum value. Expected a value >= 0, but got -1 instead.",
    ],
    ["1", "invalid_type", "Invalid type for 'audio_end_ms': expected an integer, but got a string instead."],
    [null, "invalid_type", "Invalid type for 'audio_end_ms': expected an integer, but got null instead."],
  ] as const;
  for (const [audio_end_ms, code, message] of cases) {
    const error = errorOf(await client.ask({ ...truncate, audio_end_ms }));
    assertEquals(error, { type: "invalid_request_error", code, message, param: "audio_end_ms", event_id: null });
  }
});

Deno.test("A value of the wrong type, including null, is refused with the accepted ones", async () => {
  const client = await Client.open();
  const update = (session: object) => ({ type: "session.update", session: { type: "realtime", ...session } });
  const output = (settings: object) => update({ audio: { output: settings } });
  const respond = (response: object) => ({ type: "response.create", response });
  const mcp = (tool: object) =>
    update({ tools: [{ type: "mcp", server_label: "a", server_url: "https://a", ...tool }] });
  const cases: readonly [event: Readonly<Record<string, unknown>>, param: string, words: RegExp][] = [
    [{ type: null }, "type", /^one of 'session\.update', .* or 'response\.cancel', but got null instead$/],
    [{ type: 5 }, "type", /^one of 'session\.update', .*, but got an integer instead$/],
    [respond({ conversation: null }), "response.conversation", /^one of 'auto' or 'none', but got null instead$/],
    [respond({ conversation: 5 }), "response.conversation", /^one of 'auto' or 'none', but got an integer instead$/],
    [
      update({ audio: { input: { turn_detection: { type: null } } } }),
      "session.audio.input.turn_detection.type",
      /^one of 'server_vad' or 'semantic_vad', but got null instead$/,
    ],
    [
      update({ max_output_tokens: null }),
      "session.max_output_tokens",
      /^one of 'inf' or an integer, but got null instead$/,
    ],
    [
      update({ tool_choice: null }),
      "session.tool_choice",
      /^one of 'auto', 'none', 'required' or an object, but got null instead$/,
    ],
    [
      mcp({ allowed_tools: "find" }),
      "session.tools[0].allowed_tools",
      /^one of an object or an array of strings, but got a string instead$/,
    ],
    [
      mcp({ allowed_tools: { tool_names: "find" } }),
      "session.tools[0].allowed_tools.tool_names",
      /^an array of strings, but got a string instead$/,
    ],
    [
      mcp({ require_approval: 5 }),
      "session.tools[0].require_approval",
      /^one of 'always', 'never' or an object, but got an integer instead$/,
    ],
    [
      update({ prompt: { id: "p", variables: { city: 5 } } }),
      "session.prompt.variables.city",
      /^one of a string or an object, but got an integer instead$/,
    ],
    [output({ voice: null }), "session.audio.output.voice", /^one of a string or an object, but got null instead$/],
    [
      output({ format: { type: "audio/pcm", rate: null } }),
      "session.audio.output.format.rate",
      /^an integer, but got null instead$/,
    ],
    [
      output({ format: { type: "audio/pcm", rate: "24000" } }),
      "session.audio.output.format.rate",
      /^an integer, but got a string instead$/,
    ],
    [output({ speed: "1" }), "session.audio.output.speed", /^a decimal, but got a string instead$/],
    [
      update({ audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms: true } } } }),
      "session.audio.input.turn_detection.silence_duration_ms",
      /^an integer, but got a boolean instead$/,
    ],
    [
      output({ format: { type: "audio/pcm", rate: 24_000.5 } }),
      "session.audio.output.format.rate",
      /^an integer, but got a decimal number instead$/,
    ],
  ];
  for (const [event, param, words] of cases) {
    const error = errorOf(await client.ask(event)) as Frame;
    assertEquals([error.code, error.param], ["invalid_type", param]);
    const start = `Invalid type for '${param}': expected `;
    assert(String(error.message).startsWith(start), String(error.message));
    assertMatch(String(error.message).slice(start.length, -1), words);
  }
});

Deno.test("Invalid fields are refused with the reason and the most specific path", async () => {
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
