import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { AckTable, answerRow } from "../../src/session/_ack_table.ts";
import { ConnectionError, RealtimeApiError } from "../../src/errors.ts";
import type { WireEvent } from "../../src/_internal/wire.ts";
import { stateOf } from "./_fake_server.ts";

/** Row of a command, an event that answers it, and one that must not. */
const ANSWERS: readonly (readonly [row: string, answer: WireEvent, other: WireEvent])[] = [
  ["session.updated", { type: "session.updated" }, { type: "session.created" }],
  [
    answerRow("conversation.item.added", "item_1"),
    { type: "conversation.item.added", item: { id: "item_1" } },
    { type: "conversation.item.added", item: { id: "item_2" } },
  ],
  [
    answerRow("conversation.item.added", "item_1"),
    { type: "conversation.item.created", item: { id: "item_1" } },
    { type: "conversation.item.done", item: { id: "item_1" } },
  ],
  [
    answerRow("conversation.item.deleted", "item_1"),
    { type: "conversation.item.deleted", item_id: "item_1" },
    { type: "conversation.item.deleted", item_id: "item_2" },
  ],
  [
    answerRow("conversation.item.truncated", "item_1"),
    { type: "conversation.item.truncated", item_id: "item_1" },
    { type: "conversation.item.deleted", item_id: "item_1" },
  ],
  [
    answerRow("conversation.item.retrieved", "item_1"),
    { type: "conversation.item.retrieved", item: { id: "item_1" } },
    { type: "conversation.item.retrieved", item: { id: "item_2" } },
  ],
  ["input_audio_buffer.committed", { type: "input_audio_buffer.committed", item_id: "item_1" }, {
    type: "input_audio_buffer.cleared",
  }],
  ["input_audio_buffer.cleared", { type: "input_audio_buffer.cleared" }, { type: "output_audio_buffer.cleared" }],
  ["output_audio_buffer.cleared", { type: "output_audio_buffer.cleared" }, { type: "input_audio_buffer.cleared" }],
  [
    answerRow("response.done", "resp_1"),
    { type: "response.done", response: { id: "resp_1" } },
    { type: "response.done", response: { id: "resp_2" } },
  ],
];

for (const [row, answer, other] of ANSWERS) {
  Deno.test(`AckTable settles a command in row ${row} by ${answer.type}, and by nothing else`, async () => {
    const acks = new AckTable();
    const promise = acks.expect("event_1", row);
    acks.receive(other);
    assertEquals(await stateOf(promise), "pending");
    acks.receive(answer);
    assertStrictEquals(await promise, answer);
  });
}

Deno.test("AckTable settles commands of one row first in, first out", async () => {
  const acks = new AckTable();
  const promises = ["a", "b"].map((id) => acks.expect(id, "session.updated"));
  acks.receive({ type: "session.updated", number: 1 });
  assertEquals(await stateOf(promises[1]!), "pending");
  acks.receive({ type: "session.updated", number: 2 });
  assertEquals((await Promise.all(promises)).map((event) => event.number), [1, 2]);
});

Deno.test("AckTable keeps the place of a command whose caller has gone", async () => {
  const acks = new AckTable();
  void acks.expect("a", "session.updated");
  const second = acks.expect("b", "session.updated");
  acks.abandon("a");
  acks.receive({ type: "session.updated", number: 1 });
  assertEquals(await stateOf(second), "pending");
  acks.receive({ type: "session.updated", number: 2 });
  assertEquals((await second).number, 2);
});

Deno.test("AckTable keeps the place of an abandoned command only until a later one of any row has its answer", async () => {
  for (const isRefused of [false, true]) {
    const acks = new AckTable();
    void acks.expect("lost", "session.updated");
    acks.abandon("lost");
    const item = acks.expect("item", answerRow("conversation.item.added", "item_1"));
    void acks.expect("late", "input_audio_buffer.cleared");
    acks.abandon("late");
    if (isRefused) acks.receive({ type: "error", error: { event_id: "item" } });
    else acks.receive({ type: "conversation.item.added", item: { id: "item_1" } });
    assertEquals(await stateOf(item), isRefused ? "rejected" : "resolved");
    const update = acks.expect("update", "session.updated");
    const clear = acks.expect("clear", "input_audio_buffer.cleared");
    acks.receive({ type: "input_audio_buffer.cleared" });
    acks.receive({ type: "session.updated" });
    assertEquals([await stateOf(update), await stateOf(clear)], ["resolved", "pending"]);
  }
});

Deno.test("AckTable keeps the place of an abandoned command when a response ends that was cancelled later", async () => {
  const acks = new AckTable();
  void acks.expect("slow", "session.updated");
  acks.abandon("slow");
  void acks.expect("cancel", answerRow("response.done", "resp_1"));
  acks.receive({ type: "response.done", response: { id: "resp_1" } });
  const update = acks.expect("update", "session.updated");
  acks.receive({ type: "session.updated" });
  assertEquals(await stateOf(update), "pending");
});

Deno.test("AckTable rejects the command that an error names, wherever it stands", async () => {
  const acks = new AckTable();
  const [first, second, third] = ["a", "b", "c"].map((id) => acks.expect(id, "session.updated"));
  acks.receive({ type: "error", error: { code: "invalid_value", message: "No.", param: "session.x", event_id: "b" } });
  const error = await assertRejects(() => second!, RealtimeApiError, "No.");
  assertEquals([error.code, error.param, error.eventId], ["invalid_value", "session.x", "b"]);
  acks.receive({ type: "session.updated", number: 1 });
  acks.receive({ type: "session.updated", number: 2 });
  assertEquals([(await first!).number, (await third!).number], [1, 2]);
});

Deno.test("AckTable gives a refused command that was abandoned no answer of another", async () => {
  const acks = new AckTable();
  acks.expect("a", "session.updated").catch(() => {});
  acks.abandon("a");
  const second = acks.expect("b", "session.updated");
  acks.receive({ type: "error", error: { message: "No.", event_id: "a" } });
  acks.receive({ type: "session.updated" });
  assertEquals(await stateOf(second), "resolved");
});

Deno.test("AckTable lets errors pass that name no command, or none at all", async () => {
  const acks = new AckTable();
  const promise = acks.expect("a", "session.updated");
  acks.receive({ type: "error", error: { message: "No.", event_id: null } });
  acks.receive({ type: "error", error: { message: "No.", event_id: "b" } });
  acks.receive({ type: "error" });
  assertEquals(await stateOf(promise), "pending");
});

Deno.test("AckTable settles everyone who cancelled a response by its one end", async () => {
  const acks = new AckTable();
  const row = answerRow("response.done", "resp_1");
  void acks.expect("a", row);
  acks.abandon("a");
  const cancels = [acks.expect("b", row), acks.expect("c", row)];
  acks.receive({ type: "response.done", response: { id: "resp_1" } });
  assertEquals(await Promise.all(cancels.map(stateOf)), ["resolved", "resolved"]);
});

Deno.test("AckTable does not take a commit of the VAD for the answer to a command", async () => {
  let turns = 0;
  const acks = new AckTable(() => turns++);
  const commit = acks.expect("a", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.speech_started", item_id: "item_vad" });
  acks.receive({ type: "input_audio_buffer.timeout_triggered", item_id: "item_idle" });
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_vad" });
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_idle" });
  assertEquals(await stateOf(commit), "pending");
  assertEquals(turns, 2);
  acks.receive({ type: "input_audio_buffer.committed", item_id: "item_own" });
  assertEquals((await commit).item_id, "item_own");
  assertEquals(turns, 2);
});

Deno.test("AckTable tells commits apart on a server that names no items", async () => {
  const acks = new AckTable();
  acks.receive({ type: "input_audio_buffer.speech_started" });
  const commit = acks.expect("a", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.committed" });
  assertEquals(await stateOf(commit), "pending");
  acks.receive({ type: "input_audio_buffer.committed" });
  assertEquals(await stateOf(commit), "resolved");
});

Deno.test("AckTable forgets a turn that was begun when the input is cleared", async () => {
  const acks = new AckTable();
  acks.receive({ type: "input_audio_buffer.speech_started" });
  acks.receive({ type: "input_audio_buffer.cleared" });
  const commit = acks.expect("a", "input_audio_buffer.committed");
  acks.receive({ type: "input_audio_buffer.committed" });
  assertEquals(await stateOf(commit), "resolved");
});

Deno.test("AckTable passes over answers that its first command does not accept", async () => {
  const acks = new AckTable();
  const accepts = (event: WireEvent) => event.mine === true;
  const first = acks.expect("a", "session.updated", accepts);
  const second = acks.expect("b", "session.updated");
  acks.receive({ type: "session.updated" });
  assertEquals([await stateOf(first), await stateOf(second)], ["pending", "pending"]);
  acks.receive({ type: "session.updated", mine: true });
  assertEquals([await stateOf(first), await stateOf(second)], ["resolved", "pending"]);
});

Deno.test("AckTable is not held up by an abandoned command that accepts nothing", async () => {
  const acks = new AckTable();
  void acks.expect("a", "session.updated", () => false);
  acks.abandon("a");
  const second = acks.expect("b", "session.updated");
  acks.receive({ type: "session.updated" });
  assertEquals(await stateOf(second), "resolved");
});

Deno.test("AckTable keeps no place for an abandoned command that was passed over", async () => {
  const acks = new AckTable();
  const accepts = (mine: number) => (event: WireEvent) => event.mine === mine;
  void acks.expect("a", "session.updated", accepts(1));
  acks.abandon("a");
  const second = acks.expect("b", "session.updated", accepts(2));
  acks.receive({ type: "session.updated", mine: 2 });
  assertEquals(await stateOf(second), "resolved");
  const third = acks.expect("c", "session.updated");
  acks.receive({ type: "session.updated", mine: 1 });
  assertEquals(await stateOf(third), "resolved");
});

Deno.test("AckTable.close() rejects everything that waits", async () => {
  const acks = new AckTable();
  const promises = [acks.expect("a", "session.updated"), acks.expect("b", answerRow("response.done", "resp_1"))];
  const ended = new ConnectionError("Ended", { kind: "closed" });
  acks.close(ended);
  for (const promise of promises) assertStrictEquals(await promise.catch((error) => error), ended);
});

Deno.test("AckTable keeps at most 256 abandoned commands, of all rows together", async () => {
  const acks = new AckTable();
  for (let i = 0; i < 300; i++) {
    void acks.expect(`event_${i}`, "session.updated");
    acks.abandon(`event_${i}`);
    void acks.expect(`item_${i}`, answerRow("conversation.item.added", `item_${i}`));
    acks.abandon(`item_${i}`);
  }
  const last = acks.expect("last", "session.updated");
  let answers = 0;
  while (await stateOf(last) === "pending") {
    acks.receive({ type: "session.updated" });
    answers++;
  }
  assertEquals(answers, 128 + 1);
});
