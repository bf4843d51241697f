import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { checkClientEvent } from "../../../src/protocol/mod.ts";
import { ConversationStore } from "../../../src/session/_conversation/conversation_store.ts";
import type { ConversationChange, ConversationEntry } from "../../../src/session/conversation.ts";
import { acknowledgeItem, type Frame, open, output, responseCreated, responseDone } from "../_fake_server.ts";

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

Deno.test("conversation follows previous_item_id, whatever the order of arrival", () => {
  const followed = follow();
  followed.receive(added("a", null), added("c", "a"), added("b", "a"), added("front", null), added("lost", "nobody"));
  assertEquals(ids(followed), ["front", "a", "b", "c", "lost"]);
  // An item announced again with another predecessor moves; with an unknown one it stays.
  followed.receive(added("b", "c"), added("a", "nobody"));
  assertEquals(ids(followed), ["front", "a", "c", "b", "lost"]);
  assertEquals(followed.changes.at(-1)?.type, "moved");
  assertEquals(followed.changes.at(-1)?.index, 3);
});

Deno.test("conversation keeps the place of an item whose done event has a null previous_item_id", () => {
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

Deno.test("conversation shows words as they arrive, and marks them final when they are complete", () => {
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
  // A delta that arrives late or twice adds nothing.
  followed.receive(said("b", " Good"));
  assertEquals(texts(followed), [["Hello!", true], ["Good day!", true]]);
});

Deno.test("conversation marks speech final when its transcription fails or none is configured", () => {
  const followed = follow();
  followed.receive(added("a", null, spoken("a")));
  assertEquals(texts(followed), [["", true]]);
  followed.receive({ type: "session.updated", session: { audio: { input: { transcription: { model: "x" } } } } });
  followed.receive(added("b", "a", spoken("b")));
  assertEquals(texts(followed)[1], ["", false]);
  followed.receive({ type: "conversation.item.input_audio_transcription.failed", item_id: "b", content_index: 0 });
  assertEquals(texts(followed)[1], ["", true]);
});

Deno.test("conversation keeps words that arrive before their item, or that its done event omits", () => {
  const followed = follow();
  const transcription = "conversation.item.input_audio_transcription";
  followed.receive({ type: `${transcription}.completed`, item_id: "a", content_index: 0, transcript: "Hello!" });
  followed.receive(added("a", null, spoken("a")), { type: "conversation.item.done", item: user("a", spoken("a")) });
  assertEquals(texts(followed), [["Hello!", true]]);
});

Deno.test("conversation assigns words without an item id to the item in progress", () => {
  const followed = follow();
  followed.receive({ type: "conversation.item.created", item: assistant("b") });
  followed.receive({ type: "response.output_text.delta", delta: "Well" });
  assertEquals(texts(followed), [["Well", false]]);
  // No item is in progress, so the words are dropped.
  followed.receive({ type: "conversation.item.done", item: assistant("b", { status: "completed" }) });
  followed.receive({ type: "response.output_text.delta", delta: "Lost" });
  assertEquals(texts(followed), [["Well", true]]);
});

Deno.test("conversation estimates heardText of a message whose audio was truncated", () => {
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
  // A script without spaces is cut between any two characters.
  followed.receive({ type: "conversation.item.added", previous_item_id: "b", item: assistant("c") });
  followed.receive(
    said("c", "今日はいい天気です"),
    output("response.output_audio.delta", "resp_1", { item_id: "c", delta: audio }),
    { type: "conversation.item.truncated", item_id: "c", content_index: 0, audio_end_ms: 560 },
  );
  assertEquals(followed.store.getSnapshot()[1]?.heardText, "今日はいい");
  // A server that sends the item again omits the unheard words; the view keeps them.
  followed.receive({
    type: "conversation.item.retrieved",
    item: assistant("b", { content: [{ type: "output_audio" }] }),
  });
  assertEquals(followed.store.getSnapshot()[0]?.text, "one two three four");
});

Deno.test("conversation measures G.711 audio at its own rate, and has no heardText for audio it has not seen", () => {
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

Deno.test("conversation marks items that a cancelled response left unfinished, but not those cut by the token limit", () => {
  const followed = follow();
  const parts = (id: string) => assistant(id, { status: "incomplete", content: [{ type: "output_text", text: "Hm" }] });
  followed.receive(responseCreated("resp_1"), responseDone("resp_1", { status: "incomplete", output: [parts("a")] }));
  followed.receive(responseCreated("resp_2"), responseDone("resp_2", { status: "cancelled", output: [parts("b")] }));
  const marks = followed.store.getSnapshot().map(({ id, interrupted, final }) => [id, interrupted, final]);
  assertEquals(marks, [["a", false, true], ["b", true, true]]);
});

Deno.test("conversation excludes the items of an out-of-band request, even if the server does not say so", async () => {
  const { server, session } = await open();
  const respond = async (id: string, conversation: "auto" | "none") => {
    session.respond({ conversation });
    await server.settle();
    const { response, type } = responseCreated(id, server.last("response.create").response.metadata);
    const item = {
      id: `${id}_item`,
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: "Hi" }],
    };
    server.emit(
      { type, response: { ...response, conversation_id: undefined } },
      output("response.output_item.added", id, { item: { ...item, content: [] } }),
      output("response.output_text.delta", id, { delta: "Hi" }),
      output("response.output_item.done", id, { item }),
      responseDone(id, { output: [item], conversation_id: undefined }),
    );
    await server.settle();
  };
  await respond("beside", "none");
  assertEquals(session.conversation.getSnapshot(), []);
  await respond("inside", "auto");
  assertEquals(session.conversation.getSnapshot().map(({ id }) => id), ["inside_item"]);
});

Deno.test("conversation excludes items of out-of-band responses", () => {
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

Deno.test("conversation shows streaming call arguments, call outputs and MCP items", () => {
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

Deno.test("conversation drops deleted items, and does not restore them from response.done", () => {
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

Deno.test("conversation.getSnapshot() shares unchanged entries", () => {
  const followed = follow();
  const { getSnapshot } = followed.store;
  followed.receive(added("a", null), { type: "conversation.item.added", previous_item_id: "a", item: assistant("b") });
  const before = getSnapshot();
  followed.receive(added("a", null), output("response.output_audio.delta", "resp_1", { item_id: "b", delta: "AAAA" }));
  followed.receive({ type: "rate_limits.updated", rate_limits: [] });
  assertStrictEquals(getSnapshot(), before);
  const told = followed.changes.length;
  followed.receive(said("b", "Hi"));
  assertNotStrictEquals(getSnapshot(), before);
  assertStrictEquals(getSnapshot()[0], before[0]);
  assertEquals(before[1]?.text, "");
  // One event that changes one entry causes one notification, which contains the entry itself.
  assertEquals(followed.changes.slice(told).map(({ type, index }) => [type, index]), [["changed", 1]]);
  assertStrictEquals(followed.changes.at(-1)?.entry, getSnapshot()[1]);
});

Deno.test("conversation.subscribe() isolates listeners, and stops when unsubscribed", async () => {
  const errors: unknown[] = [];
  const store = new ConversationStore((error) => errors.push(error));
  const seen: string[] = [];
  const listener = ({ entry }: ConversationChange) => void seen.push(entry.id);
  store.subscribe(() => Promise.reject(new Error("Broken later")) as never);
  store.subscribe(() => {
    throw new Error("Broken");
  });
  const stop = store.subscribe(listener);
  store.subscribe(listener);
  store.receive(added("a", null) as never);
  stop();
  store.receive(added("b", "a") as never);
  await Promise.resolve();
  assertEquals(seen, ["a", "a", "b"]);
  const messages = errors.map((error) => (error as Error).message);
  assertEquals(messages, ["Broken", "Broken", "Broken later", "Broken later"]);
});

Deno.test("conversation.subscribe() does not call a listener that another one has just removed", () => {
  const { store, receive } = follow();
  const seen: string[] = [];
  store.subscribe(() => stop());
  const stop = store.subscribe(({ entry }) => seen.push(entry.id));
  receive(added("a", null));
  assertEquals(seen, []);
});

Deno.test("conversation.subscribe() in a listener reports only changes that are not in the snapshot yet", () => {
  const { store, receive } = follow();
  const seen: string[] = [];
  let snapshot: readonly ConversationEntry[] = [];
  const stop = store.subscribe(() => {
    stop();
    snapshot = store.getSnapshot();
    store.subscribe(({ entry, type }) => void seen.push(`${type} ${entry.id}`));
  });
  // One event adds two messages.
  receive({ type: "response.done", response: { id: "r", output: [assistant("a"), assistant("b")] } });
  assertEquals([snapshot.map(({ id }) => id), seen], [["a", "b"], []]);
  receive(added("c", "b"));
  assertEquals(seen, ["added c"]);
});

Deno.test("conversation.export() omits messages without content", () => {
  const { store, receive } = follow();
  receive(added("a", null, { content: undefined }), added("b", "a"));
  assertEquals(store.export().map(({ id }) => id), ["b"]);
});

Deno.test("conversation.export() returns items that can be created, with speech as text and only the words heard", () => {
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

Deno.test("conversation shows the progress and failures of hosted tools", () => {
  const followed = follow();
  const list = { id: "l", type: "mcp_list_tools", server_label: "docs", tools: [] };
  const call = { id: "m", type: "mcp_call", server_label: "docs", name: "find", arguments: "{}" };
  followed.receive(
    { type: "conversation.item.added", previous_item_id: null, item: list },
    { type: "mcp_list_tools.in_progress", item_id: "l" },
    { type: "conversation.item.added", previous_item_id: "l", item: call },
    { type: "response.mcp_call.in_progress", item_id: "m", output_index: 0 },
  );
  const states = () => followed.store.getSnapshot().map(({ progress, final }) => [progress, final]);
  assertEquals(states(), [["in_progress", false], ["in_progress", false]]);
  const before = followed.changes.length;
  followed.receive(
    { type: "mcp_list_tools.failed", item_id: "l" },
    { type: "response.mcp_call.completed", item_id: "m", output_index: 0 },
    { type: "response.mcp_call.completed", item_id: "m", output_index: 0 },
    { type: "response.mcp_call.failed", item_id: "nobody", output_index: 0 },
  );
  // A failed listing is final; the output of a call may still follow.
  assertEquals(states(), [["failed", true], ["completed", false]]);
  assertEquals(followed.changes.slice(before).map(({ type, index }) => [type, index]), [["changed", 0], [
    "changed",
    1,
  ]]);
  const error = { type: "http_error", code: 500, message: "Down" };
  followed.receive({ type: "response.mcp_call.failed", item_id: "m" });
  followed.receive({ type: "conversation.item.done", item: { ...call, error } });
  const { item, progress, final } = followed.store.getSnapshot()[1]!;
  assertEquals([(item as Frame).error, progress, final], [error, "failed", true]);
  followed.receive(added("a", "m"));
  assertEquals(followed.store.getSnapshot()[2]?.progress, undefined);
});

/** Kinds of items as a server reports them when they are done, and how they are exported. */
const KINDS: readonly (readonly [item: Frame, fields: Frame | undefined])[] = [
  [
    { type: "message", role: "system", content: [{ type: "input_text", text: "Be brief." }] },
    { type: "message", role: "system", content: [{ type: "input_text", text: "Be brief." }] },
  ],
  [
    {
      type: "message",
      role: "user",
      content: [{ type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low", new_field: 1 }],
    },
    {
      type: "message",
      role: "user",
      content: [{ type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low" }],
    },
  ],
  [
    { type: "message", role: "assistant", phase: "commentary", content: [{ type: "output_text", text: "Well" }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Well" }] },
  ],
  [
    { type: "message", role: "assistant", content: [{ type: "output_audio", transcript: "Well" }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Well" }] },
  ],
  [
    { type: "function_call", name: "sum", call_id: "call_1", arguments: "{}", new_field: 1 },
    { type: "function_call", name: "sum", call_id: "call_1", arguments: "{}" },
  ],
  [
    { type: "function_call_output", call_id: "call_1", output: "3" },
    { type: "function_call_output", call_id: "call_1", output: "3" },
  ],
  [
    { type: "mcp_list_tools", server_label: "docs", tools: [{ name: "find", input_schema: {}, annotations: null }] },
    { type: "mcp_list_tools", server_label: "docs", tools: [{ name: "find", input_schema: {}, annotations: null }] },
  ],
  [
    {
      type: "mcp_call",
      server_label: "docs",
      name: "find",
      arguments: "{}",
      output: null,
      error: { type: "http_error", code: 500, message: "Down" },
      approval_request_id: "mcpr_1",
    },
    {
      type: "mcp_call",
      server_label: "docs",
      name: "find",
      arguments: "{}",
      output: null,
      error: { type: "http_error", code: 500, message: "Down" },
      approval_request_id: "mcpr_1",
    },
  ],
  [
    { type: "mcp_approval_request", server_label: "docs", name: "find", arguments: "{}" },
    { type: "mcp_approval_request", server_label: "docs", name: "find", arguments: "{}" },
  ],
  [
    { type: "mcp_approval_response", approval_request_id: "mcpr_1", approve: false, reason: "No" },
    { type: "mcp_approval_response", approval_request_id: "mcpr_1", approve: false, reason: "No" },
  ],
  [{ type: "kind_of_next_year" }, undefined],
  [{ type: "message", role: "oracle", content: [{ type: "input_text", text: "Hm" }] }, undefined],
];

for (const [item, fields] of KINDS) {
  const kind = `${item.type} ${item.role ?? ""}`.trim();
  Deno.test(`conversation.export() returns only the fields with which ${kind} can be created: ${fields?.content?.[0].type ?? ""}`, () => {
    for (const id of ["item_1", "x".repeat(40)]) {
      const followed = follow();
      const told = { object: "realtime.item", status: "completed", ...item, id };
      followed.receive({ type: "conversation.item.added", previous_item_id: null, item: told });
      followed.receive({ type: "conversation.item.done", previous_item_id: null, item: told });
      const items = followed.store.export();
      for (const item of items) assertEquals(checkClientEvent({ type: "conversation.item.create", item }), []);
      const needsId = /^mcp_(call|approval_request)/.test(item.type);
      if (id === "item_1") assertEquals(items as unknown, fields ? [{ ...fields, id }] : []);
      else assertEquals(items.map(({ type, id }) => [type, id]), fields && !needsId ? [[item.type, undefined]] : []);
    }
  });
}

Deno.test("conversation.export() of an interrupted conversation seeds another session", async () => {
  const followed = follow();
  const audio = btoa("\0".repeat(48 * 1000));
  const call = { id: "f", type: "function_call", status: "incomplete", name: "sum", call_id: "c", arguments: '{"a"' };
  const late = assistant("late", { status: "incomplete", content: [{ type: "output_text", text: "Half of" }] });
  followed.receive(
    added("a", null),
    { type: "conversation.item.added", previous_item_id: "a", item: assistant("unheard") },
    said("unheard", "Nobody hears this"),
    output("response.output_audio.delta", "resp_1", { item_id: "unheard", delta: audio }),
    { type: "conversation.item.truncated", item_id: "unheard", content_index: 0, audio_end_ms: 0 },
    { type: "conversation.item.added", previous_item_id: "unheard", item: call },
    responseDone("resp_1", { status: "cancelled", output: [call] }),
    { type: "conversation.item.added", item: { id: "o", type: "function_call_output", call_id: "c", output: "Cut" } },
    responseDone("resp_2", { status: "cancelled", output: [late] }),
  );
  const items = followed.store.export();
  assertEquals(items.map(({ id }) => id), ["a", "f", "o", "late"]);
  const { server, session } = await open();
  for (const item of items) {
    const adding = session.addItem(item);
    await server.settle();
    acknowledgeItem(server);
    server.emit({ type: "conversation.item.done", item });
    assertEquals(await adding, item.id);
  }
  await server.settle();
  assertEquals(session.conversation.export(), items);
  await session.close();
});

Deno.test("conversation keeps no audio data", () => {
  const followed = follow();
  const audio = btoa("\0".repeat(4800));
  const heard = user("a", { content: [{ type: "input_audio", audio, transcript: "Hello" }] });
  const answer = assistant("b", { content: [{ type: "output_audio", audio, transcript: "Hi" }] });
  followed.receive(
    { type: "conversation.item.added", previous_item_id: null, item: heard },
    { type: "conversation.item.added", previous_item_id: "a", item: answer },
    output("response.output_audio.delta", "resp_1", { item_id: "b", delta: audio }),
    { type: "conversation.item.retrieved", item: heard },
    responseDone("resp_1", { output: [answer] }),
  );
  assertEquals(texts(followed), [["Hello", true], ["Hi", true]]);
  assert(!JSON.stringify(followed.store.getSnapshot()).includes("AAAA"));
});
