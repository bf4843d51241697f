import { assert, assertEquals } from "@std/assert";
import { CheckedConversation } from "./_conversation_checks.ts";
import { type Frame, open, responseCreated, responseDone } from "../_fake_server.ts";

const HEARD = "conversation.item.input_audio_transcription";
const TRANSCRIBES = { type: "session.updated", session: { audio: { input: { transcription: { model: "scribe" } } } } };
const IMAGE = `data:image/png;base64,${btoa("\x89PNG".repeat(8))}`;

function user(id: string, fields: Frame = {}): Frame {
  const content = [{ type: "input_text", text: `Text of ${id}` }];
  return { id, type: "message", role: "user", status: "completed", content, ...fields };
}

function speech(id: string, fields: Frame = {}): Frame {
  return user(id, { content: [{ type: "input_audio", transcript: null }], ...fields });
}

function assistant(id: string, fields: Frame = {}): Frame {
  return { id, type: "message", role: "assistant", status: "in_progress", content: [], ...fields };
}

function added(item: Frame, previous: string | null | undefined): Frame {
  return { type: "conversation.item.added", previous_item_id: previous, item };
}

function heard(ending: string, id: string, fields: Frame): Frame {
  return { type: `${HEARD}.${ending}`, item_id: id, content_index: 0, ...fields };
}

function spoken(id: string | undefined, delta: string, fields: Frame = {}): Frame {
  return { type: "response.output_audio_transcript.delta", item_id: id, content_index: 0, delta, ...fields };
}

function ids({ entries }: CheckedConversation): string[] {
  return entries.map(({ id }) => id);
}

function states({ entries }: CheckedConversation): unknown[] {
  return entries.map(({ text, final, transcription }) => [text, final, transcription]);
}

Deno.test("conversation shows streaming transcription that begins before the commit, and finalizes it once", () => {
  const checked = new CheckedConversation();
  checked.receive(TRANSCRIBES, added(user("a"), null));
  checked.receive(heard("delta", "s", { delta: "Good" }), heard("delta", "s", { delta: " mor" }));
  assertEquals(checked.entries.map(({ id, role }) => [id, role]), [["a", "user"], ["s", "user"]]);
  assertEquals(states(checked)[1], ["Good mor", false, "streaming"]);
  // The end of the item is not that of its transcription, whatever the item contains.
  checked.receive({ type: "input_audio_buffer.committed", previous_item_id: "a", item_id: "s" });
  checked.receive(added(speech("s"), "a"), { type: "conversation.item.done", item: speech("s") });
  const half = speech("s", { content: [{ type: "input_audio", transcript: "Good mor" }] });
  checked.receive({ type: "conversation.item.retrieved", item: half });
  assertEquals(states(checked)[1], ["Good mor", false, "streaming"]);
  checked.receive(heard("delta", "s", { delta: "ning" }), heard("completed", "s", { transcript: "Good morning." }));
  assertEquals(states(checked)[1], ["Good morning.", true, "final"]);
  // Late deltas belong to a transcript that is complete; a repetition changes nothing; a newer transcript wins.
  const count = checked.changes.length;
  checked.receive(heard("delta", "s", { delta: "ning" }), heard("completed", "s", { transcript: "Good morning." }));
  checked.receive(heard("updated", "s", { transcript: "Good" }), heard("failed", "s", {}));
  checked.receive(heard("completed", "s", { transcript: "Late", status: "in_progress" }));
  assertEquals(checked.changes.length, count);
  checked.receive(heard("completed", "s", { transcript: "Good morning, Ada." }));
  assertEquals(states(checked)[1], ["Good morning, Ada.", true, "final"]);
});

Deno.test("conversation accepts repeated completed transcripts, as xAI sends them", () => {
  const checked = new CheckedConversation();
  const item = (transcript: string) =>
    speech("s", { status: "in_progress", content: [{ type: "input_audio", transcript }] });
  checked.receive(TRANSCRIBES, added(item(""), null));
  assertEquals(states(checked), [["", false, "streaming"]]);
  checked.receive(added(item("Hello?"), null));
  assertEquals(states(checked), [["Hello?", false, "streaming"]]);
  checked.receive(heard("updated", "s", { transcript: "Hello, my" }));
  checked.receive(heard("completed", "s", { transcript: "Hello, my name", status: "in_progress" }));
  checked.receive({ type: "input_audio_buffer.committed", previous_item_id: null, item_id: "s" });
  assertEquals(states(checked), [["Hello, my name", false, "streaming"]]);
  checked.receive(heard("completed", "s", { transcript: "Hello, my name is Ada.", status: "completed" }));
  assertEquals(states(checked), [["Hello, my name is Ada.", true, "final"]]);
});

Deno.test("conversation keeps the words before a transcription failed, and accepts a later transcript", () => {
  const checked = new CheckedConversation();
  checked.receive(TRANSCRIBES, heard("delta", "s", { delta: "Good" }), heard("failed", "s", { error: {} }));
  assertEquals(states(checked), [["Good", true, "failed"]]);
  checked.receive(heard("delta", "s", { delta: " mor" }), heard("failed", "t", { error: {} }), added(speech("t"), "s"));
  assertEquals(states(checked), [["Good", true, "failed"], ["", true, "failed"]]);
  checked.receive(heard("completed", "s", { transcript: "Good morning." }));
  assertEquals(states(checked)[0], ["Good morning.", true, "final"]);
  // Silence is a transcript, too.
  checked.receive(added(speech("u"), "t"), heard("completed", "u", { transcript: "" }));
  assertEquals(states(checked)[2], ["", true, "final"]);
});

Deno.test("conversation shows speech from its commit on if the server announces the item late or never", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), {
    type: "input_audio_buffer.committed",
    item_id: "s",
    previous_item_id: "a",
  });
  assertEquals(states(checked)[1], ["", true, "none"]);
  checked.receive(added(assistant("b"), "s"), { type: "input_audio_buffer.committed", item_id: "s" });
  assertEquals(ids(checked), ["a", "s", "b"]);
  // Speech continues until it is committed, unless the server reports otherwise.
  checked.receive(added(speech("t", { status: "in_progress" }), "b"));
  assertEquals(states(checked)[3], ["", false, "none"]);
  checked.receive({ type: "input_audio_buffer.committed", item_id: "t" });
  assertEquals(states(checked)[3], ["", true, "none"]);
  // A late commit does not restore a deleted item.
  checked.receive({ type: "conversation.item.deleted", item_id: "t" });
  checked.receive(
    { type: "input_audio_buffer.committed", item_id: "t" },
    heard("completed", "t", { transcript: "Late" }),
  );
  checked.receive({ type: "input_audio_buffer.committed" }, { type: "input_audio_buffer.committed", item_id: "" });
  assertEquals(ids(checked), ["a", "s", "b"]);
});

Deno.test("conversation expects no transcript of audio items that this session added, or of finished ones", () => {
  const checked = new CheckedConversation();
  checked.store.send({ type: "conversation.item.create", item: speech("own") });
  checked.receive(added(speech("before"), null), TRANSCRIBES, added(speech("own"), "before"));
  checked.receive({ type: "conversation.item.done", item: speech("before") });
  checked.receive({ type: "conversation.item.done", item: speech("own") });
  assertEquals(states(checked), [["", true, "none"], ["", true, "none"]]);
  // A server that transcribes without a transcription setting.
  checked.receive(heard("delta", "before", { delta: "Hi" }));
  assertEquals(states(checked)[0], ["Hi", false, "streaming"]);
});

Deno.test("conversation appends items if the server sends a null previous_item_id for all of them", () => {
  const checked = new CheckedConversation();
  const call = { id: "f", type: "function_call", status: "in_progress", call_id: "c", name: "sum", arguments: "" };
  const output = { id: "o", type: "function_call_output", call_id: "c", output: "3" };
  for (const item of [user("a"), assistant("b"), user("c"), speech("s"), call, output, user("d")]) {
    checked.receive(added(item, null));
  }
  assertEquals(ids(checked), ["a", "b", "c", "s", "f", "o", "d"]);
  assert(checked.changes.every(({ type }) => type === "added"));
});

Deno.test("conversation places an item at the front on null only while the server uses null for the front alone", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), added(user("b"), "a"), added(user("front"), null));
  assertEquals(ids(checked), ["front", "a", "b"]);
  // Speech and answers are never placed at the front: this server's null means nothing.
  checked.receive(added(assistant("c"), null), added(user("d"), null), added(user("e"), null));
  assertEquals(ids(checked), ["front", "a", "b", "c", "d", "e"]);
  // An empty conversation shows nothing about the meaning of null.
  const other = new CheckedConversation();
  other.receive(added(assistant("x"), null), { type: "conversation.item.deleted", item_id: "x" });
  other.receive(added(assistant("a"), null), added(user("b"), "a"), added(user("front"), null));
  assertEquals(ids(other), ["front", "a", "b"]);
});

Deno.test("conversation takes null for the front only for items that a client has added", () => {
  const call = { type: "function_call", status: "completed", call_id: "c", name: "f", arguments: "{}" };
  const output = { type: "function_call_output", call_id: "c", output: "1" };
  const approval = { type: "mcp_approval_response", approval_request_id: "r", approve: true };
  const cases: readonly [item: Frame, isByClient: boolean][] = [
    [user("x"), true],
    [{ id: "x", ...output }, true],
    [{ id: "x", ...approval }, true],
    [assistant("x", { status: "completed" }), true],
    [user("x", { status: "in_progress" }), false],
    [speech("x"), false],
    [{ id: "x", ...call }, false],
  ];
  for (const [item, isByClient] of cases) {
    const checked = new CheckedConversation();
    checked.receive(added(user("a"), null), added(user("b"), "a"), added(item, null), added(user("c"), null));
    assertEquals(ids(checked), isByClient ? ["c", "x", "a", "b"] : ["a", "b", "x", "c"], item.type);
  }
  // A server that names only the predecessors of its own items, and one that does not mention predecessors any more.
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), added({ id: "f", ...call }, "a"), added(user("b"), null));
  assertEquals(ids(checked), ["a", "f", "b"]);
  checked.receive(added(user("c"), "b"), added(user("d"), undefined));
  assertEquals(ids(checked), ["a", "f", "b", "c", "d"]);
  // A message of a response, which a server may send whole.
  const made = assistant("e", { status: "completed" });
  const other = new CheckedConversation();
  other.receive(added(user("a"), null), added(user("b"), "a"));
  other.receive({ type: "response.output_item.added", response_id: "resp_1", item: made }, added(made, null));
  assertEquals(ids(other), ["a", "b", "e"]);
});

Deno.test("conversation places its own items where requested if the server does not repeat the position", () => {
  const checked = new CheckedConversation();
  const create = (id: string, previous_item_id?: string) =>
    checked.store.send({ type: "conversation.item.create", event_id: `event_${id}`, previous_item_id, item: user(id) });
  create("a"), create("b"), create("root", "root"), create("second", "root"), create("behind_a", "a"), create("last");
  for (const id of ["a", "b", "root"]) checked.receive(added(user(id), null));
  checked.receive(added(user("second"), "root"), added(user("behind_a"), undefined), added(user("last"), null));
  assertEquals(ids(checked), ["second", "root", "a", "behind_a", "b", "last"]);
  // The server's place takes precedence, and a refused command has no effect.
  create("c", "root"), create("d", "root");
  checked.receive({ type: "error", error: { event_id: "event_d" } }, added(user("c"), "a"), added(user("d"), null));
  assertEquals(ids(checked), ["second", "root", "a", "c", "behind_a", "b", "last", "d"]);
});

Deno.test("Session.conversation places an item that addItem() put at the root first", async () => {
  const { server, session } = await open();
  for (const [text, previousItemId] of [["b", undefined], ["c", undefined], ["a", "root"]] as const) {
    const content = [{ type: "input_text", text }] as const;
    const adding = session.addItem({ type: "message", role: "user", content }, { previousItemId });
    await server.settle();
    // A server that never names a predecessor.
    const { item } = server.last("conversation.item.create");
    server.emit({ type: "conversation.item.added", previous_item_id: null, item: { ...item, status: "completed" } });
    await adding;
  }
  assertEquals(session.conversation.getSnapshot().map(({ text }) => text), ["a", "b", "c"]);
  await session.close();
});

Deno.test("conversation joins a chain that arrives backwards without moving items", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("z"), null), added(user("d"), "c"), added(user("c"), "b"), added(user("b"), "a"));
  assertEquals(ids(checked), ["z", "b", "c", "d"]);
  checked.receive(added(user("a"), "z"), added(user("e"), "d"));
  assertEquals(ids(checked), ["z", "a", "b", "c", "d", "e"]);
  assert(checked.changes.every(({ type }) => type === "added"));
});

Deno.test("conversation moves dependent items with the first of their chain, but not with a moved item", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), added(user("d"), "c"), added(user("e"), "d"), added(user("x"), "d"));
  checked.receive(added(user("b"), "a"), added(user("c"), "b"));
  assertEquals(ids(checked), ["a", "b", "c", "d", "x", "e"]);
  checked.receive(added(user("c"), "e"));
  assertEquals(ids(checked), ["a", "b", "d", "x", "e", "c"]);
  // Invalid predecessors move nothing, and the call returns.
  checked.receive(added(user("c"), "c"), added(user("a"), "nobody"), added(user("p"), "q"), added(user("q"), "p"));
  assertEquals(ids(checked), ["a", "b", "d", "x", "e", "c", "q", "p"]);
});

Deno.test("conversation moves an item that is announced with another predecessor, and only that item", () => {
  const chain = () => {
    const checked = new CheckedConversation();
    checked.receive(added(user("a"), null), added(user("b"), "a"), added(user("c"), "b"), added(user("d"), "c"));
    return checked;
  };
  const cases: readonly [id: string, previous: string, order: string][] = [
    ["c", "a", "a c b d"],
    ["b", "d", "a c d b"],
    ["c", "root", "c a b d"],
    ["c", "c", "a b c d"],
    ["c", "unknown", "a b c d"],
  ];
  for (const [id, previous, order] of cases) {
    const checked = chain();
    checked.receive(added(user(id), previous));
    assertEquals(ids(checked).join(" "), order);
  }
  // A repetition changes nothing, although another item has the same predecessor.
  const checked = chain();
  checked.receive(added(user("e"), "a"), added(user("b"), "a"));
  assertEquals(ids(checked), ["a", "e", "b", "c", "d"]);
});

Deno.test("conversation places new items behind those that were lost with a connection", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), added(user("lost"), "a"), added(user("late"), "lost"));
  checked.store.forget(["lost", undefined, "unknown", "late"]);
  checked.receive(added(user("b"), "a"), added(user("c"), "b"));
  assertEquals(ids(checked), ["a", "lost", "late", "b", "c"]);
});

Deno.test("conversation handles impossible content indexes without hanging or losing words", () => {
  for (const index of [1e9, -1, 0.5, 2 ** 53, Infinity, NaN, "1", {}, undefined, null]) {
    const checked = new CheckedConversation();
    checked.receive(spoken("b", "Good ", { content_index: index }), spoken("b", "day", { content_index: index }));
    checked.receive(heard("delta", "s", { delta: "Hel", content_index: index }));
    checked.receive(heard("completed", "s", { transcript: "Hello", content_index: index }));
    assertEquals(checked.entries.map(({ text }) => text), ["Good day", "Hello"], String(index));
    for (const { item } of checked.entries) assert((item as Frame).content.length <= 2, String(index));
  }
  const checked = new CheckedConversation();
  checked.receive(added(assistant("b"), null), spoken("b", "one"), spoken("b", "two", { content_index: 1 }));
  checked.receive(spoken("b", "!", { content_index: 1e9 }));
  assertEquals(states(checked), [["one\ntwo!", false, "none"]]);
  // Text comes before the speech of a message: without an index, the transcript is that of the speech.
  const mixed = user("m", {
    content: [{ type: "input_text", text: "Look" }, { type: "input_audio", transcript: null }],
  });
  checked.receive(added(mixed, "b"), heard("completed", "m", { transcript: "Here", content_index: undefined }));
  assertEquals(checked.entries[1]?.text, "Look\nHere");
});

Deno.test("conversation assigns words to their parts, in any order, and shows no words for parts without any", () => {
  const checked = new CheckedConversation();
  const contents = () => checked.entries.map(({ item }) => (item as Frame).content);
  checked.receive(added(assistant("b"), null), spoken("b", "two", { content_index: 1 }));
  assertEquals(contents(), [[{ type: "output_audio" }, { type: "output_audio", transcript: "two" }]]);
  checked.receive(spoken("b", "one"), spoken("b", " halves", { content_index: 1 }), spoken("b", "!"));
  const image = { type: "input_image", image_url: IMAGE };
  const question = [image, { type: "input_text", text: "Look" }, image, { type: "input_text", text: "there" }];
  checked.receive(added(user("m", { content: question }), "b"));
  assertEquals(checked.entries.map(({ text }) => text), ["one!\ntwo halves", "Look\nthere"]);
});

Deno.test("conversation takes the words with which an item ends in place of those that arrived, but no later ones", () => {
  const checked = new CheckedConversation();
  const call = { id: "f", type: "function_call", name: "sum", call_id: "c", arguments: "" };
  checked.receive(added(assistant("b"), null), spoken("b", "Good d"), added(call, "b"));
  checked.receive({ type: "response.function_call_arguments.delta", item_id: "f", delta: '{"a"' });
  for (const words of ["Good day", "Late"]) {
    const content = [{ type: "output_audio", transcript: words }];
    checked.receive(
      { type: "conversation.item.done", item: assistant("b", { status: "completed", content }) },
      { type: "response.output_item.done", item: { ...call, arguments: JSON.stringify(words) } },
    );
    assertEquals(states(checked), [["Good day", true, "none"], ['"Good day"', true, "none"]]);
  }
});

Deno.test("conversation takes speech as transcribed if the item has a transcript of all its audio", () => {
  const audio = (...transcripts: readonly (string | null)[]) => ({
    content: transcripts.map((transcript) => ({ type: "input_audio", transcript })),
  });
  const cases: readonly [fields: Frame, text: string, final: boolean, transcription: string][] = [
    [audio("Hello"), "Hello", true, "final"],
    [audio("Hello", "again"), "Hello\nagain", true, "final"],
    [audio("Hello", null), "Hello", false, "streaming"],
    [audio(null), "", false, "streaming"],
    [{ ...audio("Hel"), status: "in_progress" }, "Hel", false, "streaming"],
    [{ content: [{ type: "input_text", text: "Look" }, ...audio("Here").content] }, "Look\nHere", true, "final"],
  ];
  for (const [fields, ...state] of cases) {
    const checked = new CheckedConversation();
    checked.receive(TRANSCRIBES, added(speech("s", fields), null));
    assertEquals(states(checked), [state]);
  }
});

Deno.test("conversation shows items that lack their id, status, content or type", () => {
  const checked = new CheckedConversation();
  const { id: _id, ...nameless } = user("a");
  const answer = { type: "message", role: "assistant" };
  checked.receive({ type: "conversation.item.created", item: nameless });
  checked.receive({ type: "conversation.item.done", item: nameless }, {
    type: "response.output_item.added",
    item: answer,
  });
  checked.receive({ type: "conversation.item.added", item: answer }, spoken(undefined, "Good "), spoken("", "day"));
  assertEquals(ids(checked), ["local_1", "local_2"]);
  assertEquals(states(checked), [["Text of a", true, "none"], ["Good day", false, "none"]]);
  checked.receive({ type: "response.output_item.done", item: answer }, responseDone("resp_1", { output: [answer] }));
  // The same words once more are another item.
  checked.receive({ type: "conversation.item.created", item: nameless }, {
    type: "conversation.item.created",
    item: {},
  });
  checked.receive({ type: "conversation.item.created", item: { role: "user" } }, { type: "conversation.item.added" });
  checked.receive({ type: "conversation.item.added", item: null }, { type: "conversation.item.added", item: [] });
  assertEquals(ids(checked), ["local_1", "local_2", "local_3", "local_4", "local_5"]);
  assertEquals(checked.entries.map(({ item }) => item.type), ["message", "message", "message", "unknown", "message"]);
  assertEquals(checked.store.export().map((item) => [item.type, item.id]), [
    ["message", undefined],
    ["message", undefined],
    ["message", undefined],
  ]);
});

Deno.test("conversation assigns transcripts without an item id to pending speech", () => {
  const checked = new CheckedConversation();
  checked.receive(TRANSCRIBES, added(user("a"), null), added(speech("s"), "a"), added(assistant("b"), "s"));
  checked.receive({ type: `${HEARD}.delta`, delta: "Hel" }, { type: `${HEARD}.completed`, transcript: "Hello" });
  assertEquals(states(checked)[1], ["Hello", true, "final"]);
  // No speech is pending any more.
  checked.receive({ type: `${HEARD}.completed`, transcript: "Lost" }, { type: `${HEARD}.failed` });
  assertEquals(states(checked).slice(0, 2), [["Text of a", true, "none"], ["Hello", true, "final"]]);
});

Deno.test("conversation keeps words and fields that the done event of an item omits", () => {
  const checked = new CheckedConversation();
  const call = { id: "f", type: "function_call", status: "in_progress", name: "sum", call_id: "c", arguments: "" };
  checked.receive(added(assistant("b"), null), spoken("b", "Good day"), added(call, "b"));
  checked.receive({ type: "response.function_call_arguments.delta", item_id: "f", delta: "{}" });
  checked.receive({ type: "response.output_item.done", item: { id: "b", type: "message", status: "completed" } });
  checked.receive({ type: "response.output_item.done", item: { id: "f", status: "completed" } });
  assertEquals(states(checked), [["Good day", true, "none"], ["{}", true, "none"]]);
  assertEquals(checked.entries.map(({ role }) => role), ["assistant", undefined]);
  assertEquals((checked.entries[1]?.item as Frame).name, "sum");
  // An empty done event, and one without an item id.
  checked.receive(spoken("g", "Well", { response_id: "resp_2" }));
  checked.receive({ type: "response.output_audio_transcript.done", item_id: "g", transcript: "" });
  checked.receive({
    type: "response.output_item.done",
    response_id: "resp_2",
    item: { type: "message", role: "assistant" },
  });
  assertEquals(states(checked)[2], ["Well", true, "none"]);
  // Words that arrive only after the done event are still added.
  checked.receive(added(assistant("d"), "g"), { type: "response.output_item.done", item: { id: "d" } });
  const content = [{ type: "audio", transcript: "Late" }];
  checked.receive(responseDone("resp_1", { output: [assistant("d", { status: "completed", content })] }));
  assertEquals(states(checked)[3], ["Late", true, "none"]);
});

Deno.test("conversation keeps the words of an item whose done event has malformed content", () => {
  const checked = new CheckedConversation();
  const output = { id: "o", type: "function_call_output", call_id: "c", output: "3" };
  checked.receive(added(output, null), added(user("a"), "o"));
  for (const spoilt of [null, 3, {}, []]) {
    checked.receive({ type: "conversation.item.done", item: { ...output, output: spoilt } });
    checked.receive({ type: "conversation.item.done", item: user("a", { content: spoilt }) });
    checked.receive({ type: "conversation.item.done", item: user("a", { content: [spoilt] }) });
  }
  assertEquals(states(checked), [["3", true, "none"], ["Text of a", true, "none"]]);
});

Deno.test("conversation shows calls whose items are never announced", () => {
  const checked = new CheckedConversation();
  const type = "response.function_call_arguments";
  checked.receive({ type: `${type}.delta`, item_id: "f", call_id: "c", delta: "{" });
  checked.receive({ type: `${type}.delta`, delta: " " });
  assertEquals([checked.entries[0]!.text, checked.entries[0]!.final], ["{ ", false]);
  checked.receive({ type: `${type}.done`, item_id: "f", call_id: "c", name: "sum", arguments: '{"a":1}' });
  const { final, item, text } = checked.entries[0]!;
  const { call_id, name } = item as Frame;
  assertEquals([item.type, name, call_id, text, final], ["function_call", "sum", "c", '{"a":1}', true]);
});

Deno.test("conversation leaves a call open whose tool starts only with the item that follows", () => {
  const type = "response.function_call_arguments";
  const whole = { item_id: "f", call_id: "c", name: "sum", arguments: "{}" };
  for (const missing of [{ name: undefined }, { call_id: null }, { arguments: "" }, { arguments: "{" }]) {
    const checked = new CheckedConversation();
    checked.receive({ type: `${type}.delta`, item_id: "f", delta: "{}" }, {
      type: `${type}.done`,
      ...whole,
      ...missing,
    });
    assertEquals(checked.entries[0]!.final, false, JSON.stringify(missing));
    const item = { id: "f", type: "function_call", call_id: "c", name: "sum", arguments: "{}" };
    checked.receive({ type: "response.output_item.done", item });
    assertEquals([checked.entries[0]!.final, checked.entries[0]!.text], [true, "{}"]);
  }
});

Deno.test("conversation finalizes the items of a response whose response.done does not name them, and no others", () => {
  const checked = new CheckedConversation();
  const begun = (id: string, response_id?: string) => [
    { type: "response.output_item.added", response_id, item: assistant(id) },
    spoken(id, `Words of ${id}`, { response_id }),
  ];
  checked.receive(...begun("a", "resp_1"), ...begun("b", "resp_2"));
  checked.receive(responseDone("resp_1", { status: "failed", output: [] }));
  assertEquals(checked.entries.map(({ final, interrupted }) => [final, interrupted]), [[true, false], [false, false]]);
  checked.receive(responseDone("resp_2", { status: "cancelled", output: undefined }), ...begun("c"));
  checked.receive({ type: "response.done" });
  assertEquals(checked.entries.map(({ final, interrupted }) => [final, interrupted]), [
    [true, false],
    [true, true],
    [true, false],
  ]);
});

Deno.test("conversation excludes an out-of-band response whose response.created was lost", () => {
  const checked = new CheckedConversation();
  const item = assistant("x", { status: "completed", content: [{ type: "output_text", text: "secret" }] });
  checked.receive({ type: "response.output_item.added", response_id: "resp_1", item: assistant("x") });
  checked.receive(spoken("x", "secret", { response_id: "resp_1" }));
  const done = responseDone("resp_1", { output: [item], conversation_id: null });
  checked.receive(done, done, { type: "response.output_item.done", response_id: "resp_1", item });
  assertEquals(ids(checked), []);
});

Deno.test("conversation deletes the requested item if the answer names none", () => {
  const checked = new CheckedConversation();
  checked.receive(...["a", "b", "c", "d"].map((id, index) => added(user(id), index ? "abcd"[index - 1] : null)));
  const remove = (id: string) =>
    checked.store.send({ type: "conversation.item.delete", event_id: `event_${id}`, item_id: id });
  const deleted = (item_id?: string) => checked.receive({ type: "conversation.item.deleted", item_id });
  deleted(""), deleted();
  remove("d"), remove("b"), remove("a"), remove("c");
  checked.receive({ type: "error", error: { event_id: "event_d" } });
  deleted(""), deleted("c"), deleted(), deleted();
  assertEquals(ids(checked), ["d"]);
});

Deno.test("conversation matches deletions that are named, and those that are not, to their requests", () => {
  const checked = new CheckedConversation();
  const request = (item_id: string, event_id?: string) =>
    checked.store.send({ type: "conversation.item.delete", item_id, event_id });
  const items = ["a", "b", "c", "d", "e"];
  for (const [index, id] of items.entries()) checked.receive(added(user(id), items[index - 1] ?? null));
  request("a", "event_a"), request("b", "event_b"), request("c"), request("d", "event_d");
  const left: string[] = [];
  for (const item_id of ["b", undefined, "c", undefined, undefined]) {
    checked.receive({ type: "conversation.item.deleted", item_id });
    left.push(ids(checked).join(" "));
  }
  assertEquals(left, ["a c d e", "c d e", "d e", "e", "e"]);
});

Deno.test("conversation keeps the requested place of an item when the server refuses another command", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null));
  const item = user("b");
  checked.store.send({ type: "conversation.item.create", event_id: "event_b", previous_item_id: "root", item });
  checked.receive({ type: "error", error: { event_id: "event_of_another" } }, added(item, null));
  assertEquals(ids(checked), ["b", "a"]);
});

Deno.test("conversation does not mark complete messages as interrupted when a response is cancelled", () => {
  const checked = new CheckedConversation();
  const content = [{ type: "output_text", text: "Hello" }];
  checked.receive(added(assistant("a", { status: "completed", content }), null), added(assistant("b"), "a"));
  checked.receive(responseDone("resp_1", { status: "cancelled" }));
  assertEquals(checked.entries.map(({ id, interrupted }) => [id, interrupted]), [["a", false], ["b", true]]);
});

Deno.test("conversation.export() returns items whose ids the server left empty without any", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("", { content: [{ type: "input_text", text: "Hello" }] }), null));
  assertEquals(JSON.parse(JSON.stringify(checked.store.export()))[0].id, undefined);
});

Deno.test("conversation.export() keeps the other parts of a message whose speech has no transcript", () => {
  const checked = new CheckedConversation();
  const [text, image] = [{ type: "input_text", text: "Look" }, { type: "input_image", image_url: IMAGE }];
  checked.receive(added(user("a", { content: [text, { type: "input_audio", transcript: null }, image] }), null));
  assertEquals(checked.store.export() as unknown, [{ id: "a", type: "message", role: "user", content: [text, image] }]);
});

Deno.test("conversation deletes no item because of a request on an earlier connection, if the answer names none", () => {
  const checked = new CheckedConversation();
  checked.receive(added(user("a"), null), added(user("b"), "a"));
  checked.store.send({ type: "conversation.item.delete", event_id: "event_a", item_id: "a" });
  checked.store.endOpen();
  checked.store.send({ type: "conversation.item.delete", event_id: "event_b", item_id: "b" });
  checked.receive({ type: "conversation.item.deleted" });
  assertEquals(ids(checked), ["a"]);
});

Deno.test("conversation re-estimates heardText as the words of a truncated message arrive", () => {
  const checked = new CheckedConversation();
  const audio = btoa("\0".repeat(48 * 1000));
  checked.receive(added(assistant("b"), null), spoken("b", "one two"));
  checked.receive({ type: "response.output_audio.delta", item_id: "b", delta: audio });
  checked.receive({ type: "conversation.item.truncated", item_id: "b", content_index: 0, audio_end_ms: 500 });
  checked.receive({ type: "conversation.item.truncated", item_id: "nobody", audio_end_ms: 500 });
  assertEquals(checked.entries[0]?.heardText, "one");
  checked.receive(spoken("b", " three four"));
  assertEquals([checked.entries[0]?.heardText, checked.entries[0]?.text], ["one two", "one two three four"]);
  checked.receive(responseDone("resp_1", { status: "cancelled" }));
  assertEquals(checked.store.export().map((item) => (item as Frame).content[0].text), ["one two"]);
});

function picture(id: string): Frame {
  return user(id, { content: [{ type: "input_image", image_url: IMAGE, detail: "low" }] });
}

function usage(tokens: number, images?: number): Frame {
  return { usage: { input_tokens: tokens, input_token_details: images === undefined ? {} : { image_tokens: images } } };
}

Deno.test("Session.conversation drops the data of images that were deleted or left the context", async () => {
  const { server, session } = await open();
  const images = () =>
    session.conversation.getSnapshot().filter((entry) => JSON.stringify(entry).includes(IMAGE)).map(({ id }) => id);
  let count = 0;
  const answer = async (tokens: number, imageTokens?: number, meanwhile: readonly Frame[] = []) => {
    const id = `resp_${count++}`;
    server.emit(responseCreated(id), ...meanwhile, responseDone(id, usage(tokens, imageTokens)));
    await server.settle();
  };
  server.emit(added(picture("a"), null), added(picture("b"), "a"), added(picture("c"), "b"), added(user("d"), "c"));
  await answer(1000, 900);
  assertEquals(images(), ["a", "b", "c"]);
  server.emit({ type: "conversation.item.deleted", item_id: "b" });
  await answer(710, 600);
  // Neither shows how many tokens an image has.
  const aside = responseDone("resp_aside", { conversation_id: null, ...usage(500, 10) });
  const cut = responseDone("resp_cut", { status: "cancelled", ...usage(500, 10) });
  server.emit(responseCreated("resp_aside", null, null), aside, responseCreated("resp_cut"), cut);
  // The oldest image has left the context; one added during the response could not be read.
  await answer(400, 310, [added(picture("e"), "d"), { type: "rate_limits.updated", rate_limits: [] }]);
  assertEquals(images(), ["c", "e"]);
  // Without a loss of tokens nothing is removed, however few image tokens the server counts.
  await answer(2000, 10);
  assertEquals(images(), ["c", "e"]);
  // An image that has left does not return with its item.
  server.emit({ type: "conversation.item.retrieved", item: picture("a") });
  await server.settle();
  assertEquals(images(), ["c", "e"]);
  assertEquals(session.conversation.export().map(({ id }) => id), ["c", "d", "e"]);
  await answer(1000, 300);
  assertEquals(images(), ["e"]);
  await answer(500, 0);
  assertEquals(images(), []);
  assertEquals(session.conversation.getSnapshot().map(({ id }) => id), ["a", "c", "d", "e"]);
  const without = { ...picture("a"), content: [{ type: "input_image", detail: "low" }] };
  assertEquals(session.conversation.getSnapshot()[0]?.item as Frame, without);
  await session.close();
});

Deno.test("Session.conversation uses total tokens if the server does not count image tokens", async () => {
  const { server, session } = await open();
  const chain = [picture("a"), user("b"), user("c"), picture("d")];
  server.emit(...chain.map((item, index) => added(item, chain[index - 1]?.id ?? null)));
  for (const [id, tokens] of [["resp_1", 1000], ["resp_2", 500]] as const) {
    server.emit(responseCreated(id), responseDone(id, usage(tokens)));
  }
  await server.settle();
  const images = session.conversation.getSnapshot().map(({ item }) => JSON.stringify(item).includes(IMAGE));
  assertEquals(images, [false, false, false, true]);
  await session.close();
});
