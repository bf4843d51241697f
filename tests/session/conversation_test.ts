import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { checkClientEvent } from "../../src/protocol/mod.ts";
import { EMPTY_CONVERSATION, reduceConversation } from "../../src/session/_reduce_conversation.ts";
import { ConversationStore } from "../../src/session/_conversation_store.ts";
import type { ConversationChange } from "../../src/session/conversation.ts";
import { type Frame, output, responseCreated, responseDone } from "./_fake_server.ts";

interface Followed {
  readonly store: ConversationStore;
  readonly changes: ConversationChange[];
  readonly receive: (...events: readonly Frame[]) => void;
}

function follow(): Followed {
  const store = new ConversationStore((error) => {
    throw error;
  });
  const changes: ConversationChange[] = [];
  store.subscribe((change) => changes.push(change));
  return { store, changes, receive: (...events) => events.forEach((event) => store.receive(event as never)) };
}

function added(id: string, previous: string | null | undefined, fields: Frame = {}): Frame {
  return { type: "conversation.item.added", previous_item_id: previous, item: user(id, fields) };
}

function user(id: string, fields: Frame = {}): Frame {
  const content = [{ type: "input_text", text: `Text of ${id}` }];
  return { id, type: "message", role: "user", status: "completed", content, ...fields };
}

function spoken(id: string): Frame {
  return { content: [{ type: "input_audio", transcript: null }], id };
}

function assistant(id: string, fields: Frame = {}): Frame {
  return { id, type: "message", role: "assistant", status: "in_progress", content: [], ...fields };
}

const SPEECH = "response.output_audio_transcript";

function said(id: string, delta: string): Frame {
  return output(`${SPEECH}.delta`, "resp_1", { item_id: id, delta });
}

function ids({ store }: Followed): string[] {
  return store.getSnapshot().map(({ id }) => id);
}

function texts({ store }: Followed): (readonly [string, boolean])[] {
  return store.getSnapshot().map(({ text, final }) => [text, final]);
}

Deno.test("conversation is in the order that previous_item_id gives, whatever the order of arrival", () => {
  const followed = follow();
  followed.receive(added("a", null), added("c", "a"), added("b", "a"), added("front", null), added("lost", "nobody"));
  assertEquals(ids(followed), ["front", "a", "b", "c", "lost"]);
  // Told of again with another predecessor, it moves; with an unknown one it stays.
  followed.receive(added("b", "c"), added("a", "nobody"));
  assertEquals(ids(followed), ["front", "a", "c", "b", "lost"]);
  assertEquals(followed.changes.at(-1)?.type, "moved");
  assertEquals(followed.changes.at(-1)?.index, 3);
});

Deno.test("conversation keeps an item's place when its end says that nothing precedes it", () => {
  const followed = follow();
  followed.receive(
    added("a", null),
    { type: "response.output_item.added", response_id: "resp_1", item: assistant("b") },
    { type: "conversation.item.added", previous_item_id: "a", item: assistant("b") },
    { type: "conversation.item.done", previous_item_id: null, item: assistant("b", { status: "completed" }) },
  );
  assertEquals(ids(followed), ["a", "b"]);
  assertEquals(followed.changes.map(({ type, entry }) => `${type} ${entry.id}`), ["added a", "added b", "changed b"]);
});

Deno.test("conversation shows what is being said as it comes, and when that is final", () => {
  const followed = follow();
  followed.receive({ type: "session.updated", session: { audio: { input: { transcription: { model: "x" } } } } });
  const transcription = "conversation.item.input_audio_transcription";
  followed.receive(added("a", null, spoken("a")), { type: "conversation.item.done", item: user("a", spoken("a")) });
  assertEquals(texts(followed), [["", false]]);
  followed.receive({ type: `${transcription}.delta`, item_id: "a", content_index: 0, delta: " Hel" });
  followed.receive({ type: "conversation.item.added", previous_item_id: "a", item: assistant("b") });
  followed.receive(said("b", "Good "), { type: `${transcription}.delta`, item_id: "a", content_index: 0, delta: "lo" });
  followed.receive(said("b", "day"));
  assertEquals(texts(followed), [[" Hello", false], ["Good day", false]]);
  followed.receive({ type: `${transcription}.completed`, item_id: "a", content_index: 0, transcript: "Hello!" });
  followed.receive(output(`${SPEECH}.done`, "resp_1", { item_id: "b", transcript: "Good day!" }));
  assertEquals(texts(followed), [["Hello!", true], ["Good day!", false]]);
  const content = [{ type: "output_audio", transcript: "Good day!" }];
  followed.receive({ type: "conversation.item.done", item: assistant("b", { status: "completed", content }) });
  // A delta that comes late, or twice, adds nothing.
  followed.receive(said("b", " Good"));
  assertEquals(texts(followed), [["Hello!", true], ["Good day!", true]]);
});

Deno.test("conversation takes a failed transcription, and speech that nobody writes down, for final", () => {
  const followed = follow();
  followed.receive(added("a", null, spoken("a")));
  assertEquals(texts(followed), [["", true]]);
  followed.receive({ type: "session.updated", session: { audio: { input: { transcription: { model: "x" } } } } });
  followed.receive(added("b", "a", spoken("b")));
  assertEquals(texts(followed)[1], ["", false]);
  followed.receive({ type: "conversation.item.input_audio_transcription.failed", item_id: "b", content_index: 0 });
  assertEquals(texts(followed)[1], ["", true]);
});

Deno.test("conversation keeps words that come before the item, or that its end leaves out", () => {
  const followed = follow();
  const transcription = "conversation.item.input_audio_transcription";
  followed.receive({ type: `${transcription}.completed`, item_id: "a", content_index: 0, transcript: "Hello!" });
  followed.receive(added("a", null, spoken("a")), { type: "conversation.item.done", item: user("a", spoken("a")) });
  assertEquals(texts(followed), [["Hello!", true]]);
});

Deno.test("conversation gives words without an item id to the item that is being said", () => {
  const followed = follow();
  followed.receive({ type: "conversation.item.created", item: assistant("b") });
  followed.receive({ type: "response.output_text.delta", delta: "Well" });
  assertEquals(texts(followed), [["Well", false]]);
  // None is being said: there is nowhere to put them.
  followed.receive({ type: "conversation.item.done", item: assistant("b", { status: "completed" }) });
  followed.receive({ type: "response.output_text.delta", delta: "Lost" });
  assertEquals(texts(followed), [["Well", true]]);
});

Deno.test("conversation tells what was heard of a message whose audio was truncated", () => {
  const followed = follow();
  // Two bytes for each of 24,000 samples a second: 48 in a millisecond.
  const audio = btoa("\0".repeat(48 * 1000));
  followed.receive({ type: "conversation.item.added", item: assistant("b") });
  followed.receive(
    said("b", "one two three four"),
    output("response.output_audio.delta", "resp_1", { item_id: "b", delta: audio }),
  );
  const count = followed.changes.length;
  followed.receive({ type: "conversation.item.truncated", item_id: "b", content_index: 0, audio_end_ms: 500 });
  const [entry] = followed.store.getSnapshot();
  assertEquals([entry?.interrupted, entry?.heardText, entry?.text], [true, "one two", "one two three four"]);
  assertEquals(followed.changes.length, count + 1);
  // A server that tells the item again leaves out what was not heard; we do not.
  followed.receive({
    type: "conversation.item.retrieved",
    item: assistant("b", { content: [{ type: "output_audio" }] }),
  });
  assertEquals(followed.store.getSnapshot()[0]?.text, "one two three four");
});

Deno.test("conversation counts G.711 audio at its own rate, and knows nothing of audio that went elsewhere", () => {
  const followed = follow();
  followed.receive({ type: "session.updated", session: { audio: { output: { format: { type: "audio/pcmu" } } } } });
  followed.receive({ type: "conversation.item.added", item: assistant("b") }, said("b", "one two three four"));
  const audio = btoa("\0".repeat(8 * 1000));
  followed.receive(output("response.output_audio.delta", "resp_1", { item_id: "b", delta: audio }));
  followed.receive({ type: "conversation.item.truncated", item_id: "b", content_index: 0, audio_end_ms: 999 });
  assertEquals(followed.store.getSnapshot()[0]?.heardText, "one two three");
  followed.receive({ type: "conversation.item.added", previous_item_id: "b", item: assistant("c") }, said("c", "five"));
  followed.receive({ type: "conversation.item.truncated", item_id: "c", content_index: 0, audio_end_ms: 1 });
  assertEquals(followed.store.getSnapshot()[1]?.heardText, undefined);
  assert(followed.store.getSnapshot()[1]?.interrupted);
});

Deno.test("conversation marks what a cancelled response had not finished, and not what the token limit cut", () => {
  const followed = follow();
  const parts = (id: string) => assistant(id, { status: "incomplete", content: [{ type: "output_text", text: "Hm" }] });
  followed.receive(responseCreated("resp_1"), responseDone("resp_1", { status: "incomplete", output: [parts("a")] }));
  followed.receive(responseCreated("resp_2"), responseDone("resp_2", { status: "cancelled", output: [parts("b")] }));
  const marks = followed.store.getSnapshot().map(({ id, interrupted, final }) => [id, interrupted, final]);
  assertEquals(marks, [["a", false, true], ["b", true, true]]);
});

Deno.test("conversation leaves out what a response outside of it says", () => {
  const followed = follow();
  const done = assistant("x", { status: "completed" });
  followed.receive(
    responseCreated("resp_1", null, null),
    { type: "response.output_item.added", response_id: "resp_1", item: assistant("x") },
    said("x", "secret"),
    { type: "response.output_item.done", response_id: "resp_1", item: done },
    responseDone("resp_1", { output: [done], conversation_id: null }),
  );
  assertEquals(ids(followed), []);
});

Deno.test("conversation shows calls with their arguments as they come, outputs, and items of MCP", () => {
  const followed = follow();
  const call = { id: "f", type: "function_call", status: "in_progress", name: "sum", call_id: "c", arguments: "" };
  followed.receive({ type: "conversation.item.added", previous_item_id: null, item: call });
  followed.receive(output("response.function_call_arguments.delta", "resp_1", { item_id: "f", delta: '{"a"' }));
  followed.receive(output("response.function_call_arguments.delta", "resp_1", { item_id: "f", delta: ":1}" }));
  assertEquals(texts(followed), [['{"a":1}', false]]);
  followed.receive(output("response.function_call_arguments.done", "resp_1", { item_id: "f", arguments: '{"a":2}' }));
  const done = { ...call, status: "completed", arguments: '{"a":2}' };
  followed.receive({ type: "conversation.item.done", previous_item_id: null, item: done });
  const answer = { id: "o", type: "function_call_output", call_id: "c", output: "3" };
  followed.receive({ type: "conversation.item.added", previous_item_id: "f", item: answer });
  const mcp = { id: "m", type: "mcp_call", server_label: "docs", name: "find", arguments: "" };
  followed.receive({ type: "conversation.item.added", previous_item_id: "o", item: mcp });
  followed.receive(output("response.mcp_call_arguments.delta", "resp_1", { item_id: "m", delta: "{}" }));
  assertEquals(texts(followed), [['{"a":2}', true], ["3", true], ["{}", false]]);
  followed.receive({ type: "conversation.item.done", item: { ...mcp, arguments: "{}", output: "Found" } });
  assertEquals(texts(followed)[2], ["Found", true]);
});

Deno.test("conversation forgets deleted items, and does not take them up again from the end of their response", () => {
  const followed = follow();
  followed.receive(added("a", null), { type: "conversation.item.added", previous_item_id: "a", item: assistant("b") });
  followed.receive(
    { type: "conversation.item.deleted", item_id: "b" },
    responseDone("resp_1", { output: [assistant("b")] }),
  );
  followed.receive({ type: "conversation.item.deleted", item_id: "b" }, said("b", "late"));
  assertEquals(ids(followed), ["a"]);
  assertEquals(followed.changes.map(({ type, index }) => [type, index]), [["added", 0], ["added", 1], ["removed", 1]]);
});

Deno.test("conversation.getSnapshot() shares what did not change", () => {
  const followed = follow();
  const { getSnapshot } = followed.store;
  followed.receive(added("a", null), { type: "conversation.item.added", previous_item_id: "a", item: assistant("b") });
  const before = getSnapshot();
  followed.receive(added("a", null), output("response.output_audio.delta", "resp_1", { item_id: "b", delta: "AAAA" }));
  followed.receive({ type: "rate_limits.updated", rate_limits: [] });
  assertStrictEquals(getSnapshot(), before);
  followed.receive(said("b", "Hi"));
  assertNotStrictEquals(getSnapshot(), before);
  assertStrictEquals(getSnapshot()[0], before[0]);
  assertEquals(before[1]?.text, "");
});

Deno.test("conversation.subscribe() isolates listeners, and stops when told to", () => {
  const errors: unknown[] = [];
  const store = new ConversationStore((error) => errors.push(error));
  const seen: string[] = [];
  const listener = ({ entry }: ConversationChange) => void seen.push(entry.id);
  store.subscribe(() => {
    throw new Error("Broken");
  });
  const stop = store.subscribe(listener);
  store.subscribe(listener);
  store.receive(added("a", null) as never);
  stop();
  store.receive(added("b", "a") as never);
  assertEquals([seen, errors.length], [["a", "a", "b"], 2]);
});

Deno.test("conversation.export() gives items that can be created, with speech as text and only what was heard", () => {
  const followed = follow();
  const image = { type: "input_image", image_url: "data:image/png;base64,AAAA" };
  const audio = btoa("\0".repeat(48 * 100));
  followed.receive(
    added("a", null, {
      content: [{ type: "input_text", text: "Look" }, image, { type: "input_audio", transcript: "Here" }],
    }),
    { type: "conversation.item.added", previous_item_id: "a", item: assistant("b", { phase: "final_answer" }) },
    said("b", "I see it well"),
    output("response.output_audio.delta", "resp_1", { item_id: "b", delta: audio }),
    { type: "conversation.item.truncated", item_id: "b", content_index: 0, audio_end_ms: 50 },
    added("silent", "b", spoken("silent")),
    {
      type: "conversation.item.added",
      previous_item_id: "silent",
      item: { id: "o", type: "function_call_output", call_id: "c", output: "3" },
    },
    {
      type: "conversation.item.added",
      previous_item_id: "o",
      item: { id: "f", type: "function_call", name: "x", arguments: "" },
    },
    { type: "conversation.item.added", previous_item_id: "f", item: { id: "x".repeat(40), type: "new_kind" } },
  );
  const items = followed.store.export();
  assertEquals(items as unknown, [
    {
      id: "a",
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: "Look" }, image, { type: "input_text", text: "Here" }],
    },
    { id: "b", type: "message", role: "assistant", content: [{ type: "output_text", text: "I see" }] },
    { id: "o", type: "function_call_output", call_id: "c", output: "3" },
  ]);
  for (const item of items) assertEquals(checkClientEvent({ type: "conversation.item.create", item }), []);
});

Deno.test("reduceConversation() keeps no more than it needs of what is over", () => {
  let state = EMPTY_CONVERSATION;
  for (let turn = 0; turn < 100; turn++) {
    const id = `item_${turn}`;
    const events = [
      responseCreated(`resp_${turn}`, null, null),
      responseDone(`resp_${turn}`),
      added(id, null),
      output("response.output_audio.delta", "other", { item_id: id, delta: "AAAA" }),
      { type: "conversation.item.deleted", item_id: id },
    ];
    for (const event of events) state = reduceConversation(state, event as never, () => {});
  }
  const { entries, elsewhere, audioMs, removed } = state;
  assertEquals([entries.length, elsewhere.length, audioMs.size, removed.length], [0, 0, 16, 64]);
  assertEquals(EMPTY_CONVERSATION.audioMs.size, 0);
});
