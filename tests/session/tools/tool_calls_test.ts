import { assert, assertEquals } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import type { OpenSessionOptions, Session } from "../../../src/session/mod.ts";
import { defineTool, type RealtimeTool, ToolError } from "../../../src/tools/mod.ts";
import * as v from "valibot";
import {
  acknowledgeItem,
  CANCELLED,
  collect,
  type FakeServer,
  type Frame,
  functionCall,
  functionCallEvents,
  open,
  output,
  responseCreated,
  responseDone,
  stateOf,
} from "../_fake_server.ts";

const sum = defineTool({
  name: "sum",
  parameters: v.object({ a: v.number(), b: v.number() }),
  run: ({ a, b }) => ({ sum: a + b }),
});

/** A tool that finishes when the test lets it. */
function slowTool(
  name: string,
  timeoutMs?: number,
): RealtimeTool & { finish(result: unknown): void; signal?: AbortSignal } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const tool = Object.assign(
    defineTool({
      name,
      timeoutMs,
      run: (_args, { signal }) => {
        Object.assign(tool, { signal });
        return promise;
      },
    }),
    { finish: resolve },
  );
  return tool;
}

async function respondWith(
  tools: readonly RealtimeTool[],
  options: OpenSessionOptions = {},
): Promise<{ server: FakeServer; session: Session; events: Frame[] }> {
  const { server, session } = await open({ tools, ...options });
  const events = collect(session, "tool_call_started", "tool_call_done", "tool_call_failed");
  session.respond();
  await server.settle();
  server.create("resp_1");
  await server.settle();
  server.sent.length = 0;
  return { server, session, events };
}

/** Outputs that the client has sent, by call. */
function outputs(server: FakeServer): Record<string, string> {
  return Object.fromEntries(server.sentOf("conversation.item.create").map(({ item }) => [item.call_id, item.output]));
}

Deno.test("a tool output is sent at once, and one follow-up when the response is done", async () => {
  const { server, events } = await respondWith([sum]);
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{\n  "a": 2,\n  "b": 3\n}`));
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create"]);
  const { item } = server.sent[0]!;
  assertEquals([item.type, item.call_id, item.output], ["function_call_output", "call_1", `{"sum":5}`]);
  acknowledgeItem(server);
  server.emit(responseDone("resp_1", { output: [functionCall("call_1", "sum")] }));
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_done"]);
  const { name, callId, itemId, responseId, output, arguments: args } = events[1]!;
  assertEquals([name, callId, itemId, responseId, output], ["sum", "call_1", "item_call_1", "resp_1", `{"sum":5}`]);
  assertEquals(args, `{\n  "a": 2,\n  "b": 3\n}`);
});

Deno.test("a follow-up waits for a tool that outlives its response, and is sent once the output is accepted", async () => {
  const slow = slowTool("slow");
  const { server } = await respondWith([slow]);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"));
  await server.settle();
  assertEquals(server.takeTypes(), []);
  slow.finish("done");
  await server.settle();
  assertEquals(outputs(server), { call_1: "done" });
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
});

Deno.test("tools of one response run concurrently and share one follow-up", async () => {
  const [slow, slower] = [slowTool("slow"), slowTool("slower")];
  const { server } = await respondWith([slow, slower, sum]);
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "slower"),
    ...functionCallEvents("resp_1", "call_2", "slow"),
    ...functionCallEvents("resp_1", "call_3", "sum", `{"a":1,"b":1}`),
  );
  await server.settle();
  assertEquals(outputs(server), { call_3: `{"sum":2}` });
  slow.finish(2);
  await server.settle();
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals(server.sentOf("response.create"), []);
  slower.finish(null);
  await server.settle();
  assertEquals(outputs(server), { call_1: "null", call_2: "2", call_3: `{"sum":2}` });
  assertEquals(server.takeTypes().at(-1), "response.create");
  // Nothing follows when the outputs are acknowledged.
  await server.clock.advance(20_000);
  assertEquals(server.sentOf("response.create"), []);
});

Deno.test("a slow tool delays neither events nor commands", async () => {
  const slow = slowTool("slow");
  const { server, session } = await respondWith([slow]);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"));
  const clearing = session.clearAudio();
  await server.settle();
  server.emit({ type: "input_audio_buffer.cleared" });
  assertEquals(await stateOf(clearing), "resolved");
});

Deno.test("pending follow-ups of two responses are merged", async () => {
  const [one, two] = [slowTool("one"), slowTool("two")];
  const { server } = await respondWith([one, two]);
  server.emit(...functionCallEvents("resp_1", "call_1", "one"), responseDone("resp_1"));
  server.emit(responseCreated("resp_2"), ...functionCallEvents("resp_2", "call_2", "two"), responseDone("resp_2"));
  server.emit(responseCreated("resp_3"));
  await server.settle();
  one.finish(1);
  two.finish(2);
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "conversation.item.create"]);
  server.emit(responseDone("resp_3"));
  await server.settle();
  server.create("resp_4");
  assertEquals(server.takeTypes(), ["response.create"]);
  server.emit(responseDone("resp_4"));
  await server.settle();
  assertEquals(server.takeTypes(), []);
});

const throwing = (error: unknown) => defineTool({ name: "bad", run: () => Promise.reject(error) });
const returning = (result: unknown) => defineTool({ name: "bad", run: () => result });
const circular: Record<string, unknown> = {};
circular.self = circular;

/** The model does not receive the messages of exceptions. */
const NEUTRAL = "The tool could not complete this call";

/** A failure, and the text that the model receives. */
const FAILURES: readonly (readonly [what: string, tool: RealtimeTool, args: string, message: string])[] = [
  ["arguments that are not JSON", returning(1), `{"a":`, "not JSON"],
  ["invalid arguments", { ...sum, definition: { ...sum.definition, name: "bad" } }, `{"a":"x"}`, "a: "],
  ["a tool that throws", throwing(new RangeError("Out of range")), "{}", NEUTRAL],
  ["a tool that throws synchronously", defineTool({ name: "bad", run: () => fail("At once") }), "{}", NEUTRAL],
  ["a tool that throws a string", throwing("Just so"), "{}", NEUTRAL],
  ["a tool that throws undefined", throwing(undefined), "{}", NEUTRAL],
  [
    "a tool that throws a ToolError",
    throwing(new ToolError("Ask for the order number")),
    "{}",
    "Ask for the order number",
  ],
  ["a tool that throws an object without a prototype", throwing(Object.create(null)), "{}", NEUTRAL],
  ["a BigInt result", returning({ value: 1n }), "{}", "cannot be written as JSON"],
  ["a circular result", returning(circular), "{}", "cannot be written as JSON: its type is Object"],
  ["a response", returning(new Response("21 °C")), "{}", "cannot be written as JSON: its type is Response"],
  ["a map", returning(new Map([["celsius", 21]])), "{}", "cannot be written as JSON: its type is Map"],
  ["an error", returning(new Error("No such city")), "{}", "cannot be written as JSON: its type is Error"],
  ["a function result", returning(() => 1), "{}", "its type is Function"],
];

function fail(message: string): never {
  throw new Error(message);
}

for (const [what, tool, args, message] of FAILURES) {
  Deno.test(`${what} produces an output, an event and a follow-up`, async () => {
    const { server, session, events } = await respondWith([tool]);
    server.emit(
      ...functionCallEvents("resp_1", "call_1", "bad", args),
      responseDone("resp_1", { output: [functionCall("call_1", "bad", args)] }),
    );
    await server.settle();
    assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create", "response.create"]);
    const text: string = JSON.parse(outputs(server).call_1!).error;
    assert(text.includes(message), text);
    acknowledgeItem(server);
    await server.settle();
    const failed = events.at(-1)!;
    assertEquals([failed.type, failed.output], ["tool_call_failed", outputs(server).call_1]);
    // The session still works.
    const clearing = session.clearAudio();
    server.emit({ type: "input_audio_buffer.cleared" });
    await clearing;
  });
}

Deno.test("a tool's own error is in the event as thrown", async () => {
  const error = new RangeError("Out of range");
  const { server, events } = await respondWith([throwing(error)]);
  server.emit(...functionCallEvents("resp_1", "call_1", "bad"));
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  assert(events[1]?.error === error);
});

Deno.test("a tool result is sent as JSON, and a string as it is", async () => {
  const results: readonly (readonly [unknown, string])[] = [
    ["plain", "plain"],
    [undefined, "null"],
    [{ a: [1] }, `{"a":[1]}`],
  ];
  for (const [result, output] of results) {
    const { server } = await respondWith([returning(result)]);
    server.emit(...functionCallEvents("resp_1", "call_1", "bad"));
    await server.settle();
    assertEquals(outputs(server), { call_1: output });
  }
});

Deno.test("a call without arguments reaches the tool as an empty object", async () => {
  const { server, events } = await respondWith([defineTool({ name: "now", run: (args) => args })]);
  const [, item] = functionCallEvents("resp_1", "call_2", "now");
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "now", ""),
    { ...item, item: { ...functionCall("call_2", "now"), arguments: undefined } },
  );
  await server.settle();
  assertEquals(outputs(server), { call_1: "{}", call_2: "{}" });
  assertEquals(events.map((event) => event.arguments), ["", "", "", ""]);
});

Deno.test("a call without arguments is refused by a tool whose JSON Schema requires some", async () => {
  let runs = 0;
  const make = (name: string, required: readonly string[]) =>
    defineTool({ name, parameters: { type: "object", required }, run: () => ++runs });
  const { server } = await respondWith([make("strict", ["a", "b"]), make("lax", [])]);
  for (const [index, args] of ["", " ", "null"].entries()) {
    server.emit(...functionCallEvents("resp_1", `call_${index}`, "strict", args));
  }
  await server.settle();
  const error = JSON.stringify({ error: "The arguments are invalid: a, b must be given" });
  assertEquals([outputs(server), runs], [{ call_0: error, call_1: error, call_2: error }, 0]);
  server.emit(...functionCallEvents("resp_1", "call_3", "lax", "null"));
  await server.settle();
  assertEquals([outputs(server).call_3, runs], ["1", 1]);
});

Deno.test("a tool runs after the event that called it has been delivered, as does dispatchTool", async () => {
  const order: string[] = [];
  const run = () => void order.push("tool");
  for (const tools of [[defineTool({ name: "now", run })], []]) {
    const { server, session } = await respondWith(tools, { dispatchTool: run });
    session.on("tool_call_started", () => void order.push("started"));
    session.on("response.function_call_arguments.done", () => void order.push("event"));
    server.emit(...functionCallEvents("resp_1", "call_1", "now"));
    await server.settle();
    assertEquals(order.splice(0), ["event", "started", "tool"]);
  }
});

Deno.test("only complete function calls that have an id are answered", async () => {
  const { server } = await respondWith([sum]);
  const done = { type: "response.output_item.done", response_id: "resp_1" };
  const call = functionCall("call_1", "sum", `{"a":1,"b":2}`);
  server.emit(
    done,
    { ...done, item: { ...call, call_id: undefined } },
    { ...done, item: { ...call, type: "custom_tool_call" } },
    // The application reads what another party has called, and what is not complete.
    { type: "conversation.item.retrieved", item: call },
    { type: "response.output_item.added", response_id: "resp_1", item: { ...call, id: "item_2" } },
    { type: "conversation.item.retrieved", item: { ...call, id: "item_2", status: "in_progress" } },
  );
  await server.settle();
  assertEquals(server.takeTypes(), []);
});

Deno.test("a server without response ids may use the id of a call again in its next response", async () => {
  let runs = 0;
  const { server } = await open({ tools: [defineTool({ name: "count", followUp: "silent", run: () => ++runs })] });
  for (const expected of [1, 2]) {
    const calls = functionCallEvents("", "call_1", "count").map((event) => ({ ...event, response_id: undefined }));
    server.emit({ type: "response.created", response: {} }, ...calls, { type: "response.done", response: {} });
    await server.settle();
    assertEquals(runs, expected);
  }
});

Deno.test("a response reads the outputs of an earlier one, whose end the server did not report", async () => {
  const { server } = await respondWith([sum]);
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`));
  await server.settle();
  server.emit(responseCreated("resp_2"), responseDone("resp_2"));
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("only calls of unknown functions are reported as unhandled", async () => {
  const failing = defineTool({ name: "failing", run: () => Promise.reject(new Error("No")) });
  const { server, session } = await respondWith([failing]);
  const unhandled = collect(session, "tool_call_unhandled");
  server.emit(...functionCallEvents("resp_1", "call_1", "failing"), ...functionCallEvents("resp_1", "call_2", "other"));
  await server.settle();
  assertEquals(unhandled.map((event) => (event as Frame).callId), ["call_2"]);
});

Deno.test("idle() resolves when a tool's output was refused, as no follow-up comes", async () => {
  const { server, session } = await respondWith([sum]);
  server.takesOutputs = false;
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`), responseDone("resp_1"));
  await server.settle();
  const idle = session.idle();
  assertEquals(await stateOf(idle), "pending");
  server.refuse(server.last("conversation.item.create").event_id);
  await server.settle();
  assertEquals([await stateOf(idle), server.takeTypes()], ["resolved", ["conversation.item.create"]]);
});

Deno.test("a tool that times out is aborted, and the model receives an error", async () => {
  const slow = slowTool("slow", 500);
  const { server, events } = await respondWith([slow]);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"));
  await server.clock.advance(499);
  assertEquals([server.sent.length, slow.signal?.aborted], [0, false]);
  await server.clock.advance(1);
  assertEquals(slow.signal?.reason.name, "TimeoutError");
  assert(JSON.parse(outputs(server).call_1!).error.includes("took longer than 500 ms"));
  assertEquals(server.sentOf("response.create").length, 1);
  acknowledgeItem(server);
  slow.finish("too late");
  await server.settle();
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_failed"]);
  assertEquals(Object.keys(outputs(server)), ["call_1"]);
});

Deno.test("durationMs of a tool call covers only the tool's own time", async () => {
  const slow = slowTool("slow");
  const { server, events } = await respondWith([slow]);
  await server.clock.advance(1000);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"));
  await server.clock.advance(300);
  slow.finish(1);
  await server.clock.advance(50);
  acknowledgeItem(server);
  await server.settle();
  assertEquals(events.at(-1)?.durationMs, 300);
});

Deno.test("a running tool is aborted when the session ends, and the failure is reported", async () => {
  const slow = slowTool("slow");
  const { server, session, events } = await respondWith([slow]);
  const reader = session.events();
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"));
  await server.settle();
  await session.close();
  assert(slow.signal?.reason instanceof ConnectionError);
  const { type, output, error } = events.at(-1)!;
  assertEquals([type, output, error], ["tool_call_failed", undefined, slow.signal.reason]);
  assertEquals((await Array.fromAsync(reader)).at(-2)?.type, "tool_call_failed");
  assertEquals(server.sent, []);
});

Deno.test("a call cut short by an interruption is answered, not run, and not followed up", async () => {
  for (const args of [`{"a":`, ""]) {
    let runs = 0;
    const tool = defineTool({ name: "sum", run: () => runs++ });
    const { server, events } = await respondWith([tool]);
    server.emit(
      ...functionCallEvents("resp_1", "call_1", "sum", args, "incomplete"),
      responseDone("resp_1", { ...CANCELLED, output: [functionCall("call_1", "sum", args, "incomplete")] }),
    );
    await server.settle();
    assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create"]);
    assert(JSON.parse(outputs(server).call_1!).error.includes("interrupted"));
    acknowledgeItem(server);
    await server.settle();
    assertEquals([runs, events.map(({ type }) => type)], [0, ["tool_call_failed"]]);
    assertEquals(events[0]?.error.name, "AbortError");
  }
});

Deno.test("a call that only response.done contains is answered", async () => {
  const { server } = await respondWith([sum]);
  const args = `{"a":1,"b":2}`;
  server.emit(
    responseDone("resp_1", { ...CANCELLED, output: [functionCall("call_1", "sum", args, "in_progress")] }),
  );
  await server.settle();
  assert(JSON.parse(outputs(server).call_1!).error.includes("interrupted"));
  assertEquals(server.sentOf("response.create"), []);

  const other = await respondWith([sum]);
  other.server.emit(responseDone("resp_1", { output: [functionCall("call_2", "sum", args)] }));
  await other.server.settle();
  assertEquals(outputs(other.server), { call_2: `{"sum":3}` });
  assertEquals(other.server.sentOf("response.create").length, 1);
});

Deno.test("a call cut by the token limit is answered and followed up", async () => {
  const { server } = await respondWith([sum]);
  const status_details = { type: "incomplete", reason: "max_output_tokens" };
  const call = functionCall("call_1", "sum", `{"a":`, "incomplete");
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "sum", `{"a":`, "incomplete"),
    responseDone("resp_1", { status: "incomplete", status_details, output: [call] }),
  );
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create", "response.create"]);
});

Deno.test("a running tool continues when its response is cancelled, and its output gets no follow-up", async () => {
  const slow = slowTool("slow");
  const { server } = await respondWith([slow]);
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1", CANCELLED));
  await server.settle();
  slow.finish("anyway");
  await server.settle();
  assertEquals(outputs(server), { call_1: "anyway" });
  assertEquals(server.sentOf("response.create"), []);

  const other = await respondWith([sum]);
  other.server.emit(...functionCallEvents("resp_1", "call_2", "sum", `{"a":1,"b":2}`));
  await other.server.settle();
  other.server.emit(responseDone("resp_1", CANCELLED));
  await other.server.settle();
  assertEquals(other.server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("followUp of the tool overrides toolFollowUp of the session", async () => {
  const make = (followUp?: "respond" | "silent") => defineTool({ name: "note", followUp, run: () => "noted" });
  const cases = [
    [make("silent"), undefined, 0],
    [make(), "silent", 0],
    [make("respond"), "silent", 1],
    [make(), undefined, 1],
  ] as const;
  for (const [tool, toolFollowUp, count] of cases) {
    const { server } = await respondWith([tool], { toolFollowUp });
    server.emit(...functionCallEvents("resp_1", "call_1", "note"), responseDone("resp_1"));
    await server.settle();
    assertEquals(outputs(server), { call_1: "noted" });
    assertEquals(server.sentOf("response.create").length, count);
  }
});

Deno.test("one tool that wants a follow-up is enough for the whole response", async () => {
  const note = defineTool({ name: "note", followUp: "silent", run: () => "noted" });
  const { server } = await respondWith([note, sum]);
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":1}`),
    ...functionCallEvents("resp_1", "call_2", "note"),
    responseDone("resp_1"),
  );
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 1);
});

Deno.test("a repeated call runs once", async () => {
  let runs = 0;
  const tool = defineTool({ name: "count", run: () => ++runs });
  const { server } = await respondWith([tool]);
  const events = functionCallEvents("resp_1", "call_1", "count");
  server.emit(...events, ...events, responseDone("resp_1", { output: [functionCall("call_1", "count")] }), ...events);
  await server.settle();
  assertEquals([runs, outputs(server)], [1, { call_1: "1" }]);
  assertEquals(server.sentOf("response.create").length, 1);
});

Deno.test("a call runs although only its item names it, or it belongs to no response", async () => {
  const { server } = await respondWith([sum]);
  const [nameless, item] = functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`);
  server.emit({ ...nameless, name: undefined }, item!, responseDone("resp_1"));
  await server.settle();
  assertEquals(outputs(server), { call_1: `{"sum":3}` });
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);

  const other = await respondWith([sum]);
  const anonymous = functionCallEvents("", "call_2", "sum", `{"a":1,"b":2}`).map((event) => ({
    ...event,
    response_id: undefined,
  }));
  other.server.emit(...anonymous, responseDone("resp_1"));
  await other.server.settle();
  assertEquals(other.server.takeTypes(), ["conversation.item.create", "response.create"]);
});

Deno.test("no follow-up is requested before the output is accepted", async () => {
  const { server } = await respondWith([sum]);
  server.takesOutputs = false;
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`), responseDone("resp_1"));
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("a refused output is reported and not followed up, however late the refusal is", async () => {
  for (const delayMs of [0, 2000]) {
    const { server, events } = await respondWith([sum]);
    server.takesOutputs = false;
    server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`), responseDone("resp_1"));
    await server.clock.advance(delayMs);
    server.refuse(server.last("conversation.item.create").event_id, "invalid_value", "No such call.");
    await server.clock.advance(60_000);
    const { type, output, error } = events.at(-1)!;
    assertEquals([type, output, error.message], ["tool_call_failed", undefined, "No such call."]);
    assertEquals(server.sentOf("response.create"), []);
  }
});

Deno.test("one refused output does not prevent the follow-up of the others", async () => {
  const { server } = await respondWith([sum]);
  server.takesOutputs = false;
  const calls = ["call_1", "call_2"].flatMap((id) => functionCallEvents("resp_1", id, "sum", `{"a":1,"b":2}`));
  server.emit(...calls, responseDone("resp_1"));
  await server.settle();
  const [first, second] = server.sentOf("conversation.item.create");
  server.emit({ type: "conversation.item.added", item: first!.item });
  server.refuse(second!.event_id);
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 1);
});

Deno.test("an unacknowledged output counts as accepted after the timeout", async () => {
  const { server } = await respondWith([sum], { ackTimeoutMs: 3000 });
  server.takesOutputs = false;
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`), responseDone("resp_1"));
  await server.clock.advance(2999);
  assertEquals(server.sentOf("response.create"), []);
  await server.clock.advance(1);
  assertEquals(server.sentOf("response.create").length, 1);
});

Deno.test("calls of an out-of-band response are left to the caller of respond()", async () => {
  let runs = 0;
  const { server, session } = await open({ tools: [defineTool({ name: "count", run: () => ++runs })] });
  const handle = session.respond({ conversation: "none" });
  await server.settle();
  server.create("resp_1", null);
  await server.settle();
  const item = functionCall("call_1", "count");
  server.emit(
    ...functionCallEvents("resp_1", "call_1", "count"),
    responseDone("resp_1", { conversation_id: null, output: [item] }),
  );
  assertEquals(await handle.items(), [item as never]);
  await server.settle();
  assertEquals([runs, server.takeTypes()], [0, ["response.create"]]);
});

Deno.test("a tool receives its call id and a usable session", async () => {
  const ids: string[] = [];
  const tool = defineTool({
    name: "note",
    followUp: "silent",
    run: async (args: { word: string }, { callId, session }) => {
      ids.push(callId, await session.sendMessage(`Heard ${args.word}`));
    },
  });
  const { server } = await respondWith([tool]);
  server.emit(...functionCallEvents("resp_1", "call_1", "note", `{"word":"it"}`));
  await server.settle();
  const { item } = server.last("conversation.item.create");
  assertEquals(item.content, [{ type: "input_text", text: "Heard it" }]);
  acknowledgeItem(server);
  await server.settle();
  assertEquals(ids, ["call_1", item.id]);
  assertEquals(outputs(server).call_1, "null");
});

Deno.test("commentary that overlaps a call is text, and the call runs", async () => {
  const { server, session } = await respondWith([sum]);
  const handle = session.activeResponse!;
  const [args, item] = functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`);
  server.emit(
    output("response.output_text.delta", "resp_1", { delta: "I’ll " }),
    args!,
    output("response.output_text.delta", "resp_1", { delta: "check." }),
    item!,
    responseDone("resp_1"),
  );
  assertEquals(await handle.text(), "I’ll check.");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
});

Deno.test("ToolCalls follows up with the calling response's settings, except its input, tool_choice and metadata", async () => {
  const { server, session } = await open({ tools: [sum] });
  session.respond({
    output_modalities: ["text"],
    instructions: "Be brief.",
    tool_choice: "required",
    metadata: { topic: "sums" },
    input: [],
  });
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "sum", `{"a":1,"b":2}`), responseDone("resp_1"));
  await server.settle();
  const { metadata, ...followUp } = server.last("response.create").response;
  assertEquals(followUp, { output_modalities: ["text"], instructions: "Be brief." });
  assertEquals(Object.keys(metadata), ["oai_rt_key"]);
  await session.close();
});

Deno.test("ToolCalls answers calls whose id is longer than OpenAI allows", async () => {
  const { server, session } = await open({ tools: [sum] });
  const callId = "call_".padEnd(40, "x");
  server.emit(responseCreated("resp_1"), ...functionCallEvents("resp_1", callId, "sum", `{"a":1,"b":2}`));
  await server.settle();
  assertEquals(server.last("conversation.item.create").item.call_id, callId);
  await session.close();
});
