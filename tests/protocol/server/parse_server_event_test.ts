import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  isKnownItem,
  isKnownServerEvent,
  isMalformedServerEvent,
  isServerEvent,
  parseServerEvent,
  safeParseServerEvent,
  SERVER_EVENT_TYPES,
} from "../../../src/protocol/mod.ts";
import { framesOf, itemFrames, type Json, placesOf, serverFrames } from "../_frames.ts";

function addedWith(item: Json): Json {
  return { type: "conversation.item.added", event_id: "event_1", item } as unknown as Json;
}

const frames = [
  ...framesOf(serverFrames),
  ...framesOf(itemFrames).map(addedWith),
];

Deno.test("the fixtures hold every type of server event", () => {
  assertEquals(Object.keys(serverFrames), [...SERVER_EVENT_TYPES]);
  assertEquals(SERVER_EVENT_TYPES.length, 46);
});

Deno.test("safeParseServerEvent() returns an event of a known type unchanged", () => {
  for (const frame of frames) {
    const result = safeParseServerEvent(JSON.stringify(frame));
    assert(result.ok, `${frame.type}: ${JSON.stringify(result)}`);
    assertEquals<unknown>(result.event, frame);
    assert(isKnownServerEvent(result.event));
  }
});

/** The expected outcome: the event unchanged, or the name and the rule of the field that makes it malformed. */
function outcomeOf(frame: Json): string {
  const result = safeParseServerEvent(JSON.stringify(frame));
  if (!result.ok) {
    assertEquals([result.type, result.raw], [frame.type, JSON.parse(JSON.stringify(frame))]);
    return result.issues.map(({ path, rule }) => `${path} ${rule.kind}`).join();
  }
  assert(isKnownServerEvent(result.event));
  assertEquals<unknown>(result.event, JSON.parse(JSON.stringify(frame)));
  return "delivered";
}

Deno.test("safeParseServerEvent() accepts a known event with any one field missing or null", () => {
  for (const frame of frames) {
    for (const { path, remove, replace } of placesOf(frame)) {
      if (path === "type") continue;
      assertEquals(outcomeOf(remove()), "delivered", `${frame.type} without ${path}`);
      assertEquals(outcomeOf(replace(null)), "delivered", `${frame.type} with null for ${path}`);
    }
    assertEquals(outcomeOf({ type: frame.type } as Json), "delivered");
  }
});

Deno.test("safeParseServerEvent() accepts anything inside a field, and rejects a field of another type", () => {
  for (const frame of frames) {
    for (const { path, value, replace } of placesOf(frame)) {
      if (path === "type") continue;
      for (const other of ["unimplemented", 7, true, [], {}]) {
        const isSameType = typeof other === typeof value && Array.isArray(other) === Array.isArray(value);
        const isInside = /[.[]/.test(path);
        assertEquals(
          outcomeOf(replace(other)),
          isInside || isSameType ? "delivered" : `${path} type`,
          `${frame.type} with ${JSON.stringify(other)} for ${path}`,
        );
      }
    }
  }
});

Deno.test("safeParseServerEvent() accepts events recorded from other servers", () => {
  const events = [
    { type: "response.done", response: { id: "r", status_details: "unimplemented" }, usage: { total_tokens: 5 } },
    { type: "response.output_item.added", item: { id: "i", type: "message", role: "assistant" } },
    { type: "response.content_part.done", item_id: "i" },
    { type: "session.created", session: { id: "s", model: "m", voice: "ara", audio: { output: { voice: {} } } } },
    { type: "session.updated", session: { modalities: ["audio"], turn_detection: { type: null } } },
    { type: "conversation.item.input_audio_transcription.completed", item_id: "i", transcript: "Hi" },
    { type: "conversation.item.deleted", item_id: "" },
    { type: "conversation.item.added", previous_item_id: null, item: { content: "Hi" } },
    { type: "response.done", response: { usage: { input_token_details: { cached_tokens_details: {} } } } },
    { type: "error", error: { code: 500, message: null } },
  ];
  for (const event of events) assertEquals(outcomeOf(event as unknown as Json), "delivered", JSON.stringify(event));
});

Deno.test("safeParseServerEvent() keeps unknown fields at any level", () => {
  for (const frame of frames) {
    const decorated = JSON.parse(
      JSON.stringify(frame),
      (_, value) => typeof value === "object" && !Array.isArray(value) ? { ...value, brand_new: "1" } : value,
    );
    const result = safeParseServerEvent(JSON.stringify(decorated));
    assert(result.ok, JSON.stringify(result));
    assertEquals(result.event, decorated);
  }
});

Deno.test("safeParseServerEvent() returns an event of an unknown type unchanged", () => {
  for (
    const frame of [
      { type: "response.cancelled", response_id: 5 },
      { type: "response.audio.delta", delta: "AAAB" },
      { type: "ping", nested: { type: "error" } },
      { type: "constructor" },
      { type: "" },
    ]
  ) {
    const result = safeParseServerEvent(JSON.stringify(frame));
    assert(result.ok);
    assertEquals<unknown>(result.event, frame);
    assert(!isKnownServerEvent(result.event));
  }
});

Deno.test("safeParseServerEvent() keeps unknown kinds and values inside known events", () => {
  const unknown = { type: "hologram", depth: { metres: 2 } };
  const events = [
    { type: "conversation.item.added", event_id: "e", item: unknown },
    { type: "conversation.item.added", event_id: "e", item: { type: "message", role: "critic", content: 5 } },
    {
      type: "conversation.item.added",
      event_id: "e",
      item: { type: "message", role: "assistant", status: "pondering", content: [unknown] },
    },
    {
      type: "session.created",
      event_id: "e",
      session: {
        type: "realtime",
        tools: [unknown],
        audio: { input: { format: unknown, turn_detection: unknown, transcription: { delay: "never" } } },
        tool_choice: "sometimes",
        truncation: { type: "by_mood" },
      },
    },
    { type: "session.updated", event_id: "e", session: unknown },
    {
      type: "response.content_part.added",
      event_id: "e",
      response_id: "r",
      item_id: "i",
      output_index: 0,
      content_index: 0,
      part: unknown,
    },
    {
      type: "conversation.item.input_audio_transcription.completed",
      event_id: "e",
      item_id: "i",
      content_index: 0,
      transcript: "",
      usage: unknown,
    },
    {
      type: "response.done",
      event_id: "e",
      response: { status: "on_hold", status_details: { reason: "lunch" }, output_modalities: ["scent"] },
    },
  ];
  for (const frame of events) {
    const result = safeParseServerEvent(JSON.stringify(frame));
    assert(result.ok, JSON.stringify(result));
    assertEquals<unknown>(result.event, frame);
    assert(isKnownServerEvent(result.event));
  }
});

Deno.test("safeParseServerEvent() reports why a frame is not an event", () => {
  for (const frame of ["", "{", "nonsense", "\u0000", "{'type':'error'}"]) {
    const result = safeParseServerEvent(frame);
    assert(!result.ok);
    assertEquals(result.type, undefined);
    assertEquals(result.issues[0]?.rule.kind, "json");
    assertStrictEquals(result.raw, frame);
  }
  for (const frame of ["null", "5", `"error"`, "[]", `[{"type":"error"}]`]) {
    const result = safeParseServerEvent(frame);
    assert(!result.ok);
    assertEquals(result.issues.map(({ path, rule }) => [path, rule.kind]), [["", "type"]]);
    assertEquals(result.raw, JSON.parse(frame));
  }
  for (
    const [frame, kind] of [[`{"event_id":"event_1"}`, "required"], [`{"type":5}`, "type"], [`{"type":null}`, "type"]]
  ) {
    const result = safeParseServerEvent(frame!);
    assert(!result.ok);
    assertEquals([result.type, ...result.issues.map(({ path, rule }) => [path, rule.kind])], [undefined, [
      "type",
      kind,
    ]]);
  }
});

Deno.test("safeParseServerEvent() reports all issues of a known event, and keeps it whole", () => {
  const frame = {
    type: "response.output_audio.delta",
    response_id: 7,
    item_id: "item_1",
    output_index: "0",
    delta: ["AAAB"],
    extra: true,
  };
  const result = safeParseServerEvent(JSON.stringify(frame));
  assert(!result.ok);
  assertEquals(result.type, "response.output_audio.delta");
  assertEquals(result.raw, frame);
  assertEquals(result.issues, [
    {
      path: "response_id",
      rule: { kind: "type", expected: "string", received: "number" },
      message: "must be a string: current value is 7",
      value: 7,
    },
    {
      path: "output_index",
      rule: { kind: "type", expected: "number", received: "string" },
      message: `must be a number: current value is "0"`,
      value: "0",
    },
    {
      path: "delta",
      rule: { kind: "type", expected: "string", received: "array" },
      message: "must be a string: current value is an array",
      value: ["AAAB"],
    },
  ]);
});

Deno.test("parseServerEvent() returns a malformed frame as an event", () => {
  const event = parseServerEvent(`{"type":"response.done","event_id":"event_1","response":"lost"}`);
  assert(isMalformedServerEvent(event));
  assertEquals(event.eventType, "response.done");
  assertEquals(event.issues.map(({ path }) => path), ["response"]);
  assertEquals(event.raw, { type: "response.done", event_id: "event_1", response: "lost" });
  assert(!isKnownServerEvent(event));
  assert(!isServerEvent(event, "response.done"));
});

Deno.test("parseServerEvent() returns any event unchanged", () => {
  const event = parseServerEvent(`{"type":"response.done","event_id":"event_1","response":{"id":"resp_1"}}`);
  assert(isServerEvent(event, "response.done"));
  assertEquals(event.response.id, "resp_1");
  assertEquals<unknown>(parseServerEvent(`{"type":"ping"}`), { type: "ping" });
});

Deno.test("isMalformedServerEvent() is false for a server event of the same type name", () => {
  assert(!isMalformedServerEvent(parseServerEvent(`{"type":"malformed_event","text":"ha"}`)));
});

Deno.test("isKnownItem() is true for items and messages of known kinds only", () => {
  for (const { full } of Object.values(itemFrames)) assert(isKnownItem(full as never), full.type);
  assert(!isKnownItem({ type: "hologram" }));
  assert(!isKnownItem({ type: "message", role: "critic" }));
  assert(!isKnownItem({ type: "message" }));
});
