import { assertEquals } from "@std/assert";
import { BackendCalls } from "../../src/live/_delegation/backend_calls.ts";
import { RealtimeApiError } from "../../src/errors.ts";
import type { LiveLocalEvent } from "../../src/live/mod.ts";
import type { LiveOutgoingEvent } from "../../src/protocol/mod.ts";

/** One call that has been answered: its output and the request are sent. */
async function answered() {
  const sent: LiveOutgoingEvent[] = [];
  const told: LiveLocalEvent[] = [];
  const calls = new BackendCalls({
    run: () => Promise.resolve({ output: "done" }),
    isLeftAlone: () => false,
    send: (event) => void sent.push(event),
    emit: (event) => void told.push(event),
  });
  const item = { type: "function_call", call_id: "call_1", name: "get_order", arguments: "{}" };
  const receive = (event: object) => calls.receive({ type: "response.event", event });
  receive({ type: "response.output_item.done", item });
  receive({ type: "response.completed" });
  // The tool has run.
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  const refuse = (index: number, code: string) =>
    calls.refused({ type: "error", error: { code, message: "No." }, client_event_id: sent[index]?.event_id });
  const refused = () =>
    told.flatMap((event) => {
      if (event.type !== "tool_output_refused") return [];
      return [[event.callId, event.error instanceof RealtimeApiError && event.error.code]];
    });
  return { calls, refuse, refused, sent };
}

Deno.test("a refused output, and a refused request to continue, are reported", async () => {
  const { calls, refuse, refused, sent } = await answered();
  assertEquals(sent.map(({ type }) => type), ["response.item.create", "response.create"]);
  assertEquals([refuse(0, "invalid_request_error"), refuse(1, "invalid_request_error")], [true, true]);
  assertEquals(refused(), [["call_1", "invalid_request_error"], [undefined, "invalid_request_error"]]);
  assertEquals(calls.refused({ type: "error", error: {}, client_event_id: "another" }), false);
});

Deno.test("a failed resend of an output is reported only if it certainly has not arrived", async () => {
  const { calls, refuse, refused, sent } = await answered();
  calls.resume();
  assertEquals(sent.length, 4);
  assertEquals([refuse(2, "invalid_request_error"), refuse(3, "invalid_request_error")], [true, true]);
  assertEquals(refused(), []);
  calls.resume();
  refuse(4, "response_input_buffer_full");
  // A shorter one replaces it; if that is refused as well, there is nothing else to send.
  assertEquals(sent.length, 7);
  refuse(6, "response_input_buffer_full");
  assertEquals(refused(), [["call_1", "response_input_buffer_full"]]);
});
