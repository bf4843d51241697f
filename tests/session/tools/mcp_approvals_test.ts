import { assertEquals } from "@std/assert";
import { connect } from "../../../src/connect.ts";
import type { OnMcpApproval } from "../../../src/session/mod.ts";
import { createSimulator, createVirtualClock, type PlannedOutput } from "../../../src/simulator/mod.ts";
import { acknowledgeItem, collect, type Frame, open, responseDone } from "../_fake_server.ts";

function request(id: string): Frame {
  return { id, type: "mcp_approval_request", server_label: "docs", name: "find", arguments: "{}" };
}

function answersOf(sent: readonly Frame[]): Frame[] {
  return sent.map(({ item: { id: _id, ...item } }) => item);
}

Deno.test("approveMcp() and denyMcp() answer a request", async () => {
  const { server, session } = await open();
  const approving = session.approveMcp("mcpr_1");
  await server.settle();
  acknowledgeItem(server);
  assertEquals(await approving, server.sent[0]!.item.id);
  const denying = session.denyMcp("mcpr_2", { reason: "Too dear" });
  await server.settle();
  acknowledgeItem(server);
  await denying;
  const answer = { type: "mcp_approval_response" };
  assertEquals(answersOf(server.sent), [
    { ...answer, approval_request_id: "mcpr_1", approve: true },
    { ...answer, approval_request_id: "mcpr_2", approve: false, reason: "Too dear" },
  ]);
});

Deno.test("onMcpApproval decides each request once, and denies when it throws", async () => {
  const seen: string[] = [];
  const onMcpApproval: OnMcpApproval = ({ id }) => {
    seen.push(id);
    if (id === "mcpr_3") throw new Error("Broken");
    return Promise.resolve(id === "mcpr_1");
  };
  const { server, session } = await open({ onMcpApproval });
  const events = collect(session, "listener_failed");
  server.emit(
    { type: "conversation.item.done", item: request("mcpr_1") },
    { type: "response.output_item.done", item: request("mcpr_1") },
    { type: "response.output_item.done", item: request("mcpr_2") },
    responseDone("resp_1", { output: [request("mcpr_1"), request("mcpr_3")] }),
  );
  await server.settle();
  assertEquals(seen, ["mcpr_1", "mcpr_2", "mcpr_3"]);
  const answers = answersOf(server.sent).map(({ approval_request_id, approve }) => [approval_request_id, approve]);
  assertEquals(answers.sort(), [["mcpr_1", true], ["mcpr_2", false], ["mcpr_3", false]]);
  assertEquals(events.length, 1);
});

Deno.test("onMcpApproval approves on true only, and sends a denial for any other result", async () => {
  const fails = () => Promise.reject(new Error("Broken"));
  const decisions: readonly [decide: () => unknown, approves: boolean, reports: number][] = [
    [() => true, true, 0],
    [() => Promise.resolve(true), true, 0],
    [() => false, false, 0],
    [() => {}, false, 0],
    [() => null, false, 0],
    [() => Promise.resolve(), false, 0],
    [() => "yes", false, 1],
    [() => 1, false, 1],
    [() => ({ approve: true }), false, 1],
    [fails, false, 1],
  ];
  for (const [decide, approves, reports] of decisions) {
    const { server, session } = await open({ onMcpApproval: decide as OnMcpApproval });
    const events = collect(session, "listener_failed");
    server.emit({ type: "conversation.item.done", item: request("mcpr_1") });
    await server.settle();
    const [answer, ...rest] = answersOf(server.sent);
    assertEquals([answer?.approval_request_id, answer?.approve, rest], ["mcpr_1", approves, []]);
    assertEquals(events.length, reports, String(decide));
    await session.close();
  }
});

Deno.test("onMcpApproval is aborted when the session ends, and nothing more is sent", async () => {
  let signal: AbortSignal | undefined;
  const decision = Promise.withResolvers<boolean>();
  const errors: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void errors.push(line) };
  const { server, session } = await open({
    logger,
    onMcpApproval: (_request, context) => {
      signal = context.signal;
      return decision.promise;
    },
  });
  server.emit({ type: "conversation.item.done", item: request("mcpr_1") });
  await server.settle();
  assertEquals(signal?.aborted, false);
  await session.close();
  assertEquals(signal?.aborted, true);
  decision.resolve(true);
  await server.settle();
  assertEquals([server.sent, errors], [[], []]);
});

Deno.test("onMcpApproval that rejects on the abort of an ended session is not reported", async () => {
  const { server, session } = await open({
    onMcpApproval: ({ id }, { signal }) =>
      id === "mcpr_1" || new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const events = collect(session, "listener_failed");
  server.emit(...["mcpr_1", "mcpr_2"].map((id) => ({ type: "conversation.item.done", item: request(id) })));
  await server.settle();
  assertEquals(answersOf(server.sent).map(({ approval_request_id }) => approval_request_id), ["mcpr_1"]);
  await session.close();
  assertEquals(events, []);
});

Deno.test("a hosted tool is listed, approved, called and fails, and the conversation shows each step", async () => {
  const clock = createVirtualClock();
  const call = { type: "mcp_call", server_label: "docs", name: "find", arguments: '{"q":"vad"}' } as const;
  const plans: PlannedOutput[] = [
    { ...call, output: "Found" },
    { ...call, error: { type: "http_error", code: 500, message: "Down" } },
  ];
  const { dial } = createSimulator({
    clock,
    createModel: () => ({
      hear: () => "",
      reply: () => ({ outputs: plans.splice(0, 1) }),
      listTools: () => ({ tools: [{ name: "find", input_schema: { type: "object" } }], delayMs: 50 }),
    }),
  });
  const asked: string[] = [];
  const connecting = connect({
    apiKey: "sk-test",
    dial,
    clock,
    outputModalities: ["text"],
    session: { tools: [{ type: "mcp", server_label: "docs", server_url: "https://docs.example/mcp" }] },
    onMcpApproval: ({ name }) => asked.push(name) > 0,
  });
  await clock.advance(20);
  const session = await connecting;
  const steps: string[] = [];
  session.on("*", ({ type }) => /mcp/.test(type) && !/delta/.test(type) && steps.push(type));
  const progress = () => session.conversation.getSnapshot().map(({ item, progress }) => [item.type, progress]);
  assertEquals(progress(), [["mcp_list_tools", "in_progress"]]);
  await clock.advance(1000);
  assertEquals(progress(), [["mcp_list_tools", "completed"]]);
  for (const question of ["Look it up", "And again"]) {
    const asking = session.ask(question);
    await clock.advance(60_000);
    assertEquals((await asking).status, "completed");
    await clock.advance(60_000);
  }
  assertEquals(asked, ["find", "find"]);
  const calls = session.conversation.getSnapshot().filter(({ item }) => item.type === "mcp_call");
  assertEquals(calls.map(({ text, final, progress }) => [text, final, progress]), [
    ["Found", true, "completed"],
    ['{"q":"vad"}', true, "failed"],
  ]);
  assertEquals((calls[1]?.item as { error?: unknown }).error, { type: "http_error", code: 500, message: "Down" });
  assertEquals(steps.filter((type) => /mcp_call\./.test(type)), [
    "response.mcp_call.in_progress",
    "response.mcp_call.completed",
    "response.mcp_call.in_progress",
    "response.mcp_call.failed",
  ]);
  const closing = session.close();
  await clock.advance(1000);
  await closing;
});
