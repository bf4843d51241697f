import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { at, isRecord, numberAt, stringAt, toApiError, toWireEvent } from "../../src/_internal/wire.ts";
import { RealtimeApiError } from "../../src/errors.ts";

Deno.test("toWireEvent() returns known and unknown events unchanged", () => {
  const event = { type: "response.done", response: {} };
  assertStrictEquals(toWireEvent(event), event);
  const unknown = { type: "ping" };
  assertStrictEquals(toWireEvent(unknown), unknown);
});

Deno.test("toWireEvent() returns the original of a malformed event if it is an object with a type", () => {
  const raw = { type: "response.done" };
  assertStrictEquals(toWireEvent({ type: "malformed_event", raw }), raw);
  for (const raw of ["not JSON", null, 7, [], [{ type: "x" }], {}, { type: 7 }, undefined]) {
    assertEquals(toWireEvent({ type: "malformed_event", raw }), undefined);
  }
});

Deno.test("isRecord() distinguishes objects from arrays, null and other values", () => {
  assertEquals([{}, { a: 1 }].map(isRecord), [true, true]);
  assertEquals([[], null, undefined, "a", 1].map(isRecord), [false, false, false, false, false]);
});

Deno.test("at() follows a path, and stops at a missing step", () => {
  const value = { a: { b: { c: 1 }, list: [{ c: 2 }], nothing: null } };
  assertEquals(at(value, "a", "b"), { c: 1 });
  assertEquals(at(value, "a", "b", "c"), 1);
  assertEquals(at(value, "a", "x", "c"), undefined);
  assertEquals(at(value, "a", "nothing", "c"), undefined);
  assertEquals(at(value, "a", "list", "0"), undefined);
  assertEquals(at(value), value);
});

Deno.test("stringAt() and numberAt() return undefined for another type", () => {
  const value = { text: "a", number: 3, zero: null };
  assertEquals([stringAt(value, "text"), stringAt(value, "number"), stringAt(value, "zero")], [
    "a",
    undefined,
    undefined,
  ]);
  assertEquals([numberAt(value, "number"), numberAt(value, "text"), numberAt(value, "zero")], [3, 0, 0]);
});

Deno.test("toApiError() copies the fields of an error event", () => {
  const error = toApiError({
    type: "error",
    error: { type: "invalid_request_error", code: "bad", message: "No.", param: "session.voice", event_id: "event_1" },
  });
  assertInstanceOf(error, RealtimeApiError);
  const { message, type, code, param, eventId, status } = error;
  assertEquals({ message, type, code, param, eventId, status }, {
    message: "No.",
    type: "invalid_request_error",
    code: "bad",
    param: "session.voice",
    eventId: "event_1",
    status: undefined,
  });
});

Deno.test("toApiError() accepts an error without fields, and the status of an HTTP response", () => {
  const errors = [{}, null, { message: "" }, { message: 7, code: null }].map((error) => ({ error }));
  for (const error of [...errors, {}, null]) {
    const { message, code } = toApiError(error);
    assertEquals({ message, code }, { message: "The server reported an error without a message", code: undefined });
  }
  assertEquals(toApiError({ error: { message: "No." } }, { status: 401 }).status, 401);
});
