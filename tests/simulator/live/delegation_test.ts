import { assert, assertEquals, assertMatch } from "@std/assert";
import type { LivePlannedDelegation } from "../../../src/simulator/mod.ts";
import { errorOf, type Frame, only, typesOf } from "../_client.ts";
import { joined, silence, tone } from "../_sound.ts";
import { LiveClient, nestedEvents, nestedTypes, transcriptOf, withoutAudio } from "./_live_client.ts";

const TOOL = { type: "function", name: "get_order", parameters: { type: "object", properties: {} } };
const RESPONSES = { type: "responses", responses: { model: "gpt-5.2", tools: [TOOL] } };
const SPEECH = joined(tone(1_000), silence(1_000));

/** A client that has spoken one turn, which was delegated. */
async function delegated(
  delegates: LivePlannedDelegation,
  session: Readonly<Record<string, unknown>> = {},
): Promise<{ client: LiveClient; frames: Frame[] }> {
  const scenario = { turns: [{ user: "Where is my order?", delegates }, { says: "Fine." }] };
  const client = await LiveClient.started({ scenario }, session);
  return { client, frames: await client.hear(SPEECH) };
}

function callIdsOf(frames: readonly Frame[]): string[] {
  return nestedEvents(frames).filter(({ type }) => type === "response.output_item.done")
    .map(({ item }) => String((item as Frame).call_id));
}

function output(callId: string, text: string): Record<string, unknown> {
  return { type: "response.item.create", item: { type: "function_call_output", call_id: callId, output: text } };
}

Deno.test("a client delegation has an id and an offset, and accepts commentary with that id", async () => {
  const { client, frames } = await delegated({ afterMs: 400 });
  const { delegation, offset_ms } = only(frames, "session.delegation.created");
  const { id, ...rest } = delegation as Frame;
  assertEquals<unknown>(rest, { type: "delegation", target: "client" });
  assertMatch(String(id), /^item_/);
  assertEquals(offset_ms, 400);
  const transcripts = frames.filter(({ type }) => type === "session.input_transcript.delta");
  assert(frames.findIndex(({ type }) => type === "session.delegation.created") < frames.indexOf(transcripts.at(-1)!));
  await client.hear(2_000);
  assertEquals(transcriptOf(client.received, "output"), "One moment.");
  client.send({ type: "session.commentary.append", content: "It arrives today.", delegation_id: String(id) });
  assertEquals(transcriptOf(await client.hear(3_000), "output"), "It arrives today.");
});

Deno.test("an acknowledgement is delayed, and thinking or commentary cancels it", async () => {
  const { client } = await delegated({}, { delegation: { type: "client", acknowledgement_delay_ms: 1_500 } });
  assertEquals(transcriptOf(client.received, "output"), "");
  await client.hear(400);
  client.send({ type: "session.thinking.append", content: "Order 7 left at noon.", delegation_id: null });
  await client.hear(4_000);
  assertEquals(transcriptOf(client.received, "output"), "");
});

Deno.test("an acknowledgement waits for 0.4 s in a decisions delegation only, and instructions do not cancel it", async () => {
  const questions = [{ type: "predicate", instructions: "Is the caller angry?" }];
  const beginning = async (delegation: object) => {
    const { client } = await delegated({}, { delegation });
    client.send({ type: "session.instructions.append", content: "Be brief.", delegation_id: null });
    await client.hear(2_000);
    assertEquals(transcriptOf(client.received, "output"), "One moment.");
    return Number(client.received.find(({ type }) => type === "session.output_transcript.delta")?.start_ms);
  };
  const decisions = { type: "decisions", decisions: { model: "gpt-5.2-mini", questions } };
  assertEquals(await beginning(decisions) - await beginning({ type: "client" }), 400);
});

Deno.test("a responses delegation reports a call in three events, and continues once it is answered", async () => {
  const calls = [[{ name: "get_order", arguments: `{"id":7}` }]];
  const { client, frames } = await delegated({ calls, result: "It is on its way." }, { delegation: RESPONSES });
  const { delegation } = only(frames, "session.delegation.created");
  assertEquals((delegation as Frame).target, "responses");
  assertEquals(nestedTypes(frames), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.output_item.done",
    "response.completed",
  ]);
  const created = nestedEvents(frames)[0]!.response as Frame;
  assertEquals([created.id, created.output, created.tools, created.instructions], [
    (delegation as Frame).response_id,
    [],
    [],
    null,
  ]);
  assertEquals((nestedEvents(frames).at(-1)!.response as Frame).output, []);
  const [callId] = callIdsOf(frames);
  assertEquals(await client.ask(output(callId!, "on its way")), []);
  const rest = await client.ask({ type: "response.create" });
  assertEquals(nestedTypes(rest).at(-1), "response.completed");
  assertEquals(rest[0]!.delegation_id, (delegation as Frame).id);
  assertMatch(transcriptOf(await client.hear(5_000), "output"), /It is on its way\.$/);
});

Deno.test("a call without an output blocks the response and the user's next turn", async () => {
  const calls = [[{ name: "get_order", arguments: "{}" }, { name: "get_order", arguments: "{}" }]];
  const { client, frames } = await delegated({ calls, result: "Done." }, { delegation: RESPONSES });
  const [first, second] = callIdsOf(frames);
  await client.ask(output(first!, "1"));
  const [error] = await client.ask({ type: "response.create", event_id: "r" });
  assertEquals([(error!.error as Frame).code, error!.client_event_id], ["function_call_outputs_required", "r"]);
  const waiting = await client.hear(joined(tone(800), silence(8_000)));
  assertEquals(transcriptOf(waiting, "input"), "Some speech, 0.8s");
  assertEquals(transcriptOf(waiting, "output"), "", "nothing but the acknowledgement is said");
  client.send(output(second!, "2"), { type: "response.create" });
  assertEquals(transcriptOf(await client.hear(6_000), "output"), "Done.Fine.");
  const stray = errorOf(await client.ask(output("call_none", "x"))) as Frame;
  assertMatch(String(stray.message), /No tool call found/);
});

Deno.test("turns wait for their backend in order, each with its own delegation and its own outputs", async () => {
  const call = (order: number) => [[{ name: "get_order", arguments: `{"order":${order}}` }]];
  const turns = [
    { user: "One.", delegates: { calls: call(1) } },
    { user: "Two.", delegates: { calls: call(2) } },
    // It is delegated while the user speaks, and waits behind the call of the first turn.
    { user: "Three.", says: "Third.", delegates: { afterMs: 300, calls: call(3) } },
    { user: "Four.", says: "Fourth." },
  ];
  const client = await LiveClient.started({ scenario: { turns } }, { delegation: RESPONSES });
  const asked: unknown[] = [];
  const said: string[] = [];
  let frames = await client.hear(joined(SPEECH, SPEECH, SPEECH, SPEECH));
  assertEquals(frames.filter(({ type }) => type === "session.delegation.created").length, 2);
  for (let round = 0; round < 3; round++) {
    const done = nestedEvents(frames).filter(({ type }) => type === "response.output_item.done");
    asked.push(...done.flatMap(({ item }) => (item as Frame).arguments ?? []));
    const [callId] = callIdsOf(frames).filter((id) => id !== "undefined");
    client.send(output(callId!, `result ${round + 1}`), { type: "response.create" });
    frames = [...await client.wait(0), ...await client.hear(6_000)];
    said.push(transcriptOf(frames, "output"));
  }
  assertEquals(asked, [`{"order":1}`, `{"order":3}`, `{"order":2}`]);
  assertEquals(said, [
    "The result is result 1",
    "The result is result 2One moment.",
    "The result is result 3Third.Fourth.",
  ]);
});

Deno.test("the input buffer is limited: an output beyond it is refused, and a short one continues the session", async () => {
  const calls = [[{ name: "get_order", arguments: "{}" }]];
  const { client, frames } = await delegated({ calls, result: "Done." }, { delegation: RESPONSES });
  const [callId] = callIdsOf(frames);
  const full = await client.ask({ ...output(callId!, "é".repeat(16_400)), event_id: "big" });
  assertEquals([(errorOf(full) as Frame).code, full[0]!.client_event_id], ["response_input_buffer_full", "big"]);
  for (let attempt = 0; attempt < 2; attempt++) {
    const refused = errorOf(await client.ask({ type: "response.create" })) as Frame;
    assertEquals(refused.code, "function_call_outputs_required");
  }
  client.send(output(callId!, "short"));
  assertEquals(nestedTypes(await client.ask({ type: "response.create" })).at(-1), "response.completed");
  for (let item = 0; item < 128; item++) {
    client.send({ type: "response.item.create", item: { type: "message", role: "user", content: "x" } });
  }
  assertEquals(await client.wait(0), []);
  const more = { type: "response.item.create", item: { type: "message", role: "user", content: "x" } };
  assertEquals((errorOf(await client.ask(more)) as Frame).code, "response_input_buffer_full");
});

Deno.test("calls of a failed response are dropped", async () => {
  const calls = [[{ name: "get_order", arguments: "{}" }]];
  const { client, frames } = await delegated({ calls, failsAt: 0 }, { delegation: RESPONSES });
  assertEquals(nestedTypes(frames).at(-1), "response.failed");
  const [callId] = callIdsOf(frames);
  assertMatch(String((errorOf(await client.ask(output(callId!, "x"))) as Frame).message), /No tool call found/);
});

Deno.test("typed text runs the backend without a delegation", async () => {
  const client = await LiveClient.started({}, { delegation: RESPONSES });
  const content = [{ type: "input_text", text: "How are you?" }];
  client.send({ type: "response.item.create", item: { type: "message", role: "user", content } });
  const frames = await client.ask({ type: "response.create" });
  assertEquals(frames[0]!.delegation_id, null);
  assertEquals(transcriptOf(await client.hear(4_000), "output"), "You wrote: How are you?");
  assertMatch(String((errorOf(await client.ask({ type: "response.create" })) as Frame).message), /handoff incomplete/);
});

Deno.test("without a scenario, a backend with functions calls the first one", async () => {
  const client = await LiveClient.started({}, { delegation: RESPONSES });
  const frames = await client.hear(SPEECH);
  const [callId] = callIdsOf(frames);
  client.send(output(callId!, "sunny"), { type: "response.create" });
  assertMatch(transcriptOf(await client.hear(5_000), "output"), /The result is sunny$/);
});

Deno.test("a long output is not read aloud in full", async () => {
  const client = await LiveClient.started({}, { delegation: RESPONSES });
  const [callId] = callIdsOf(await client.hear(SPEECH));
  client.send(output(callId!, `sunny ${"😀".repeat(5_000)}`));
  const frames = await client.ask({ type: "response.create" });
  const said = frames.map(({ event }) => event as Frame).find((event) => event?.type === "response.output_text.done");
  const text = String(said?.text);
  assertMatch(text, /^The result is sunny 😀+…$/u);
  assertEquals([text.length <= 301, text.isWellFormed()], [true, true]);
});

Deno.test("a client delegation has no backend, and settings of another type are refused", async () => {
  const client = await LiveClient.started();
  const create = errorOf(await client.ask({ type: "response.create" })) as Frame;
  assertMatch(String(create.message), /no responses delegation/);
  const update = { type: "session.update", session: { delegation: RESPONSES } };
  assertEquals((errorOf(await client.ask(update)) as Frame).param, "session.delegation.type");
  const other = await LiveClient.started({}, { delegation: RESPONSES });
  const nothing = { type: "session.update", session: { delegation: null } };
  assertEquals((errorOf(await other.ask(nothing)) as Frame).param, "session.delegation.type");
  const change = { delegation: { type: "responses", responses: { tools: [], instructions: "Be exact." } } };
  const [updated] = await other.ask({ type: "session.update", event_id: "u", session: change });
  assertEquals((updated!.session as Frame).delegation, {
    type: "responses",
    responses: { model: "gpt-5.2", tools: [], instructions: "Be exact." },
  });
});

Deno.test("decisions are returned for delegations, triggers and on demand", async () => {
  const questions = [
    { type: "predicate", name: "angry", instructions: "Is the caller angry?" },
    { type: "choice", instructions: "What is it about?", choices: [{ value: "order" }, { value: "bill" }] },
    { type: "score", instructions: "How urgent?", levels: [{ label: "low" }, { label: "high" }] },
  ];
  const event_type = "session.input_transcript.delta";
  const { client, frames } = await delegated({}, {
    delegation: { type: "decisions", decisions: { model: "gpt-5.2-mini", questions } },
    triggers: [{ type: "decisions", event_type, decisions: { questions: questions.slice(0, 1) } }],
  });
  const decided = frames.filter(({ type }) => type === "decision.event");
  const fragments = frames.filter(({ type }) => type === event_type);
  assertEquals(decided.length, fragments.length + 1);
  assertEquals(decided[0]!.source_event_id, fragments[0]!.event_id);
  const last = decided.at(-1)!;
  assertEquals(last.delegation_id, (only(frames, "session.delegation.created").delegation as Frame).id);
  const { answers } = (last.event as Frame).decision as { answers: Frame[] };
  assertEquals(answers, [
    { type: "predicate", name: "angry", probability: 0.5 },
    {
      type: "choice",
      name: null,
      choice: "order",
      confidence: 0.5,
      probabilities: [{ value: "order", probability: 0.5 }, { value: "bill", probability: 0.5 }],
    },
    {
      type: "score",
      name: null,
      score: 0,
      confidence: 0.5,
      probabilities: [{ label: "low", value: 0, probability: 0.5 }, { label: "high", value: 1, probability: 0.5 }],
    },
  ]);
  const item = { role: "user", content: "I am furious." };
  const [created] = await client.ask({ type: "decision.item.create", event_id: "i", item });
  assertEquals(created!.client_event_id, "i");
  const [asked] = await client.ask({ type: "decision.create", event_id: "d1" });
  const { event: _, event_id: _id, ...source } = asked!;
  assertEquals<unknown>(source, {
    type: "decision.event",
    delegation_id: null,
    source_event_id: null,
    source_event_type: null,
    trigger_id: null,
  });
  assertEquals((errorOf(await client.ask({ type: "decision.create", event_id: "d1" })) as Frame).param, "event_id");
  const item_id = (created!.item as Frame).id;
  assertEquals(typesOf(await client.ask({ type: "decision.item.delete", item_id })), ["decision.item.deleted"]);
  assertEquals((errorOf(await client.ask({ type: "decision.item.delete", item_id })) as Frame).param, "item_id");
  assertEquals(withoutAudio(client.take()), []);
});

Deno.test("questions that cannot be answered are refused, at the start and later", async () => {
  const path = "session.delegation.decisions.questions[0]";
  const delegationOf = (question: object) => ({
    type: "decisions",
    decisions: { model: "m", questions: [{ instructions: "Which one?", ...question }] },
  });
  const faultOf = ([frame]: readonly Frame[]) => {
    const { code, param } = frame!.error as Frame;
    return [code, param];
  };
  const cases: [question: object, code: string, param: string][] = [
    [{ type: "essay" }, "invalid_value", `${path}.type`],
    [{ type: "choice" }, "missing_required_parameter", `${path}.choices`],
    [{ type: "choice", choices: [] }, "empty_array", `${path}.choices`],
    [{ type: "choice", choices: [{ value: true }, { value: 1 }] }, "invalid_type", `${path}.choices[1].value`],
    [{ type: "score", levels: "low" }, "invalid_type", `${path}.levels`],
    [{ type: "score", levels: [null] }, "invalid_type", `${path}.levels[0]`],
    [{ type: "score", levels: [{ value: "low" }] }, "missing_required_parameter", `${path}.levels[0].label`],
  ];
  for (const [question, ...fault] of cases) {
    const client = await LiveClient.connect();
    const session = { model: "gpt-live-1", delegation: delegationOf(question) };
    assertEquals(faultOf(await client.ask({ type: "session.start", session })), fault);
  }
  const client = await LiveClient.started({}, { delegation: delegationOf({ type: "predicate" }) });
  const numbers = { delegation: delegationOf({ type: "choice", choices: [{ value: 1 }] }) };
  const [refused] = await client.ask({ type: "session.update", session: numbers });
  assertMatch(String((refused!.error as Frame).message), /expected one of a string or a boolean/);
  const change = (session: object) => client.ask({ type: "session.update", session });
  assertEquals(faultOf(await change({ delegation: delegationOf({ type: "score" }) })), [
    "missing_required_parameter",
    `${path}.levels`,
  ]);
  const { decisions } = delegationOf({ type: "choice" });
  const trigger = { type: "decisions", event_type: "session.input_transcript.delta", decisions };
  const { model: _, ...questions } = decisions;
  assertEquals(faultOf(await change({ triggers: [{ ...trigger, decisions: questions }] })), [
    "missing_required_parameter",
    "session.triggers[0].decisions.questions[0].choices",
  ]);
  assertEquals(typesOf(await client.ask({ type: "decision.create", event_id: "d" })), ["decision.event"]);
});

Deno.test("an item of an unknown kind is passed on, whatever is in it", async () => {
  const client = await LiveClient.started({}, { delegation: RESPONSES });
  client.send({ type: "response.item.create", item: { type: "note", content: [null, 5, { text: "Hello" }] } });
  const frames = await client.ask({ type: "response.create" });
  assertEquals(nestedTypes(frames).at(-1), "response.completed");
  assertEquals(transcriptOf(await client.hear(5_000), "output"), "You wrote: Hello");
});
