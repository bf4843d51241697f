import { assertEquals } from "@std/assert";
import { checkClientEvent, type FieldRule, safeParseClientEvent } from "../../src/protocol/mod.ts";

const update = (session: object) => ({ type: "session.update", session: { type: "realtime", ...session } });
const respond = (response: object) => ({ type: "response.create", response });
const item = (fields: object) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [], ...fields },
});
const tool = (fields: object) => update({ tools: [fields] });

/** For each kind of rule of Realtime events: an event that breaks it, the path, and the rule. */
const CASES: {
  readonly [Kind in Exclude<FieldRule["kind"], "json" | "condition">]: readonly [
    unknown,
    string,
    FieldRule & { kind: Kind },
  ][];
} = {
  required: [
    [{ type: "conversation.item.delete" }, "item_id", { kind: "required", expected: "string" }],
    [{ type: "session.update", session: {} }, "session.type", {
      kind: "required",
      expected: ["realtime", "transcription"],
    }],
    [{ type: "conversation.item.create" }, "item", { kind: "required", expected: "object" }],
  ],
  unknown_key: [
    [update({ mood: "bright" }), "session.mood", { kind: "unknown_key", hint: undefined }],
    [update({ voice: "ash" }), "session.voice", { kind: "unknown_key", hint: "use audio.output.voice" }],
  ],
  type: [
    [update({ instructions: null }), "session.instructions", { kind: "type", expected: "string", received: "null" }],
    [update({ tools: {} }), "session.tools", { kind: "type", expected: "array", received: "object" }],
    [update({ parallel_tool_calls: 1 }), "session.parallel_tool_calls", {
      kind: "type",
      expected: "boolean",
      received: "number",
    }],
    [[], "", { kind: "type", expected: "object", received: "array" }],
  ],
  enum: [
    [update({ truncation: "late" }), "session.truncation", { kind: "enum", values: ["auto", "disabled"] }],
    [
      update({ audio: { input: { format: { type: "audio/pcm", rate: 8000 } } } }),
      "session.audio.input.format.rate",
      { kind: "enum", values: [24_000] },
    ],
  ],
  combination: [[
    respond({ output_modalities: ["audio", "text"] }),
    "response.output_modalities",
    { kind: "combination", values: [["text"], ["audio"]] },
  ]],
  range: [
    [update({ audio: { output: { speed: 2 } } }), "session.audio.output.speed", {
      kind: "range",
      min: 0.25,
      max: 1.5,
      integer: false,
    }],
    [respond({ max_output_tokens: 1.5 }), "response.max_output_tokens", {
      kind: "range",
      min: 1,
      max: 4096,
      integer: true,
    }],
    [
      { type: "conversation.item.truncate", item_id: "i", content_index: 0, audio_end_ms: -1 },
      "audio_end_ms",
      { kind: "range", min: 0, max: Infinity, integer: true },
    ],
  ],
  max_length: [
    [item({ id: "i".repeat(33) }), "item.id", { kind: "max_length", max: 32, unit: "characters" }],
    [
      respond({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, key) => [key, ""])) }),
      "response.metadata",
      { kind: "max_length", max: 16, unit: "pairs" },
    ],
    [
      { type: "input_audio_buffer.append", audio: "AAAA".repeat(5_242_881) },
      "audio",
      { kind: "max_length", max: 15_728_640, unit: "bytes" },
    ],
  ],
  max_key_length: [[respond({ metadata: { ["k".repeat(65)]: "" } }), "response.metadata", {
    kind: "max_key_length",
    max: 64,
  }]],
  min_length: [[item({ id: "" }), "item.id", { kind: "min_length", min: 1 }]],
  pattern: [[tool({ type: "function", name: "look up" }), "session.tools[0].name", {
    kind: "pattern",
    pattern: "^[\\w-]{1,64}$",
    description: "1 to 64 letters, digits, _ or -",
  }]],
  format: [[{ type: "input_audio_buffer.append", audio: "A" }, "audio", { kind: "format", format: "base64" }]],
  any_key: [[tool({ type: "mcp", server_label: "library" }), "session.tools[0]", {
    kind: "any_key",
    keys: ["server_url", "connector_id", "tunnel_id"],
  }]],
};

for (const [kind, cases] of Object.entries(CASES)) {
  Deno.test(`checkClientEvent() reports a broken rule of the kind ${kind} as data`, () => {
    for (const [event, path, rule] of cases) {
      const issues = checkClientEvent(event);
      assertEquals<unknown>(issues.map((issue) => [issue.path, issue.rule]), [[path, rule]]);
    }
  });
}

Deno.test("safeParseClientEvent() reports the reason why a frame is not JSON as data", () => {
  const result = safeParseClientEvent("{");
  assertEquals(result.ok || result.issues.map(({ rule }) => rule.kind === "json" && rule.reason.length > 0), [true]);
});
