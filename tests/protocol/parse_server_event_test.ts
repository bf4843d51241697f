import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  isKnownItem,
  isKnownServerEvent,
  isMalformedServerEvent,
  isServerEvent,
  parseServerEvent,
  readServerEvent,
  SERVER_EVENT_TYPES,
} from "../../src/protocol/mod.ts";
import { framesOf, itemFrames, type Json, ofOtherType, placesOf, serverFrames } from "./_frames.ts";

/** Fields whose content is free. */
const FREE = /\b(parameters|input_schema|annotations|tracing\.metadata)\b|\bvariables\./;

/** The path of the first issue, or undefined when the frame is fine. */
function faultOf(frame: Json): string | undefined {
  const result = parseServerEvent(JSON.stringify(frame));
  return result.ok ? undefined : result.issues[0]?.path;
}

function addedWith(item: Json): Json {
  return { type: "conversation.item.added", event_id: "event_1", item } as unknown as Json;
}

function wrappedItems(): { minimal: Json; full: Json }[] {
  return Object.values(itemFrames).map(({ minimal, full }) => ({ minimal: addedWith(minimal), full: addedWith(full) }));
}

const frames = [
  ...framesOf(serverFrames),
  ...framesOf(itemFrames).map(addedWith),
];

Deno.test("the fixtures hold every type of server event", () => {
  assertEquals(Object.keys(serverFrames), [...SERVER_EVENT_TYPES]);
  assertEquals(SERVER_EVENT_TYPES.length, 46);
});

Deno.test("parseServerEvent() returns what arrived, of a known type", () => {
  for (const frame of frames) {
    const result = parseServerEvent(JSON.stringify(frame));
    assert(result.ok, `${frame.type}: ${JSON.stringify(result)}`);
    assertEquals<unknown>(result.event, frame);
    assert(isKnownServerEvent(result.event));
  }
});

Deno.test("parseServerEvent() names a missing field", () => {
  for (const { minimal } of [...Object.values(serverFrames), ...wrappedItems()]) {
    for (const { path, isField, remove } of placesOf(minimal)) {
      if (isField) assertEquals(faultOf(remove()), path, `${minimal.type} without ${path}`);
    }
  }
});

Deno.test("parseServerEvent() names a field of the wrong type", () => {
  for (const frame of frames) {
    for (const { path, value, replace } of placesOf(frame)) {
      if (FREE.test(path)) continue;
      assertEquals(faultOf(replace(ofOtherType(value))), path, `${frame.type} with a wrong ${path}`);
    }
  }
});

Deno.test("parseServerEvent() takes an optional field that is null or absent", () => {
  for (const { minimal, full } of [...Object.values(serverFrames), ...wrappedItems()]) {
    const wanted = new Set(placesOf(minimal).map(({ path }) => path));
    for (const { path, isField, remove, replace } of placesOf(full)) {
      if (!isField || wanted.has(path) || FREE.test(path) || /(metadata|headers)\./.test(path)) continue;
      const fault = faultOf(remove());
      assertEquals(faultOf(replace(null)), fault, `${full.type} with a null ${path}`);
      assert(fault === undefined || fault === path, `${full.type} without ${path}: ${fault}`);
    }
  }
});

Deno.test("parseServerEvent() keeps unknown fields, wherever they are", () => {
  for (const frame of frames) {
    const decorated = JSON.parse(
      JSON.stringify(frame),
      (_, value) => typeof value === "object" && !Array.isArray(value) ? { ...value, brand_new: "1" } : value,
    );
    const result = parseServerEvent(JSON.stringify(decorated));
    assert(result.ok, JSON.stringify(result));
    assertEquals(result.event, decorated);
  }
});

Deno.test("parseServerEvent() keeps an event of an unknown type as it is", () => {
  for (
    const frame of [
      { type: "response.cancelled", response_id: 5 },
      { type: "response.audio.delta", delta: "AAAB" },
      { type: "ping", nested: { type: "error" } },
      { type: "constructor" },
      { type: "" },
    ]
  ) {
    const result = parseServerEvent(JSON.stringify(frame));
    assert(result.ok);
    assertEquals<unknown>(result.event, frame);
    assert(!isKnownServerEvent(result.event));
  }
});

Deno.test("parseServerEvent() keeps unknown kinds and words inside known events", () => {
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
    const result = parseServerEvent(JSON.stringify(frame));
    assert(result.ok, JSON.stringify(result));
    assertEquals<unknown>(result.event, frame);
    assert(isKnownServerEvent(result.event));
  }
});

Deno.test("parseServerEvent() says what is wrong with a frame that is no event", () => {
  for (const frame of ["", "{", "nonsense", "\u0000", "{'type':'error'}"]) {
    const result = parseServerEvent(frame);
    assert(!result.ok);
    assertEquals(result.type, undefined);
    assertEquals(result.issues[0]?.kind, "json");
    assertStrictEquals(result.raw, frame);
  }
  for (const frame of ["null", "5", `"error"`, "[]", `[{"type":"error"}]`]) {
    const result = parseServerEvent(frame);
    assert(!result.ok);
    assertEquals(result.issues.map(({ path, kind }) => ({ path, kind })), [{ path: "", kind: "type" }]);
    assertEquals(result.raw, JSON.parse(frame));
  }
  const withoutType = parseServerEvent(`{"event_id":"event_1"}`);
  assert(!withoutType.ok);
  assertEquals(withoutType.issues, [
    { path: "type", kind: "missing", message: "must be a string: it is missing", value: undefined },
  ]);
});

Deno.test("parseServerEvent() says everything that is wrong with a known event, and keeps it whole", () => {
  const frame = {
    type: "response.output_audio.delta",
    response_id: 7,
    item_id: "item_1",
    output_index: "0",
    content_index: 0,
    delta: "AAAB",
    extra: true,
  };
  const result = parseServerEvent(JSON.stringify(frame));
  assert(!result.ok);
  assertEquals(result.type, "response.output_audio.delta");
  assertEquals(result.raw, frame);
  assertEquals(result.issues, [
    { path: "event_id", kind: "missing", message: "must be a string: it is missing", value: undefined },
    { path: "output_index", kind: "type", message: `must be a number: current value is "0"`, value: "0" },
    { path: "response_id", kind: "type", message: "must be a string: current value is 7", value: 7 },
  ]);
});

Deno.test("parseServerEvent() takes no array for an object", () => {
  assertEquals(faultOf({ type: "response.done", event_id: "e", response: [] } as unknown as Json), "response");
});

Deno.test("readServerEvent() delivers a malformed frame as an event", () => {
  const event = readServerEvent(`{"type":"response.done","event_id":"event_1"}`);
  assert(isMalformedServerEvent(event));
  assertEquals(event.eventType, "response.done");
  assertEquals(event.issues.map(({ path }) => path), ["response"]);
  assertEquals(event.raw, { type: "response.done", event_id: "event_1" });
  assert(!isKnownServerEvent(event));
  assert(!isServerEvent(event, "response.done"));
});

Deno.test("readServerEvent() delivers any event as it is", () => {
  const event = readServerEvent(`{"type":"response.done","event_id":"event_1","response":{"id":"resp_1"}}`);
  assert(isServerEvent(event, "response.done"));
  assertEquals(event.response.id, "resp_1");
  assertEquals(readServerEvent(`{"type":"ping"}`), { type: "ping" });
});

Deno.test("isMalformedServerEvent() is not fooled by a server that uses the name", () => {
  assert(!isMalformedServerEvent(readServerEvent(`{"type":"malformed_event","text":"ha"}`)));
});

Deno.test("isKnownItem() tells items and messages of unknown kinds", () => {
  for (const { full } of Object.values(itemFrames)) assert(isKnownItem(full as never), full.type);
  assert(!isKnownItem({ type: "hologram" }));
  assert(!isKnownItem({ type: "message", role: "critic" }));
  assert(!isKnownItem({ type: "message" }));
});
