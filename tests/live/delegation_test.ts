import { assert, assertEquals, assertRejects } from "@std/assert";
import * as v from "valibot";
import { defineTool, ToolError } from "../../src/tools/mod.ts";
import type { LiveScenarioTurn } from "../../src/simulator/mod.ts";
import { joined, silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, joinRig, type LiveRig, settled, speak } from "./_live.ts";
import { scriptedSession } from "./_scripted.ts";

const SPEECH = joined(tone(1_000), silence(1_000));

async function rigWith(
  turns: readonly LiveScenarioTurn[],
  options: Parameters<typeof connectRig>[0] = {},
): Promise<LiveRig> {
  return await connectRig(options, { scenario: { turns } });
}

Deno.test("delegations() include the whole sentence, though the server delegates before it ends", async () => {
  const rig = await rigWith([{ user: "Where is my order number seven?", delegates: { afterMs: 400 } }]);
  const { sent, session, settle } = rig;
  await speak(rig, tone(600));
  const { value: task } = await session.delegations().next();
  assert(task);
  assertEquals([task.isStale, task.isAnswered, task.signal.aborted], [false, false, false]);
  const request = task.request();
  await speak(rig, joined(tone(600), silence(1_000)));
  assertEquals(await settle(request), "Where is my order number seven?");
  assertEquals(task.transcript.map(({ role, text }) => [role, text]).at(0), [
    "user",
    "Where is my order number seven?",
  ]);
  const unknown = { timeout: 5 } as object;
  for (const call of [task.request(unknown), task.tell("Yes.", unknown), task.answer("Yes.", unknown)]) {
    await assertRejects(() => call, TypeError, "there is no option timeout");
  }
  assertEquals(task.isAnswered, false);
  await settle(task.tell("Order 7 left the warehouse at noon."));
  await settle(task.answer("It is on its way."));
  assert(task.isAnswered);
  assertEquals(sent().slice(1).map(({ delegation_id, type }) => [type, delegation_id]), [
    ["session.thinking.append", task.id],
    ["session.commentary.append", task.id],
  ]);
  await rig.clock.advance(6_000);
  assert(eventsOf(rig.told, "turn_done").some(({ turn }) => turn.text.includes("It is on its way.")));
});

Deno.test("a delegation has the words since the last one, is stale after the next, and ends with the session", async () => {
  const rig = await rigWith([{ user: "First thing.", delegates: {} }, { user: "Second thing.", delegates: {} }]);
  const tasks = rig.session.delegations();
  await speak(rig, SPEECH);
  await rig.clock.advance(2_500);
  await speak(rig, SPEECH);
  const [first, second] = [(await tasks.next()).value!, (await tasks.next()).value!];
  assertEquals([first.isStale, second.isStale], [true, false]);
  assertEquals(await rig.settle(first.request()), "First thing.");
  assertEquals(await rig.settle(second.request()), "Second thing.");
  await assertRejects(() => second.answer(" "), TypeError, "must be more than white space");
  await rig.settle(rig.session.close());
  assert(first.signal.aborted && second.signal.aborted);
  assertEquals((await tasks.next()).done, true);
  await assertRejects(() => second.request(), DOMException);
});

Deno.test("unread delegations go to the next reader, and each is read once", async () => {
  const rig = await rigWith([{ user: "One.", delegates: {} }, { user: "Two.", delegates: {} }, {
    user: "Three.",
    delegates: {},
  }]);
  for (let turn = 0; turn < 2; turn++) await speak(rig, joined(tone(600), silence(1_200)));
  const read: string[] = [];
  for await (const task of rig.session.delegations()) {
    read.push(await rig.settle(task.request()));
    break;
  }
  await speak(rig, joined(tone(600), silence(1_200)));
  const rest = rig.session.delegations();
  await rig.clock.advance(2_500);
  await rig.settle(rig.session.close());
  for await (const { transcript } of rest) read.push(transcript.findLast(({ role }) => role === "user")!.text);
  assertEquals(read, ["One.", "Two.", "Three."]);
  assertEquals((await rig.session.delegations().next()).done, true);
});

Deno.test("the words of a delegation start without a space", async () => {
  const { clock, server, session } = await rigWith([]);
  const hear = (delta: string, start_ms: number) =>
    server.send(JSON.stringify({
      type: "session.input_transcript.delta",
      ...{ event_id: "e", delta, start_ms, end_ms: start_ms + 200 },
    }));
  hear(" Where", 0);
  hear(" is it?", 200);
  const delegation = { id: "item_1", type: "delegation", target: "client" };
  server.send(JSON.stringify({ type: "session.delegation.created", event_id: "e", offset_ms: 400, delegation }));
  await clock.advance(0);
  const { value: task } = await session.delegations().next();
  assertEquals(task?.transcript.map(({ text }) => text), ["Where is it?"]);
});

/** A session whose words and delegations the test sends. */
async function wordsOfServer() {
  const { clock, session, socket } = await scriptedSession();
  const hear = (side: "input" | "output", delta: string, start_ms: number, end_ms: number) =>
    socket.push({ type: `session.${side}_transcript.delta`, event_id: "e", delta, start_ms, end_ms });
  const tasks = session.delegations();
  const delegate = async (id: string, offset_ms?: number) => {
    const delegation = { id, type: "delegation", target: "client" };
    socket.push({ type: "session.delegation.created", event_id: "e", offset_ms, delegation });
    return (await tasks.next()).value!;
  };
  return { clock, delegate, hear };
}

Deno.test("a sentence after a delegation belongs to the next one, though the model speaks before it delegates", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is order seven?", 0, 1_000);
  await clock.advance(2_500);
  const first = await delegate("item_1", 3_000);
  hear("output", "On its way.", 3_500, 4_500);
  await clock.advance(2_500);
  hear("input", "And order eight?", 8_000, 9_000);
  hear("output", "Let me check.", 9_600, 10_200);
  const second = await delegate("item_2", 10_200);
  // Neither waits: its sentence has ended.
  assertEquals(await settled(clock, first.request(), 0), "Where is order seven?");
  assertEquals(await settled(clock, second.request(), 0), "And order eight?");
});

Deno.test("the first words of a sentence belong to its own delegation, even if all events arrive at once", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is", 0, 600);
  const first = await delegate("item_1", 500);
  hear("input", " order seven?", 600, 1_000);
  hear("input", "And order", 6_000, 6_200);
  hear("input", " eight?", 6_200, 6_400);
  const second = await delegate("item_2", 6_400);
  assertEquals(await settled(clock, first.request(), 0), "Where is order seven?");
  assertEquals(await settled(clock, second.request()), "And order eight?");
});

Deno.test("request() waits for a transcript that follows its delegation, though the user has spoken before", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Hello.", 0, 600);
  hear("output", "Hi, how can I help?", 1_400, 2_400);
  await clock.advance(3_000);
  const task = await delegate("item_1", 7_000);
  const request = task.request();
  await clock.advance(500);
  hear("input", "Where is", 6_200, 6_800);
  await clock.advance(500);
  hear("input", " order seven?", 6_800, 7_600);
  assertEquals(await settled(clock, request), "Hello. Where is order seven?");
});

Deno.test("a sentence that causes two delegations belongs to the first, and the second waits for more words", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where are orders seven and eight?", 0, 1_000);
  const [first, second] = [await delegate("item_1", 900), await delegate("item_2", 1_000)];
  assertEquals(await settled(clock, first.request(), 0), "Where are orders seven and eight?");
  const request = second.request();
  await clock.advance(2_500);
  hear("input", "Or only eight.", 1_000, 2_000);
  assertEquals(await settled(clock, request), "Or only eight.");
});

Deno.test("a sentence whose transcript comes late belongs to its delegation, though the model speaks meanwhile", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is", 0, 400);
  const first = await delegate("item_1", 900);
  hear("output", "Let me", 1_400, 1_600);
  hear("input", " order seven?", 400, 1_000);
  hear("output", " check.", 1_600, 1_800);
  await clock.advance(2_500);
  hear("input", "Thanks.", 4_000, 4_200);
  const second = await delegate("item_2", 4_200);
  assertEquals(await settled(clock, first.request(), 0), "Where is order seven?");
  assertEquals(await settled(clock, second.request()), "Thanks.");
  assertEquals(second.transcript.map(({ text }) => text), ["Let me check.", "Thanks."]);
});

Deno.test("the next sentence of a user who did not wait for the delegation belongs to the next one", async () => {
  for (const isLate of [false, true]) {
    const { clock, delegate, hear } = await wordsOfServer();
    const check = () => hear("output", "Let me check.", 1_500, 2_200);
    hear("input", "Where is order seven?", 0, 1_000);
    if (!isLate) check();
    const first = await delegate("item_1", 2_600);
    if (isLate) check();
    hear("input", "And order", 2_500, 3_000);
    hear("input", " eight?", 3_000, 3_500);
    hear("output", "Sure.", 4_100, 4_400);
    const second = await delegate("item_2", 4_500);
    assertEquals(await settled(clock, first.request(), 0), "Where is order seven?");
    assertEquals(await settled(clock, second.request(), 0), "And order eight?");
  }
});

Deno.test("a delegation in the middle of a turn has the words since the previous one in that turn", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is seven,", 0, 1_000);
  const first = await delegate("item_1", 900);
  hear("output", "Yes?", 1_000, 1_200);
  hear("input", " and where", 1_000, 1_600);
  const second = await delegate("item_2", 1_500);
  hear("input", " is eight?", 1_600, 2_000);
  assertEquals(await settled(clock, first.request(), 0), "Where is seven, and where");
  assertEquals(first.transcript.map(({ text }) => text), ["Where is seven,", "Yes?", "and where"]);
  assertEquals(await settled(clock, second.request()), "and where is eight?");
});

Deno.test("request() waits no longer when the user begins another sentence", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is order seven?", 0, 600);
  await clock.advance(3_000);
  const task = await delegate("item_1", 3_000);
  const request = task.request();
  hear("input", "Hello?", 3_600, 4_000);
  assertEquals(await settled(clock, request, 0), "Where is order seven?");
});

Deno.test("a delegation without an offset has the words of the rest of the turn", async () => {
  const { clock, delegate, hear } = await wordsOfServer();
  hear("input", "Where is", 100, 600);
  const task = await delegate("item_1");
  hear("input", " order seven?", 600, 1_000);
  assertEquals(await settled(clock, task.request()), "Where is order seven?");
});

Deno.test("a rejected answer leaves the task unanswered", async () => {
  const rig = await rigWith([{ user: "One.", delegates: {} }]);
  await speak(rig, SPEECH);
  const task = (await rig.session.delegations().next()).value!;
  await rig.settle(assertRejects(() => task.answer("abcdef ".repeat(300)), Error, "500 tokens"));
  await assertRejects(() => task.answer("word ".repeat(501)), Error, "500 tokens");
  // Nothing is sent after an abort, or with options that do not exist.
  await assertRejects(() => task.answer("Hi", { signal: AbortSignal.abort(new Error("Enough")) }), Error, "Enough");
  for (const invalid of [{ delegationId: "x" }, { timeoutMs: 5 }, 5, null]) {
    await assertRejects(() => task.answer("Hi", invalid as never), TypeError, "append text");
    await assertRejects(() => task.tell("Hi", invalid as never), TypeError, "append text");
  }
  assertEquals(task.isAnswered, false);
  const answering = task.answer("It is on its way.");
  assertEquals(task.isAnswered, true);
  await rig.settle(answering);
  await rig.settle(assertRejects(() => task.answer(" "), Error, "white space"));
  assertEquals(task.isAnswered, true);
  for (const timeoutMs of [-1, NaN]) {
    await assertRejects(() => task.request({ timeoutMs }), RangeError, "timeoutMs must be a number >= 0");
  }
});

Deno.test("request() stops waiting on timeout or abort", async () => {
  const rig = await rigWith([{ user: "This is a very long sentence indeed.", delegates: { afterMs: 200 } }]);
  await speak(rig, tone(400));
  const { value: task } = await rig.session.delegations().next();
  const hurried = task!.request({ timeoutMs: 300 });
  const aborted = task!.request({ signal: AbortSignal.abort(new Error("Enough")) });
  await assertRejects(() => aborted, Error, "Enough");
  await speak(rig, tone(400));
  const words = await rig.settle(hurried);
  assert("This is a very long sentence indeed.".startsWith(words) && words.length > 0);
});

Deno.test("request() waits for four seconds by default, for a delegation that is announced once", async () => {
  const { clock, session, socket, told } = await scriptedSession();
  const delegation = { id: "item_1", type: "delegation", target: "client" };
  for (let time = 0; time < 2; time++) {
    socket.push({ type: "session.delegation.created", event_id: "e", offset_ms: 3_000, delegation });
  }
  const { value: task } = await session.delegations().next();
  assertEquals([eventsOf(told, "delegation").length, task!.isStale], [1, false]);
  let request: string | undefined;
  void task!.request().then((text) => request = text);
  const words = [["Where \n is", 3_000, 3_200], ["  it", 3_200, 3_400]] as const;
  for (const [delta, start_ms, end_ms] of words) {
    socket.push({ type: "session.input_transcript.delta", event_id: "e", delta, start_ms, end_ms });
  }
  // It has not ended.
  await clock.advance(1_900);
  socket.push({ type: "session.input_transcript.delta", event_id: "e", delta: " now", start_ms: 3_400, end_ms: 3_600 });
  await clock.advance(1_900);
  socket.push({ type: "session.input_transcript.delta", event_id: "e", delta: "?", start_ms: 3_600, end_ms: 3_800 });
  await clock.advance(199);
  assertEquals(request, undefined);
  await clock.advance(1);
  assertEquals(request, "Where is it now?");
});

Deno.test("an answer that the server does not acknowledge may have arrived", async () => {
  const { clock, session, socket } = await scriptedSession({ ackTimeoutMs: 1_000 });
  const delegation = { id: "item_1", type: "delegation", target: "client" };
  socket.push({ type: "session.delegation.created", event_id: "e", delegation });
  const { value: task } = await session.delegations().next();
  await settled(clock, assertRejects(() => task!.answer("On its way."), DOMException, "session.commentary.append"));
  assertEquals(task!.isAnswered, true);
});

const lookup = defineTool({
  name: "get_order",
  description: "Looks up an order.",
  parameters: v.object({ id: v.number() }),
  run: ({ id }) => ({ id, status: "on its way" }),
});

const call = (args: string, name = "get_order") => ({ name, arguments: args });

Deno.test("tools run once although a call is reported three times, and one response.create continues", async () => {
  let runs = 0;
  const tool = defineTool({
    name: "get_order",
    parameters: v.object({ id: v.number() }),
    run: ({ id }) => {
      runs++;
      return { id };
    },
  });
  const calls = [[call(`{"id":7}`), call(`{"id":8}`)], [call(`{"id":9}`)]];
  const rig = await rigWith([{ user: "Orders?", delegates: { calls, result: "All are on their way." } }], {
    backend: "gpt-5.2",
    tools: [tool],
  });
  await speak(rig, SPEECH);
  await rig.clock.advance(6_000);
  assertEquals(runs, 3);
  assertEquals(
    rig.sent().slice(1).map(({ item, type }) => [type, (item as { output?: string } | undefined)?.output]),
    [
      ["response.item.create", `{"id":7}`],
      ["response.item.create", `{"id":8}`],
      ["response.create", undefined],
      ["response.item.create", `{"id":9}`],
      ["response.create", undefined],
    ],
  );
  assertEquals(eventsOf(rig.told, "tool_call_done").map(({ output }) => output), [`{"id":7}`, `{"id":8}`, `{"id":9}`]);
  assert(eventsOf(rig.told, "turn_done").some(({ turn }) => turn.text.includes("All are on their way.")));
  assertEquals(rig.session.usage.backend, { responses: 3, inputTokens: 360, outputTokens: 60 });
  const [start] = rig.sent("session.start");
  const { delegation } = start!.session as { delegation: { type: string; responses: { tools: unknown[] } } };
  assertEquals([delegation.type, delegation.responses.tools.length], ["responses", 1]);
});

Deno.test("a slow tool delays the request, and outputs are sent in the order of the calls", async () => {
  const started: string[] = [];
  const rig: LiveRig = await rigWith([{
    delegates: { calls: [[call("{}", "slow"), call("{}", "fast")]], result: "Done." },
  }], {
    backend: { model: "gpt-5.2", instructions: "Be exact." },
    tools: [
      defineTool({
        name: "slow",
        run: async () => {
          started.push("slow");
          await new Promise<void>((resolve) => rig.clock.schedule(resolve, 3_000));
          return "slow";
        },
      }),
      defineTool({ name: "fast", run: () => "fast" }),
    ],
  });
  await speak(rig, SPEECH);
  await rig.clock.advance(500);
  assertEquals([started, rig.sent().length], [["slow"], 1]);
  await rig.clock.advance(3_000);
  assertEquals(rig.sent().slice(1).map(({ item }) => (item as { output?: string } | undefined)?.output), [
    "slow",
    "fast",
    undefined,
  ]);
});

Deno.test("a tool that fails, is unknown, or gets invalid arguments is still answered", async () => {
  const tools = [
    lookup,
    defineTool({
      name: "broken",
      run: () => {
        throw new Error("secret");
      },
    }),
    defineTool({
      name: "sorry",
      run: () => {
        throw new ToolError("Try tomorrow");
      },
    }),
    defineTool({ name: "asks", needsApproval: true, run: () => "done" }),
    defineTool({ name: "late", timeoutMs: 100, run: () => new Promise(() => {}) }),
  ];
  const calls = [[
    call("{}", "broken"),
    call("{}", "sorry"),
    call("{}", "unknown"),
    call("nonsense"),
    call(`{"id":"x"}`),
    call("{}", "asks"),
    call("", "late"),
  ]];
  const rig = await rigWith([{ delegates: { calls, result: "Done." } }], { backend: "gpt-5.2", tools });
  await speak(rig, SPEECH);
  await rig.clock.advance(1_000);
  const outputs = rig.sent("response.item.create").map(({ item }) =>
    JSON.parse((item as { output: string }).output).error
  );
  assertEquals(outputs.length, 7);
  assertEquals(outputs.slice(0, 3), [
    "The tool could not complete this call",
    "Try tomorrow",
    "There is no tool named unknown",
  ]);
  assert(outputs[3].startsWith("The arguments are not JSON") && outputs[4].startsWith("The arguments are invalid"));
  assert(outputs[5].includes("not approved") && outputs[6].includes("longer than 100 ms"), outputs[6]);
  assertEquals(rig.sent("response.create").length, 1);
  assertEquals(eventsOf(rig.told, "tool_call_failed").length, 7);
});

Deno.test("results over the budget are truncated before they are sent, between characters", async () => {
  const calls = [[call("{}", "long"), call("{}", "long"), call("{}", "short")]];
  const rig = await rigWith([{ delegates: { calls, result: "Done." } }], {
    backend: "gpt-5.2",
    tools: [
      defineTool({ name: "long", run: () => "😀\n".repeat(20_000) }),
      defineTool({ name: "short", run: () => "short" }),
    ],
  });
  await speak(rig, SPEECH);
  await rig.clock.advance(6_000);
  const items = rig.sent("response.item.create").map(({ item }) => item as { output: string });
  const bytes = items.reduce((sum, item) => sum + new TextEncoder().encode(JSON.stringify(item)).length, 0);
  assert(bytes <= 32_768 && bytes > 30_000, `${bytes}`);
  for (const { output } of items.slice(0, 2)) {
    assert(/shortened from \d+ bytes\]$/.test(output), output.slice(-40));
    assert(!/[\ud800-\udbff](?![\udc00-\udfff])/.test(output));
  }
  assertEquals(items[2]!.output, "short");
  assertEquals(eventsOf(rig.told, "tool_output_shortened").length, 2);
  assertEquals(eventsOf(rig.told, "error"), []);
  assert(eventsOf(rig.told, "turn_done").some(({ turn }) => turn.text.includes("Done.")));
});

Deno.test("a shorter output is sent when the server's budget is smaller than expected", async () => {
  const rig = await rigWith([{ delegates: { calls: [[call(`{"id":7}`)]], result: "Done." } }], {
    backend: "gpt-5.2",
    tools: [lookup],
  });
  // Another client, such as an observer, has filled the budget without this session's knowledge.
  const observer = await joinRig(rig);
  const content = "x".repeat(32_620);
  await speak(rig, tone(1_000));
  observer.send({ type: "response.item.create", item: { type: "message", role: "user", content } });
  await speak(rig, silence(1_000));
  await rig.clock.advance(6_000);
  const outputs = rig.sent("response.item.create").slice(1).map(({ item }) => (item as { output: string }).output);
  assertEquals(outputs, [`{"id":7,"status":"on its way"}`, "Too long"]);
  const codes = rig.frames.filter(({ data, from }) => from === "server" && String(data).includes(`"type":"error"`))
    .map(({ data }) => JSON.parse(String(data)).error.code);
  assertEquals(codes, ["response_input_buffer_full", "function_call_outputs_required"]);
  assert(eventsOf(rig.told, "turn_done").some(({ turn }) => turn.text.includes("Done.")));
});

Deno.test("calls of a failed response are dropped: their signal is aborted, and nothing is sent", async () => {
  let signal: AbortSignal | undefined;
  const rig = await rigWith([{ delegates: { calls: [[call("{}", "slow")]], failsAt: 0 } }], {
    backend: "gpt-5.2",
    tools: [defineTool({
      name: "slow",
      run: (_args, context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
    })],
  });
  await speak(rig, SPEECH);
  await rig.clock.advance(1_000);
  // A filler that has not started by then is dropped.
  assert(signal === undefined || signal.aborted);
  assertEquals(eventsOf(rig.told, "tool_call_failed").length, 1);
  assertEquals(rig.sent().length, 1);
});

Deno.test("a filler is spoken while a tool is slow, approval is requested, and the end of the session aborts", async () => {
  const asked: string[] = [];
  let signal: AbortSignal | undefined;
  const rig = await rigWith([{ delegates: { calls: [[call("{}", "slow")]] } }], {
    backend: "gpt-5.2",
    onToolApproval: ({ name }) => {
      asked.push(name);
      return true;
    },
    tools: [defineTool({
      name: "slow",
      needsApproval: true,
      filler: { afterMs: 500, instructions: "Say that you are looking it up." },
      run: (_args, context) => {
        signal = context.signal;
        return new Promise(() => {});
      },
    })],
  });
  await speak(rig, SPEECH);
  await rig.clock.advance(1_500);
  assertEquals(asked, ["slow"]);
  assertEquals(rig.sent("session.instructions.append").map(({ content }) => content), [
    "Say that you are looking it up.",
  ]);
  await rig.settle(rig.session.close());
  assert(signal?.aborted);
  assertEquals(rig.sent("response.item.create"), []);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("a call that runs when the session ends is reported as failed, once, before closed", async () => {
  const unhandled: unknown[] = [];
  const rig = await rigWith([{ delegates: { calls: [[call("{}", "slow")]] } }], {
    backend: "gpt-5.2",
    onUnhandled: (error) => void unhandled.push(error),
    tools: [defineTool({
      name: "slow",
      run: (_args, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    })],
  });
  const reported: string[] = [];
  rig.session.on("tool_call_failed", ({ type, error }) => void reported.push(`${type}: ${error}`));
  rig.session.on("closed", ({ type }) => void reported.push(type));
  await speak(rig, SPEECH);
  await rig.clock.advance(1_500);
  await rig.settle(rig.session.close());
  assertEquals(reported, ["tool_call_failed: AbortError: The session has ended", "closed"]);
  assertEquals(unhandled, []);
});

Deno.test("sendMessage() sends typed text to the backend, and rejects without one", async () => {
  const rig = await rigWith([], { backend: "gpt-5.2" });
  await rig.session.sendMessage("How are you?");
  await rig.clock.advance(5_000);
  assert(eventsOf(rig.told, "turn_done").some(({ turn }) => turn.text === "You wrote: How are you?"));
  await assertRejects(() => rig.session.sendMessage(" "), TypeError, "blank");
  await assertRejects(
    () => rig.session.sendMessage("x".repeat(40_000)),
    RangeError,
    "exceeds the rest of the backend's limit",
  );
  const client = await rigWith([]);
  await assertRejects(() => client.session.sendMessage("Hi."), TypeError, "use inform() or instruct()");
});

Deno.test("an observer ignores calls of unknown tools, and runs its own", async () => {
  const calls = [[call(`{"id":7}`)]];
  const rig = await rigWith([{ delegates: { calls, result: "Done." } }], {
    delegation: { type: "responses", responses: { model: "gpt-5.2", tools: [lookup.definition as never] } },
  });
  assertEquals(rig.sent("session.start").length, 1);
  const stranger = await joinRig(rig);
  const unhandled: string[] = [];
  stranger.on("tool_call_unhandled", ({ call }) => void unhandled.push(call.name));
  const helper = await joinRig(rig, { tools: [lookup] });
  await speak(rig, SPEECH);
  await rig.clock.advance(6_000);
  assertEquals(unhandled, ["get_order"]);
  assertEquals(rig.sent("response.item.create").map(({ item }) => (item as { output: string }).output), [
    '{"id":7,"status":"on its way"}',
  ]);
  // The session that declared the function, without a tool, leaves it to others.
  assertEquals(eventsOf(rig.told, "tool_call_unhandled").map(({ call }) => call.name), ["get_order"]);
  await rig.settle(helper.close());
});

Deno.test("a delegation to a backend is no task of the application, and the words of a task have their times", async () => {
  const { clock, session, socket, told } = await scriptedSession();
  const say = (delta: string, start_ms: number) =>
    socket.push({ type: "session.input_transcript.delta", event_id: "e", delta, start_ms, end_ms: start_ms + 200 });
  const delegate = (delegation: object) =>
    socket.push({ type: "session.delegation.created", event_id: "e", offset_ms: 900, delegation });
  say("Where ", 200);
  say("is it?", 400);
  delegate({ id: "delegation_1", target: "responses" });
  delegate({ target: "client" });
  delegate({ id: "delegation_2", target: "client" });
  delegate({ id: "delegation_3" });
  await clock.advance(0);
  const tasks = eventsOf(told, "delegation").map(({ task }) => task);
  assertEquals(tasks.map(({ id, offsetMs }) => [id, offsetMs]), [["delegation_2", 900], ["delegation_3", 900]]);
  assertEquals(tasks[0]?.transcript, [{ role: "user", text: "Where is it?", startMs: 200, endMs: 600 }]);
  await settled(clock, session.close());
});
