import { assert, assertEquals } from "@std/assert";
import { TruncationDetector } from "../../../src/session/_parts/truncation_detector.ts";
import { connect } from "../../../src/connect.ts";
import { createSimulator } from "../../../src/simulator/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { openWorld } from "../recovery/_world.ts";
import { CANCELLED, collect, type Frame, open, responseCreated, responseDone } from "../_fake_server.ts";

/** A response that has read so many tokens. */
function response(id: string, inputTokens: number, fields: Frame = {}): Frame[] {
  const { conversation_id = "conv_1" } = fields;
  return [
    responseCreated(id, null, conversation_id),
    responseDone(id, { usage: { input_tokens: inputTokens, output_tokens: 5 }, ...fields }),
  ];
}

/** The reports of the detector on these events. */
function noticed(...events: readonly Frame[]): unknown[] {
  const watch = new TruncationDetector();
  return events.map((event) => watch.receive(event as never)).filter((event) => event !== undefined);
}

Deno.test("TruncationDetector reports a response that read no more tokens than the one before", () => {
  assertEquals(noticed(...response("a", 100), ...response("b", 101), ...response("c", 500)), []);
  const events = noticed(...response("a", 100), ...response("b", 100), ...response("c", 30), ...response("d", 60));
  const truncated = { type: "context_truncated" };
  assertEquals(events, [
    { ...truncated, responseId: "b", inputTokens: 100, leastTokens: 101 },
    { ...truncated, responseId: "c", inputTokens: 30, leastTokens: 101 },
  ]);
});

Deno.test("TruncationDetector does not report truncation after a delete, a truncate or an update", () => {
  const ofTypes = ["conversation.item.deleted", "conversation.item.truncated", "session.created", "session.updated"];
  for (const type of ofTypes) {
    assertEquals(noticed(...response("a", 100), { type }, ...response("b", 30)), []);
    // A response in progress has already read the items that are then removed.
    const [created, done] = response("a", 100);
    assertEquals(noticed(created!, { type }, done!, ...response("b", 30)), []);
    assertEquals(noticed(...response("a", 100), { type }, ...response("b", 30), ...response("c", 20)).length, 1);
  }
});

Deno.test("TruncationDetector ignores cancelled, empty and out-of-band responses, and those with their own input", () => {
  const [a, b] = [response("a", 100), response("b", 100)];
  assertEquals(noticed(...a, ...response("x", 30, { conversation_id: null }), ...response("b", 101)), []);
  assertEquals(noticed(...a, ...response("x", 30, CANCELLED), ...response("b", 101)), []);
  assertEquals(noticed(...a, ...response("x", 0), ...response("b", 101)), []);
  for (const config of [{ input: [] }, { instructions: "Be brief." }, { tools: [] }, { prompt: null }]) {
    const watch = new TruncationDetector();
    for (const event of a) watch.receive(event as never);
    assertEquals(b.map((event) => watch.receive(event as never, config)), [undefined, undefined]);
  }
});

Deno.test("context_truncated follows the response.done that reveals the truncation", async () => {
  const { server, session } = await open();
  const events = collect(session, "response.done", "context_truncated");
  session.respond();
  await server.settle();
  server.create("resp_1");
  const usage = { input_tokens: 100 };
  server.emit(responseDone("resp_1", { usage }));
  // A response with its own input does not read the conversation.
  session.respond({ input: [] });
  await server.settle();
  server.create("resp_2");
  await server.settle();
  server.emit(responseDone("resp_2", { usage: { input_tokens: 20 } }));
  await server.settle();
  server.emit(...response("resp_3", 90));
  await server.settle();
  assertEquals(events.map(({ type }) => type), [
    "response.done",
    "response.done",
    "response.done",
    "context_truncated",
  ]);
  assertEquals((events[3] as Frame).responseId, "resp_3");
});

Deno.test("context_truncated is not emitted because a new connection has less of the conversation", async () => {
  const { clock, end, events, server, session, until } = await openWorld({ recovery: { replay: { maxTokens: 40 } } });
  const truncated = collect(session, "context_truncated");
  for (let turn = 0; turn < 6; turn++) await until(session.ask(`This is the question number ${turn} of this session`));
  server().fault({ type: "drop" });
  await clock.advance(5000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await until(session.ask("Hi"));
  assertEquals(truncated, []);
  await end();
});

Deno.test("context_truncated is emitted exactly when a conversation outgrows its token limit", async () => {
  const truncation = {
    type: "retention_ratio",
    retention_ratio: 0.5,
    token_limits: { post_instructions: 200 },
  } as const;
  const clock = createVirtualClock();
  const { dial } = createSimulator({ clock });
  const connecting = connect({
    apiKey: "sk-test",
    dial,
    clock,
    session: { output_modalities: ["text"], truncation },
  });
  await clock.advance(1000);
  const session = await connecting;
  const events = collect(session, "context_truncated") as Frame[];
  const read: number[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const asking = session.ask(`${turn} ${"word ".repeat(20)}`);
    await clock.advance(60_000);
    const outcome = await asking;
    assert(outcome.status === "completed");
    read.push(outcome.response?.usage?.input_tokens ?? 0);
  }
  const cuts = read.filter((tokens, turn) => turn > 0 && tokens < read[turn - 1]!);
  assert(cuts.length > 0, `${read}`);
  assertEquals(events.map(({ inputTokens }) => inputTokens), cuts);
  const closing = session.close();
  await clock.advance(1000);
  await closing;
});
