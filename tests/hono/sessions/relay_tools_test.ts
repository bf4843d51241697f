import { assert, assertEquals, assertMatch } from "@std/assert";
import * as v from "valibot";
import { defineTool, ToolError } from "../../../src/tools/mod.ts";
import { POLICY } from "../_edge.ts";
import { type Api, beginSession } from "../_relay.ts";
import { askedOf, call, lookup, outputsOf, PAGES, relayWith } from "./_tool_relay.ts";

Deno.test("tools run on the server, and the page sees no trace of them", async () => {
  const { api, calls, page, settle } = await relayWith([lookup], {
    session: {
      ...POLICY,
      tools: [PAGES, {
        type: "function",
        name: "lookup",
        parameters: { type: "object" },
      }],
    },
  });
  const [update] = api.received as unknown as { session: { tools: { name: string; description?: string }[] } }[];
  assertEquals(update!.session.tools.map(({ description, name }) => [name, description]), [
    ["pages", undefined],
    ["lookup", "Looks an order up."],
  ]);
  await calls(call());
  const [, output, followUp] = api.received as unknown as { type: string; item: Record<string, unknown> }[];
  assertEquals([output?.type, output?.item.type, output?.item.call_id, output?.item.output], [
    "conversation.item.create",
    "function_call_output",
    "call_1",
    `{"order":"12"}`,
  ]);
  assertEquals([followUp?.type, api.received.length], ["response.create", 3]);
  api.send({ type: "conversation.item.added", item: output!.item });
  api.send({ type: "conversation.item.done", item: output!.item });
  api.send({ type: "conversation.item.retrieved", item: call() });
  api.send({ type: "conversation.item.deleted", item_id: "item_1" });
  api.send({ type: "response.created", response: { id: "resp_2" } });
  await settle();
  assertEquals(page.received.map(({ type }) => type), [
    "session.created",
    "response.created",
    "response.done",
    "response.created",
  ]);
  const done = page.received[2] as unknown as { response: { output: unknown[] } };
  assertEquals(done.response.output, []);
  assert(!page.frames.join().includes("lookup") && !page.frames.join().includes("order"), page.frames.join());
});

Deno.test("a page cannot answer, read or delete calls of the server's tools", async () => {
  const { api, calls, page, settle } = await relayWith([lookup]);
  await calls(call());
  const before = api.received.length;
  const output = { type: "function_call_output", call_id: "call_1", output: "forged" };
  const forged = [
    { type: "conversation.item.create", item: output },
    { type: "conversation.item.create", item: { ...output, call_id: "call_page" }, previous_item_id: "item_1" },
    { type: "response.create", response: { input: [output] } },
    { type: "response.create", response: { input: [{ type: "item_reference", id: "item_1" }] } },
    { type: "conversation.item.retrieve", item_id: "item_1" },
    { type: "conversation.item.delete", item_id: "item_1" },
  ];
  for (const event of forged) page.send(event);
  await settle();
  assertEquals(api.received.length, before);
  assertEquals(
    page.received.filter(({ type }) => type === "error").map(({ error }) => {
      const { message, param } = error as Record<string, unknown>;
      return [message, param];
    }),
    [
      ["A page may not answer calls of the server's tools", "item.call_id"],
      ["There is no such item", "previous_item_id"],
      ["A page may not answer calls of the server's tools", "response.input"],
      ["There is no such item", "response.input"],
      ["There is no such item", "item_id"],
      ["There is no such item", "item_id"],
    ],
  );
  // The page's own tools are left to it.
  page.send({ type: "conversation.item.create", item: { ...output, call_id: "call_page" } });
  await settle();
  assertEquals(api.received.length, before + 1);
});

Deno.test("calls of the page's tools are left to the page, even next to server tools", async () => {
  const { api, calls, page } = await relayWith([lookup]);
  await calls(call(), call("pages", "2"));
  const shown = page.frames.filter((frame) => frame.includes("pages"));
  assertEquals(shown.length, 5);
  const done = page.received.at(-1) as unknown as { response: { output: { name: string }[] } };
  assertEquals(done.response.output.map(({ name }) => name), ["pages"]);
  assertEquals(api.received.filter(({ type }) => type === "conversation.item.create").length, 1);
});

Deno.test("all calls of a response share one follow-up, which waits for active responses", async () => {
  const slow = Promise.withResolvers<string>();
  const wait = defineTool({ name: "wait", run: () => slow.promise });
  const { api, calls, settle } = await relayWith([lookup, wait]);
  const asked = () => askedOf(api.received);
  await calls(call(), call("wait", "2", ""));
  assertEquals(asked(), 0);
  api.send({ type: "response.created", response: { id: "resp_2" } });
  await settle();
  slow.resolve("done");
  await settle();
  assertEquals([asked(), api.received.filter(({ type }) => type === "conversation.item.create").length], [0, 2]);
  api.send({ type: "response.done", response: { id: "resp_2", status: "completed", output: [] } });
  await settle();
  assertEquals(asked(), 1);
  // Refused as another response has started meanwhile: requested again when that is done.
  const { event_id } = api.received.at(-1)!;
  const code = "conversation_already_has_active_response";
  api.send({ type: "response.created", response: { id: "resp_3" } });
  api.send({ type: "error", error: { type: "invalid_request_error", code, message: "busy", event_id } });
  await settle();
  assertEquals(asked(), 1);
  api.send({ type: "response.done", response: { id: "resp_3", status: "completed", output: [] } });
  await settle();
  assertEquals(asked(), 2);
});

Deno.test("a failing tool does not reveal the reason to the model or the page", async () => {
  const failing = defineTool({
    name: "failing",
    run: () => {
      throw new Error("password of the database");
    },
  });
  const asking = defineTool({ name: "asking", needsApproval: true, run: () => "done" });
  const { api, calls, errors, page } = await relayWith([failing, lookup, asking]);
  await calls(call("failing"), call("lookup", "2", "no JSON"), call("asking", "3"));
  assertEquals(outputsOf(api.received).toSorted(), [
    `{"error":"The arguments are not JSON: no JSON"}`,
    `{"error":"The call of asking was not approved"}`,
    `{"error":"The tool could not complete this call"}`,
  ]);
  assertEquals(errors.map((error) => (error as Error).name).toSorted(), [
    "Error",
    "NotAllowedError",
    "SyntaxError",
  ]);
  assert(!page.frames.join().includes("password"));
});

Deno.test("a tool is aborted with its relay or its timeout, and a truncated call does not run", async () => {
  const reasons: unknown[] = [];
  const stuck = defineTool({
    name: "stuck",
    run: (_args, { signal }) =>
      new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason.name))),
  });
  const timed = defineTool({ ...{ name: "timed", timeoutMs: 1000 }, run: () => new Promise(() => {}) });
  const { api, calls, clock, errors, page, settle } = await relayWith([stuck, timed]);
  await calls(call("stuck"), call("timed", "2"), { ...call("stuck", "3"), status: "incomplete" });
  await clock.advance(1000);
  await settle();
  assertEquals(errors.map((error) => (error as Error).name), ["TimeoutError"]);
  assertEquals(outputsOf(api.received), [
    `{"error":"The call was interrupted before it was complete"}`,
    `{"error":"Cannot run tool timed as it took longer than 1000 ms"}`,
  ]);
  const sent = api.received.length;
  page.close(1000);
  await settle();
  assertEquals([reasons, api.received.length, errors.length], [["AbortError"], sent, 1]);
});

Deno.test("followUp, background and limits apply to relay tools, too", async () => {
  let runs = 0;
  const silent = defineTool({ name: "silent", followUp: "silent", run: () => "noted" });
  const slow = defineTool({ name: "slow", background: "Started", run: () => Promise.resolve("the result") });
  const again = defineTool({ name: "again", run: () => `${++runs}` });
  const first = await relayWith([silent, slow, again]);
  await first.calls(call("silent"));
  assertEquals(first.api.received.some(({ type }) => type === "response.create"), false);

  const second = await relayWith([slow]);
  await second.calls(call("slow"));
  const items = second.api.received.map(({ item }) => item as Record<string, unknown> | undefined)
    .filter((item) => item !== undefined);
  assertEquals(items.map(({ output, role, type }) => [type, role ?? output]), [
    ["function_call_output", "Started"],
    ["message", "system"],
  ]);

  const third = await relayWith([again]);
  for (let round = 0; round < 30; round++) await third.calls(call("again", `${round}`));
  assertEquals(third.api.received.filter(({ type }) => type === "response.create").length, 16);
  third.page.send({ type: "conversation.item.create", item: { type: "message", role: "user", content: [] } });
  await third.calls(call("again", "later"));
  assertEquals(third.api.received.filter(({ type }) => type === "response.create").length, 17);
  // A repeated response runs nothing twice.
  const before = runs;
  await third.calls(call("again", "later"));
  assertEquals(runs, before);
});

Deno.test("items of tools are hidden from the page, also by a filter of the host that shows all items", async () => {
  const background = defineTool({
    name: "background",
    background: "Started",
    run: (_args, { session }) => session.sendMessage("For the page").then(() => "the result"),
  });
  const { api, calls, page } = await relayWith([background], {
    relayFilter: (rules) => ({
      fromClient: (event, issues) => rules.fromClient(event, issues),
      fromServer: (event) => "item" in event ? event : rules.fromServer(event),
    }),
  });
  await calls(call("background"));
  const added = api.received.flatMap(({ item }) =>
    (item as { content?: [{ text: string }] } | undefined)?.content ?? []
  );
  assertEquals(added.map(({ text }) => text), ["For the page", "Result of background, call call_1: the result"]);
  const seen = page.received.flatMap(({ item }) => item ?? []) as { role: string }[];
  assertEquals([...new Set(seen.map(({ role }) => role))], ["user"]);
});

Deno.test("the model receives the message of a ToolError, and which arguments are invalid", async () => {
  const shipped = defineTool({
    name: "shipped",
    run: () => {
      throw new ToolError("The order has been shipped: offer a return");
    },
  });
  const typed = defineTool({ name: "typed", parameters: v.object({ id: v.number() }), run: () => "never" });
  const { api, calls } = await relayWith([shipped, typed]);
  await calls(call("shipped", "1", ""), call("typed", "2"));
  const [first, second] = outputsOf(api.received);
  assertEquals(first, `{"error":"The order has been shipped: offer a return"}`);
  assertMatch(second!, /The arguments are invalid: id: .*number/);
});

Deno.test("an output that the API refuses has no follow-up, and only the host is notified", async () => {
  const { api, calls, errors, page } = await relayWith([lookup], { refuses: ({ type }) => type !== "message" });
  await calls(call());
  assertEquals([outputsOf(api.received).length, askedOf(api.received)], [1, 0]);
  assertEquals(errors.map((error) => (error as { code?: string }).code), ["invalid_value"]);
  assertEquals(page.received.filter(({ type }) => type === "error"), []);
});

Deno.test("an unacknowledged output is followed up after the timeout", async () => {
  const { api, calls, clock, errors, settle } = await relayWith([lookup], { onDial: beginSession });
  await calls(call());
  assertEquals(askedOf(api.received), 0);
  await clock.advance(10_000);
  await settle();
  assertEquals([askedOf(api.received), errors.map((error) => (error as Error).name)], [1, ["TimeoutError"]]);
});

Deno.test("an output is accepted by its call, on servers that assign their own item ids", async () => {
  let take = (_item: object) => {};
  const onDial = (api: Api) => {
    beginSession(api);
    const { answer } = api;
    api.answer = (event) => {
      answer(event);
      take = (item) => api.send({ type: "conversation.item.added", event_id: "a", item });
    };
  };
  const { api, calls, settle } = await relayWith([lookup], { onDial });
  await calls(call());
  const { item } = api.received.at(-1) as unknown as { item: object };
  for (const other of [{ type: "message", role: "user", id: "item_x" }, { ...item, id: "own", call_id: "call_9" }]) {
    take(other);
    await settle();
    assertEquals(askedOf(api.received), 0);
  }
  take({ ...item, id: "own" });
  await settle();
  assertEquals(askedOf(api.received), 1);
});

Deno.test("calls of unknown functions are answered with an error and hidden from the page", async () => {
  const { api, calls, errors, page } = await relayWith([lookup]);
  await calls(call("invented", "1"), call("pages", "2"));
  assertEquals(outputsOf(api.received), [`{"error":"There is no tool named invented"}`]);
  assertEquals([askedOf(api.received), page.frames.join().includes("invented"), errors.length], [1, false, 1]);
});

Deno.test("a tool that waits for idle waits for its response and others", async () => {
  const steps: string[] = [];
  const slow = Promise.withResolvers<string>();
  const goodbye = defineTool({
    name: "goodbye",
    followUp: "silent",
    run: async (_args, { idle, session }) => {
      await idle();
      steps.push("idle");
      await session.close();
    },
  });
  const wait = defineTool({ name: "wait", run: () => slow.promise });
  const { api, calls, page, settle } = await relayWith([goodbye, wait]);
  page.send({ type: "response.create", event_id: "of_the_page" });
  await settle();
  api.send({ type: "response.created", response: { id: "resp_farewell" } });
  await calls(call("goodbye"), call("wait", "2"));
  assertEquals(steps, []);
  api.send({ type: "response.done", response: { id: "resp_farewell", status: "completed", output: [] } });
  await settle();
  assertEquals(steps, []);
  slow.resolve("done");
  await settle();
  assertEquals([steps, page.closed?.code], [["idle"], 1000]);
});

Deno.test("a tool that waits for idle continues at the end of the response that called it", async () => {
  let isIdle = false;
  const wait = defineTool({
    name: "wait",
    run: async (_args, { idle }) => {
      await idle();
      isIdle = true;
    },
  });
  const { api, settle } = await relayWith([wait]);
  api.send({ type: "response.created", response: { id: "resp_1" } });
  api.send({ type: "response.output_item.done", response_id: "resp_1", item: call("wait") });
  await settle();
  assertEquals(isIdle, false);
  api.send({ type: "response.done", response: { id: "resp_1", status: "completed", output: [call("wait")] } });
  await settle();
  assertEquals(isIdle, true);
});

Deno.test("a requested response that is refused does not block a tool", async () => {
  const steps: string[] = [];
  const goodbye = defineTool({
    name: "goodbye",
    followUp: "silent",
    run: async (_args, { idle }) => {
      await idle();
      steps.push("idle");
    },
  });
  const { api, calls, page, settle } = await relayWith([goodbye]);
  await calls(call("goodbye"));
  assertEquals(steps, ["idle"]);
  page.send({ type: "response.create", event_id: "of_the_page" });
  await settle();
  await calls(call("goodbye", "2"));
  assertEquals(steps, ["idle", "idle"]);
  page.send({ type: "response.create", event_id: "again" });
  page.send({ type: "response.create", event_id: "twice" });
  await settle();
  await calls(call("goodbye", "3"));
  assertEquals(steps.length, 2);
  const error = { type: "invalid_request_error", code: "invalid_value", message: "No", event_id: "twice" };
  api.send({ type: "error", error });
  await settle();
  assertEquals(steps.length, 3);
});

Deno.test("relay.toolRounds bounds consecutive follow-ups, and the host is notified when it is reached", async () => {
  const { api, calls, errors, page, settle } = await relayWith([lookup], { relay: { toolRounds: 2 } });
  for (let round = 0; round < 4; round++) await calls(call("lookup", `${round}`));
  assertEquals([outputsOf(api.received).length, askedOf(api.received)], [4, 2]);
  assertEquals(errors.map((error) => (error as Error).name), ["RangeError", "RangeError"]);
  // A refused turn does not count.
  page.send({
    type: "conversation.item.create",
    item: { type: "function_call_output", call_id: "call_0", output: "" },
  });
  await settle();
  await calls(call("lookup", "forged"));
  assertEquals(askedOf(api.received), 2);
  api.send({ type: "input_audio_buffer.committed", item_id: "item_speech" });
  await calls(call("lookup", "spoken"));
  assertEquals(askedOf(api.received), 3);
});

Deno.test("an interruption aborts tools that opt in, and their results still reach the model", async () => {
  const stopped: string[] = [];
  const define = (name: string, onInterrupt: "abort" | "continue") =>
    defineTool({
      name,
      onInterrupt,
      run: (_args, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            stopped.push(name);
            resolve("as far as it got");
          })
        ),
    });
  const { api, calls, page, settle } = await relayWith([define("careful", "abort"), define("stubborn", "continue")]);
  await calls(call("careful"), call("stubborn", "2"));
  page.send({ type: "response.cancel" });
  await settle();
  assertEquals([stopped, outputsOf(api.received)], [["careful"], ["as far as it got"]]);
});
