import { assertEquals } from "@std/assert";
import { defineTool } from "../../../src/tools/mod.ts";
import { type EdgeCall, memoryStore } from "../../../src/hono/mod.ts";
import { tapDial } from "../../../src/hono/_calls/tap_dial.ts";
import { createMemorySocketPair, type SocketListener } from "../../../src/transport/mod.ts";
import type { Session } from "../../../src/session/mod.ts";
import type { Fault } from "../../../src/simulator/mod.ts";
import { POLICY } from "../_edge.ts";
import { createSimulatedEdge } from "../_simulated_edge.ts";
import { beginSimulatedCall, refusal, type SimulatedEdgeCall } from "./_simulated_call.ts";

/** An event that a page sees. */
const delta = (text: string) => ({ type: "response.output_text.delta", event_id: `event_${text}`, delta: text });

/** A response with 7 tokens. */
const done = (id: string) => ({
  type: "response.done",
  response: { id, status: "completed", output: [], usage: { output_tokens: 7 } },
});

/** Ways to follow a call, by a name: the options, and what follows it before the line drops. */
const PATHS: Readonly<
  Record<string, {
    readonly options: (attached: Session[]) => Parameters<typeof beginSimulatedCall>[0];
    /** Whether another app follows, which leaves the end of the call to the first. */
    readonly isOther?: boolean;
  }>
> = {
  "calls.watch": { options: () => ({ calls: { watch: true } }) },
  "onCall": {
    options: (attached) => ({ onCall: async (call: EdgeCall) => void attached.push(await call.attach()) }),
  },
  "GET /calls/:callId/events": { options: () => ({}) },
  "GET /calls/:callId/events of another process": { options: () => ({}), isOther: true },
};

/** Starts a call that is followed in one of the ways, with the events that its page receives. */
async function followed(name: keyof typeof PATHS, more: { reattachMs?: number } = {}) {
  const { isOther = false, options } = PATHS[name]!;
  const attached: Session[] = [];
  const base = options(attached)!;
  const setting = await beginSimulatedCall({ ...base, calls: { ...base.calls, ...more } });
  const other = createSimulatedEdge(setting.simulator, {
    clock: setting.clock,
    dial: (request) => setting.refusal ? Promise.reject(setting.refusal) : setting.simulator.dial(request),
    calls: more,
  });
  const page = await setting.follow(isOther ? other : undefined);
  return { setting, page, attached, isOther };
}

/** What can end a line: a break, a server that restarts, and one that goes silent, which takes 40 s to be noticed. */
const DROPS: readonly (readonly [fault: Fault, waitMs: number])[] = [
  [{ type: "drop" }, 1_000],
  [{ type: "drop", code: 1001 }, 1_000],
  [{ type: "drop", code: 1012, reason: "restart" }, 1_000],
  [{ type: "silence" }, 55_000],
];

Deno.test("a dropped sideband is attached again, and the page's events continue", async () => {
  for (const name of Object.keys(PATHS)) {
    for (const [fault, waitMs] of DROPS) {
      const what = `${name}: ${JSON.stringify(fault)}`;
      const { isOther, page, setting } = await followed(name);
      const { call, clock, say, simulator } = setting;
      await say(delta("1"));
      await say(done("resp_1"));
      call.session.fault(fault);
      await clock.advance(waitMs);
      await say(delta("2"));
      await say(done("resp_2"));
      assertEquals(page.seen.filter((type) => !type.startsWith("session.")), [
        "response.output_text.delta",
        "response.done",
        "response.output_text.delta",
        "response.done",
      ], what);
      assertEquals(new Set(page.ids).size, page.seen.length, what);
      assertEquals([page.hasEnded, simulator.calls.length, setting.ends], [false, 1, []], what);
      assertEquals(setting.events.filter(({ type }) => type === "call_reattached").length, isOther ? 0 : 1, what);
      call.hangUp();
      await clock.advance(5_000);
      assertEquals([page.hasEnded, page.data.at(-1)?.reason], [true, "api"], what);
      if (isOther) continue;
      const ended = setting.events.find((event) => event.type === "call_ended");
      assertEquals([ended?.reason, ended?.usage?.tokens, ended?.usage?.responses], ["api", 14, 2], what);
    }
  }
});

Deno.test("a call is hung up when its sideband is rejected, or cannot be attached again in time", async () => {
  for (const name of Object.keys(PATHS)) {
    const ways: Readonly<Record<string, (setting: SimulatedEdgeCall) => Promise<void>>> = {
      "refused by the API": async (setting) => {
        setting.refusal = refusal(403);
        setting.call.session.fault({ type: "drop" });
        await setting.clock.advance(1_000);
      },
      "unreachable": async (setting) => {
        setting.refusal = refusal();
        setting.call.session.fault({ type: "drop" });
        await setting.clock.advance(19_999);
        assertEquals([setting.simulator.calls.length, setting.ends], [1, []]);
        await setting.clock.advance(1);
        await setting.clock.advance(0);
      },
      "closed with a code that is final": async (setting) => {
        setting.call.session.fault({ type: "drop", code: 1008, reason: "not for you" });
        await setting.clock.advance(1_000);
      },
    };
    for (const [way, run] of Object.entries(ways)) {
      const what = `${name}: ${way}`;
      const { isOther, page, setting } = await followed(name, { reattachMs: 20_000 });
      await run(setting);
      // To the page of another process, the call goes on: it may follow it elsewhere.
      assertEquals([page.hasEnded, page.data.at(-1)?.reason], [true, isOther ? undefined : "sideband_lost"], what);
      // Hanging up is left to the process that started the call.
      assertEquals([setting.simulator.calls.length, setting.ends], isOther ? [1, []] : [0, ["sideband_lost"]], what);
      if (!isOther) assertEquals((await setting.call.ended).reason, "hangup", what);
      const isRefused = way === "refused by the API";
      assertEquals(setting.errors.includes(setting.refusal), isRefused && !isOther, what);
    }
  }
});

Deno.test("a page that asks for its events while the sideband is being attached again gets them", async () => {
  const { page, setting } = await followed("calls.watch");
  setting.refusal = refusal();
  setting.call.session.fault({ type: "drop" });
  await setting.clock.advance(100);
  const late = await setting.follow();
  setting.refusal = undefined;
  await setting.clock.advance(10_000);
  await setting.say(delta("1"));
  assertEquals([late.seen, late.ids], [page.seen, page.ids]);
});

Deno.test("a call that ended while its sideband was lost is reported as ended, and not hung up", async () => {
  for (const name of Object.keys(PATHS)) {
    const { isOther, page, setting } = await followed(name);
    setting.refusal = refusal();
    setting.call.session.fault({ type: "drop" });
    await setting.clock.advance(500);
    setting.call.hangUp();
    setting.refusal = refusal(404);
    await setting.clock.advance(5_000);
    assertEquals([page.hasEnded, page.data.at(-1)?.reason, setting.ends], [true, "api", isOther ? [] : ["api"]], name);
    assertEquals(setting.errors, [], name);
  }
});

Deno.test("calls.reattachMs: 0 hangs up as soon as the sideband drops", async () => {
  const { setting } = await followed("calls.watch", { reattachMs: 0 });
  setting.call.session.fault({ type: "drop" });
  await setting.clock.advance(0);
  await setting.clock.advance(0);
  assertEquals([setting.simulator.calls.length, setting.ends, setting.dials], [0, ["sideband_lost"], 1]);
});

Deno.test("a sideband that drops repeatedly does not keep its call for longer than calls.reattachMs", async () => {
  const { setting } = await followed("calls.watch", { reattachMs: 20_000 });
  for (let second = 0; second < 30; second++) {
    setting.call.session.fault({ type: "drop" });
    await setting.clock.advance(1_000);
  }
  assertEquals([setting.simulator.calls.length, setting.ends], [0, ["sideband_lost"]]);
  // One that drops now and then does.
  const { setting: steady } = await followed("calls.watch", { reattachMs: 20_000 });
  for (let drop = 0; drop < 10; drop++) {
    steady.call.session.fault({ type: "drop" });
    await steady.clock.advance(12_000);
  }
  assertEquals([steady.simulator.calls.length, steady.ends], [1, []]);
});

Deno.test("limits still apply after a sideband was attached again", async () => {
  const limits = { perCaller: { tokensPerDay: 10 }, maxDurationMs: 60_000 };
  const spending = await beginSimulatedCall({ limits });
  await spending.say(done("resp_1"));
  spending.call.session.fault({ type: "drop" });
  await spending.clock.advance(1_000);
  // A repeated response is not counted again.
  await spending.say(done("resp_1"));
  assertEquals(spending.simulator.calls.length, 1);
  await spending.say(done("resp_2"));
  await spending.clock.advance(0);
  assertEquals([spending.simulator.calls.length, spending.ends], [0, ["quota"]]);

  const long = await beginSimulatedCall({ limits, calls: { watch: true } });
  long.refusal = refusal();
  await long.clock.advance(59_000 - 100);
  long.call.session.fault({ type: "drop" });
  await long.clock.advance(1_000);
  assertEquals([long.simulator.calls.length, long.ends], [0, ["max_duration"]]);
});

Deno.test("limits.idleMs ends a call without activity other than connection checks", async () => {
  const idle = await beginSimulatedCall({ limits: { idleMs: 120_000 } });
  await idle.clock.advance(119_000);
  assertEquals(idle.simulator.calls.length, 1);
  await idle.clock.advance(31_000);
  assertEquals([idle.simulator.calls.length, idle.ends], [0, ["idle"]]);
  // The page must not see them either.
  const { page, setting } = await followed("calls.watch");
  await setting.clock.advance(600_000);
  assertEquals(page.seen, ["session.updated"]);
});

Deno.test("a tool that runs while the sideband drops sends its output on the next connection", async () => {
  const work = Promise.withResolvers<string>();
  const slow = defineTool({ name: "slow", description: "Takes its time.", run: () => work.promise });
  let session: Session | undefined;
  const setting = await beginSimulatedCall({
    onCall: async (call: EdgeCall) => void (session = await call.attach({ tools: [slow] })),
  });
  const channel = setting.call.openChannel();
  channel.listen({ message: () => {}, close: () => {} });
  const content = [{ type: "input_text", text: "Please use the slow tool." }];
  channel.send(JSON.stringify({ type: "conversation.item.create", item: { type: "message", role: "user", content } }));
  channel.send(JSON.stringify({ type: "response.create" }));
  await setting.clock.advance(2_000);
  setting.refusal = refusal();
  setting.call.session.fault({ type: "drop" });
  await setting.clock.advance(1_000);
  assertEquals(session?.state, "reconnecting");
  work.resolve("the result");
  await setting.clock.advance(1_000);
  setting.refusal = undefined;
  await setting.clock.advance(5_000);
  assertEquals([session?.state, setting.ends], ["open", []]);
  const items = setting.call.session.items.map((item) => `${item.type} ${"output" in item ? item.output : ""}`);
  assertEquals(items.slice(-3), ["function_call ", "function_call_output the result", "message "]);
});

Deno.test("a session that the host closes does not end its call, even while disconnected", async () => {
  for (const isDropped of [false, true]) {
    const { attached, setting } = await followed("onCall");
    if (isDropped) {
      setting.refusal = refusal();
      setting.call.session.fault({ type: "drop" });
      await setting.clock.advance(500);
      assertEquals(attached[0]?.state, "reconnecting");
    }
    void attached[0]?.close();
    await setting.clock.advance(60_000);
    assertEquals([setting.simulator.calls.length, setting.ends], [1, []], `${isDropped}`);
  }
});

Deno.test("a call is hung up when a session of the host without recovery drops", async () => {
  const setting = await beginSimulatedCall({ onCall: async (call) => void await call.attach({ recovery: false }) });
  setting.call.session.fault({ type: "drop" });
  await setting.clock.advance(0);
  await setting.clock.advance(0);
  assertEquals([setting.simulator.calls.length, setting.ends], [0, ["sideband_lost"]]);
});

Deno.test("several sidebands of a call are metered once, and one that drops leaves no gap", async () => {
  for (const watch of [true, false]) {
    const attached: Session[] = [];
    const setting = await beginSimulatedCall({
      calls: { watch },
      onCall: async (call) => void attached.push(await call.attach(), await call.attach()),
    });
    const page = await setting.follow();
    const again = await setting.follow();
    assertEquals(setting.dials, watch ? 3 : 2);
    await setting.say(delta("1"));
    await setting.say(done("resp_1"));
    void attached[0]!.close();
    await setting.clock.advance(0);
    await setting.say(delta("2"));
    assertEquals(page.seen.filter((type) => !type.startsWith("session.")).length, 3);
    assertEquals([again.seen, again.ids], [page.seen, page.ids]);
    setting.call.hangUp();
    await setting.clock.advance(0);
    const ended = setting.events.find((event) => event.type === "call_ended");
    assertEquals([ended?.usage?.tokens, ended?.reason], [7, "api"]);
  }
});

Deno.test("the usage of a call counts once, however many pages of other servers follow it", async () => {
  const store = memoryStore();
  const limits = { perCaller: { tokensPerDay: 1_000, responsesPerMinute: 100 } };
  const call = await beginSimulatedCall({ store, limits });
  const other = createSimulatedEdge(call.simulator, { clock: call.clock, store, limits });
  const pages = [await call.follow(other), await call.follow(other), await call.follow()];
  await call.say({ type: "response.done", response: { id: "resp_1", output: [], usage: { output_tokens: 7 } } });
  await call.clock.advance(0);
  assertEquals(pages.map(({ data }) => data.at(-1)?.type), pages.map(() => "response.done"));
  const countOf = async (key: string) => (await store.add(key, 0, { ttlMs: 1 })).value;
  assertEquals(await countOf("tokensPerDay caller alice"), 7);
  assertEquals(await countOf("responsesPerMinute caller alice"), 1);
  await other.close();
});

Deno.test("pages that request the events of a call at the same time share a sideband", async () => {
  const setting = await beginSimulatedCall({ session: POLICY });
  assertEquals(setting.dials, 0);
  const [one, other] = await Promise.all([setting.follow(), setting.follow()]);
  await setting.say(delta("1"));
  assertEquals([setting.dials, one.seen, other.ids], [1, ["response.output_text.delta"], one.ids]);
});

Deno.test("a sideband that drops as it becomes ready holds its call at most for calls.reattachMs", async () => {
  for (let turns = 0; turns < 12; turns++) {
    let dials = 0;
    const setting = await beginSimulatedCall({
      calls: { reattachMs: 5_000 },
      dial: () => {
        if (++dials > 1) return new Promise(() => {});
        const [ours, theirs] = createMemorySocketPair();
        const answer = async () => {
          theirs.send(JSON.stringify({ type: "session.updated", event_id: "event_1", session: POLICY }));
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          theirs.close(1006);
        };
        theirs.listen({ message: () => void answer(), close: () => {} });
        return Promise.resolve(ours);
      },
      // The page has its answer when the line drops.
      onCall: (call) => void call.attach().catch(() => {}),
    });
    await setting.clock.advance(6_000);
    await setting.clock.advance(0);
    assertEquals([setting.simulator.calls.length, setting.ends], [0, ["sideband_lost"]], `${turns}`);
  }
});

Deno.test("an abandoned connection is ignored", async () => {
  const frames: string[] = [];
  let listener: SocketListener | undefined;
  const dial = tapDial(
    () => Promise.resolve({ bufferedAmount: 0, send() {}, close() {}, listen: (given) => void (listener = given) }),
    { opened() {}, frame: (text) => frames.push(text), ended() {} },
  );
  const request = { url: new URL("ws://api"), headers: new Headers(), protocols: [], signal: AbortSignal.any([]) };
  const socket = await dial(request);
  socket.listen({ message() {}, close() {} });
  listener!.message("one");
  listener!.message(new TextEncoder().encode("two"));
  socket.close(1000);
  listener!.message("three");
  assertEquals(frames, ["one", "two"]);
});
