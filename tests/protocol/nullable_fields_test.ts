import { assert, assertEquals } from "@std/assert";
import { checkClientEvent, NULLABLE_FIELDS, safeParseClientEvent } from "../../src/protocol/mod.ts";
import { Client, only } from "../simulator/_client.ts";

// deno-lint-ignore no-explicit-any -- fields are set one by one
type Value = any;

const GENERATION = {
  instructions: "Be brief.",
  max_output_tokens: 5,
  output_modalities: ["audio"],
  parallel_tool_calls: true,
  prompt: { id: "prompt_1", version: "1", variables: { city: "Oslo" } },
  reasoning: { effort: "low" },
  tool_choice: "auto",
  tools: [
    { type: "function", name: "f", description: "Does it.", parameters: { type: "object" } },
    {
      type: "mcp",
      server_label: "docs",
      server_url: "https://mcp.example",
      authorization: "token",
      headers: { key: "value" },
      allowed_tools: ["search"],
      require_approval: "never",
      server_description: "Documents",
    },
  ],
};
const FORMAT = { type: "audio/pcm", rate: 24_000 };
const INPUT = {
  format: FORMAT,
  noise_reduction: { type: "near_field" },
  transcription: { model: "whisper-1", language: "en", languages: ["en"], prompt: "p", keywords: ["k"], delay: "low" },
  turn_detection: {
    type: "server_vad",
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 300,
    idle_timeout_ms: 6000,
    create_response: true,
    interrupt_response: true,
  },
};
const create = (item: object) => ({ type: "conversation.item.create", item });

/** Client events with all their fields. */
const SAMPLES: readonly Value[] = [
  {
    type: "session.update",
    event_id: "event_1",
    session: {
      type: "realtime",
      model: "gpt-realtime",
      ...GENERATION,
      audio: { input: INPUT, output: { format: FORMAT, voice: "marin", speed: 1 } },
      include: ["item.input_audio_transcription.logprobs"],
      tracing: { workflow_name: "w", group_id: "g", metadata: {} },
      truncation: { type: "retention_ratio", retention_ratio: 0.5, token_limits: { post_instructions: 5 } },
    },
  },
  {
    type: "session.update",
    session: {
      type: "transcription",
      audio: { input: { ...INPUT, turn_detection: { type: "semantic_vad", eagerness: "low" } } },
      include: [],
    },
  },
  {
    type: "response.create",
    event_id: "event_1",
    response: {
      ...GENERATION,
      conversation: "none",
      metadata: { a: "b" },
      audio: { output: { format: FORMAT, voice: "marin" } },
      input: [{
        type: "message",
        id: "item_1",
        role: "user",
        content: [
          { type: "input_text", text: "t" },
          { type: "input_audio", audio: "AAAA", transcript: "t" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low" },
        ],
      }, { type: "item_reference", id: "item_2" }],
    },
  },
  {
    ...create({ type: "message", id: "item_1", role: "assistant", content: [{ type: "output_text", text: "t" }] }),
    event_id: "event_1",
    previous_item_id: "item_0",
  },
  create({ type: "function_call", id: "item_1", name: "n", call_id: "call_1", arguments: "{}", status: "completed" }),
  create({ type: "function_call_output", id: "item_1", call_id: "call_1", output: "o", status: "completed" }),
  create({ type: "mcp_approval_response", id: "item_1", approval_request_id: "a", approve: true, reason: "r" }),
  create({
    type: "mcp_list_tools",
    id: "item_1",
    server_label: "docs",
    tools: [{ name: "n", input_schema: {}, description: "d", annotations: {} }],
  }),
  create({
    type: "mcp_call",
    id: "item_1",
    server_label: "docs",
    name: "n",
    arguments: "{}",
    approval_request_id: "a",
    output: "o",
    error: { type: "protocol_error", code: 1, message: "m" },
  }),
  create({ type: "mcp_approval_request", id: "item_1", server_label: "docs", name: "n", arguments: "{}" }),
  { type: "conversation.item.truncate", event_id: "event_1", item_id: "item_1", content_index: 0, audio_end_ms: 1 },
  { type: "input_audio_buffer.append", event_id: "event_1", audio: "AAAA" },
  { type: "response.cancel", event_id: "event_1", response_id: "resp_1" },
];

/** Every field of an event that is null once, by its path. */
function* withOneNull(event: Value): Generator<readonly [path: string, event: Value]> {
  function* visit(value: Value, path: string): Generator<string> {
    if (typeof value !== "object" || value === null) return;
    for (const [key, field] of Object.entries<Value>(value)) {
      const at = Array.isArray(value) ? `${path}[]` : path ? `${path}.${key}` : key;
      if (!Array.isArray(value)) {
        value[key] = null;
        yield at;
        value[key] = field;
      }
      yield* visit(field, at);
    }
  }
  const copy = structuredClone(event);
  for (const path of visit(copy, "")) yield [path, structuredClone(copy)];
}

const ALLOWED = new Set(NULLABLE_FIELDS.filter(({ isAllowed }) => isAllowed).map(({ path }) => path));
const isFree = (path: string) => /\.variables\.|\.metadata\.|\.headers\.|\.parameters\./.test(path);

Deno.test("NULLABLE_FIELDS says of every field of a client event whether checkClientEvent() accepts null there", () => {
  const seen = new Set<string>();
  for (const sample of SAMPLES) {
    assertEquals(checkClientEvent(sample), [], JSON.stringify(sample));
    for (const [path, event] of withOneNull(sample)) {
      if (path === "type" || isFree(path)) continue;
      seen.add(path);
      const isItemOf = path !== "item.output" || sample.item?.type === "mcp_call";
      const isAllowed = ALLOWED.has(path) && isItemOf &&
        (path !== "item.approval_request_id" || sample.item?.type === "mcp_call");
      assertEquals(checkClientEvent(event).length === 0, isAllowed, path);
      assertEquals(safeParseClientEvent(JSON.stringify(event)).ok, isAllowed, path);
    }
  }
  assertEquals(NULLABLE_FIELDS.map(({ path }) => path).filter((path) => !seen.has(path)), []);
});

Deno.test("Every row of NULLABLE_FIELDS has a source, and there is one row for each field", () => {
  for (const { isAllowed, means, path, source } of NULLABLE_FIELDS) {
    assert(source !== "", path);
    assertEquals(means === undefined, !isAllowed, path);
  }
  assertEquals(new Set(NULLABLE_FIELDS.map(({ path }) => path)).size, NULLABLE_FIELDS.length);
});

Deno.test("The simulator accepts null where NULLABLE_FIELDS does, and refuses it with invalid_type elsewhere", async () => {
  const client = await Client.open({ pace: "fast" });
  const respond = { type: "response.create", response: { instructions: null, output_modalities: ["text"] } };
  only(await client.ask(respond, 1000), "response.done");
  only(await client.ask({ type: "session.update", session: { type: "realtime", reasoning: null } }), "session.updated");
  const message = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] };
  only(await client.ask({ ...create(message), previous_item_id: null }), "conversation.item.added");
  const detection = { type: "server_vad", create_response: null };
  const update = {
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection: detection } } },
  };
  const refused: readonly (readonly [event: Readonly<Record<string, unknown>>, param: string, expected: string])[] = [
    [update, "session.audio.input.turn_detection.create_response", "a boolean"],
    [{ type: "session.update", session: { type: "realtime", tools: null } }, "session.tools", "an array of objects"],
    [{ type: "conversation.item.delete", item_id: null }, "item_id", "a string"],
  ];
  for (const [event, param, expected] of refused) {
    const { error } = only(await client.ask(event), "error") as Value;
    assertEquals([error.code, error.param], ["invalid_type", param]);
    assertEquals(error.message, `Invalid type for '${param}': expected ${expected}, but got null instead.`);
  }
});
