import { assertEquals } from "@std/assert";
import { BackendCalls } from "../../src/live/_delegation/backend_calls.ts";
import { RealtimeApiError } from "../../src/errors.ts";
import type { LiveLocalEvent } from "../../src/live/mod.ts";
import type { LiveOutgoingEvent } from "../../src/protocol/mod.ts";

/** One call that has been answered: its output and the request are sent. */
async function answered(others: readonly string[] = []) {
  const sent: LiveOutgoingEvent[] = [];
  const told: LiveLocalEvent[] = [];
  const calls = new BackendCalls({
    run: () => Promise.resolve({ output: "done" }),
    isLeftAlone: (name) => others.includes(name),
    send: (event) => void sent.push(event),
    emit: (event) => void told.push(event),
  });
  const receive = (event: object) => calls.receive({ type: "response.event", event });
  const begin = (made: readonly (readonly [callId: string, name: string])[]) => {
    for (const [call_id, name] of made) {
      receive({ type: "response.output_item.done", item: { type: "function_call", call_id, name } });
    }
  };
  const respond = async (made: Parameters<typeof begin>[0]) => {
    begin(made);
    receive({ type: "response.completed" });
    // The tool has run.
    for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  };
  await respond([["call_1", "get_order"], ...others.map((name) => [`call_of_${name}`, name] as const)]);
  const refuse = (index: number, code: string) =>
    calls.refused({ type: "error", error: { code, message: "No." }, client_event_id: sent[index]?.event_id });
  const refused = () =>
    told.flatMap((event) => {
      if (event.type !== "tool_output_refused") return [];
      return [[event.callId, event.error instanceof RealtimeApiError && event.error.code]];
    });
  return { begin, calls, refuse, refused, respond, sent };
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

Deno.test("a request before another client has sent its outputs is no failure, in that response only", async () => {
  const missing = "function_call_outputs_required";
  const alone = await answered();
  const shared = await answered(["of_the_page"]);
  for (const { refuse } of [alone, shared]) for (const index of [1, 2, 3]) assertEquals(refuse(index, missing), true);
  assertEquals(alone.refused(), [[undefined, missing]]);
  assertEquals(shared.refused(), []);
  assertEquals(shared.refuse(0, "invalid_request_error"), true);
  assertEquals(shared.refused(), [["call_1", "invalid_request_error"]]);
  await shared.respond([["call_2", "get_order"]]);
  for (const index of [5, 6, 7]) assertEquals(shared.refuse(index, missing), true);
  assertEquals(shared.refused().at(-1), [undefined, missing]);
});

Deno.test("a message before another client has sent its outputs is no failure, during the response or after it", async () => {
  const missing = "function_call_outputs_required";
  const item = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello!" }] } as const;
  const { begin, calls, refuse, refused, respond, sent } = await answered(["of_the_page"]);
  begin([["call_2", "of_the_page"]]);
  calls.take(item);
  assertEquals(sent.length, 2);
  await respond([]);
  calls.take(item);
  assertEquals(sent.slice(2).map(({ type }) => type), ["response.create", "response.create"]);
  for (let index = 2; index < sent.length; index++) assertEquals(refuse(index, missing), true);
  assertEquals(refused(), []);
  // Calls that are not known here yet: the request after them includes the message. Any other error is its own.
  await respond([]);
  calls.take(item);
  assertEquals([sent.at(-1)?.type, refuse(sent.length - 1, missing)], ["response.create", true]);
  calls.take(item);
  assertEquals([refuse(sent.length - 1, "invalid_request_error"), refused()], [false, []]);
});

Deno.test("a call is run once, and only if it is complete, and is reported with its delegation", async () => {
  const ran: unknown[] = [];
  const told: LiveLocalEvent[] = [];
  const broken = new Error("The shelf is empty");
  const calls = new BackendCalls({
    run: (call) => {
      ran.push(call);
      return Promise.resolve({ output: "done", ...call.name === "fail" && { failure: { error: broken } } });
    },
    isLeftAlone: () => false,
    send: () => {},
    emit: (event) => void told.push(event),
  });
  const done = (item: object, delegation_id: unknown) =>
    calls.receive({
      type: "response.event",
      delegation_id,
      event: { type: "response.output_item.done", item: { type: "function_call", ...item } },
    });
  const first = { call_id: "call_1", name: "get_order", arguments: "{}", status: "completed" };
  done(first, "delegation_1");
  done(first, "delegation_1");
  done({ ...first, call_id: "call_2", status: "incomplete" }, "delegation_1");
  done({ ...first, call_id: "call_3", type: "custom_tool_call" }, "delegation_1");
  done({ ...first, call_id: undefined }, "delegation_1");
  done({ ...first, call_id: "call_4", name: undefined }, "delegation_1");
  done({ call_id: "call_5", name: "fail" }, null);
  for (let turn = 0; turn < 4; turn++) await Promise.resolve();
  const one = { callId: "call_1", name: "get_order", arguments: "{}", delegationId: "delegation_1" };
  const five = { callId: "call_5", name: "fail", arguments: "", delegationId: undefined };
  assertEquals(ran, [one, five]);
  assertEquals(told, [
    { type: "tool_call_started", call: one },
    { type: "tool_call_started", call: five },
    { type: "tool_call_done", call: one, output: "done" },
    { type: "tool_call_failed", call: five, error: broken },
  ]);
});
