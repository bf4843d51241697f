import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkTranslationClientEvent,
  InvalidEventError,
  isTranslationServerEvent,
  safeParseTranslationClientEvent,
  safeParseTranslationServerEvent,
  stringifyTranslationClientEvent,
  TRANSLATION_CLIENT_EVENT_TYPES,
  TRANSLATION_SERVER_EVENT_TYPES,
  type TranslationClientEvent,
} from "../../src/protocol/mod.ts";
import { framesOf, ofOtherType, placesOf, translationClientFrames, translationServerFrames } from "./_frames.ts";

Deno.test("the fixtures hold every type of translation event", () => {
  assertEquals(Object.keys(translationClientFrames), [...TRANSLATION_CLIENT_EVENT_TYPES]);
  assertEquals(Object.keys(translationServerFrames), [...TRANSLATION_SERVER_EVENT_TYPES]);
  assertEquals([TRANSLATION_CLIENT_EVENT_TYPES.length, TRANSLATION_SERVER_EVENT_TYPES.length], [3, 7]);
});

Deno.test("safeParseTranslationServerEvent() returns an event unchanged, with loose validation", () => {
  for (const frame of framesOf(translationServerFrames)) {
    const result = safeParseTranslationServerEvent(JSON.stringify(frame));
    assert(result.ok, JSON.stringify(result));
    assertEquals<unknown>(result.event, frame);
    for (const { path, value, remove, replace } of placesOf(frame)) {
      if (path === "type") continue;
      assert(safeParseTranslationServerEvent(JSON.stringify(remove())).ok, `${frame.type} without ${path}`);
      assert(safeParseTranslationServerEvent(JSON.stringify(replace(null))).ok, `${frame.type} with null for ${path}`);
      const wrong = safeParseTranslationServerEvent(JSON.stringify(replace(ofOtherType(value))));
      assertEquals(wrong.ok ? [] : wrong.issues.map((issue) => issue.path), path.includes(".") ? [] : [path]);
    }
  }
});

Deno.test("safeParseTranslationServerEvent() returns events of unknown types unchanged, including those of other sessions", () => {
  const result = safeParseTranslationServerEvent(`{"type":"response.done"}`);
  assert(result.ok);
  assertEquals<unknown>(result.event, { type: "response.done" });
  assert(!isTranslationServerEvent(result.event, "session.closed"));
  assert(!safeParseTranslationServerEvent("nonsense").ok);
});

Deno.test("stringifyTranslationClientEvent() writes the given event, and names invalid fields", () => {
  for (const frame of framesOf(translationClientFrames)) {
    const event = frame as unknown as TranslationClientEvent;
    assertEquals(stringifyTranslationClientEvent(event), JSON.stringify(frame));
    const result = safeParseTranslationClientEvent(JSON.stringify(frame));
    assert(result.ok);
    assertEquals(result.event, event);
    for (const { path, value, replace } of placesOf(frame)) {
      assertEquals(checkTranslationClientEvent(replace(ofOtherType(value)))[0]?.path, path);
    }
  }
});

Deno.test("stringifyTranslationClientEvent() rejects events of other sessions and fixed settings", () => {
  const stringify = (event: unknown) => stringifyTranslationClientEvent(event as TranslationClientEvent);
  assertThrows(() => stringify({ type: "response.create" }), InvalidEventError, "as type must be");
  assertThrows(
    () => stringify({ type: "session.update", session: { model: "m" } }),
    InvalidEventError,
    "session.model",
  );
  assertThrows(
    () => stringify({ type: "session.input_audio_buffer.append", audio: "A" }),
    InvalidEventError,
    "as audio must be base64",
  );
  const event = { type: "session.update", session: { audio: { output: { language: "ja", accent: "Osaka" } } } };
  assertThrows(() => stringify(event), InvalidEventError, "session.audio.output.accent");
  assertEquals(
    stringifyTranslationClientEvent(event as TranslationClientEvent, { check: false }),
    JSON.stringify(event),
  );
});

Deno.test("safeParseTranslationClientEvent() keeps unknown types, and names invalid fields of known ones", () => {
  assert(safeParseTranslationClientEvent(`{"type":"session.pause"}`).ok);
  const result = safeParseTranslationClientEvent(`{"type":"session.close","now":true}`);
  assert(!result.ok);
  assertEquals(result.issues.map(({ path, rule }) => [path, rule.kind]), [["now", "unknown_key"]]);
});
