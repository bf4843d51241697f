import { assert, assertEquals } from "@std/assert";
import type { OpenSessionOptions, Session } from "../../../src/session/mod.ts";
import { defineTool, type JsonSchemaToolDefinition } from "../../../src/tools/mod.ts";
import { VoiceSession } from "../../../src/voice/mod.ts";
import {
  acknowledgeItem,
  CANCELLED,
  collect,
  type FakeServer,
  type Frame,
  functionCallEvents,
  open,
  responseCreated,
  responseDone,
  stateOf,
  vadTurn,
} from "../_fake_server.ts";

interface Calling {
  readonly server: FakeServer;
  readonly session: Session;
  readonly events: Frame[];
  /** Signal of the running tool. */
  readonly signal: () => AbortSignal | undefined;
  /** Lets the tool finish. */
  readonly finish: (result: unknown) => void;
}

const SPEECH = { type: "input_audio_buffer.speech_started", item_id: "speech", audio_start_ms: 0 };

/** A session whose response has called one tool with these options. */
async function calling(
  manner: Partial<JsonSchemaToolDefinition>,
  options: OpenSessionOptions = {},
  takesOutputs = true,
): Promise<Calling> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  let signal: AbortSignal | undefined;
  const tool = defineTool({
    name: "slow",
    run: (_args, context) => {
      signal = context.signal;
      return promise;
    },
    ...manner,
  });
  const { server, session } = await open({ tools: [tool], ...options });
  server.takesOutputs = takesOutputs;
  const events = collect(session, "tool_call_started", "tool_call_done", "tool_call_failed", "listener_failed");
  session.respond();
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "slow", '{"a":1}'), responseDone("resp_1"));
  await server.settle();
  server.sent.splice(0, 1);
  return { server, session, events, signal: () => signal, finish: resolve };
}

function outputOf(server: FakeServer): string {
  return server.last("conversation.item.create").item.output;
}

Deno.test("a tool continues when the user interrupts: its output is sent without a follow-up", async () => {
  const { server, events, signal, finish } = await calling({});
  server.emit(SPEECH);
  await server.settle();
  assertEquals([signal()?.aborted, server.sent.length], [false, 0]);
  finish("booked");
  await server.clock.advance(60_000);
  assertEquals([outputOf(server), server.takeTypes()], ["booked", ["conversation.item.create"]]);
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_done"]);
});

Deno.test("a tool that ends after the answer to an interruption gets its own follow-up", async () => {
  const { server, finish } = await calling({});
  server.emit(SPEECH, ...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.settle();
  finish("booked");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
  await server.clock.advance(60_000);
  assertEquals(server.sentOf("conversation.item.create"), []);
});

Deno.test("a tool that ends while the user is being answered gets its follow-up when the slot is free", async () => {
  const { server, finish } = await calling({});
  server.emit(SPEECH, ...vadTurn("resp_vad").slice(1));
  await server.settle();
  finish("booked");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test('a tool with onInterrupt: "abort" is aborted, and its result still reaches the model', async () => {
  for (const interrupt of ["speech", "cancel"]) {
    let signal: AbortSignal | undefined;
    const run = (_args: unknown, context: { readonly signal: AbortSignal }) => {
      signal = context.signal;
      return new Promise((resolve) => signal?.addEventListener("abort", () => resolve("stopped halfway")));
    };
    const { server, session, events } = await calling({ onInterrupt: "abort", run });
    if (interrupt === "speech") server.emit(SPEECH);
    else await session.cancel();
    await server.settle();
    assertEquals([signal?.reason.name, outputOf(server)], ["AbortError", "stopped halfway"]);
    await server.clock.advance(60_000);
    assertEquals(server.takeTypes(), ["conversation.item.create"]);
    assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_done"]);
  }
});

Deno.test("a tool that throws its abort reason is reported as interrupted to the model", async () => {
  const run = (_args: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const { server, events } = await calling({ onInterrupt: "abort", run });
  server.emit(SPEECH);
  await server.settle();
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_failed"]);
});

Deno.test("an interrupted tool that throws an error of its own does not show it to the model", async () => {
  const run = (_args: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("secret"))));
  const { server } = await calling({ onInterrupt: "abort", run });
  server.emit(SPEECH);
  await server.settle();
  assertEquals(JSON.parse(outputOf(server)), { error: "The tool could not complete this call" });
});

Deno.test("an interrupted tool that goes on requests no filler", async () => {
  const filler = { afterMs: 1000, instructions: "Say that you are looking." };
  const { server, session } = await calling({ filler, onInterrupt: "abort" });
  await session.cancel();
  await server.clock.advance(2000);
  assertEquals(server.takeTypes(), []);
  await session.close();
});

Deno.test("cancel() leaves the output of a running tool without a follow-up, even after another response", async () => {
  const { server, session, finish } = await calling({});
  await session.cancel();
  const next = session.respond();
  await server.settle();
  server.create("resp_2");
  server.emit(responseDone("resp_2"));
  await next.done;
  finish("booked");
  await server.clock.advance(60_000);
  assertEquals(server.takeTypes(), ["response.create", "conversation.item.create"]);
});

Deno.test("a follow-up that was requested before the user spoke is cancelled when it begins", async () => {
  const { server, finish } = await calling({});
  finish("booked");
  await server.settle();
  server.emit(SPEECH);
  await server.settle();
  server.create("resp_2");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create", "response.cancel"]);
});

Deno.test("a follow-up that waits while the user speaks is dropped once the server answers, and reads the output", async () => {
  const { server, finish } = await calling({});
  const turn_detection = { type: "server_vad", interrupt_response: false };
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } }, SPEECH);
  await server.settle();
  finish("booked");
  await server.settle();
  server.emit(...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.clock.advance(60_000);
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("a follow-up that waits is not dropped for a response outside the conversation", async () => {
  const { server, session, finish } = await calling({});
  server.emit(responseCreated("resp_next"));
  await server.settle();
  finish("booked");
  await server.settle();
  session.respond({ conversation: "none" });
  await server.settle();
  server.emit(responseDone("resp_next"));
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create", "response.create"]);
});

Deno.test("cancel() is not outdone by the user's next turn", async () => {
  const { server, session, finish } = await calling({});
  await session.cancel();
  server.emit(SPEECH, ...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.settle();
  finish("booked");
  await server.clock.advance(60_000);
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("a tool of a cancelled response is followed up after a later response only if the user cut it", async () => {
  for (const [reason, types] of [["client_cancelled", []], ["turn_detected", ["response.create"]]] as const) {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { server } = await open({ tools: [defineTool({ name: "slow", run: () => promise })] });
    const cancelled = { status: "cancelled", status_details: { type: "cancelled", reason } };
    server.emit(
      responseCreated("resp_1"),
      ...functionCallEvents("resp_1", "call_1", "slow"),
      responseDone("resp_1", cancelled),
      responseCreated("resp_2"),
      responseDone("resp_2"),
      // Some servers repeat themselves.
      responseDone("resp_1", cancelled),
    );
    await server.settle();
    resolve("booked");
    await server.clock.advance(60_000);
    assertEquals(server.takeTypes(), ["conversation.item.create", ...types], reason);
  }
});

Deno.test("of two tools, neither is followed up if one was interrupted", async () => {
  const slow = (name: string) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    return { tool: defineTool({ name, run: () => promise }), finish: resolve };
  };
  const [one, two] = [slow("one"), slow("two")];
  const { server, session } = await open({ tools: [one.tool, two.tool] });
  server.emit(
    responseCreated("resp_1"),
    ...functionCallEvents("resp_1", "call_1", "one"),
    ...functionCallEvents("resp_1", "call_2", "two"),
    responseDone("resp_1"),
  );
  await server.settle();
  one.finish("first");
  await server.settle();
  server.emit(SPEECH);
  await server.settle();
  two.finish("second");
  await server.settle();
  server.emit(...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.clock.advance(60_000);
  assertEquals(server.takeTypes(), ["conversation.item.create", "conversation.item.create"]);
  await session.close();
});

Deno.test("a pending follow-up is dropped when another response reads the output first", async () => {
  const { server, session, finish } = await calling({});
  session.respond();
  await server.settle();
  server.create("resp_2");
  await server.settle();
  finish("booked");
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create", "conversation.item.create"]);
  // The server answers the user before the slot is free for the follow-up.
  server.emit(responseDone("resp_2", CANCELLED), responseCreated("resp_vad"), responseDone("resp_vad"));
  await server.clock.advance(60_000);
  assertEquals(server.sentOf("response.create").length <= 1, true);
  await session.close();
});

Deno.test("a cancelled response aborts only its own tool", async () => {
  const started: AbortSignal[] = [];
  const tool = defineTool({
    name: "slow",
    onInterrupt: "abort",
    run: (_args, { signal }) => {
      started.push(signal);
      return new Promise(() => {});
    },
  });
  const { server, session } = await open({ tools: [tool] });
  for (const id of ["1", "2"]) {
    server.emit(responseCreated(`resp_${id}`), ...functionCallEvents(`resp_${id}`, `call_${id}`, "slow"));
    await server.settle();
    server.emit(responseDone(`resp_${id}`, id === "2" ? CANCELLED : {}));
    await server.settle();
  }
  assertEquals(started.map(({ aborted }) => aborted), [false, true]);
  await session.close();
});

Deno.test("speech without interruption aborts no tool", async () => {
  const { server, signal, session } = await calling({ onInterrupt: "abort" });
  const turn_detection = { type: "server_vad", interrupt_response: false };
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } }, SPEECH);
  await server.settle();
  assertEquals(signal()?.aborted, false);
  await session.close();
});

Deno.test("a background tool is answered at once, and its result is sent later", async () => {
  const { server, finish } = await calling({ background: "Started." });
  assertEquals(outputOf(server), "Started.");
  acknowledgeItem(server);
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
  server.emit(SPEECH);
  await server.clock.advance(5000);
  finish({ rooms: 3 });
  await server.settle();
  const { role, content } = server.last("conversation.item.create").item;
  assertEquals([role, content[0].text], ["system", 'Result of slow, call call_1: {"rooms":3}']);
});

Deno.test("a background tool is reported as done when its result arrives, and the model answers", async () => {
  const { server, events, finish } = await calling({ background: "Started." });
  acknowledgeItem(server);
  server.create("resp_2");
  server.emit(responseDone("resp_2"));
  await server.clock.advance(5000);
  assertEquals(events.map(({ type }) => type), ["tool_call_started"]);
  server.takeTypes();
  finish("3 rooms");
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create", "response.create"]);
  acknowledgeItem(server);
  await server.settle();
  const { type, output, durationMs } = events.at(-1)!;
  assertEquals([type, output, durationMs], ["tool_call_done", "3 rooms", 5000]);
});

Deno.test("a background tool whose first output is refused continues, without an unhandled rejection", async () => {
  const { server, events, finish } = await calling({ background: "Started." }, {}, false);
  const { event_id } = server.last("conversation.item.create");
  server.emit({ type: "error", error: { type: "invalid_request_error", message: "No such call", event_id } });
  await server.clock.advance(5000);
  // Time for the runtime to report an unhandled rejection.
  await new Promise((resolve) => setTimeout(resolve));
  finish("3 rooms");
  await server.settle();
  const { type, error } = events.at(-1)! as { type: string; error?: unknown };
  assertEquals([type, (error as Error).message], ["tool_call_failed", "No such call"]);
});

Deno.test("a background tool whose result is refused is reported as failed", async () => {
  const { server, events, finish } = await calling({ background: "Started.", followUp: "silent" });
  finish("3 rooms");
  await server.settle();
  server.refuse(server.last("conversation.item.create").event_id);
  await server.settle();
  const { type, error, output } = events.at(-1)! as Frame;
  assertEquals([type, error.code, output], ["tool_call_failed", "invalid_value", undefined]);
});

Deno.test("a background tool whose call was cut is not said to be running", async () => {
  const { server } = await open({ tools: [defineTool({ name: "slow", background: "Started.", run: () => "found" })] });
  server.emit(responseCreated("resp_1"), ...functionCallEvents("resp_1", "call_1", "slow", "{", "incomplete"));
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
});

Deno.test("a silent background tool is not followed up", async () => {
  const { server, finish } = await calling({ background: "Started.", followUp: "silent" });
  acknowledgeItem(server);
  finish("3 rooms");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "conversation.item.create"]);
});

Deno.test("needsApproval asks before the tool runs, and the wait does not count towards timeoutMs", async () => {
  const decision = Promise.withResolvers<boolean>();
  const asked: unknown[] = [];
  const { server, events, signal, finish } = await calling({ needsApproval: true, timeoutMs: 100 }, {
    onToolApproval: (call) => {
      asked.push([call.callId, call.name, call.arguments]);
      return decision.promise;
    },
  });
  // Longer than the tool's timeout.
  await server.clock.advance(500);
  assertEquals([asked, signal(), events], [[["call_1", "slow", '{"a":1}']], undefined, []]);
  decision.resolve(true);
  await server.settle();
  finish("done");
  await server.settle();
  assertEquals([outputOf(server), events[0]?.type], ["done", "tool_call_started"]);
});

Deno.test("an unapproved call does not run, and the model receives an error", async () => {
  const deciders = [undefined, () => false, () => Promise.reject(new Error("Nobody is there"))];
  for (const onToolApproval of deciders) {
    const { server, events, signal } = await calling({ needsApproval: () => true }, { onToolApproval });
    assertEquals(signal(), undefined);
    assert(/not approved|could not complete/.test(JSON.parse(outputOf(server)).error));
    assertEquals(server.sentOf("response.create").length, 1);
    acknowledgeItem(server);
    await server.settle();
    assertEquals(events.map(({ type }) => type), ["tool_call_failed"]);
  }
});

Deno.test("needsApproval can depend on the arguments, and an interruption ends the request", async () => {
  const free = await calling({ needsApproval: (args) => (args as { a: number }).a > 1 });
  assertEquals(free.signal()?.aborted, false);
  await free.session.close();
  let asking: AbortSignal | undefined;
  const { server } = await calling({ needsApproval: (args) => (args as { a: number }).a === 1, onInterrupt: "abort" }, {
    onToolApproval: (_call, { signal }) => {
      asking = signal;
      return new Promise(() => {});
    },
  });
  server.emit(SPEECH);
  await server.settle();
  assertEquals(asking?.aborted, true);
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
});

Deno.test("a needsApproval that never settles is interrupted, and does not keep the session open", async () => {
  const options = { needsApproval: () => new Promise<boolean>(() => {}), onInterrupt: "abort" } as const;
  const { server, events } = await calling(options);
  server.emit(SPEECH);
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
  assertEquals(events.map(({ type }) => type), ["tool_call_failed"]);
  assertEquals((await (await calling(options)).session.close()).code, 1000);
});

Deno.test("a filler is requested once when a tool is slow and the model is silent", async () => {
  const filler = { afterMs: 1000, instructions: "Say that you are looking." };
  const { server, finish } = await calling({ filler });
  await server.clock.advance(999);
  assertEquals(server.sent, []);
  await server.clock.advance(1);
  const { instructions, tool_choice } = server.last("response.create").response;
  assertEquals([instructions, tool_choice], [filler.instructions, "none"]);
  server.create("resp_filler");
  await server.settle();
  finish("found");
  await server.settle();
  // The follow-up waits until the filler is done.
  assertEquals([outputOf(server), server.takeTypes()], ["found", ["response.create", "conversation.item.create"]]);
  server.emit(responseDone("resp_filler"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test("a filler that the server creates after an interruption is cancelled", async () => {
  const { server, session } = await calling({ filler: { afterMs: 100, instructions: "Say that you are looking." } });
  await server.clock.advance(100);
  server.emit(SPEECH);
  server.create("resp_filler");
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create", "response.cancel"]);
  server.emit(responseDone("resp_filler", CANCELLED));
  await session.close();
});

for (const interruption of ["speech", "cancel"]) {
  Deno.test(`a follow-up behind a filler is dropped after an interruption by ${interruption}`, async () => {
    const filler = { afterMs: 100, instructions: "Say that you are looking it up" };
    const { server, session, finish } = await calling({ filler });
    await server.clock.advance(100);
    server.create("resp_filler");
    finish("Found");
    await server.settle();
    acknowledgeItem(server);
    server.takeTypes();
    if (interruption === "speech") server.emit(SPEECH);
    else void session.cancel();
    await server.settle();
    server.emit(responseDone("resp_filler", CANCELLED));
    await server.settle();
    assertEquals(server.takeTypes(), interruption === "speech" ? [] : ["response.cancel"]);
    await session.idle();
    await session.close();
  });
}

Deno.test("a filler is omitted when the tool is fast or another response is active", async () => {
  const filler = { afterMs: 1000, instructions: "Say that you are looking." };
  const fast = await calling({ filler, followUp: "silent" });
  fast.finish("found");
  await fast.server.clock.advance(2000);
  assertEquals(fast.server.takeTypes(), ["conversation.item.create"]);
  const busy = await calling({ filler });
  busy.session.respond();
  await busy.server.settle();
  busy.server.create("resp_2");
  await busy.server.clock.advance(2000);
  assertEquals(busy.server.takeTypes(), ["response.create"]);
  busy.server.emit(responseDone("resp_2"));
  await busy.server.settle();
  assertEquals(busy.server.takeTypes(), []);
  await busy.session.close();
});

Deno.test("dispatchTool runs calls that no tool of the session handles", async () => {
  const { server } = await open({
    dispatchTool: ({ name, arguments: args, callId }, { signal }) => ({ name, args, callId, aborted: signal.aborted }),
  });
  server.emit(...functionCallEvents("resp_1", "call_1", "elsewhere", '{"a":1}'));
  await server.settle();
  assertEquals(JSON.parse(outputOf(server)), { name: "elsewhere", args: '{"a":1}', callId: "call_1", aborted: false });
});

Deno.test("dispatchTool that throws produces an output without the error text, an event and a follow-up", async () => {
  const error = new RangeError("Out of range");
  const { server, session } = await open({ dispatchTool: () => Promise.reject(error) });
  const events = collect(session, "tool_call_failed");
  session.respond();
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "broken"), responseDone("resp_1"));
  await server.settle();
  assertEquals(JSON.parse(outputOf(server)), { error: "The tool could not complete this call" });
  assertEquals(server.takeTypes().slice(-2), ["conversation.item.create", "response.create"]);
  assertEquals(events.map((event) => (event as Frame).error), [error]);
  await session.close();
});

Deno.test("dispatchTool that never settles is aborted with the session", async () => {
  let signal: AbortSignal | undefined;
  const { server, session } = await open({
    dispatchTool: (_call, context) => {
      signal = context.signal;
      return new Promise(() => {});
    },
  });
  server.emit(...functionCallEvents("resp_2", "call_2", "slow"), SPEECH);
  await server.settle();
  assertEquals(signal?.aborted, false);
  await session.close();
  assertEquals(signal?.aborted, true);
});

Deno.test("a manual interruption aborts a tool that opted in, and nothing follows", async () => {
  const ways: readonly ((session: Session, server: FakeServer) => Promise<unknown>)[] = [
    (session) => session.cancel(),
    (session, { clock }) => new VoiceSession(session, { clock }).bargeIn(),
  ];
  for (const interrupt of ways) {
    const { server, session, signal, finish } = await calling({ onInterrupt: "abort" });
    await interrupt(session, server);
    await server.settle();
    assertEquals(signal()?.reason.name, "AbortError");
    finish("stopped");
    await server.clock.advance(60_000);
    assertEquals(server.takeTypes(), ["conversation.item.create"]);
    await session.close();

    const kept = await calling({});
    await interrupt(kept.session, kept.server);
    assertEquals(kept.signal()?.aborted, false);
    await kept.session.close();
  }
});

Deno.test("a filler is cancelled when its tool finishes before response.created", async () => {
  const filler = { afterMs: 100, instructions: "Say that you are looking it up" };
  const { server, finish } = await calling({ filler });
  await server.clock.advance(100);
  finish("Found");
  await server.settle();
  server.create("resp_filler");
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create", "conversation.item.create", "response.cancel"]);
  server.emit(responseDone("resp_filler", CANCELLED));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test("a call of an application-handled function is left alone", async () => {
  const theirs = { type: "function", name: "theirs", parameters: { type: "object", properties: {} } } as const;
  const cases: readonly OpenSessionOptions[] = [{ session: { tools: [theirs] } }, { shared: true }, { sideband: true }];
  for (const options of cases) {
    const { server, session } = await open(options);
    const tools = options.session ? [theirs] : [];
    server.emit({ type: "session.updated", session: { type: "realtime", tools } });
    const events = collect(session, "tool_call_unhandled", "tool_call_failed");
    server.emit(responseCreated("resp_1"), ...functionCallEvents("resp_1", "call_1", "theirs"), responseDone("resp_1"));
    await server.clock.advance(60_000);
    assertEquals(server.sent, []);
    assertEquals(events.map((event) => [event.type, (event as Frame).output]), [["tool_call_unhandled", undefined]]);
    await session.close();
  }
});

Deno.test("a call of a function from a response's own tools is left alone", async () => {
  const { server, session } = await open();
  session.respond({ tools: [{ type: "function", name: "theirs", parameters: { type: "object", properties: {} } }] });
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "theirs"), responseDone("resp_1"));
  await server.clock.advance(60_000);
  assertEquals(server.takeTypes(), ["response.create"]);
  await session.close();
});

Deno.test("a call of an unknown function is answered with an error, once, and followed up", async () => {
  const { server, session } = await open();
  const events = collect(session, "tool_call_unhandled", "tool_call_failed");
  server.emit(responseCreated("resp_1"), ...functionCallEvents("resp_1", "call_1", "made_up"), responseDone("resp_1"));
  await server.settle();
  const output = '{"error":"There is no tool named made_up"}';
  assertEquals([outputOf(server), server.takeTypes()], [output, ["conversation.item.create", "response.create"]]);
  assertEquals(events.map((event) => [event.type, (event as Frame).output]), [
    ["tool_call_unhandled", output],
    ["tool_call_failed", output],
  ]);
  await session.close();
});

Deno.test("with mixed calls, only ours are answered, and the follow-up is left to the application", async () => {
  const ours = defineTool({ name: "ours", run: () => "done" });
  const { server, session } = await open({ tools: [ours] });
  const theirs = { type: "function", name: "theirs" };
  server.emit({ type: "session.updated", session: { type: "realtime", tools: [theirs, ours.definition] } });
  server.emit(
    responseCreated("resp_1"),
    ...functionCallEvents("resp_1", "call_1", "theirs"),
    ...functionCallEvents("resp_1", "call_2", "ours"),
    responseDone("resp_1"),
  );
  await server.clock.advance(60_000);
  assertEquals(server.sent.map(({ item }) => item.call_id), ["call_2"]);
  await session.close();
});

Deno.test("limits.toolRounds bounds consecutive follow-ups, and a new request resets the count", async () => {
  const tool = defineTool({ name: "again", run: () => "once more" });
  const { server, session } = await open({ tools: [tool], limits: { toolRounds: 3 } });
  const events = collect(session, "tool_rounds_exceeded");
  for (const turn of [1, 2]) {
    session.respond();
    await server.settle();
    for (let round = 0; server.sentOf("response.create").length > 0; round++) {
      const id = `resp_${turn}_${round}`;
      server.create(id);
      server.sent.length = 0;
      server.emit(...functionCallEvents(id, `call_${turn}_${round}`, "again"), responseDone(id));
      await server.settle();
      assertEquals(server.sentOf("response.create").length, round < 3 ? 1 : 0);
    }
    assertEquals(outputOf(server), "once more");
    assertEquals(events, Array(turn).fill({ type: "tool_rounds_exceeded", toolRounds: 3 }));
  }
  await session.close();
});

Deno.test("idle() of a tool's context waits for its response and for other tools, but not for its own call", async () => {
  const slow = Promise.withResolvers<string>();
  const order: string[] = [];
  const hangUp = defineTool({
    name: "hang_up",
    run: async (_args, { idle, session }) => {
      await idle();
      order.push("idle");
      void session.close();
    },
  });
  const { server, session } = await open({ tools: [hangUp, defineTool({ name: "slow", run: () => slow.promise })] });
  const calls = ["hang_up", "slow"].flatMap((name) => functionCallEvents("resp_1", `call_${name}`, name));
  server.emit(responseCreated("resp_1"), ...calls);
  await server.settle();
  order.push("end of the response");
  server.emit(responseDone("resp_1"));
  await server.settle();
  order.push("end of the other tool");
  slow.resolve("Done.");
  assertEquals((await session.closed).code, 1000);
  assertEquals(order, ["end of the response", "end of the other tool", "idle"]);
});

Deno.test("idle() does not wait for a tool without a follow-up", async () => {
  for (const followUp of ["silent", "respond"] as const) {
    const { session } = await calling({ followUp });
    assertEquals(await stateOf(session.idle()), followUp === "silent" ? "resolved" : "pending");
    await session.close();
  }
});

Deno.test("idle() no longer waits for a tool after cancel(), as nothing follows it", async () => {
  const { session, finish } = await calling({});
  const idle = session.idle();
  assertEquals(await stateOf(idle), "pending");
  await session.cancel();
  assertEquals(await stateOf(idle), "resolved");
  finish("booked");
});

Deno.test("the follow-up of a tool does not need the status of the response that called it", async () => {
  const { server } = await open({ tools: [defineTool({ name: "note", run: () => "noted" })] });
  server.emit(
    responseCreated("resp_1"),
    ...functionCallEvents("resp_1", "call_1", "note"),
    responseDone("resp_1", { status: undefined, output: undefined }),
  );
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
});
