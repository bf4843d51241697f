import { assert, assertEquals } from "@std/assert";
import { defineTool, type RealtimeTool } from "../../../src/tools/mod.ts";
import { POLICY } from "../_edge.ts";
import { createSetting, type SettingOptions } from "../_relay.ts";

const lookup = defineTool({
  name: "lookup",
  description: "Looks an order up.",
  parameters: { type: "object", properties: { id: { type: "string" } } },
  run: ({ id }) => ({ order: id }),
});

const call = (name = "lookup", id = "1", args = `{"id":"12"}`) => ({
  id: `item_${id}`,
  type: "function_call",
  status: "completed",
  name,
  call_id: `call_${id}`,
  arguments: args,
});

async function relayWith(tools: readonly RealtimeTool[], options: SettingOptions = {}) {
  const setting = createSetting({ tools, ...options });
  const { page } = await setting.open();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await setting.clock.advance(0);
  };
  /** The API says that the model has called, and that its response is done. */
  const calls = async (...items: readonly ReturnType<typeof call>[]) => {
    setting.api.send({ type: "response.created", event_id: "c", response: { id: "resp_1", status: "in_progress" } });
    for (const item of items) {
      setting.api.send({ type: "response.output_item.added", response_id: "resp_1", item: { ...item, arguments: "" } });
      setting.api.send({ type: "conversation.item.added", item: { ...item, arguments: "" } });
      setting.api.send({
        type: "response.function_call_arguments.delta",
        item_id: item.id,
        call_id: item.call_id,
        delta: "{",
      });
      setting.api.send({ type: "response.function_call_arguments.done", item_id: item.id, arguments: item.arguments });
      setting.api.send({ type: "response.output_item.done", response_id: "resp_1", item });
      setting.api.send({ type: "conversation.item.done", item });
    }
    const response = { id: "resp_1", status: "completed", output: items };
    setting.api.send({ type: "response.done", event_id: "d", response });
    await settle();
  };
  return { ...setting, page, calls, settle };
}

Deno.test("tools run on the server, in sessions that the page sees nothing of it in", async () => {
  const { api, calls, page, settle } = await relayWith([lookup], {
    session: {
      ...POLICY,
      tools: [{ type: "function", name: "pages", parameters: { type: "object" } }, {
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

Deno.test("a page cannot answer, look at or take away calls of the server's tools", async () => {
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
  assertEquals(page.received.filter(({ type }) => type === "error").length, forged.length);
  // Its own tools are its own.
  page.send({ type: "conversation.item.create", item: { ...output, call_id: "call_page" } });
  await settle();
  assertEquals(api.received.length, before + 1);
});

Deno.test("calls of the page's tools are the page's, also beside ours", async () => {
  const { api, calls, page } = await relayWith([lookup]);
  await calls(call(), call("pages", "2"));
  const shown = page.frames.filter((frame) => frame.includes("pages"));
  assertEquals(shown.length, 5);
  const done = page.received.at(-1) as unknown as { response: { output: { name: string }[] } };
  assertEquals(done.response.output.map(({ name }) => name), ["pages"]);
  assertEquals(api.received.filter(({ type }) => type === "conversation.item.create").length, 1);
});

Deno.test("all calls of a response have one follow-up, which waits for whoever speaks", async () => {
  const slow = Promise.withResolvers<string>();
  const wait = defineTool({ name: "wait", run: () => slow.promise });
  const { api, calls, settle } = await relayWith([lookup, wait]);
  const asked = () => api.received.filter(({ type }) => type === "response.create").length;
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
  // Refused as another response has begun meanwhile: once more when that is done.
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

Deno.test("a tool that fails says nothing of why to the model or the page", async () => {
  const failing = defineTool({
    name: "failing",
    run: () => {
      throw new Error("password of the database");
    },
  });
  const asking = defineTool({ name: "asking", needsApproval: true, run: () => "done" });
  const { api, calls, errors, page } = await relayWith([failing, lookup, asking]);
  await calls(call("failing"), call("lookup", "2", "no JSON"), call("asking", "3"));
  const outputs = (api.received as unknown as { item?: { output?: string } }[]).flatMap(({ item }) =>
    item?.output ?? []
  );
  assertEquals(outputs.toSorted(), [
    `{"error":"The tool failed"}`,
    `{"error":"The tool failed"}`,
    `{"error":"This was not approved"}`,
  ]);
  assertEquals(errors.map((error) => (error as Error).name).toSorted(), ["Error", "SyntaxError"]);
  assert(!page.frames.join().includes("password"));
});

Deno.test("a tool is aborted with its relay or its time, and a call that was cut off is not run", async () => {
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
  const sent = api.received.length;
  page.close(1000);
  await settle();
  assertEquals([reasons, api.received.length, errors.length], [["AbortError"], sent, 1]);
});

Deno.test("followUp, background and bounds hold for tools of a relay, too", async () => {
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
  // A response that is repeated does not run anything twice.
  const before = runs;
  await third.calls(call("again", "later"));
  assertEquals(runs, before);
});
