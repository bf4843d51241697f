import { assertEquals } from "@std/assert";
import { isLocalEvent, type LocalEvent } from "../../src/session/mod.ts";

/** Types of all events that a session makes itself: the type-checker misses one that is not here. */
const LOCAL: Readonly<Record<LocalEvent["type"], true>> = {
  reconnecting: true,
  recovered: true,
  recovery_failed: true,
  renewed: true,
  context_truncated: true,
  limit_reached: true,
  listener_failed: true,
  part_failed: true,
  closed: true,
  tool_call_done: true,
  tool_call_failed: true,
  tool_call_started: true,
  tool_call_unhandled: true,
  tool_rounds_exceeded: true,
  turn: true,
};

Deno.test("isLocalEvent() is true for the session's own events, and false for server events", () => {
  for (const type of Object.keys(LOCAL)) assertEquals(isLocalEvent({ type }), true, type);
  const others = ["error", "malformed_event", "ping", "response.done", "turned", "a_turn", "tool_call_delta", ""];
  for (const type of others) assertEquals(isLocalEvent({ type }), false, type);
});
