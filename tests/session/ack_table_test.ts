import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ackKey, AckTable } from "../../src/session/_commands/ack_table.ts";
import { ConnectionError } from "../../src/errors.ts";
import type { WireEvent } from "../../src/_internal/wire.ts";
import { type Frame, stateOf } from "./_fake_server.ts";

/** Adds a command to a table; the promise settles with it. */
function send(
  acks: AckTable,
  eventId: string,
  key: string,
  options: { readonly item?: unknown; readonly accepts?: (event: WireEvent) => boolean } = {},
): Promise<WireEvent> {
  const { promise, resolve, reject } = Promise.withResolvers<WireEvent>();
  promise.catch(() => {});
  acks.add({ eventId, key, resolve, reject, ...options });
  return promise;
}

const ITEM = "conversation.item";

/** Key of a command, an event that answers it, and one that must not. */
const ANSWERS: readonly (readonly [key: string, answer: WireEvent, other: WireEvent])[] = [
  ["session.updated", { type: "session.updated" }, { type: "session.created" }],
  [ackKey(`${ITEM}.added`, "item_1"), { type: `${ITEM}.added`, item: { id: "item_1" } }, {
    type: `${ITEM}.done`,
    item: { id: "item_1" },
  }],
  [ackKey(`${ITEM}.added`, "item_1"), { type: `${ITEM}.created`, item: { id: "item_1" } }, {
    type: `${ITEM}.deleted`,
    item_id: "item_1",
  }],
  [ackKey(`${ITEM}.deleted`, "item_1"), { type: `${ITEM}.deleted`, item_id: "item_1" }, {
    type: `${ITEM}.deleted`,
    item_id: "item_2",
  }],
  // xAI leaves the id of a deleted item empty.
  [ackKey(`${ITEM}.deleted`, "item_1"), { type: `${ITEM}.deleted`, item_id: "" }, { type: `${ITEM}.truncated` }],
  [ackKey(`${ITEM}.truncated`, "item_1"), { type: `${ITEM}.truncated`, item_id: "item_1" }, {
    type: `${ITEM}.deleted`,
    item_id: "item_1",
  }],
  [ackKey(`${ITEM}.retrieved`, "item_1"), { type: `${ITEM}.retrieved`, item: { id: "item_1" } }, {
    type: `${ITEM}.retrieved`,
    item: { id: "item_2" },
  }],
  ["input_audio_buffer.committed", { type: "input_audio_buffer.committed", item_id: "item_1" }, {
    type: "input_audio_buffer.cleared",
  }],
  ["input_audio_buffer.cleared", { type: "input_audio_buffer.cleared" }, { type: "output_audio_buffer.cleared" }],
  [ackKey("response.done", "resp_1"), { type: "response.done", response: { id: "resp_1" } }, {
    type: "response.done",
    response: { id: "resp_2" },
  }],
];

for (const [key, answer, other] of ANSWERS) {
  Deno.test(`AckTable settles ${key} on ${JSON.stringify(answer)} only`, async () => {
    const acks = new AckTable();
    const promise = send(acks, "event_1", key);
    acks.receive(other);
    assertEquals([await stateOf(promise), acks.size], ["pending", 1]);
    acks.receive(answer);
    assertStrictEquals(await promise, answer);
    assertEquals([acks.size, acks.blocker(key, 0)], [0, undefined]);
  });
}

Deno.test("AckTable rejects the command that an error names, or the only one in flight when it names none", async () => {
  const acks = new AckTable();
  const error = new Error("No.");
  const [first, second] = ["a", "b"].map((id) => send(acks, id, ackKey(`${ITEM}.deleted`, id)));
  for (const id of ["c", "b"]) acks.refuse(id, error);
  await assertRejects(() => second!, Error, "No.");
  assertEquals(await stateOf(first!), "pending");
  for (let count = 0; count < 2; count++) acks.refuse(undefined, error);
  await assertRejects(() => first!, Error, "No.");
});

Deno.test("AckTable settles every pending cancel of a response on its response.done", async () => {
  const acks = new AckTable();
  const cancels = ["a", "b"].map((id) => send(acks, id, ackKey("response.done", "resp_1")));
  acks.receive({ type: "response.done", response: { id: "resp_1" } });
  assertEquals(await Promise.all(cancels.map(stateOf)), ["resolved", "resolved"]);
});

Deno.test("AckTable does not settle a commit with the commit of a turn that the server announced", async () => {
  for (const types of [["speech_started", "speech_stopped"], ["speech_stopped"], ["timeout_triggered"]]) {
    let turns = 0;
    const acks = new AckTable(() => turns++);
    const commit = send(acks, "a", "input_audio_buffer.committed");
    for (const type of types) acks.receive({ type: `input_audio_buffer.${type}`, item_id: "item_turn" });
    acks.receive({ type: "input_audio_buffer.committed", item_id: "item_turn" });
    assertEquals([await stateOf(commit), turns], ["pending", 1]);
    acks.receive({ type: "input_audio_buffer.committed", item_id: "item_own" });
    assertEquals([(await commit).item_id, turns], ["item_own", 1]);
    // Not requested by the client, whether announced or not.
    acks.receive({ type: "input_audio_buffer.committed", item_id: "item_other" });
    assertEquals(turns, 2);
  }
});

Deno.test("AckTable settles a commit with the item of the speech in progress", async () => {
  let turns = 0;
  const acks = new AckTable(() => turns++);
  const commit = send(acks, "a", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.speech_started", item_id: "item_1" });
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals([(await commit).item_id, turns], ["item_1", 0]);
  // The rest of the speech is a turn with an item of its own.
  const next = send(acks, "b", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.speech_stopped", item_id: "item_2" });
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_2" });
  assertEquals([await stateOf(next), turns], ["pending", 1]);
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_3" });
  assertEquals((await next).item_id, "item_3");
  // A server that does not report the end of speech.
  acks.receive({ type: "input_audio_buffer.speech_started", item_id: "item_4" });
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_4" });
  assertEquals(turns, 2);
});

Deno.test("AckTable forgets announced turns when the audio buffer is cleared", async () => {
  const acks = new AckTable();
  acks.receive({ type: "input_audio_buffer.speech_stopped", item_id: "item_1" });
  acks.receive({ type: "input_audio_buffer.cleared" });
  const commit = send(acks, "a", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals(await stateOf(commit), "resolved");
});

Deno.test("AckTable ignores answers to other clients on a shared session", async () => {
  const acks = new AckTable(() => {}, true);
  const update = send(acks, "a", "session.updated", { accepts: ({ number }) => number === 2 });
  acks.receive({ type: "session.updated", number: 1 });
  assertEquals(await stateOf(update), "pending");
  acks.receive({ type: "session.updated", number: 2 });
  assertEquals((await update).number, 2);
});

Deno.test("AckTable does not settle another command with the late answer to an abandoned one", async () => {
  const accepts = (number: number) => ({ accepts: (event: WireEvent) => event.number === number });
  const acks = new AckTable();
  const first = send(acks, "a", "session.updated", accepts(1));
  acks.abandon("a", 10);
  assertEquals([acks.blocker("session.updated", 9) !== undefined, acks.blocker("session.updated", 10)], [
    true,
    undefined,
  ]);
  const second = send(acks, "b", "session.updated", accepts(2));
  acks.receive({ type: "session.updated", number: 1 });
  assertEquals([await stateOf(first), await stateOf(second)], ["resolved", "pending"]);
  acks.receive({ type: "session.updated", number: 2 });
  assertEquals((await second).number, 2);
});

Deno.test("AckTable stops waiting for an abandoned command once a later one is answered", async () => {
  const acks = new AckTable();
  void send(acks, "a", "input_audio_buffer.cleared");
  acks.abandon("a", 10);
  void send(acks, "b", ackKey(`${ITEM}.deleted`, "item_1"));
  acks.receive({ type: `${ITEM}.deleted`, item_id: "item_1" });
  const clear = send(acks, "c", "input_audio_buffer.cleared");
  acks.receive({ type: "input_audio_buffer.cleared" });
  assertEquals(await stateOf(clear), "resolved");
});

Deno.test("AckTable remembers at most 256 abandoned commands", () => {
  const acks = new AckTable();
  for (let i = 0; i < 300; i++) {
    void send(acks, `event_${i}`, ackKey(`${ITEM}.deleted`, `item_${i}`));
    acks.abandon(`event_${i}`, 10);
  }
  assertEquals([acks.blocker(ackKey(`${ITEM}.deleted`, "item_43"), 0), acks.size], [undefined, 0]);
  assertEquals(acks.blocker(ackKey(`${ITEM}.deleted`, "item_44"), 0)?.eventId, "event_44");
});

Deno.test("AckTable forgets no command that is waited for, however many there are", () => {
  const acks = new AckTable();
  for (let i = 0; i < 300; i++) void send(acks, `event_${i}`, ackKey(`${ITEM}.deleted`, `item_${i}`));
  acks.abandon("event_0", 10);
  acks.abandon("event_299", 10);
  assertEquals(acks.size, 298);
});

Deno.test("AckTable still expects the answer to a command that was abandoned after the one just answered", async () => {
  const acks = new AckTable();
  const first = send(acks, "a", ackKey(`${ITEM}.deleted`, "item_1"));
  const second = send(acks, "b", ackKey(`${ITEM}.deleted`, "item_2"));
  acks.abandon("b", 10);
  acks.receive({ type: `${ITEM}.deleted`, item_id: "item_1" });
  assertEquals([await stateOf(first), acks.blocker(ackKey(`${ITEM}.deleted`, "item_2"), 0)?.eventId], [
    "resolved",
    "b",
  ]);
  acks.receive({ type: `${ITEM}.deleted`, item_id: "item_2" });
  assertEquals(await stateOf(second), "resolved");
});

const message = (text: string, fields: Frame = {}): Frame => {
  return { type: "message", role: "user", content: [{ type: "input_text", text }], ...fields };
};

Deno.test("AckTable settles the oldest command whose item matches one with a server-chosen id", async () => {
  const acks = new AckTable();
  const commands = ["One", "Two", "Two"].map((text, i) => {
    const item = message(text, { id: `item_${i}` });
    return send(acks, `event_${i}`, ackKey(`${ITEM}.added`, item.id), { item });
  });
  const strangers = [
    message("Two", { id: "srv", role: "system" }),
    message("Two", { id: "srv", content: [] }),
    message("Three", { id: "srv" }),
    message("Three"),
    message("One", { id: "srv", content: ["One"] }),
    { id: "srv", type: "function_call" },
  ];
  for (const item of strangers) acks.receive({ type: `${ITEM}.added`, item });
  assertEquals(await Promise.all(commands.map(stateOf)), ["pending", "pending", "pending"]);
  acks.receive({ type: `${ITEM}.added`, item: message("Two", { id: "srv", status: "completed" }) });
  assertEquals(await Promise.all(commands.map(stateOf)), ["pending", "resolved", "pending"]);
  // Fields that the server omits are not compared.
  acks.receive({ type: `${ITEM}.added`, item: { type: "message", role: "user", content: null } });
  assertEquals(await Promise.all(commands.map(stateOf)), ["resolved", "resolved", "pending"]);
});

Deno.test("AckTable compares all parts of an item, and no other commands with it", async () => {
  const acks = new AckTable();
  const parts = (...texts: string[]) => texts.map((text) => ({ type: "input_text", text }));
  const update = send(acks, "event_0", "session.updated");
  const [one, two] = ["1", "2"].map((last) => {
    return send(acks, `event_${last}`, ackKey(`${ITEM}.added`, last), { item: { content: parts("Same.", last) } });
  });
  acks.receive({ type: `${ITEM}.added`, item: { content: parts("Same.", "2") } });
  assertEquals(await Promise.all([update, one!, two!].map(stateOf)), ["pending", "pending", "resolved"]);
  // Not even the content is known.
  acks.receive({ type: `${ITEM}.added` });
  assertEquals(await Promise.all([update, one!].map(stateOf)), ["pending", "resolved"]);
});

Deno.test("AckTable does not settle another command with the item of one refused by an error without an event id", async () => {
  const acks = new AckTable();
  const item = (id: string) => message("Hello", { id });
  const first = send(acks, "a", ackKey(`${ITEM}.added`, "item_a"), { item: item("item_a") });
  // Meant for something else, for instance a command of another client.
  acks.refuse(undefined, new Error("refused"));
  assertEquals(await stateOf(first), "rejected");
  const second = send(acks, "b", ackKey(`${ITEM}.added`, "item_b"), { item: item("item_b") });
  acks.receive({ type: `${ITEM}.added`, item: item("item_a") });
  assertEquals(await stateOf(second), "pending");
  acks.receive({ type: `${ITEM}.added`, item: item("item_b") });
  assertEquals((await second as unknown as Frame).item, item("item_b"));
});

Deno.test("AckTable does not settle an update with the answer to one refused by an error without an event id", async () => {
  const acks = new AckTable();
  const accepts = (number: number) => ({ accepts: (event: WireEvent) => event.number === number });
  void send(acks, "a", "session.updated", accepts(1));
  acks.refuse(undefined, new Error("refused"));
  const second = send(acks, "b", "session.updated", accepts(2));
  acks.receive({ type: "session.updated", number: 1 });
  assertEquals(await stateOf(second), "pending");
});

Deno.test("AckTable settles the pending command, not a refused one, with an item that has a server-chosen id", async () => {
  const acks = new AckTable();
  void send(acks, "a", ackKey(`${ITEM}.added`, "item_a"), { item: message("Hello") });
  acks.refuse(undefined, new Error("refused"));
  const second = send(acks, "b", ackKey(`${ITEM}.added`, "item_b"), { item: message("Hello") });
  acks.receive({ type: `${ITEM}.added`, item: message("Hello", { id: "srv" }) });
  assertEquals(await stateOf(second), "resolved");
});

Deno.test("AckTable ignores items with other ids once the server has kept one of ours", async () => {
  const acks = new AckTable();
  void send(acks, "a", ackKey(`${ITEM}.added`, "item_a"), { item: message("One") });
  acks.receive({ type: `${ITEM}.added`, item: message("One", { id: "item_a" }) });
  const second = send(acks, "b", ackKey(`${ITEM}.added`, "item_b"), { item: message("One") });
  acks.receive({ type: `${ITEM}.added`, item: message("One", { id: "srv" }) });
  assertEquals(await stateOf(second), "pending");
});

Deno.test("AckTable rejects all pending commands when the connection ends", async () => {
  const acks = new AckTable();
  const promises = [send(acks, "a", "session.updated"), send(acks, "b", ackKey("response.done", "resp_1"))];
  const ended = new ConnectionError("Ended", { kind: "closed" });
  acks.close(ended);
  for (const promise of promises) assertStrictEquals(await promise.catch((error) => error), ended);
  assertEquals(acks.size, 0);
});

const spoken = (id: string, type = `${ITEM}.created`) => ({
  type,
  item: { id, type: "message", role: "user", content: [{ type: "input_audio", transcript: null }] },
});

Deno.test("AckTable settles a commit with its audio item if the server sends no committed event", async () => {
  const acks = new AckTable();
  const commit = send(acks, "event_1", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.speech_stopped", item_id: "item_1" });
  // A server-detected turn, and an item with text.
  acks.receive(spoken("item_1"));
  acks.receive({ type: `${ITEM}.created`, item: { id: "item_2", content: [{ type: "input_text", text: "Hi." }] } });
  assertEquals(await stateOf(commit), "pending");
  acks.receive(spoken("item_3"));
  assertEquals((await commit as unknown as Frame).item, spoken("item_3").item);
  const next = send(acks, "event_2", "input_audio_buffer.committed");
  // A late committed event for that item does not settle the next commit.
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_3" });
  assertEquals(await stateOf(next), "pending");
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_4" });
  assertEquals((await next).item_id, "item_4");
});

Deno.test("AckTable takes a turn whose item is added before its committed event for a turn", () => {
  let turns = 0;
  const acks = new AckTable(() => turns++);
  acks.receive(spoken("item_1", `${ITEM}.added`));
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals(turns, 1);
});

Deno.test("AckTable settles no commit with an item if the server sends committed events, or on a shared session", async () => {
  const acks = new AckTable();
  const first = send(acks, "event_1", "input_audio_buffer.committed");
  const second = send(acks, "event_2", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_1" });
  for (const type of [`${ITEM}.added`, `${ITEM}.created`, `${ITEM}.done`]) acks.receive(spoken("item_1", type));
  assertEquals([(await first).item_id, await stateOf(second)], ["item_1", "pending"]);
  const shared = new AckTable(undefined, true);
  const commit = send(shared, "event_1", "input_audio_buffer.committed");
  shared.receive(spoken("item_1"));
  assertEquals(await stateOf(commit), "pending");
});
