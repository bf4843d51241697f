import { assertEquals, assertThrows } from "@std/assert";
import { InvalidEventError } from "../../../src/errors.ts";
import { type ResponseConfig, stringifyClientEvent } from "../../../src/protocol/mod.ts";
import { type ResponseSettings, toResponseConfig as toConfig } from "../../../src/session/response_settings.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { open } from "../_fake_server.ts";

function toResponseConfig(settings: ResponseSettings): ResponseConfig {
  return toConfig(settings, stringifyClientEvent);
}

const sum = defineTool({ name: "sum", run: () => 0 });
const reference = { type: "item_reference", id: "item_1" } as const;
const message = { type: "message", role: "user", content: [{ type: "input_text", text: "Sum it up" }] } as const;

/** A shorthand, and its expansion. */
const SHORTHANDS: readonly (readonly [settings: ResponseSettings, config: ResponseConfig])[] = [
  [{ outputModalities: ["text"] }, { output_modalities: ["text"] }],
  [{ voice: "marin" }, { audio: { output: { voice: "marin" } } }],
  [{ inputText: "Sum it up" }, { input: [message] }],
  [{ inputText: "" }, { input: [{ ...message, content: [{ type: "input_text", text: "" }] }] }],
  [{ itemReferences: ["item_1"] }, { input: [reference] }],
  [{ itemReferences: [] }, { input: [] }],
  [{ toolChoice: "required" }, { tool_choice: "required" }],
  [{ maxOutputTokens: 100 }, { max_output_tokens: 100 }],
];

for (const [settings, config] of SHORTHANDS) {
  Deno.test(`toResponseConfig() expands ${JSON.stringify(settings)}, and rejects it next to the same wire field`, () => {
    assertEquals(toResponseConfig(settings), config);
    assertThrows(() => toResponseConfig({ ...settings, ...config }), TypeError, Object.keys(settings)[0]!);
  });
}

Deno.test("toResponseConfig() puts inputText after itemReferences, and keeps wire fields", () => {
  assertEquals(toResponseConfig({ itemReferences: ["item_1"], inputText: ["Sum it up"] }), {
    input: [reference, message],
  });
  const settings = {
    conversation: "none",
    instructions: "Be brief.",
    metadata: { topic: "sums" },
    audio: { output: { format: { type: "audio/pcmu" } } },
    voice: "cedar",
    outputModalities: undefined,
    input: [message, reference],
  } as const;
  assertEquals(toResponseConfig(settings), {
    conversation: "none",
    instructions: "Be brief.",
    metadata: { topic: "sums" },
    audio: { output: { format: { type: "audio/pcmu" }, voice: "cedar" } },
    input: [message, reference],
  });
});

Deno.test("toResponseConfig() merges local and hosted tools, and validates the result", () => {
  const hosted = { type: "mcp", server_label: "docs", server_url: "https://example.com/mcp" } as const;
  assertEquals(toResponseConfig({ tools: [sum, hosted] }), { tools: [sum.definition, hosted] });
  assertThrows(() => toResponseConfig({ maxOutputTokens: 0 }), InvalidEventError, "max_output_tokens");
});

Deno.test("respond() and ask() accept shorthands", async () => {
  const { server, session } = await open();
  session.respond({ conversation: "none", outputModalities: ["text"], inputText: "Sum it up" });
  await server.settle();
  const { metadata: _metadata, ...sent } = server.last("response.create").response;
  assertEquals(sent, { conversation: "none", output_modalities: ["text"], input: [message] });
  void session.ask("Hi", { maxOutputTokens: 7 });
  await server.settle();
  server.emit({ type: "conversation.item.added", item: server.last("conversation.item.create").item });
  await server.settle();
  assertEquals(server.last("response.create").response.max_output_tokens, 7);
  await session.close();
});
