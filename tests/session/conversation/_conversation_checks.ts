import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ConversationStore } from "../../../src/session/_conversation/conversation_store.ts";
import type { ConversationChange, ConversationEntry } from "../../../src/session/conversation.ts";
import type { Frame } from "../_fake_server.ts";

/** Events with the whole text of an item so far, which need not begin with the previous one. */
const WHOLE = /\.(done|completed|updated|retrieved)$/;

/** A conversation view whose every intermediate state is checked. */
export class CheckedConversation {
  readonly store = new ConversationStore((error) => {
    throw error;
  });
  readonly changes: ConversationChange[] = [];
  #mirror: ConversationEntry[] = [];
  #texts = new Map<ConversationEntry, string>();

  constructor() {
    this.store.subscribe((change) => this.changes.push(change));
  }

  /** Processes events, and checks the view after each. */
  receive(...events: readonly Frame[]): void {
    for (const event of events) this.#receive(event);
  }

  /** The current entries. */
  get entries(): readonly ConversationEntry[] {
    return this.store.getSnapshot();
  }

  #receive(event: Frame): void {
    const before = this.entries;
    const count = this.changes.length;
    this.store.receive(event as never);
    const changes = this.changes.slice(count);
    const after = this.entries;
    const where = `after ${event.type} ${event.item_id ?? event.item?.id ?? ""}`;

    // The changes add up to the view.
    for (const { type, entry, index } of changes) {
      if (type === "added") this.#mirror.splice(index, 0, entry);
      else if (type === "changed") this.#mirror[index] = entry;
      else {
        const from = this.#mirror.findIndex(({ id }) => id === entry.id);
        assert(from >= 0, `${type} ${entry.id} is unknown ${where}`);
        this.#mirror.splice(from, 1);
        if (type === "moved") this.#mirror.splice(index, 0, entry);
        else assertEquals(from, index, where);
      }
    }
    assertEquals(this.#mirror.length, after.length, where);
    for (const [index, entry] of after.entries()) assertStrictEquals(entry, this.#mirror[index], where);
    if (changes.length === 0) assertStrictEquals(after, before, where);

    // Entries are snapshots.
    for (const entry of before) {
      assertEquals(JSON.stringify(entry), this.#texts.get(entry), `${entry.id} mutated ${where}`);
    }
    this.#texts = new Map(after.map((entry) => [entry, JSON.stringify(entry)]));

    assertEquals(new Set(after.map(({ id }) => id)).size, after.length, `An item is there twice ${where}`);
    for (const entry of after) this.#check(event, before.find(({ id }) => id === entry.id), entry, where);
  }

  #check(event: Frame, before: ConversationEntry | undefined, entry: ConversationEntry, where: string): void {
    const { id, text, final, transcription } = entry;
    assert(!(final && transcription === "streaming"), `${id} is final while its transcription runs ${where}`);
    assert(!JSON.stringify(entry).includes('"audio":"'), `${id} holds audio ${where}`);
    if (!before || before === entry) return;
    const isTranscript = /transcription\.(completed|failed)$/.test(event.type);
    const isDone = /transcription\.completed$/.test(event.type);
    if (before.final && before.text !== "" && text !== before.text) {
      assert(isDone, `The final text of ${id} changed ${where}: ${before.text} → ${text}`);
    }
    if (before.final) assert(final || before.transcription === "none" && before.text === "", `${id} reopened ${where}`);
    if (!WHOLE.test(event.type)) {
      for (const [index, words] of wordsOf(before).entries()) {
        const now = wordsOf(entry)[index] ?? "";
        assert(now.startsWith(words), `${id} lost words ${where}: ${words} → ${now}`);
      }
    }
    if (before.transcription === "final") assertEquals(transcription, "final", where);
    if (before.transcription === "failed") assert(transcription === "failed" || isTranscript, where);
    if (before.transcription === "streaming") assert(transcription !== "none", where);
    if (before.interrupted) assert(entry.interrupted, where);
  }
}

/** The words of each part of an item, or its text. */
function wordsOf({ item, text }: ConversationEntry): readonly string[] {
  const { content } = item as Frame;
  if (!Array.isArray(content)) return [text];
  return content.map((part: Frame | null) => [part?.text, part?.transcript].find((it) => typeof it === "string") ?? "");
}
