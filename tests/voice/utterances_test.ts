import { assert, assertEquals } from "@std/assert";
import type { WireEvent } from "../../src/_internal/wire.ts";
import { ConversationStore } from "../../src/session/_conversation/conversation_store.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { Utterances } from "../../src/voice/_utterances.ts";

const TRANSCRIBED = {
  type: "session.updated",
  session: { audio: { input: { transcription: { model: "whisper-1" } } } },
};

/** Utterances of a conversation view in virtual time. */
function setUp(isTranscribed = true) {
  const clock = createVirtualClock();
  const conversation = new ConversationStore((error) => {
    throw error;
  });
  if (isTranscribed) conversation.receive(TRANSCRIBED);
  const utterances = new Utterances({ conversation, clock, transcriptTimeoutMs: 10_000 });
  const receive = (...events: readonly WireEvent[]) => {
    for (const event of events) {
      conversation.receive(event);
      utterances.receive(event);
    }
  };
  const lines: string[] = [];
  const reading = (async () => {
    for await (const { itemId, role, text, status } of utterances.read()) {
      lines.push(`${itemId} ${role} ${status} ${text}`);
    }
  })();
  return { clock, lines, reading, receive, utterances };
}

/** The utterances that a reader receives during these events, and at the end. */
async function read(events: readonly WireEvent[]): Promise<string[]> {
  const { lines, reading, receive, utterances } = setUp();
  receive(...events, { type: "rate_limits.updated" });
  utterances.end();
  await reading;
  return lines;
}

const message = (id: string, role: string, content: readonly unknown[], fields = {}) => ({
  id,
  type: "message",
  role,
  content,
  ...fields,
});
const heard = (id: string, previous: string | null = null): WireEvent[] => [
  { type: "input_audio_buffer.committed", item_id: id, previous_item_id: previous },
  {
    type: "conversation.item.added",
    previous_item_id: previous,
    item: message(id, "user", [{ type: "input_audio", transcript: null }]),
  },
];
const transcribed = (item_id: string, transcript: string): WireEvent => ({
  type: "conversation.item.input_audio_transcription.completed",
  item_id,
  transcript,
});
const begun = (id: string, previous: string | null): WireEvent => ({
  type: "conversation.item.added",
  previous_item_id: previous,
  item: message(id, "assistant", [], { status: "in_progress" }),
});
const said = (item_id: string, delta: string): WireEvent => ({
  type: "response.output_audio_transcript.delta",
  item_id,
  delta,
});
const finished = (id: string, transcript?: string, status = "completed"): WireEvent => ({
  type: "conversation.item.done",
  // As a third of the recordings have it.
  previous_item_id: null,
  item: message(id, "assistant", transcript === undefined ? [] : [{ type: "output_audio", transcript }], { status }),
});

Deno.test("Utterances yields utterances in conversation order, whatever the order of transcripts", async () => {
  const events = [
    ...heard("user_1"),
    begun("model_1", "user_1"),
    said("model_1", "Hi "),
    said("model_1", "you."),
    finished("model_1", "Hi you."),
    ...heard("user_2", "model_1"),
    transcribed("user_2", "How are you?"),
    transcribed("user_1", "Hello."),
  ];
  assertEquals(await read(events), [
    "user_1 user completed Hello.",
    "model_1 assistant completed Hi you.",
    "user_2 user completed How are you?",
  ]);
});

Deno.test("Utterances places an item after its predecessor, however late that is announced", async () => {
  const events = [
    ...heard("user_1"),
    begun("model_1", "user_1"),
    finished("model_1", "Two."),
    ...heard("user_3", "model_1"),
    transcribed("user_3", "Three."),
    {
      type: "conversation.item.added",
      previous_item_id: "user_1",
      item: message("user_2", "user", [{ type: "input_text", text: "One and a half." }]),
    },
    transcribed("user_1", "One."),
    {
      type: "conversation.item.created",
      previous_item_id: "user_3",
      item: message("user_4", "user", [{ type: "input_text", text: "Four." }]),
    },
  ];
  assertEquals(await read(events), [
    "user_1 user completed One.",
    "user_2 user completed One and a half.",
    "model_1 assistant completed Two.",
    "user_3 user completed Three.",
    "user_4 user completed Four.",
  ]);
});

Deno.test("Utterances treats failed transcription as final, and skips items that are no utterances", async () => {
  const events = [
    ...heard("user_1"),
    begun("model_1", "user_1"),
    finished("model_1", "Pardon?"),
    { type: "conversation.item.added", item: { id: "call_1", type: "function_call" } },
    {
      type: "conversation.item.added",
      item: message("system_1", "system", [{ type: "input_text", text: "Be kind." }]),
    },
    ...heard("user_2", "system_1"),
    transcribed("user_2", "Again."),
    { type: "conversation.item.input_audio_transcription.failed", item_id: "user_1", error: {} },
  ];
  assertEquals(await read(events), [
    "user_1 user failed ",
    "model_1 assistant completed Pardon?",
    "user_2 user completed Again.",
  ]);
});

Deno.test("Utterances yields words that arrive after a failed transcription, or an untranscribed turn, once", async () => {
  for (const isTranscribed of [true, false]) {
    const { clock, lines, receive, utterances } = setUp(isTranscribed);
    receive(...heard("user_1"));
    receive({ type: "conversation.item.input_audio_transcription.failed", item_id: "user_1", error: {} });
    await clock.advance(0);
    lines.splice(0);
    receive(transcribed("user_1", "Hello."), transcribed("user_1", "Hello."));
    await clock.advance(0);
    assertEquals(lines, ["user_1 user completed Hello."]);
    utterances.end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("Utterances does not wait for transcripts when transcription is off", async () => {
  const { receive, utterances } = setUp(false);
  const reader = utterances.read();
  const events = [...heard("user_1"), begun("model_1", "user_1"), finished("model_1", "Yes.")];
  receive(...events);
  assertEquals((await reader.next()).value, {
    itemId: "model_1",
    role: "assistant",
    text: "Yes.",
    status: "completed",
  });
});

Deno.test("Utterances places an item after the last one yielded, before the queued ones", async () => {
  const written = (id: string, previous: string | null): WireEvent => ({
    type: "conversation.item.added",
    previous_item_id: previous,
    item: message(id, "user", [{ type: "input_text", text: id }]),
  });
  const events = [
    written("user_1", null),
    ...heard("user_3", "user_1"),
    written("user_2", "user_1"),
    transcribed("user_3", "user_3"),
  ];
  assertEquals((await read(events)).map((line) => line.split(" ")[0]), ["user_1", "user_2", "user_3"]);
});

Deno.test("Utterances still yields an item whose place is before those already yielded", async () => {
  const written = (id: string, previous: string | null): WireEvent => ({
    type: "conversation.item.added",
    previous_item_id: previous,
    item: message(id, "user", [{ type: "input_text", text: id }]),
  });
  const events = [written("user_1", null), written("user_2", "user_1"), written("user_1b", "user_1")];
  assertEquals((await read([...events, written("user_3", "user_2")])).map((line) => line.split(" ")[0]), [
    "user_1",
    "user_2",
    "user_1b",
    "user_3",
  ]);
});

Deno.test("Utterances marks interrupted items, drops deleted ones, and yields the rest at the end", async () => {
  const events = [
    begun("model_1", null),
    said("model_1", "Once upon"),
    finished("model_1", undefined, "incomplete"),
    begun("model_2", "model_1"),
    finished("model_2", "Never heard."),
    begun("model_3", "model_2"),
    { type: "conversation.item.deleted", item_id: "model_3" },
    begun("model_4", "model_3"),
    {
      type: "response.done",
      response: {
        output: [message("model_4", "assistant", [{ type: "output_text", text: "Written." }], { status: "completed" })],
      },
    },
    ...heard("user_1", "model_4"),
  ];
  assertEquals(await read(events), [
    "model_1 assistant incomplete Once upon",
    "model_2 assistant completed Never heard.",
    "model_4 assistant completed Written.",
    "user_1 user incomplete ",
  ]);
});

Deno.test("Utterances yields a long queue at once when its first transcript times out", async () => {
  const { clock, lines, receive, utterances } = setUp();
  receive(...heard("user_0"));
  for (let i = 1; i <= 100; i++) {
    receive(...heard(`user_${i}`, `user_${i - 1}`), transcribed(`user_${i}`, `${i}`));
  }
  await clock.advance(10_000);
  assertEquals([lines.length, lines[0], lines[1]], [101, "user_0 user incomplete ", "user_1 user completed 1"]);
  assertEquals(clock.pending, 0);
  utterances.end();
});

Deno.test("Utterances does not wait for the words of a deleted item", async () => {
  const { receive, utterances } = setUp();
  const reader = utterances.read();
  const events = [
    ...heard("user_1"),
    ...heard("user_2", "user_1"),
    transcribed("user_2", "And now?"),
    { type: "conversation.item.deleted", item_id: "user_1" },
  ];
  receive(...events);
  assertEquals((await reader.next()).value?.text, "And now?");
});

Deno.test("Utterances does not wait for the words of a failed response that lists no items", async () => {
  const { receive, utterances } = setUp();
  const reader = utterances.read();
  const aside = { type: "response.done", response: { id: "resp_aside", conversation_id: null, output: [] } };
  const broken = {
    type: "response.done",
    response: { id: "resp_1", conversation_id: "conv_1", status: "failed", output: [] },
  };
  const events = [begun("model_1", null), said("model_1", "Once upon"), aside, said("model_1", " a time"), broken];
  receive(...events);
  assertEquals((await reader.next()).value, {
    itemId: "model_1",
    role: "assistant",
    text: "Once upon a time",
    status: "incomplete",
  });
});

Deno.test("Utterances waits ten seconds for a missing transcript, and no longer for later items", async () => {
  const { clock, lines, receive, utterances } = setUp();
  receive(...heard("user_1"), begun("model_1", "user_1"), finished("model_1", "Yes?"));
  await clock.advance(9999);
  assertEquals(lines, []);
  receive(...heard("user_2", "model_1"), transcribed("user_2", "Hello?"));
  await clock.advance(1);
  assertEquals(lines, ["user_1 user incomplete ", "model_1 assistant completed Yes?", "user_2 user completed Hello?"]);
  assertEquals(clock.pending, 0);
  utterances.end();
});

Deno.test("Utterances waits from the end of a turn, however long its words paused before or drip in afterwards", async () => {
  const delta = (item_id: string): WireEvent => ({
    type: "conversation.item.input_audio_transcription.delta",
    item_id,
    delta: "um ",
  });
  const ends: WireEvent[][] = [
    [{ type: "input_audio_buffer.committed", item_id: "user_1" }],
    // Some servers send no `committed`.
    heard("user_1").slice(1),
    [{ type: "conversation.item.created", item: message("user_1", "user", [{ type: "input_audio" }]) }],
  ];
  for (const end of ends) {
    const { clock, lines, receive, utterances } = setUp();
    receive(delta("user_1"));
    await clock.advance(9_000);
    receive(...end);
    await clock.advance(8_000);
    assertEquals(lines, []);
    // What follows does not prolong the wait.
    receive(delta("user_1"), ...heard("user_1"), delta("user_1"));
    await clock.advance(2_000);
    assertEquals(lines, ["user_1 user incomplete um um um "]);
    utterances.end();
  }
});

Deno.test("Utterances still waits for a missing transcript while later turns of the user have no answer", async () => {
  const { clock, lines, receive, utterances } = setUp();
  receive(...heard("user_1"), ...heard("user_2", "user_1"), transcribed("user_2", "So."));
  receive(...heard("user_3", "user_2"), transcribed("user_3", "Well."));
  await clock.advance(5_000);
  assertEquals(lines, []);
  receive(transcribed("user_1", "Hello."));
  await clock.advance(0);
  assertEquals(lines.map((line) => line.split(" ").at(-1)), ["Hello.", "So.", "Well."]);
  utterances.end();
});

Deno.test("Utterances yields a completed message as completed, although its playback was interrupted", async () => {
  const cut: WireEvent = {
    type: "conversation.item.truncated",
    item_id: "model_1",
    audio_end_ms: 100,
    content_index: 0,
  };
  const events = [begun("model_1", null), said("model_1", "One two."), cut];
  assertEquals(await read([...events, finished("model_1", "One two.")]), ["model_1 assistant completed One two."]);
  assertEquals(await read([...events, finished("model_1", "One two.", "incomplete")]), [
    "model_1 assistant incomplete One two.",
  ]);
});

Deno.test("Utterances yields nothing of what was said before it began", async () => {
  const clock = createVirtualClock();
  const conversation = new ConversationStore((error) => {
    throw error;
  });
  for (
    const event of [TRANSCRIBED, ...heard("user_1"), transcribed("user_1", "Hello."), ...heard("user_2", "user_1")]
  ) {
    conversation.receive(event);
  }
  const utterances = new Utterances({ conversation, clock, transcriptTimeoutMs: 10_000 });
  const lines: string[] = [];
  const reading = (async () => {
    for await (const { itemId } of utterances.read()) lines.push(itemId);
  })();
  conversation.receive(transcribed("user_2", "Hi."));
  utterances.end();
  await reading;
  assertEquals(lines, ["user_2"]);
});

Deno.test("Utterances gives up a missing transcript at once when a whole later turn is complete", async () => {
  const { clock, lines, receive, utterances } = setUp();
  receive(...heard("user_1"), begun("model_1", "user_1"), finished("model_1", "Yes?"));
  receive(...heard("user_2", "model_1"), transcribed("user_2", "Hello?"), begun("model_2", "user_2"));
  await clock.advance(0);
  assertEquals(lines, []);
  receive(finished("model_2", "Hello."));
  await clock.advance(0);
  assertEquals(lines.map((line) => line.split(" ")[0]), ["user_1", "model_1", "user_2", "model_2"]);
  // Late words are still useful.
  receive(transcribed("user_1", "Is anybody there?"), transcribed("user_1", "Is anybody there?"));
  await clock.advance(0);
  assertEquals(lines.slice(4), ["user_1 user completed Is anybody there?"]);
  utterances.end();
  assertEquals(clock.pending, 0);
});

Deno.test("Utterances yields the partial words of a transcript that never completes, and the last version of a repeated one", async () => {
  const { clock, lines, receive, utterances } = setUp();
  const delta = (item_id: string, delta: string): WireEvent => ({
    type: "conversation.item.input_audio_transcription.delta",
    item_id,
    delta,
  });
  // Deltas of streaming transcription come before the turn is committed.
  receive(delta("user_1", "How "), delta("user_1", "are"), ...heard("user_1"));
  await clock.advance(10_000);
  receive(...heard("user_2", "user_1"), ...heard("user_3", "user_2"));
  receive(transcribed("user_3", "I am"), transcribed("user_3", "I am fine."), transcribed("user_2", "So."));
  await clock.advance(0);
  assertEquals(lines, [
    "user_1 user incomplete How are",
    "user_2 user completed So.",
    "user_3 user completed I am fine.",
  ]);
  utterances.end();
  assertEquals(clock.pending, 0);
});

Deno.test("Utterances waits for the model while it speaks, however long", async () => {
  const { clock, lines, receive, utterances } = setUp();
  receive(begun("model_1", null), said("model_1", "Once upon a time"), ...heard("user_1", "model_1"));
  receive(transcribed("user_1", "Mhm."));
  await clock.advance(600_000);
  assertEquals([lines, clock.pending], [[], 0]);
  receive(finished("model_1", "Once upon a time there was a fox."));
  await clock.advance(0);
  assertEquals(lines.length, 2);
  utterances.end();
});

Deno.test("Utterances delays nothing for long in a conversation where every third transcript is lost", async () => {
  const { clock, lines, receive, reading, utterances } = setUp();
  let previous: string | null = null;
  for (let turn = 0; turn < 60; turn++) {
    receive(...heard(`user_${turn}`, previous));
    if (turn % 3 !== 0) receive(transcribed(`user_${turn}`, `Question ${turn}.`));
    receive(begun(`model_${turn}`, `user_${turn}`), finished(`model_${turn}`, `Answer ${turn}.`));
    previous = `model_${turn}`;
    await clock.advance(2000);
    assert(lines.length >= 2 * (turn - 4), `${lines.length} lines after turn ${turn}`);
  }
  utterances.end();
  await reading;
  const order = lines.map((line) => line.split(" ")[0]);
  assertEquals(order, Array.from({ length: 60 }, (_, turn) => [`user_${turn}`, `model_${turn}`]).flat());
});

Deno.test("Utterances gives up waiting once for an item of the user that becomes another one", async () => {
  const { clock, lines, reading, receive, utterances } = setUp();
  receive(...heard("item_1"));
  // A server that uses an id twice.
  receive({ type: "conversation.item.added", item: message("item_1", "assistant", [], { status: "in_progress" }) });
  let scheduled = 0;
  const { schedule } = clock;
  clock.schedule = (...timer) => {
    if (++scheduled > 10) throw new Error("The timer is set again and again");
    return schedule(...timer);
  };
  await clock.advance(20_000);
  receive(...heard("item_2", "item_1"), transcribed("item_2", "Two."));
  await clock.advance(0);
  assertEquals([clock.pending, lines], [0, ["item_2 user completed Two."]]);
  utterances.end();
  await reading;
});
