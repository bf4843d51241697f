import { assert, assertEquals } from "@std/assert";
import {
  checkClientEvent,
  isClientEvent,
  isKnownClientEvent,
  safeParseClientEvent,
} from "../../../src/protocol/mod.ts";
import { clientFrames, framesOf } from "../_frames.ts";

Deno.test("safeParseClientEvent() returns an event of a known type unchanged", () => {
  for (const frame of framesOf(clientFrames)) {
    const result = safeParseClientEvent(JSON.stringify(frame));
    assert(result.ok);
    assertEquals<unknown>(result.event, frame);
    assert(isKnownClientEvent(result.event));
    assert(isClientEvent(result.event, frame.type as "session.update"));
  }
});

Deno.test("safeParseClientEvent() reports the issues of checkClientEvent(), and keeps the whole event", () => {
  const frame = {
    type: "session.update",
    event_id: "mine_1",
    session: { type: "realtime", colour: "red", output_modalities: ["audio", "text"], max_output_tokens: "7" },
  };
  const result = safeParseClientEvent(JSON.stringify(frame));
  assert(!result.ok);
  assertEquals(result.type, "session.update");
  assertEquals(result.raw, frame);
  assertEquals(result.issues, checkClientEvent(frame));
  assertEquals(result.issues.map(({ path, rule }) => `${rule.kind} ${path}`), [
    "enum session.max_output_tokens",
    "combination session.output_modalities",
    "unknown_key session.colour",
  ]);
});

Deno.test("safeParseClientEvent() returns an event of an unknown type unchanged", () => {
  const result = safeParseClientEvent(`{"type":"response.hum","bars":4}`);
  assert(result.ok);
  assertEquals<unknown>(result.event, { type: "response.hum", bars: 4 });
  assert(!isKnownClientEvent(result.event));
  assert(!isClientEvent(result.event, "response.create"));
});

Deno.test("safeParseClientEvent() distinguishes a frame that is not JSON from one that is not an event", () => {
  const kindOf = (frame: string) => {
    const result = safeParseClientEvent(frame);
    return result.ok || result.issues[0]?.rule.kind;
  };
  assertEquals(kindOf("hello"), "json");
  assertEquals(kindOf("[]"), "type");
  assertEquals(kindOf("{}"), "required");
  assertEquals(kindOf(`{"type":5}`), "type");
});
