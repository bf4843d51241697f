import { assert, assertEquals } from "@std/assert";
import { connect, type ConnectOptions } from "../../../src/connect.ts";
import type { RecoveredEvent } from "../../../src/session/mod.ts";
import { RealtimeRest } from "../../../src/rest/realtime_rest.ts";
import { createSimulator, type SimulatorOptions } from "../../../src/simulator/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { OFFER } from "../../simulator/_api.ts";
import { called, scripted, spoken } from "../../simulator/_simulated_model.ts";

/** A call, and a sideband that is attached to it; `isDown` lets attempts to attach fail. */
async function openSideband(options: ConnectOptions = {}, simulation: SimulatorOptions = {}) {
  const clock = createVirtualClock();
  const sent: { readonly type: string; readonly item_id?: string }[] = [];
  const simulator = createSimulator({
    clock,
    pace: "fast",
    onFrame: ({ from, data }) => void (from === "client" && sent.push(JSON.parse(String(data)))),
    ...simulation,
  });
  const { callId } = await new RealtimeRest({ apiKey: "sk-test", fetch: simulator.fetch }).createCall({
    sdp: OFFER,
    session: { type: "realtime", model: "gpt-realtime" },
  });
  const line = { isDown: false, dials: 0 };
  const attach = async (more: ConnectOptions = {}) => {
    const connecting = connect({ apiKey: "sk-test", callId, clock, dial: simulator.dial, ...more });
    await clock.advance(500);
    return await connecting;
  };
  const session = await attach({
    dial: async (request) => {
      if (line.isDown) throw new TypeError("no network");
      line.dials++;
      return await simulator.dial(request);
    },
    ...options,
  });
  const recovered: RecoveredEvent[] = [];
  session.on("recovered", (event) => void recovered.push(event));
  const end = async () => {
    const closing = session.close();
    await clock.advance(10_000);
    await closing;
    simulator.calls[0]?.session.close();
    await clock.advance(10_000);
  };
  return { attach, call: simulator.calls[0]!, clock, end, line, recovered, sent, session };
}

Deno.test("a sideband re-attaches to its call without changing it", async () => {
  const { call, clock, end, line, recovered, sent, session } = await openSideband();
  const before = sent.length;
  call.session.fault({ type: "drop" });
  await clock.advance(1000);
  assertEquals([session.state, line.dials, sent.length], ["open", 2, before]);
  assertEquals(recovered.map(({ lost, restored }) => [lost, restored]), [[[], []]]);
  const response = session.respond({ outputModalities: ["text"] });
  await clock.advance(5000);
  assertEquals((await response.done).status, "completed");
  await end();
});

Deno.test("a sideband is not renewed, as another connection would not extend its call", async () => {
  const { clock, end, line, session } = await openSideband();
  await clock.advance(59 * 60_000);
  assertEquals([session.state, line.dials], ["open", 1]);
  await end();
});

Deno.test("a sideband retrieves the items that were incomplete when it lost the call", async () => {
  const { call, clock, end, line, recovered, sent, session } = await openSideband({}, {
    pace: 1,
    createModel: scripted([spoken("One two three four five six.", 4000)]).createModel,
  });
  const response = session.respond();
  await clock.advance(1500);
  const [open] = session.conversation.getSnapshot();
  assertEquals(open?.final, false);
  line.isDown = true;
  call.session.fault({ type: "drop" });
  await clock.advance(0);
  assertEquals((await response.done).status, "lost");
  // The call continues without the sideband.
  await clock.advance(10_000);
  assertEquals(session.conversation.getSnapshot()[0]?.final, false);
  line.isDown = false;
  await clock.advance(5000);
  const asked = sent.filter(({ type }) => type === "conversation.item.retrieve").map(({ item_id }) => item_id);
  assertEquals(asked, [open!.id]);
  assertEquals(recovered.map(({ restored }) => restored), [[open!.id]]);
  const [entry, ...rest] = session.conversation.getSnapshot();
  assertEquals([entry?.text, entry?.final, rest.length], ["One two three four five six.", true, 0]);
  await end();
});

Deno.test("items that the call no longer has are reported lost", async () => {
  const { attach, call, clock, end, line, recovered, session } = await openSideband({}, {
    pace: 1,
    createModel: scripted([spoken("One two three four five six.", 4000)]).createModel,
  });
  session.respond();
  await clock.advance(1500);
  const [open] = session.conversation.getSnapshot();
  line.isDown = true;
  call.session.fault({ type: "drop" });
  await clock.advance(10_000);
  // Another client deletes it meanwhile.
  const other = await attach({ recovery: false });
  const deleting = other.deleteItem(open!.id);
  await clock.advance(10);
  await deleting;
  line.isDown = false;
  await clock.advance(5000);
  assertEquals(recovered.map(({ restored }) => restored), [[]]);
  assertEquals(recovered[0]!.lost.map(({ kind }) => kind), ["response", "item"]);
  assertEquals(recovered[0]!.lost[1]?.id, open!.id);
  const closing = other.close();
  await clock.advance(5000);
  await closing;
  await end();
});

Deno.test("a drop while items are retrieved counts as another drop, and the next report is complete and single", async () => {
  const { call, clock, end, recovered, session } = await openSideband({}, {
    pace: 1,
    latency: { ackMs: 300 },
    createModel: scripted([spoken("One two three four five six.", 4000)]).createModel,
  });
  const types: string[] = [];
  for (const type of ["reconnecting", "recovered"] as const) session.on(type, () => void types.push(type));
  const response = session.respond();
  await clock.advance(2500);
  const [open] = session.conversation.getSnapshot();
  assertEquals(open?.final, false);
  call.session.fault({ type: "drop" });
  for (let ms = 0; types.length === 0 || session.state !== "open"; ms += 20) {
    assert(ms < 5000);
    await clock.advance(20);
  }
  await clock.advance(50);
  call.session.fault({ type: "drop" });
  await clock.advance(8000);
  assertEquals([types, (await response.done).status], [["reconnecting", "reconnecting", "recovered"], "lost"]);
  assertEquals(recovered.map(({ restored }) => restored), [[open!.id]]);
  assertEquals(recovered[0]!.lost.map(({ kind }) => kind), ["response"]);
  await end();
});

Deno.test("an item added while disconnected is retrieved when a later item names it", async () => {
  const { attach, call, clock, end, line, session } = await openSideband();
  const first = session.sendMessage("First");
  await clock.advance(100);
  await first;
  line.isDown = true;
  call.session.fault({ type: "drop" });
  await clock.advance(0);
  const page = await attach({ recovery: false });
  for (const text of ["Unseen", "Unseen, too"]) {
    const adding = page.sendMessage(text);
    await clock.advance(100);
    await adding;
  }
  line.isDown = false;
  await clock.advance(5000);
  assertEquals(session.state, "open");
  const last = page.sendMessage("Last");
  await clock.advance(100);
  await last;
  // The API names the predecessor of an announced item, but not of a retrieved one.
  assertEquals(session.conversation.getSnapshot().map(({ text }) => text), ["First", "Unseen, too", "Last"]);
  const closing = page.close();
  await clock.advance(5000);
  await closing;
  await end();
});

Deno.test("a call that is already answered does not run again on the next connection", async () => {
  let runs = 0;
  const { call, clock, end, session } = await openSideband(
    { tools: [defineTool({ name: "count", run: () => `${++runs}` })] },
    {
      pace: 1,
      createModel:
        scripted([called("count", {}), spoken("Wait a moment, please.", 4000)], [spoken("Done.", 500)]).createModel,
    },
  );
  session.respond();
  await clock.advance(1500);
  assertEquals(runs, 1);
  call.session.fault({ type: "drop" });
  await clock.advance(10_000);
  assertEquals(session.state, "open");
  assertEquals(runs, 1);
  await end();
});

Deno.test("a tool output that the call received just before a drop is not added twice", async () => {
  const { call, clock, end, sent, session } = await openSideband(
    { tools: [defineTool({ name: "count", run: () => "1" })] },
    { createModel: scripted([called("count", {})], [spoken("One.", 500)]).createModel },
  );
  const done: unknown[] = [];
  session.on("tool_call_done", ({ output }) => void done.push(output));
  // The connection ends instead of the acknowledgement.
  session.on("tool_call_started", () => call.session.fault({ type: "drop", at: "conversation.item.added" }));
  session.respond();
  await clock.advance(5000);
  const ids = call.session.items.flatMap((item) => {
    const { id, type } = item as { readonly id?: string; readonly type?: string };
    return type === "function_call_output" ? [id] : [];
  });
  assertEquals([ids.length, done], [1, ["1"]]);
  assertEquals(sent.filter(({ type }) => type === "conversation.item.retrieve").map(({ item_id }) => item_id), ids);
  // It is part of the view, in its place, and was followed up.
  const types = session.conversation.getSnapshot().map(({ item }) => item.type);
  assertEquals(types, ["function_call", "function_call_output", "message"]);
  await end();
});

Deno.test("a tool output is not added twice when the next connection drops, too, before the answer about it", async () => {
  let asked = 0;
  const { call, clock, end, line, session } = await openSideband(
    { tools: [defineTool({ name: "count", run: () => "1" })] },
    {
      createModel: scripted([called("count", {})], [spoken("One.", 500)]).createModel,
      onFrame: ({ from, data }) => {
        const isQuestion = from === "client" && String(data).includes('"conversation.item.retrieve"');
        if (isQuestion && ++asked === 1) call.session.fault({ type: "drop" });
      },
    },
  );
  const done: unknown[] = [];
  session.on("tool_call_done", ({ output }) => void done.push(output));
  session.on("tool_call_started", () => call.session.fault({ type: "drop", at: "conversation.item.added" }));
  session.respond();
  await clock.advance(10_000);
  const types = call.session.items.map((item) => (item as { readonly type?: string }).type);
  assertEquals([line.dials, done], [3, ["1"]]);
  assertEquals(types, ["function_call", "function_call_output", "message"]);
  await end();
});

Deno.test("a tool output that the call did not receive before a drop is added after it", async () => {
  const { call, clock, end, session } = await openSideband(
    { tools: [defineTool({ name: "count", run: () => "1" })] },
    { createModel: scripted([called("count", {})], [spoken("One.", 500)]).createModel },
  );
  session.on("tool_call_started", () => call.session.fault({ type: "silence" }));
  session.respond();
  await clock.advance(60_000);
  const types = () => call.session.items.map((item) => (item as { readonly type?: string }).type);
  assertEquals(types(), ["function_call", "function_call_output", "message"]);
  await end();
});

Deno.test("a call whose end a sideband has missed is run once, and followed up", async () => {
  // The response ends while there is no connection, or after there is one again.
  for (const outputs of [[called("count", {})], [called("count", {}), spoken("Wait a moment, please.", 6000)]]) {
    let runs = 0;
    const { call, clock, end, line, recovered, session } = await openSideband(
      { tools: [defineTool({ name: "count", run: () => `${++runs}` })] },
      { pace: 1, createModel: scripted(outputs, [spoken("Done.", 500)]).createModel },
    );
    call.session.fault({ type: "drop", at: "response.function_call_arguments.delta" });
    session.respond();
    for (let ms = 0; session.state === "open"; ms += 20) {
      assert(ms < 5000);
      await clock.advance(20);
    }
    line.isDown = true;
    await clock.advance(1000);
    assertEquals(runs, 0);
    line.isDown = false;
    await clock.advance(12_000);
    assertEquals([runs, recovered.length, recovered[0]?.restored.length], [1, 1, 1]);
    const types = call.session.items.map((item) => (item as { readonly type?: string }).type);
    assertEquals(types.filter((type) => type === "function_call_output").length, 1);
    assertEquals(types.at(-1), "message");
    // Retrieving it again changes nothing.
    const again = session.retrieveItem(session.conversation.getSnapshot()[0]!.id);
    await clock.advance(3000);
    await again;
    assertEquals([runs, call.session.items.length], [1, types.length]);
    await end();
  }
});
