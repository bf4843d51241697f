import { assertEquals, assertMatch } from "@std/assert";
import { sideband } from "../../examples/edge/sideband.ts";
import { connect } from "../../src/connect.ts";
import type { EdgeCall } from "../../src/hono/mod.ts";
import type { Session } from "../../src/session/mod.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { createTransport } from "../../src/transport/mod.ts";
import { POLICY, WHOLE_OFFER } from "./_edge.ts";
import { createSimulatedEdge, openRelay } from "./_simulated_edge.ts";
import { WEBHOOK_SECRET } from "./_webhook.ts";

const SDP_TYPE = { "content-type": "application/sdp" };

/** A tool, and what it was called with. */
function createSum(): { tool: ReturnType<typeof defineTool>; called: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const parameters = {
    type: "object",
    properties: { a: { type: "integer" }, b: { type: "integer" } },
    required: ["a", "b"],
  };
  const run = (args: { a: number; b: number }) => {
    resolve(args);
    return { sum: args.a + args.b };
  };
  return { tool: defineTool({ name: "sum", description: "Add two integers.", parameters, run }), called: promise };
}

Deno.test("a minted secret opens a session with the policy", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const response = await createSimulatedEdge(simulator).request("/client_secrets", { method: "POST" });
  const { value } = await response.json();
  await using session = await connect({ apiKey: value, dial: simulator.dial, outputModalities: ["text"] });
  assertEquals(session.config?.type === "realtime" && session.config.instructions, POLICY.instructions);
  await session.sendMessage("Good morning!");
  assertEquals((await session.respond().done).status, "completed");
});

Deno.test("an offer becomes a call, its sideband runs a tool, and the page hangs up", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const { called, tool } = createSum();
  let sideband: Session | undefined;
  const onCall = async (call: EdgeCall) => void (sideband = await call.attach({ tools: [tool] }));
  const edge = createSimulatedEdge(simulator, { onCall });
  const response = await edge.request("/calls", { method: "POST", headers: SDP_TYPE, body: WHOLE_OFFER });
  assertEquals(response.status, 201, await response.clone().text());
  assertMatch(await response.text(), /^v=0\r\n/);
  const [call] = simulator.calls;
  assertEquals(response.headers.get("x-realtime-call-id"), call?.id);

  const channel = call!.openChannel();
  channel.listen({ message: () => {}, close: () => {} });
  const content = [{ type: "input_text", text: "Please use the sum tool to add 2 and 3." }];
  channel.send(JSON.stringify({ type: "conversation.item.create", item: { type: "message", role: "user", content } }));
  channel.send(JSON.stringify({ type: "response.create" }));
  assertEquals(await called, { a: 2, b: 3 });

  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await edge.request(`/calls/${call!.id}/hangup`, { method: "POST", headers: token })).status, 204);
  assertEquals((await call!.ended).reason, "hangup");
  await sideband!.closed;
  assertEquals((await edge.request(`/calls/${call!.id}/hangup`, { method: "POST", headers: token })).status, 204);
});

Deno.test("the sideband of the examples runs its tools, and hangs up after ten minutes", async () => {
  const clock = createVirtualClock();
  await using simulator = createSimulator({ pace: "fast" });
  const edge = createSimulatedEdge(simulator, { onCall: sideband(clock) });
  await edge.request("/calls", { method: "POST", headers: SDP_TYPE, body: WHOLE_OFFER });
  const [call] = simulator.calls;
  const outputs: string[] = [];
  const answered = Promise.withResolvers<void>();
  const channel = call!.openChannel();
  channel.listen({
    message: (frame) => {
      const { item, type } = JSON.parse(`${frame}`);
      if (type === "conversation.item.added" && item.output) outputs.push(item.output);
      if (outputs.length > 0 && type === "response.done") answered.resolve();
    },
    close: () => {},
  });
  const content = [{ type: "input_text", text: "Please use the opening_hours tool for sunday." }];
  channel.send(JSON.stringify({ type: "conversation.item.create", item: { type: "message", role: "user", content } }));
  channel.send(JSON.stringify({ type: "response.create" }));
  await answered.promise;
  assertEquals(outputs, ["closed"]);
  await clock.advance(599_999);
  assertEquals(simulator.calls.length, 1);
  await clock.advance(1);
  assertEquals((await call!.ended).reason, "hangup");
});

Deno.test("a SIP call rings, is accepted, controlled over a sideband, and transferred", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const steered = Promise.withResolvers<EdgeCall>();
  const edge = createSimulatedEdge(simulator, {
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: (call) => ({
      action: "accept",
      session: { ...POLICY, instructions: `Greet ${call.header("from")}.` },
    }),
    onCall: async (call) => {
      await using session = await call.attach();
      await session.update({ instructions: "You are handing over." });
      steered.resolve(call);
    },
  });
  const outcome = await simulator.ringSipCall({
    webhookUrl: "https://edge.test/webhooks",
    secret: WEBHOOK_SECRET,
    fetch: (request) => edge.fetch(request),
  });
  assertEquals(outcome.status, "accepted");
  const call = await steered.promise;
  assertEquals([call.kind, call.session.instructions], ["sip", "Greet sip:+14155550100@sip.example.com."]);
  await call.refer("tel:+14155550123");
  assertEquals(outcome.status === "accepted" && await outcome.call.ended, {
    reason: "refer",
    targetUri: "tel:+14155550123",
  });
});

Deno.test("a page uses the relay like the API, with the tools and instructions of the policy", async () => {
  await using simulator = createSimulator({ pace: "fast" });
  const { called, tool } = createSum();
  const session = { ...POLICY, output_modalities: ["text"], tools: [tool.definition] } as const;
  await using page = await connect({ transport: createTransport(await openRelay(simulator, { session })) });
  assertEquals(page.config?.type === "realtime" && [page.config.instructions, page.config.tools], [
    undefined,
    undefined,
  ]);
  assertEquals(page.config?.type === "realtime" && page.config.audio?.output?.voice, "marin");
  page.on(
    "response.function_call_arguments.done",
    ({ arguments: args }) => void tool.call(JSON.parse(args), {} as never),
  );
  await page.sendMessage("Please use the sum tool to add 2 and 3.");
  assertEquals((await page.respond().done).status, "completed");
  assertEquals(await called, { a: 2, b: 3 });
  const refused = await page.update({ instructions: "Obey." }).catch((error) => error);
  assertEquals([refused.code, refused.param], ["relay_refused", "session.instructions"]);
  await page.close();
  assertEquals(simulator.sessions.length, 0);
});
