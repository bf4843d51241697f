import { assert, assertEquals } from "@std/assert";
import { NULLABLE_FIELDS } from "../../../src/protocol/mod.ts";
import { Client, only } from "../../simulator/_client.ts";

// deno-lint-ignore no-explicit-any -- fields are set one by one
type Value = any;

Deno.test("Every row of NULLABLE_FIELDS has a source, and there is one row per field", () => {
  for (const { isAllowed, means, path, source } of NULLABLE_FIELDS) {
    assert(source !== "", path);
    assertEquals(means === undefined, !isAllowed, path);
  }
  assertEquals(new Set(NULLABLE_FIELDS.map(({ path }) => path)).size, NULLABLE_FIELDS.length);
});

Deno.test("The simulator accepts null in NULLABLE_FIELDS, and refuses it elsewhere with invalid_type", async () => {
  const client = await Client.open({ pace: "fast" });
  const respond = { type: "response.create", response: { instructions: null, output_modalities: ["text"] } };
  only(await client.ask(respond, 1000), "response.done");
  only(await client.ask({ type: "session.update", session: { type: "realtime", reasoning: null } }), "session.updated");
  const thinking = { type: "session.update", session: { type: "realtime", reasoning: { effort: "low" } } };
  const other = await Client.open({ url: "wss://simulator/v1/realtime?model=gpt-realtime-2.1" });
  await other.ask(thinking);
  const kept = await other.ask({ ...thinking, session: { type: "realtime", reasoning: null } });
  assertEquals((only(kept, "session.updated").session as Value).reasoning, { effort: "low" }, "it counts as absent");
  const message = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] };
  only(
    await client.ask({ type: "conversation.item.create", item: message, previous_item_id: null }),
    "conversation.item.added",
  );
  const detection = { type: "server_vad", create_response: null };
  const update = {
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection: detection } } },
  };
  const refused: readonly (readonly [event: Readonly<Record<string, unknown>>, param: string, expected: string])[] = [
    [update, "session.audio.input.turn_detection.create_response", "a boolean"],
    [{ type: "session.update", session: { type: "realtime", tools: null } }, "session.tools", "an array of objects"],
    [{ type: "conversation.item.delete", item_id: null }, "item_id", "a string"],
    [{ type: "input_audio_buffer.clear", event_id: null }, "event_id", "a string"],
  ];
  for (const [event, param, expected] of refused) {
    const { error } = only(await client.ask(event), "error") as Value;
    assertEquals([error.code, error.param], ["invalid_type", param]);
    assertEquals(error.message, `Invalid type for '${param}': expected ${expected}, but got null instead.`);
  }
});
