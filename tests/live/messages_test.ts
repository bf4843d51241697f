import { assertEquals, assertRejects } from "@std/assert";
import { connectLive } from "../../src/live/mod.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, type LiveRig, settled } from "./_live.ts";
import { scriptedSession } from "./_scripted.ts";

/** A session whose backend waits for a tool, which ends with the result. */
async function busyRig(): Promise<
  LiveRig & { readonly result: PromiseWithResolvers<string>; nest(event: object): void }
> {
  const result = Promise.withResolvers<string>();
  const tool = defineTool({ name: "slow", run: () => result.promise });
  const rig = await connectRig({ backend: "gpt-5.2", tools: [tool] });
  const nest = (event: object) =>
    rig.server.send(JSON.stringify({ type: "response.event", event_id: "event_1", delegation_id: null, event }));
  nest({ type: "response.created", response: { id: "resp_1" } });
  const call = { type: "function_call", call_id: "call_1", name: "slow", arguments: "{}", status: "completed" };
  nest({ type: "response.output_item.done", item: call });
  await rig.clock.advance(100);
  return { ...rig, result, nest };
}

const typesOf = ({ sent }: LiveRig) => sent().map(({ type }) => type).slice(1);

Deno.test("a message during calls is answered by the next request", async () => {
  const rig = await busyRig();
  await rig.session.sendMessage("Hello?");
  assertEquals(typesOf(rig), ["response.item.create"]);
  rig.nest({ type: "response.completed", response: { id: "resp_1" } });
  rig.result.resolve("done");
  await rig.clock.advance(100);
  assertEquals(typesOf(rig), ["response.item.create", "response.item.create", "response.create"]);
});

Deno.test("a message just before the backend calls a function is answered after it, and is no failure", async () => {
  const clock = createVirtualClock();
  const frames: Record<string, unknown>[] = [];
  const plan = { calls: [[{ name: "get_order", arguments: "{}" }]], result: "Tomorrow." };
  const simulator = createSimulator({
    clock,
    live: { scenario: { turns: [{ user: "Where is it?", delegates: plan }] } },
    onFrame: ({ data }) => frames.push(JSON.parse(String(data))),
  });
  const failures: unknown[] = [];
  const session = await settled(
    clock,
    connectLive({
      apiKey: "sk-test",
      dial: simulator.dial,
      clock,
      backend: "gpt-5.2",
      tools: [defineTool({ name: "get_order", run: () => "It is on its way." })],
      onUnhandled: (error) => failures.push(error),
    }),
  );
  // The call is on its way here.
  session.on("session.delegation.created", () => void session.sendMessage("Hello?"));
  const isDone = new Promise((resolve) => session.on("tool_call_done", resolve));
  void session.pipe({ from: [tone(600), silence(1_000)] });
  await settled(clock, isDone);
  await clock.advance(100);
  const typesOf = (name: string) => frames.filter(({ type }) => type === name).length;
  assertEquals([typesOf("response.item.create"), typesOf("response.create"), typesOf("error")], [2, 2, 1]);
  assertEquals(failures, []);
  await settled(clock, session.close());
});

Deno.test("a message during calls is answered although their response ends without another request", async () => {
  for (const type of ["response.failed", "response.incomplete", "response.cancelled", "error", "response.created"]) {
    const rig = await busyRig();
    await rig.session.sendMessage("Hello?");
    rig.nest({ type, response: { id: "resp_2" }, code: null, message: "Oops." });
    await rig.clock.advance(2_000);
    assertEquals(typesOf(rig), ["response.item.create", "response.create"], type);
    await rig.session.sendMessage("And now?");
    await rig.clock.advance(0);
    assertEquals(typesOf(rig).slice(2), ["response.item.create", "response.create"], type);
    await rig.clock.advance(5_000);
    const words = eventsOf(rig.told, "turn_done").map(({ turn }) => turn.text).join(" ");
    assertEquals(words, "You wrote: Hello? You wrote: And now?", type);
    // The result of a call whose response has ended is dropped.
    rig.result.resolve("done");
    await rig.clock.advance(100);
    assertEquals(typesOf(rig).length, 4, type);
  }
});

Deno.test("a message whose request was refused, as calls were open, is answered although their response fails", async () => {
  for (const isKnown of [true, false]) {
    for (const type of ["response.failed", "response.incomplete", "response.cancelled", "error", "response.created"]) {
      const failures: unknown[] = [];
      const onUnhandled = (error: unknown) => void failures.push(error);
      const { socket, clock, session } = await scriptedSession({ backend: "gpt-5.2", onUnhandled });
      const nest = (event: object) => socket.push({ type: "response.event", delegation_id: null, event });
      await session.sendMessage("Hello?");
      if (isKnown) {
        const call = { type: "function_call", call_id: "call_1", name: "slow", arguments: "{}", status: "completed" };
        nest({ type: "response.output_item.done", item: call });
      }
      const request = socket.sent.at(-1)!;
      const error = { code: "function_call_outputs_required", message: "No.", client_event_id: request.event_id };
      socket.push({ type: "error", error });
      nest({ type, response: { id: "resp_1" } });
      await clock.advance(100);
      const types = () => socket.sent.slice(1).map(({ type }) => type);
      // Another client has answered the calls, and the next response includes the message.
      const isAnswered = type === "response.created";
      const requests = isAnswered ? [] : ["response.create"];
      assertEquals(types(), ["response.item.create", "response.create", ...requests], type);
      nest({ type: "response.failed", response: { id: "resp_2" } });
      await clock.advance(100);
      assertEquals(types().length, 2 + requests.length, type);
      assertEquals(failures, []);
      const closing = session.close();
      socket.push({ type: "session.closed", reason: "close_requested" });
      await closing;
    }
  }
});

Deno.test("a response that ends without calls or messages requests nothing", async () => {
  const rig = await connectRig({ backend: "gpt-5.2" });
  for (const type of ["response.created", "response.failed", "error"]) {
    rig.server.send(JSON.stringify({ type: "response.event", event_id: "event_1", event: { type } }));
  }
  await rig.clock.advance(100);
  assertEquals(typesOf(rig), []);
});

Deno.test("messages leave half of the budget for the outputs of running calls", async () => {
  for (
    const [text, taken] of [["x".repeat(16_385), 0], ["x".repeat(16_000), 1], ["é".repeat(8_200), 0], [
      "x",
      64,
    ]] as const
  ) {
    const rig = await busyRig();
    for (let count = 0; count < taken; count++) await rig.session.sendMessage(text);
    await assertRejects(() => rig.session.sendMessage(text), RangeError, "exceeds the rest of the backend's limit");
    assertEquals(typesOf(rig).length, taken);
    rig.nest({ type: "response.completed", response: { id: "resp_1" } });
    rig.result.resolve("done");
    await rig.clock.advance(100);
    await rig.session.sendMessage(text);
    await rig.clock.advance(0);
    assertEquals(typesOf(rig).slice(taken), [
      "response.item.create",
      "response.create",
      "response.item.create",
      "response.create",
    ]);
  }
});
