import { assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { SimulatedModel } from "../../../../src/simulator/model/simulated_model.ts";
import type { PlannedMcpCall, PlannedOutput } from "../../../../src/simulator/model/planned_output.ts";
import { written } from "../../_simulated_model.ts";
import { Client, errorOf, type Frame, only, typesOf } from "../../_client.ts";

const FIND = { name: "find", description: "Finds pages.", input_schema: { type: "object" } };
const DOCS = { type: "mcp", server_label: "docs", server_url: "https://docs.example/mcp" };
const CALL = { type: "mcp_call", server_label: "docs", name: "find", arguments: '{"q":"vad"}' } as const;

/** A client whose model gives the planned outputs one after the other, and whose servers have one tool. */
async function open(
  outputs: readonly PlannedOutput[] = [],
  createModel: Partial<SimulatedModel> = {},
): Promise<Client> {
  const plans = [...outputs];
  return await Client.open({
    pace: "fast",
    createModel: () => ({
      hear: () => "",
      reply: () => ({ outputs: plans.splice(0, 1) }),
      listTools: () => ({ tools: [FIND, { ...FIND, name: "drop" }], delayMs: 50 }),
      ...createModel,
    }),
  });
}

function update(...tools: readonly unknown[]): Readonly<Record<string, unknown>> {
  return { type: "session.update", session: { type: "realtime", output_modalities: ["text"], tools } };
}

/** A client with a server whose tools have been listed. */
async function withServer(call: Partial<PlannedMcpCall>, require_approval?: unknown): Promise<Client> {
  const client = await open([{ ...CALL, ...call }, written("Here it is.")]);
  await client.ask(update({ ...DOCS, require_approval }), 1000);
  return client;
}

function itemOf(frames: readonly Frame[], type: string): Frame {
  return only(frames, type).item as Frame;
}

/** Answers a request for approval. */
function answer(approval_request_id: unknown, fields: object): Readonly<Record<string, unknown>> {
  const item = { id: "my_answer", type: "mcp_approval_response", approval_request_id, ...fields };
  return { type: "conversation.item.create", item };
}

Deno.test("The tools of a configured MCP server are listed as an item", async () => {
  const client = await open();
  const begun = await client.ask(update(DOCS));
  assertEquals(typesOf(begun), ["session.updated", "conversation.item.added", "mcp_list_tools.in_progress"]);
  const { id, ...item } = itemOf(begun, "conversation.item.added");
  assertMatch(String(id), /^mcpl_\w{21}$/);
  assertEquals(item as unknown, { type: "mcp_list_tools", server_label: "docs", tools: [] });
  assertEquals(await client.wait(49), []);
  const listed = await client.wait(1);
  assertEquals(typesOf(listed), ["conversation.item.done", "mcp_list_tools.completed"]);
  assertObjectMatch(itemOf(listed, "conversation.item.done"), { id, tools: [FIND, { name: "drop" }] });
  assertEquals(only(begun, "mcp_list_tools.in_progress").item_id, id);
  assertEquals(only(listed, "mcp_list_tools.completed").item_id, id);
});

Deno.test("A listing of a model that is no list is named in an error", async () => {
  for (const listing of [Promise.resolve({ tools: [FIND] }), { tools: {} }]) {
    const client = await open([], { listTools: () => listing } as unknown as SimulatedModel);
    const { error } = only(await client.ask(update(DOCS)), "error");
    assertMatch(String((error as Frame).message), /listTools\(\) must return a list tools/);
  }
});

Deno.test("Each MCP server is listed once, and again at a new address", async () => {
  const client = await open();
  const labels = (frames: readonly Frame[]) =>
    frames.filter(({ type }) => type === "conversation.item.added").map(({ item }) => (item as Frame).server_label);
  const wiki = { ...DOCS, server_label: "wiki" };
  assertEquals(labels(await client.ask(update(DOCS, wiki), 100)), ["docs", "wiki"]);
  assertEquals(labels(await client.ask(update(DOCS), 100)), []);
  const moved = { ...DOCS, server_url: "https://elsewhere.example/mcp" };
  assertEquals(labels(await client.ask(update(moved, wiki), 100)), ["docs"]);
  const response = { tools: [{ ...DOCS, server_label: "mine" }] };
  assertEquals(labels(await client.ask({ type: "response.create", response }, 100)), ["mine"]);
});

Deno.test("A completed tool list names its current predecessor, and is not announced if it was deleted", async () => {
  const client = await open();
  await client.ask({
    type: "conversation.item.create",
    item: { id: "first", type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
  });
  const [docs, wiki] = (await client.ask(update(DOCS, { ...DOCS, server_label: "wiki" })))
    .filter(({ type }) => type === "conversation.item.added");
  assertEquals(docs?.previous_item_id, "first");
  await client.ask({ type: "conversation.item.delete", item_id: "first" });
  await client.ask({ type: "conversation.item.delete", item_id: (wiki?.item as Frame).id });
  const listed = await client.wait(100);
  const { item, previous_item_id } = only(listed, "conversation.item.done");
  assertEquals([(item as Frame).server_label, previous_item_id], ["docs", null]);
  assertEquals(listed.filter(({ type }) => type === "mcp_list_tools.completed").length, 2);
});

Deno.test("A failed tool list is reported, and requested again", async () => {
  const client = await open([], { listTools: () => ({ tools: [FIND], fails: true }) });
  for (let time = 0; time < 2; time++) {
    const frames = await client.ask(update(DOCS), 100);
    assertEquals(typesOf(frames).slice(1), [
      "conversation.item.added",
      "mcp_list_tools.in_progress",
      "conversation.item.done",
      "mcp_list_tools.failed",
    ]);
    assertObjectMatch(itemOf(frames, "conversation.item.done"), { tools: [] });
  }
});

Deno.test("The secrets of an MCP server are not reported back", async () => {
  const client = await open();
  const tool = { ...DOCS, authorization: "secret", headers: { "x-key": "secret" }, require_approval: "never" };
  const { session } = only(await client.ask(update(tool)), "session.updated") as unknown as { session: Frame };
  assertEquals(session.tools, [{ ...DOCS, require_approval: "never" }]);
});

Deno.test("An MCP call runs on the server, is answered after its response, and starts no new one", async () => {
  const client = await withServer({ output: "Found.", durationMs: 300 }, "never");
  const made = await client.ask({ type: "response.create" });
  assertEquals(typesOf(made), [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
    "response.mcp_call.in_progress",
    "response.done",
    "rate_limits.updated",
  ]);
  const added = itemOf(made, "response.output_item.added");
  const { id } = added;
  assertMatch(String(id), /^mcp_\w{21}$/);
  const nothing = { output: null, error: null, approval_request_id: null };
  assertEquals(added as unknown, { ...CALL, id, arguments: "", ...nothing });
  const deltas = made.filter(({ type }) => type === "response.mcp_call_arguments.delta");
  assertEquals(deltas.map(({ delta }) => delta).join(""), CALL.arguments);
  for (const { delta, obfuscation } of deltas) assertEquals(`${delta}${obfuscation}`.length % 16, 0);
  const { event_id: _event, ...done } = only(made, "response.mcp_call_arguments.done");
  const { response } = only(made, "response.done") as unknown as { response: Frame };
  assertEquals(done as unknown, {
    type: "response.mcp_call_arguments.done",
    response_id: response.id,
    item_id: id,
    output_index: 0,
    arguments: CALL.arguments,
  });
  assertEquals([response.status, response.output], ["completed", [{ ...CALL, id, ...nothing }]]);

  assertEquals(await client.wait(299), []);
  const answered = await client.wait(60_000);
  assertEquals(typesOf(answered), [
    "response.mcp_call.completed",
    "conversation.item.done",
    "response.output_item.done",
  ]);
  const { event_id: _other, ...completed } = only(answered, "response.mcp_call.completed");
  assertEquals(completed as unknown, { type: "response.mcp_call.completed", item_id: id, output_index: 0 });
  assertEquals(itemOf(answered, "response.output_item.done") as unknown, { ...CALL, id, ...nothing, output: "Found." });
  assertEquals(only(answered, "response.output_item.done").response_id, response.id);
});

Deno.test("A failed MCP call has its error in the item", async () => {
  const error = { type: "http_error", code: 502, message: "Bad gateway" } as const;
  const client = await withServer({ error }, "never");
  const frames = await client.ask({ type: "response.create" }, 100);
  assertEquals(only(frames, "response.mcp_call.failed").output_index, 0);
  assertObjectMatch(itemOf(frames, "response.output_item.done"), { output: null, error });
});

Deno.test("An MCP call waits for the client's approval, and refers to the request", async () => {
  const client = await withServer({ output: "Found." });
  const asked = await client.ask({ type: "response.create" }, 1000);
  assertEquals(typesOf(asked).slice(4), [
    "response.mcp_call_arguments.done",
    "conversation.item.added",
    "conversation.item.done",
    "response.done",
    "rate_limits.updated",
  ]);
  const request = (asked.find(({ type }) => type === "conversation.item.done")?.item ?? {}) as Frame;
  assertMatch(String(request.id), /^mcpr_\w{21}$/);
  const { server_label, name, arguments: json } = CALL;
  assertEquals(request as unknown, {
    id: request.id,
    type: "mcp_approval_request",
    server_label,
    name,
    arguments: json,
  });

  const frames = await client.ask(answer(request.id, { approve: true }), 100);
  assertEquals(typesOf(frames), [
    "conversation.item.added",
    "conversation.item.done",
    "response.mcp_call.in_progress",
    "response.mcp_call.completed",
    "conversation.item.done",
    "response.output_item.done",
  ]);
  const call = itemOf(frames, "response.output_item.done");
  assertObjectMatch(call, { output: "Found.", error: null, approval_request_id: request.id });
  const again = await client.ask(answer(request.id, { id: "again", approve: true }), 100);
  assertEquals(typesOf(again), ["conversation.item.added", "conversation.item.done"]);
});

Deno.test("An approval needs no id, as @openai/agents-realtime sends none", async () => {
  const client = await withServer({ output: "Found." });
  const asked = await client.ask({ type: "response.create" }, 1000);
  const { id: requestId } = itemOf(asked, "conversation.item.done");
  const frames = await client.ask(answer(requestId, { id: undefined, approve: true }), 100);
  assertMatch(String(itemOf(frames.slice(0, 1), "conversation.item.added").id), /^item_\w{21}$/);
  only(frames, "response.mcp_call.completed");
});

Deno.test("A denied MCP call fails without running", async () => {
  for (const [reason, message] of [["Too dear", "Too dear"], [undefined, "The call was not approved."]]) {
    const client = await withServer({ output: "Found." });
    const asked = await client.ask({ type: "response.create" }, 100);
    const request = asked.find(({ type }) => type === "conversation.item.done")?.item as Frame;
    const frames = await client.ask(answer(request.id, { approve: false, reason }), 100);
    assertEquals(typesOf(frames).slice(2), [
      "response.mcp_call.failed",
      "conversation.item.done",
      "response.output_item.done",
    ]);
    assertObjectMatch(itemOf(frames, "response.output_item.done"), {
      output: null,
      error: { type: "tool_execution_error", message },
      approval_request_id: request.id,
    });
  }
});

Deno.test("An approval for an unknown request is refused, and one from a replayed history is accepted", async () => {
  const client = await withServer({});
  assertEquals(errorOf(await client.ask(answer("mcpr_none", { approve: true }))), {
    type: "invalid_request_error",
    code: "invalid_value",
    message: "Error adding item: no approval request with id 'mcpr_none' exists.",
    param: "item.approval_request_id",
    event_id: null,
  });
  const request = { id: "mcpr_old", ...CALL, type: "mcp_approval_request" };
  await client.ask({ type: "conversation.item.create", item: request });
  const frames = await client.ask(answer("mcpr_old", { approve: true }), 100);
  assertEquals(typesOf(frames), ["conversation.item.added", "conversation.item.done"]);
});

Deno.test("A call to an MCP server that is not configured needs no approval", async () => {
  const client = await open([{ ...CALL, server_label: "hidden", output: "Found." }]);
  await client.ask(update(DOCS), 100);
  const frames = await client.ask({ type: "response.create" }, 100);
  assertObjectMatch(itemOf(frames, "response.output_item.done"), { server_label: "hidden", output: "Found." });
});

Deno.test("An MCP call that is cut off does not run", async () => {
  const client = await withServer({ output: "Found." }, "never");
  client.onFrame = ({ type }) => {
    if (type === "response.mcp_call_arguments.delta") client.send({ type: "response.cancel" });
  };
  const frames = await client.ask({ type: "response.create" }, 1000);
  assertEquals(typesOf(frames).filter((type) => type.startsWith("response.mcp_call.")), []);
  assertObjectMatch(itemOf(frames, "response.output_item.done"), { output: null });
  assertObjectMatch(only(frames, "response.done"), { response: { status: "cancelled" } });
});

Deno.test("A session with the tools of a client secret or call lists them from the start", async () => {
  const client = await open();
  const minted = await client.simulator.fetch(
    new Request("https://simulator/v1/realtime/client_secrets", {
      method: "POST",
      headers: { authorization: "Bearer sk-test" },
      body: JSON.stringify({ session: { type: "realtime", model: "gpt-realtime", tools: [DOCS] } }),
    }),
  );
  const { value } = await minted.json();
  const other = new Client({}, client);
  await other.dial(undefined, { authorization: `Bearer ${value}` });
  assertEquals(typesOf(await other.wait(1000)), [
    "session.created",
    "conversation.item.added",
    "mcp_list_tools.in_progress",
    "conversation.item.done",
    "mcp_list_tools.completed",
  ]);
});

Deno.test("The model receives the listed and allowed tools, and the results of its calls", async () => {
  const seen: unknown[] = [];
  const client = await open([], {
    reply({ items, mcpTools }) {
      seen.push([mcpTools?.map(({ name, server_label }) => `${server_label}.${name}`), items.at(-1)?.type]);
      return { outputs: seen.length === 1 ? [{ ...CALL, output: "Found." }] : [] };
    },
  });
  await client.ask(update({ ...DOCS, allowed_tools: ["find"], require_approval: "never" }), 100);
  await client.ask({ type: "response.create" }, 100);
  await client.ask({ type: "response.create" }, 100);
  assertEquals(seen, [[["docs.find"], "mcp_list_tools"], [["docs.find"], "mcp_call"]]);
});

Deno.test("A session whose client has gone leaves no list or call pending", async () => {
  const client = await withServer({ durationMs: 5000 }, "never");
  await client.ask({ type: "response.create" });
  await client.ask(update({ ...DOCS, server_label: "slow" }));
  assertEquals(client.clock.pending, 3);
  client.close();
  await client.clock.advance(0);
  assertEquals(client.clock.pending, 0);
});
