import { assert, assertEquals } from "@std/assert";
import type { RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import type { Sent } from "../_relay.ts";
import { askedOf, call, lookup, outputsOf, relayWith } from "./_tool_relay.ts";

/** The requested responses, with their settings. */
const requestsOf = (received: readonly Sent[]) =>
  received.flatMap(({ response, type }) => type === "response.create" ? [response] : []);

/** A page that may override response settings. */
const OWN: Partial<RealtimeAppOptions> = {
  clientMayOverride: ["instructions", "output_modalities", "max_output_tokens", "tool_choice"],
};

/** The settings that a page requests. */
const WISH = {
  output_modalities: ["text"],
  instructions: "Answer in a word.",
  max_output_tokens: 50,
  tool_choice: "required",
  metadata: { purpose: "quiz" },
};

/** The inherited part: how the response is generated, not what it is about. */
const INHERITED = { output_modalities: ["text"], instructions: "Answer in a word.", max_output_tokens: 50 };

Deno.test("a follow-up inherits the settings of the response that the page requested, and so does the next one", async () => {
  const { api, calls, callsWith, page, settle } = await relayWith([lookup], OWN);
  page.send({ type: "response.create", event_id: "of_the_page", response: WISH });
  await settle();
  await callsWith({ metadata: WISH.metadata }, call());
  assertEquals(requestsOf(api.received), [WISH, INHERITED]);
  // The follow-up makes another call.
  await calls(call("lookup", "2"));
  assertEquals(requestsOf(api.received).at(-1), INHERITED);
  // The user's next turn is answered with the policy.
  api.send({ type: "response.created", response: { id: "resp_last" } });
  api.send({ type: "response.done", response: { id: "resp_last", status: "completed", output: [] } });
  api.send({ type: "input_audio_buffer.committed", item_id: "item_speech" });
  await calls(call("lookup", "3"));
  assertEquals(requestsOf(api.received).at(-1), undefined);
  assert(!page.frames.join().includes("lookup"));
});

Deno.test("a follow-up that waits or is retried keeps its settings", async () => {
  const slow = Promise.withResolvers<string>();
  const wait = defineTool({ name: "wait", run: () => slow.promise });
  const { api, callsWith, page, settle } = await relayWith([wait], OWN);
  page.send({ type: "response.create", response: WISH });
  await settle();
  await callsWith({ metadata: WISH.metadata }, call("wait"));
  api.send({ type: "response.created", response: { id: "resp_speech" } });
  await settle();
  slow.resolve("done");
  await settle();
  assertEquals(askedOf(api.received), 1);
  api.send({ type: "response.done", response: { id: "resp_speech", status: "completed", output: [] } });
  await settle();
  assertEquals(requestsOf(api.received), [WISH, INHERITED]);
  const { event_id } = api.received.at(-1)!;
  const code = "conversation_already_has_active_response";
  api.send({ type: "response.created", response: { id: "resp_more" } });
  api.send({ type: "error", error: { type: "invalid_request_error", code, message: "busy", event_id } });
  api.send({ type: "response.done", response: { id: "resp_more", status: "completed", output: [] } });
  await settle();
  assertEquals(requestsOf(api.received), [WISH, INHERITED, INHERITED]);
});

Deno.test("a response that the server started has no settings of the page's pending request", async () => {
  const { api, calls, callsWith, page, settle } = await relayWith([lookup], OWN);
  // The API has echoed metadata.
  page.send({ type: "response.create", response: { metadata: { id: "1" } } });
  await settle();
  api.send({ type: "response.created", response: { id: "resp_0", metadata: { id: "1" } } });
  api.send({ type: "response.done", response: { id: "resp_0", status: "completed", output: [] } });
  page.send({ type: "response.create", response: { ...WISH, metadata: { id: "2" } } });
  await settle();
  await calls(call());
  // It waits for the page's request.
  assertEquals(requestsOf(api.received).length, 2);
  await callsWith({ metadata: { id: "2" } }, call("lookup", "2"));
  assertEquals(requestsOf(api.received).slice(2), [INHERITED]);
});

Deno.test("a filler, or a response to other input, does not take the place of a follow-up", async () => {
  const filler = { afterMs: 1_000, instructions: "Say that it takes a moment." };
  for (const isFiller of [true, false]) {
    const result = Promise.withResolvers<string>();
    const slow = defineTool({ name: "slow", ...isFiller && { filler }, run: () => result.promise });
    const { api, calls, clock, page, settle } = await relayWith([slow]);
    await calls(call("slow"));
    const input = [{ type: "message", role: "user", content: [{ type: "input_text", text: "Count to 3." }] }];
    if (!isFiller) page.send({ type: "response.create", response: { input } });
    await clock.advance(1_000);
    await settle();
    const first = isFiller ? { instructions: filler.instructions, tool_choice: "none" } : { input };
    assertEquals(requestsOf(api.received), [first]);
    result.resolve("done");
    await settle();
    api.send({ type: "response.created", response: { id: "resp_f" } });
    await settle();
    assertEquals([outputsOf(api.received), requestsOf(api.received)], [["done"], [first]]);
    api.send({ type: "response.done", response: { id: "resp_f", status: "completed", output: [] } });
    await settle();
    assertEquals(requestsOf(api.received), [first, undefined]);
  }
});

Deno.test("the answer to the user covers a result, also while the page waits for an out-of-band response", async () => {
  const result = Promise.withResolvers<string>();
  const slow = defineTool({ name: "slow", run: () => result.promise });
  const { api, calls, clock, page, settle } = await relayWith([slow]);
  await calls(call("slow"));
  api.send({ type: "input_audio_buffer.speech_started", item_id: "item_speech" });
  await settle();
  result.resolve("done");
  page.send({ type: "response.create", response: { conversation: "none", input: [] } });
  await settle();
  api.send({ type: "input_audio_buffer.speech_stopped", item_id: "item_speech" });
  const responses = [{ id: "resp_u", conversation_id: "conv_1" }, { id: "resp_o", conversation_id: null }];
  for (const response of responses) api.send({ type: "response.created", response });
  for (const { id } of responses) {
    api.send({ type: "response.done", response: { id, status: "completed", output: [] } });
  }
  await clock.advance(60_000);
  assertEquals([outputsOf(api.received), askedOf(api.received)], [["done"], 1]);
});

Deno.test("the end of an out-of-band response of the page interrupts no tool, and voids no follow-up", async () => {
  const result = Promise.withResolvers<string>();
  let isInterrupted = false;
  const slow = defineTool({
    name: "slow",
    onInterrupt: "abort",
    run: (_args, { signal }) => {
      signal.addEventListener("abort", () => isInterrupted = true);
      return result.promise;
    },
  });
  const { api, calls, page, settle } = await relayWith([slow]);
  await calls(call("slow"));
  page.send({ type: "response.create", response: { conversation: "none" } });
  await settle();
  api.send({ type: "response.created", response: { id: "resp_o", conversation_id: null } });
  await settle();
  page.send({ type: "response.cancel", response_id: "resp_o" });
  await settle();
  result.resolve("done");
  await settle();
  assertEquals([isInterrupted, outputsOf(api.received), askedOf(api.received)], [false, ["done"], 1]);
  api.send({ type: "response.done", response: { id: "resp_o", status: "cancelled", output: [] } });
  await settle();
  assertEquals(askedOf(api.received), 2);
});

Deno.test("a filler is not requested while the model speaks, and not again when it is refused", async () => {
  const filler = { afterMs: 1_000, instructions: "Say that it takes a moment." };
  const slow = defineTool({ name: "slow", filler, run: () => new Promise(() => {}) });
  const { api, calls, clock, settle } = await relayWith([slow]);
  await calls(call("slow"));
  api.send({ type: "response.created", response: { id: "resp_speech" } });
  await clock.advance(1_000);
  await settle();
  assertEquals(requestsOf(api.received), []);
  api.send({ type: "response.done", response: { id: "resp_speech", status: "completed", output: [] } });
  await calls(call("slow", "2"));
  await clock.advance(1_000);
  await settle();
  assertEquals(requestsOf(api.received).length, 1);
  const { event_id } = api.received.at(-1)!;
  const code = "conversation_already_has_active_response";
  api.send({ type: "error", event_id: "e", error: { type: "invalid_request_error", code, message: "Busy", event_id } });
  await settle();
  assertEquals(requestsOf(api.received).length, 1);
});

Deno.test("a follow-up does not begin while the user speaks, and is covered by the answer to the user", async () => {
  const ends: Readonly<Record<string, readonly object[]>> = {
    "answered": [
      { type: "input_audio_buffer.speech_stopped" },
      { type: "input_audio_buffer.committed", item_id: "item_speech" },
      { type: "response.created", response: { id: "resp_2" } },
      { type: "response.done", response: { id: "resp_2", status: "completed", output: [] } },
    ],
    "answered, without its end": [
      { type: "response.created", response: { id: "resp_2" } },
      { type: "response.done", response: { id: "resp_2", status: "completed", output: [] } },
    ],
    "left unanswered": [
      { type: "input_audio_buffer.speech_stopped" },
      { type: "input_audio_buffer.committed", item_id: "item_speech" },
    ],
    "cleared": [{ type: "input_audio_buffer.cleared" }],
    "without turn detection": [
      { type: "session.updated", session: { audio: { input: { turn_detection: null } } } },
    ],
  };
  for (const [end, events] of Object.entries(ends)) {
    const result = Promise.withResolvers<string>();
    const slow = defineTool({ name: "slow", run: () => result.promise });
    const { api, calls, clock, page, settle } = await relayWith([slow]);
    await calls(call("slow"));
    api.send({ type: "response.created", response: { id: "resp_speech" } });
    // After a short pause, the user goes on.
    for (const type of ["speech_started", "speech_stopped", "speech_started"]) {
      api.send({ type: `input_audio_buffer.${type}`, item_id: "item_speech" });
    }
    await settle();
    result.resolve("done");
    await settle();
    api.send({ type: "response.done", response: { id: "resp_speech", status: "completed", output: [] } });
    await clock.advance(60_000);
    assertEquals([outputsOf(api.received), askedOf(api.received)], [["done"], 0], end);
    for (const event of events) api.send(event);
    await settle();
    await clock.advance(1_999);
    assertEquals(askedOf(api.received), events.length === 1 ? 1 : 0, end);
    await clock.advance(1);
    const isAnswered = end.startsWith("answered");
    assertEquals(askedOf(api.received), isAnswered ? 0 : 1, end);
    // The next result is followed up at once, as nobody speaks.
    if (isAnswered) await calls(call("slow", "2"));
    assertEquals(askedOf(api.received), 1, end);
    api.send({ type: "input_audio_buffer.speech_started", item_id: "item_speech_2" });
    api.send({ type: "input_audio_buffer.speech_stopped", item_id: "item_speech_2" });
    await settle();
    page.close(1000);
    await clock.advance(10_000);
    assertEquals(clock.pending, 0);
  }
});

Deno.test("an interruption voids the follow-up that waits, but not that of a later result", async () => {
  const speech = { type: "response.created", response: { id: "resp_speech" } };
  const cancelled = { type: "response.done", response: { id: "resp_speech", status: "cancelled", output: [] } };
  for (const isPages of [true, false]) {
    for (const isLate of [true, false]) {
      const result = Promise.withResolvers<string>();
      const slow = defineTool({ name: "slow", run: () => result.promise });
      const { api, calls, page, settle } = await relayWith([slow]);
      await calls(call("slow"));
      api.send(speech);
      await settle();
      if (!isLate) result.resolve("done");
      await settle();
      if (isPages) page.send({ type: "response.cancel" });
      await settle();
      api.send(cancelled);
      await settle();
      result.resolve("done");
      await settle();
      assertEquals([outputsOf(api.received), askedOf(api.received)], [["done"], isLate ? 1 : 0]);
      // The next turn is as any other.
      await calls(call("slow", "2"));
      assertEquals(askedOf(api.received), isLate ? 2 : 1);
    }
  }
});

Deno.test("the end of a response by the server aborts its own tools only, and decides about the follow-up", async () => {
  for (const [status, isAborted, asked] of [["cancelled", true, 0], ["incomplete", false, 1], ["failed", false, 0]]) {
    const aborted: string[] = [];
    const results = { own: Promise.withResolvers<string>(), other: Promise.withResolvers<string>() };
    const define = (name: keyof typeof results) =>
      defineTool({
        name,
        onInterrupt: "abort",
        run: (_args, { signal }) => {
          signal.addEventListener("abort", () => aborted.push(name));
          return results[name].promise;
        },
      });
    const { api, calls, settle } = await relayWith([define("own"), define("other")]);
    await calls(call("other"));
    const item = call("own", "2");
    api.send({ type: "response.created", response: { id: "resp_2" } });
    // It runs before its response has ended.
    api.send({ type: "response.output_item.done", response_id: "resp_2", item });
    await settle();
    results.own.resolve("done");
    if (status !== "cancelled") await settle();
    api.send({ type: "response.done", response: { id: "resp_2", status, output: [item] } });
    await settle();
    assertEquals(aborted, isAborted ? ["own"] : []);
    assertEquals([outputsOf(api.received), askedOf(api.received)], [["done"], asked], `${status}`);
  }
});

Deno.test("calls are run at the end of their response at the latest, and never those of out-of-band responses", async () => {
  const truncated = `{"error":"The call was interrupted before it was complete"}`;
  const cases = [[null, "completed", []], ["conv_1", "completed", [`{"order":"12"}`]], ["conv_1", "incomplete", [
    truncated,
  ]]];
  for (const [conversation_id, status, outputs] of cases) {
    const { api, page, settle } = await relayWith([lookup]);
    api.send({ type: "response.created", response: { id: "resp_1", conversation_id } });
    api.send({ type: "response.done", response: { id: "resp_1", status, output: [call()] } });
    await settle();
    assertEquals(outputsOf(api.received), outputs);
    assert(!page.frames.join().includes("lookup"));
  }
});

Deno.test("a response that begins after an output, and before the end of the calling response, is its follow-up", async () => {
  const { api, settle } = await relayWith([lookup]);
  api.send({ type: "response.created", response: { id: "resp_1" } });
  api.send({ type: "response.output_item.done", response_id: "resp_1", item: call() });
  await settle();
  api.send({ type: "response.created", response: { id: "resp_2" } });
  for (const id of ["resp_1", "resp_2"]) {
    api.send({ type: "response.done", response: { id, status: "completed", output: [] } });
  }
  await settle();
  assertEquals([outputsOf(api.received).length, askedOf(api.received)], [1, 0]);
});

Deno.test("a follow-up that waits for a request of the page is sent when that is refused", async () => {
  for (const isNamed of [true, false]) {
    const result = Promise.withResolvers<string>();
    const slow = defineTool({ name: "slow", run: () => result.promise });
    const { api, calls, page, settle } = await relayWith([slow]);
    await calls(call("slow"));
    page.send({ type: "response.create", event_id: "of_the_page" });
    await settle();
    result.resolve("done");
    await settle();
    api.send({ type: "response.done", response: { id: "resp_other", status: "completed", output: [] } });
    await settle();
    assertEquals([outputsOf(api.received), requestsOf(api.received).length], [["done"], 1]);
    const error = { type: "invalid_request_error", code: "invalid_value", message: "No" };
    api.send({ type: "error", event_id: "e", error: { ...error, ...isNamed && { event_id: "of_the_page" } } });
    await settle();
    assertEquals(requestsOf(api.received).length, 2);
  }
});

Deno.test("the result of a background tool is followed up with the settings of the calling response", async () => {
  const result = Promise.withResolvers<string>();
  const slow = defineTool({ name: "slow", background: "Started", run: () => result.promise });
  const { api, callsWith, page, settle } = await relayWith([slow], OWN);
  page.send({ type: "response.create", response: WISH });
  await settle();
  await callsWith({ metadata: WISH.metadata }, call("slow"));
  api.send({ type: "response.created", response: { id: "resp_f" } });
  api.send({ type: "response.done", response: { id: "resp_f", status: "completed", output: [] } });
  await settle();
  assertEquals(requestsOf(api.received), [WISH, INHERITED]);
  result.resolve("the result");
  await settle();
  assertEquals(requestsOf(api.received), [WISH, INHERITED, INHERITED]);
});

Deno.test("onToolApproval decides about calls that need approval: only true lets one run", async () => {
  const ran: unknown[] = [];
  const refund = defineTool({
    name: "refund",
    needsApproval: ({ amount }: { amount: number }) => amount > 10,
    parameters: { type: "object", properties: { amount: { type: "number" } } },
    run: ({ amount }) => {
      ran.push(amount);
      return "refunded";
    },
  });
  for (const [answer, isRun] of [[true, true], [false, false], ["yes", false], [undefined, false], [1, false]]) {
    ran.length = 0;
    const asked: [call: Record<string, unknown>, ...context: unknown[]][] = [];
    const { api, calls, errors } = await relayWith([refund], {
      onToolApproval: (call, { c, relay, signal }) => {
        asked.push([{ ...call }, c.get("caller"), relay.caller, /^relay_/.test(relay.id), signal.aborted]);
        return Promise.resolve(answer) as Promise<boolean>;
      },
    });
    await calls(call("refund", "1", `{"amount":20}`), call("refund", "2", `{"amount":5}`));
    const details = {
      callId: "call_1",
      itemId: "item_1",
      responseId: "resp_item_1",
      name: "refund",
      arguments: `{"amount":20}`,
    };
    assertEquals(asked.length, 1);
    const [seen, ...rest] = asked[0]!;
    assertEquals(Object.fromEntries(Object.keys(details).map((name) => [name, seen[name]])), details);
    assertEquals(rest, ["alice", "alice", true, false]);
    assertEquals(ran.toSorted(), isRun ? [20, 5] : [5]);
    const refused = `{"error":"The call of refund was not approved"}`;
    assertEquals(outputsOf(api.received).toSorted(), isRun ? ["refunded", "refunded"] : ["refunded", refused]);
    assertEquals([errors.length, askedOf(api.received)], [isRun ? 0 : 1, 1]);
  }
});

Deno.test("a decision that fails denies the call without a reason, and a pending one ends with the relay", async () => {
  const risky = defineTool({ name: "risky", needsApproval: true, timeoutMs: 1_000, run: () => "done" });
  const failing = await relayWith([risky], { onToolApproval: () => Promise.reject(new Error("password")) });
  await failing.calls(call("risky"));
  assertEquals(outputsOf(failing.api.received), [`{"error":"The tool could not complete this call"}`]);
  assertEquals(`${failing.errors}`, "Error: password");

  const decision = Promise.withResolvers<boolean>();
  let ended: AbortSignal | undefined;
  const slow = await relayWith([risky], {
    onToolApproval: (_call, { signal }) => {
      ended = signal;
      return decision.promise;
    },
  });
  await slow.calls(call("risky"));
  // The timeout of a tool does not include a pending decision.
  await slow.clock.advance(60_000);
  assertEquals([ended?.aborted, outputsOf(slow.api.received)], [false, []]);
  slow.page.close(1000);
  await slow.settle();
  decision.resolve(true);
  await slow.settle();
  assertEquals([ended?.aborted, outputsOf(slow.api.received), slow.errors], [true, [], []]);
});
