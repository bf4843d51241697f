import { assert, assertEquals } from "@std/assert";
import type { OpenSessionOptions, Session } from "../../src/session/mod.ts";
import { defineTool, type JsonSchemaToolDefinition } from "../../src/tools/mod.ts";
import { VoiceSession } from "../../src/voice/mod.ts";
import {
  acknowledgeItem,
  CANCELLED,
  collect,
  type FakeServer,
  type Frame,
  functionCallEvents,
  open,
  responseDone,
} from "./_fake_server.ts";

interface Calling {
  readonly server: FakeServer;
  readonly session: Session;
  readonly events: Frame[];
  /** Signal that the tool got, once it runs. */
  readonly signal: () => AbortSignal | undefined;
  /** Lets the tool finish. */
  readonly finish: (result: unknown) => void;
}

const SPEECH = { type: "input_audio_buffer.speech_started", item_id: "speech", audio_start_ms: 0 };

/** A session whose response has called one tool with this manner. */
async function calling(manner: Partial<JsonSchemaToolDefinition>, options: OpenSessionOptions = {}): Promise<Calling> {
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

Deno.test("the user's speech aborts a tool that runs: the model is told, and the next turn is the user's", async () => {
  const { server, events, signal, finish } = await calling({});
  assertEquals([signal()?.aborted, server.sent.length], [false, 0]);
  server.emit(SPEECH);
  await server.settle();
  assertEquals(signal()?.reason.name, "AbortError");
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
  acknowledgeItem(server);
  finish("too late");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create"]);
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_failed"]);
});

Deno.test("a cancel of its response aborts a tool that runs, and no other", async () => {
  const started: AbortSignal[] = [];
  const tool = defineTool({
    name: "slow",
    run: (_args, { signal }) => {
      started.push(signal);
      return new Promise(() => {});
    },
  });
  const { server, session } = await open({ tools: [tool] });
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), ...functionCallEvents("resp_2", "call_2", "slow"));
  await server.settle();
  server.emit(responseDone("resp_1", CANCELLED));
  await server.settle();
  assertEquals(started.map(({ aborted }) => aborted), [true, false]);
  await session.close();
});

Deno.test("a tool that is not interruptible runs on", async () => {
  const { server, signal, finish } = await calling({ interruptible: false });
  server.emit(SPEECH);
  await server.settle();
  assertEquals(signal()?.aborted, false);
  finish("booked");
  await server.settle();
  assertEquals([outputOf(server), server.sentOf("response.create").length], ["booked", 1]);
});

Deno.test("speech that interrupts nothing aborts no tool", async () => {
  const { server, signal, session } = await calling({});
  const turn_detection = { type: "server_vad", interrupt_response: false };
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } }, SPEECH);
  await server.settle();
  assertEquals(signal()?.aborted, false);
  await session.close();
});

Deno.test("a tool in the background is answered at once, and its result follows", async () => {
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

Deno.test("a tool in the background is done when its result is there, and the model answers", async () => {
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

Deno.test("a tool in the background whose answer is refused goes on, and leaves no rejection behind", async () => {
  const { server, events, finish } = await calling({ background: "Started." });
  const { event_id } = server.last("conversation.item.create");
  server.emit({ type: "error", error: { type: "invalid_request_error", message: "No such call", event_id } });
  await server.clock.advance(5000);
  // Time for the runtime to find a rejection that nobody handles.
  await new Promise((resolve) => setTimeout(resolve));
  finish("3 rooms");
  await server.settle();
  const { type, error } = events.at(-1)! as { type: string; error?: unknown };
  assertEquals([type, (error as Error).message], ["tool_call_failed", "No such call"]);
});

Deno.test("a silent tool in the background is not followed up", async () => {
  const { server, finish } = await calling({ background: "Started.", followUp: "silent" });
  acknowledgeItem(server);
  finish("3 rooms");
  await server.settle();
  assertEquals(server.takeTypes(), ["conversation.item.create", "conversation.item.create"]);
});

Deno.test("needsApproval asks before the tool is called, and takes no yes for granted", async () => {
  const decision = Promise.withResolvers<boolean>();
  const asked: unknown[] = [];
  const { server, events, signal, finish } = await calling({ needsApproval: true, timeoutMs: 100 }, {
    onToolApproval: (call) => {
      asked.push([call.callId, call.name, call.arguments]);
      return decision.promise;
    },
  });
  // Longer than the tool may take.
  await server.clock.advance(500);
  assertEquals([asked, signal(), events], [[["call_1", "slow", '{"a":1}']], undefined, []]);
  decision.resolve(true);
  await server.settle();
  finish("done");
  await server.settle();
  assertEquals([outputOf(server), events[0]?.type], ["done", "tool_call_started"]);
});

Deno.test("a call that nobody approves is not made, and the model is told", async () => {
  const deciders = [undefined, () => false, () => Promise.reject(new Error("Nobody is there"))];
  for (const onToolApproval of deciders) {
    const { server, events, signal } = await calling({ needsApproval: () => true }, { onToolApproval });
    assertEquals(signal(), undefined);
    assert(/not approved|Nobody is there/.test(JSON.parse(outputOf(server)).error));
    assertEquals(server.sentOf("response.create").length, 1);
    acknowledgeItem(server);
    await server.settle();
    assertEquals(events.map(({ type }) => type), ["tool_call_failed"]);
  }
});

Deno.test("needsApproval may depend on the arguments, and an interruption ends the asking", async () => {
  const free = await calling({ needsApproval: (args) => (args as { a: number }).a > 1 });
  assertEquals(free.signal()?.aborted, false);
  await free.session.close();
  let asking: AbortSignal | undefined;
  const { server } = await calling({ needsApproval: (args) => (args as { a: number }).a === 1 }, {
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

Deno.test("a needsApproval that never answers is interrupted, and keeps no session open", async () => {
  const options = { needsApproval: () => new Promise<boolean>(() => {}) };
  const { server, events } = await calling(options);
  server.emit(SPEECH);
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
  assertEquals(events.map(({ type }) => type), ["tool_call_failed"]);
  assertEquals((await (await calling(options)).session.close()).code, 1000);
});

Deno.test("a filler is said once when a tool is slow and the model is silent", async () => {
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
  // The follow-up waits until the filler has been said.
  assertEquals([outputOf(server), server.takeTypes()], ["found", ["response.create", "conversation.item.create"]]);
  server.emit(responseDone("resp_filler"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

for (const interruption of ["speech", "cancel"]) {
  Deno.test(`what was to follow a tool behind its filler is not said after an interruption by ${interruption}`, async () => {
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

Deno.test("a filler is left out when the tool is fast, or somebody speaks", async () => {
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
  await busy.session.close();
});

Deno.test("dispatchTool carries out what no tool of the session does", async () => {
  const { server } = await open({
    dispatchTool: ({ name, arguments: args, callId }, { signal }) => ({ name, args, callId, aborted: signal.aborted }),
  });
  server.emit(...functionCallEvents("resp_1", "call_1", "elsewhere", '{"a":1}'));
  await server.settle();
  assertEquals(JSON.parse(outputOf(server)), { name: "elsewhere", args: '{"a":1}', callId: "call_1", aborted: false });
});

Deno.test("dispatchTool that throws becomes an output, an event and a follow-up, and is aborted by speech", async () => {
  let signal: AbortSignal | undefined;
  const { server, session } = await open({
    dispatchTool: ({ name }, context) => {
      if (name === "broken") throw new RangeError("Out of range");
      signal = context.signal;
      return new Promise(() => {});
    },
  });
  const events = collect(session, "tool_call_started", "tool_call_failed");
  session.respond();
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "broken"), responseDone("resp_1"));
  await server.settle();
  assertEquals(JSON.parse(outputOf(server)), { error: "Out of range" });
  assertEquals(server.takeTypes().slice(-2), ["conversation.item.create", "response.create"]);
  server.emit(...functionCallEvents("resp_2", "call_2", "slow"), SPEECH);
  await server.settle();
  assertEquals(signal?.aborted, true);
  assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
  assertEquals(events.map(({ type }) => type), ["tool_call_started", "tool_call_started"]);
  await session.close();
});

Deno.test("an interruption by hand aborts a tool that runs, though its response is done, and nothing follows", async () => {
  const ways: readonly ((session: Session, server: FakeServer) => Promise<unknown>)[] = [
    (session) => session.cancel(),
    (session, { clock }) => new VoiceSession(session, { clock }).bargeIn(),
  ];
  for (const interrupt of ways) {
    const { server, session, signal } = await calling({});
    await interrupt(session, server);
    await server.settle();
    assertEquals(signal()?.reason.name, "AbortError");
    assert(JSON.parse(outputOf(server)).error.includes("interrupted"));
    assertEquals(server.takeTypes(), ["conversation.item.create"]);
    await session.close();

    const kept = await calling({ interruptible: false });
    await interrupt(kept.session, kept.server);
    assertEquals(kept.signal()?.aborted, false);
    await kept.session.close();
  }
});
