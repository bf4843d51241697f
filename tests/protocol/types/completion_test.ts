import { assert, assertEquals } from "@std/assert";
import { SERVER_EVENT_TYPES } from "../../../src/protocol/mod.ts";
import * as completions from "../../_tools/completions.ts";

const PREAMBLE = `import type { IncomingServerEvent } from "../../src/protocol/mod.ts";
declare const event: IncomingServerEvent;`;

function completionsIn(code: string): readonly string[] {
  return completions.completionsIn(PREAMBLE, code);
}

Deno.test("event types are offered by editor completion", () => {
  const offered = completionsIn(`if (event.type === "|") {}`);
  assertEquals(offered, [...SERVER_EVENT_TYPES, "malformed_event"].sort());
  assertEquals(completionsIn(`switch (event.type) { case "|": }`), offered);
});

Deno.test("event fields are offered by editor completion once the type is known", () => {
  assertEquals(completionsIn(`if (event.type === "response.done") event.|`), ["event_id", "response", "type"]);
  assertEquals(completionsIn(`if (event.type === "malformed_event") event.|`), ["eventType", "issues", "raw", "type"]);
  assertEquals(completionsIn(`switch (event.type) { case "error": event.error.| }`), [
    "code",
    "event_id",
    "message",
    "param",
    "type",
  ]);
  assertEquals(completionsIn("event.|"), ["type"]);
});

Deno.test("item kinds and their fields are offered by editor completion", () => {
  const within = (code: string) => completionsIn(`if (event.type === "conversation.item.done") { ${code} }`);
  const kinds = within(`if (event.item.type === "|") {}`);
  assert(kinds.includes("message") && kinds.includes("function_call") && kinds.length === 7, kinds.join());
  const fields = within(`if (event.item.type === "function_call") event.item.|`);
  assertEquals(fields, ["arguments", "call_id", "id", "name", "object", "status", "type"]);
});
