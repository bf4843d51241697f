import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  checkClientEvent,
  ClientEventSchema,
  ItemParamSchema,
  ServerEventSchema,
  SessionConfigSchema,
  ToolSchema,
} from "../../src/protocol/mod.ts";
import * as v from "valibot";

Deno.test("ClientEventSchema reports the same issues as checkClientEvent()", () => {
  const wrong = [
    null,
    [],
    {},
    { type: "response.cancelled" },
    { type: "response.cancel", id: "resp_1" },
    { type: "conversation.item.truncate", item_id: 1, content_index: -1 },
    { type: "session.update", session: { type: "realtime", tools: [{ type: "function", name: "a b" }] } },
  ];
  for (const event of wrong) {
    const { issues = [] } = v.safeParse(ClientEventSchema, event);
    assertEquals(issues.map(({ message }) => message), checkClientEvent(event).map(({ message }) => message));
    assert(issues.length > 0, JSON.stringify(event));
  }
  assertStrictEquals(v.is(ClientEventSchema, { type: "response.create" }), true);
});

Deno.test("ClientEventSchema reports the path inside a caller's own schema", () => {
  const EnvelopeSchema = v.object({ events: v.array(ClientEventSchema) });
  const bad = { type: "session.update", session: { type: "realtime", tools: [{ type: "function", name: 7 }] } };
  const { issues } = v.safeParse(EnvelopeSchema, { events: [{ type: "response.cancel" }, bad] });
  assertEquals(Object.keys(v.flatten(issues!).nested!), ["events.1.session.tools.0.name"]);
});

Deno.test("ServerEventSchema returns the input itself, and rejects unknown types", () => {
  const event = { type: "input_audio_buffer.cleared", event_id: "event_1", newer: [1] };
  assertStrictEquals(v.parse(ServerEventSchema, event) as unknown, event);
  assert(!v.is(ServerEventSchema, { type: "session.renamed", event_id: "event_1" }));
  assert(!v.is(ServerEventSchema, { type: "input_audio_buffer.cleared" }));
});

Deno.test("Public schemas are Standard Schemas", () => {
  for (const schema of [ClientEventSchema, ItemParamSchema, ServerEventSchema, SessionConfigSchema, ToolSchema]) {
    const result = schema["~standard"].validate({ type: "nothing" });
    assert(!(result instanceof Promise));
    assertEquals(result.issues?.map(({ path }) => path?.map((item) => typeof item === "object" ? item.key : item)), [
      ["type"],
    ]);
  }
});

Deno.test("SessionConfigSchema, ItemParamSchema and ToolSchema accept values that the API accepts", () => {
  assert(v.is(SessionConfigSchema, { type: "realtime", output_modalities: ["text"] }));
  assert(!v.is(SessionConfigSchema, { type: "realtime", output_modalities: ["text", "audio"] }));
  assert(v.is(ItemParamSchema, { type: "function_call_output", call_id: "call_1", output: "{}" }));
  assert(!v.is(ItemParamSchema, { type: "function_call_output", call_id: "call_1" }));
  assert(v.is(ToolSchema, { type: "function", name: "sum", parameters: { type: "object" } }));
  assert(!v.is(ToolSchema, { type: "function", name: "sum", parameters: {} }));
  assert(!v.is(ToolSchema, { type: "function", function: { name: "sum" } }));
});
