import { assert, assertEquals } from "@std/assert";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import type { TranscriptionUtterance } from "../../src/transcription/transcription_utterance.ts";
import { UtteranceBook } from "../../src/transcription/utterance_book.ts";

function open(language?: string) {
  const clock = createVirtualClock();
  const given: TranscriptionUtterance[] = [];
  const book = new UtteranceBook({
    clock,
    transcriptTimeoutMs: 10_000,
    language: () => language,
    give: (utterance) => given.push(utterance),
  });
  const event = (type: string, item_id: string, fields: object = {}) => book.receive({ type, item_id, ...fields });
  const words = (what: string, item_id: string, fields: object = {}) =>
    event(`conversation.item.input_audio_transcription.${what}`, item_id, { content_index: 0, ...fields });
  /** The utterances since the last call, in short. */
  const take = () => given.splice(0).map(({ itemId, status, text }) => `${itemId} ${status}: ${text}`);
  return { book, clock, event, given, take, words };
}

const COMMITTED = "input_audio_buffer.committed";
const STARTED = "input_audio_buffer.speech_started";
const USAGE = { type: "duration", seconds: 2 };

Deno.test("UtteranceBook yields words as they arrive, and the whole once", () => {
  const { event, given, take, words } = open("en");
  event(STARTED, "a");
  event(COMMITTED, "a");
  assertEquals(take(), []);
  words("delta", "a", { delta: "Good" });
  words("delta", "a", { delta: " day" });
  assertEquals(take(), ["a partial: Good", "a partial: Good day"]);
  words("completed", "a", { transcript: "Good day.", usage: USAGE, languages: [{ code: "de" }, { code: "en" }] });
  assertEquals(given, [{
    itemId: "a",
    contentIndex: 0,
    text: "Good day.",
    status: "completed",
    final: true,
    language: "de",
    languages: ["de", "en"],
    usage: USAGE as never,
    speech: [],
    error: undefined,
  }]);
});

Deno.test("UtteranceBook accepts words before the end of their turn, however early", async () => {
  const { clock, event, take, words } = open();
  words("delta", "a", { delta: "One" });
  await clock.advance(60_000);
  words("delta", "a", { delta: " two" });
  assertEquals(take(), ["a partial: One", "a partial: One two"]);
  assertEquals(clock.pending, 0);
  event(COMMITTED, "a");
  await clock.advance(9_999);
  words("delta", "a", { delta: " three" });
  await clock.advance(9_999);
  assertEquals(take(), ["a partial: One two three"]);
  words("completed", "a", { transcript: "One, two, three." });
  assertEquals(take(), ["a completed: One, two, three."]);
  assertEquals(clock.pending, 0);
});

Deno.test("UtteranceBook keeps the spoken order, whatever is transcribed first", () => {
  const { event, take, words } = open();
  for (const id of ["a", "b", "c"]) event(COMMITTED, id);
  words("delta", "c", { delta: "Third" });
  words("completed", "b", { transcript: "Second." });
  words("delta", "c", { delta: " one" });
  assertEquals(take(), []);
  words("delta", "a", { delta: "Fir" });
  assertEquals(take(), ["a partial: Fir"]);
  words("completed", "a", { transcript: "First." });
  assertEquals(take(), ["a completed: First.", "b completed: Second.", "c partial: Third one"]);
});

Deno.test("UtteranceBook does not wait for missing words, and yields them if they arrive", async () => {
  const { book, clock, event, given, take, words } = open();
  event(STARTED, "lost");
  event(COMMITTED, "a");
  event(COMMITTED, "b");
  words("delta", "a", { delta: "Half a" });
  words("completed", "b", { transcript: "Second.", usage: USAGE });
  await clock.advance(10_000);
  assertEquals(take(), ["lost incomplete: ", "a incomplete: Half a", "b completed: Second."]);
  assertEquals(book.missing, ["lost", "a"]);
  words("completed", "a", { transcript: "Half a sentence.", usage: USAGE });
  assertEquals([given[0]?.usage, ...take()], [USAGE, "a completed: Half a sentence."]);
  assertEquals([book.missing, clock.pending], [["lost"], 0]);
});

Deno.test("UtteranceBook uses the newest transcript, and counts it once", () => {
  const { event, given, words } = open("en");
  event(COMMITTED, "a");
  for (const transcript of ["Short.", "Short.", "Short, but longer."]) {
    words("completed", "a", { transcript, usage: USAGE });
    words("delta", "a", { delta: " late" });
  }
  assertEquals(given.map(({ final, text, usage }) => [final, text, usage]), [
    [true, "Short.", USAGE],
    [true, "Short, but longer.", undefined],
  ] as unknown[]);
});

Deno.test("UtteranceBook never marks a partial sentence final", () => {
  const { book, event, given, words } = open();
  event(COMMITTED, "a");
  words("delta", "a", { delta: "I would like to" });
  words("failed", "a", { error: { type: "server_error", code: "x", message: "No." } });
  event(COMMITTED, "b");
  words("delta", "b", { delta: "My name" });
  event(COMMITTED, "c");
  event(STARTED, "d");
  book.end();
  assertEquals(
    given.filter(({ status }) => status !== "partial").map(({ final, status, text }) => [final, status, text]),
    [
      [false, "failed", "I would like to"],
      [false, "incomplete", "My name"],
      [false, "incomplete", ""],
      [false, "incomplete", ""],
    ],
  );
  assertEquals(given.find(({ status }) => status === "failed")?.error?.message, "No.");
  assert(!given.some(({ final }) => final));
  assertEquals([book.missing, book.isWaiting], [["b", "c", "d"], false]);
});

Deno.test("UtteranceBook forgets cleared audio and deleted items", () => {
  const { book, event, take, words } = open();
  event(STARTED, "a");
  event("input_audio_buffer.cleared", "");
  words("delta", "b", { delta: "Never" });
  event("input_audio_buffer.cleared", "");
  event(COMMITTED, "c");
  event("input_audio_buffer.cleared", "");
  assertEquals([take(), book.isWaiting], [["b partial: Never", "b incomplete: Never"], true]);
  event("conversation.item.deleted", "c");
  assertEquals([take(), book.isWaiting], [[], false]);
});

Deno.test("UtteranceBook reports an item at once that the server names only with its words", () => {
  const { book, event, take, words } = open();
  for (const id of ["a", "b"]) {
    for (const type of [STARTED, COMMITTED]) book.receive({ type });
    assertEquals([take(), book.isWaiting], [[], true]);
    words("delta", id, { delta: "Yes" });
    words("completed", id, { transcript: "Yes." });
    assertEquals([take(), book.isWaiting], [[`${id} partial: Yes`, `${id} completed: Yes.`], false]);
  }
  event(COMMITTED, "c");
  assertEquals(book.missing, ["c"]);
});

Deno.test("UtteranceBook reports a deleted item as completed if its transcript has arrived", () => {
  const { book, event, take, words } = open();
  for (const id of ["a", "b", "c"]) event(COMMITTED, id);
  words("completed", "b", { transcript: "Yes." });
  words("failed", "c", { error: { message: "No." } });
  for (const id of ["b", "c"]) event("conversation.item.deleted", id);
  assertEquals([take(), book.missing], [["b completed: Yes.", "c failed: "], ["a"]]);
});

Deno.test("UtteranceBook reports speakers, and accepts events with missing fields", () => {
  const { event, given, take, words } = open();
  event(COMMITTED, "a");
  words("segment", "a", { speaker: "A", text: "Hello.", start: 0, end: 1.25 });
  words("completed", "a", { transcript: "Hello." });
  assertEquals(given[0]?.speech, [{ speaker: "A", text: "Hello.", startMs: 0, endMs: 1250 }]);
  take();
  // Partial words are better than none.
  words("delta", "b", { delta: "Hi", content_index: 1e9 });
  words("completed", "b", { content_index: 1e9, languages: "de", usage: 7 });
  assertEquals(given.map(({ languages, usage }) => [languages, usage]), [[[], undefined], [[], undefined]]);
  assertEquals(take(), ["b partial: Hi", "b completed: Hi"]);
});

Deno.test("UtteranceBook has bounded memory", () => {
  const { event, take, words } = open();
  for (let n = 0; n < 1000; n++) {
    event(COMMITTED, `item_${n}`);
    words("completed", `item_${n}`, { transcript: `${n}` });
  }
  assertEquals(take().length, 1000);
  words("completed", "item_999", { transcript: "again" });
  assertEquals(take(), ["item_999 completed: again"]);
});

Deno.test("UtteranceBook waits ten seconds from the end of each turn, even if nothing else happens", async () => {
  const { clock, event, take } = open();
  await clock.advance(5_000);
  event(COMMITTED, "a");
  await clock.advance(6_000);
  // It prolongs no earlier wait.
  event(COMMITTED, "b");
  await clock.advance(3_999);
  assertEquals(take(), []);
  await clock.advance(1);
  assertEquals(take(), ["a incomplete: "]);
  await clock.advance(6_000);
  assertEquals([take(), clock.pending], [["b incomplete: "], 0]);
});

Deno.test("UtteranceBook ends the turns before a committed one, although their end was not reported", async () => {
  const { clock, event, take, words } = open();
  words("delta", "a", { delta: "One" });
  words("delta", "b", { delta: "Two" });
  event(COMMITTED, "b");
  words("delta", "c", { delta: "Three" });
  await clock.advance(10_000);
  assertEquals(take(), ["a partial: One", "a incomplete: One", "b incomplete: Two", "c partial: Three"]);
  assertEquals(clock.pending, 0);
});

Deno.test("UtteranceBook uses the newest transcript of a turn that waits for an earlier one", () => {
  const { event, take, words } = open();
  for (const id of ["a", "b"]) event(COMMITTED, id);
  words("completed", "b", { transcript: "Too." });
  words("completed", "b", { transcript: "Two." });
  words("completed", "b", {});
  words("completed", "a", { transcript: "One." });
  assertEquals(take(), ["a completed: One.", "b completed: Two."]);
});

Deno.test("UtteranceBook forgets only the item that was deleted", () => {
  const { book, event, take, words } = open();
  for (const id of ["a", "b", "c"]) event(COMMITTED, id);
  event("conversation.item.deleted", "b");
  assertEquals(book.missing, ["a", "c"]);
  words("completed", "c", { transcript: "Three." });
  words("completed", "a", { transcript: "One." });
  assertEquals(take(), ["a completed: One.", "c completed: Three."]);
});

Deno.test("UtteranceBook reports a late transcript as completely as one in time", async () => {
  const { clock, event, given, words } = open("en");
  event(COMMITTED, "a");
  event(COMMITTED, "b");
  await clock.advance(10_000);
  given.length = 0;
  words("completed", "a", { transcript: "Guten Tag.", usage: USAGE, languages: [{ code: "de" }] });
  words("completed", "b", { transcript: "Hello." });
  const common = { contentIndex: 0, status: "completed", final: true, speech: [], error: undefined } as const;
  assertEquals(given, [
    { ...common, itemId: "a", text: "Guten Tag.", language: "de", languages: ["de"], usage: USAGE as never },
    { ...common, itemId: "b", text: "Hello.", language: "en", languages: [], usage: undefined },
  ]);
});

Deno.test("UtteranceBook lists the speakers in the order in which they spoke, in milliseconds", () => {
  const { given, words } = open();
  words("segment", "a", { speaker: "A", text: "Hi.", start: 0.25, end: 0.5 });
  words("segment", "a", { speaker: "B", text: "Hello.", start: 0.75, end: 1.5 });
  words("completed", "a", { transcript: "Hi. Hello." });
  assertEquals(given.at(-1)?.speech, [
    { speaker: "A", text: "Hi.", startMs: 250, endMs: 500 },
    { speaker: "B", text: "Hello.", startMs: 750, endMs: 1_500 },
  ]);
});
