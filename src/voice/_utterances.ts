// This module is browser compatible.
import { Broadcast } from "../_internal/broadcast.ts";
import type { Clock } from "../_internal/clock.ts";
import { keepNewest } from "../_internal/keep_newest.ts";
import { remember } from "../_internal/recent_ids.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { Utterance } from "./utterance.ts";

/** How many messages may wait for one before them whose words never come. */
const MAX_WAITING = 64;

/** Options of {@linkcode Utterances}. */
export interface UtterancesOptions {
  /** Source of time. */
  clock: Clock;
  /** How long a message may wait for its transcript, in milliseconds. */
  transcriptTimeoutMs: number;
  /** Whether the user's speech is transcribed. */
  isTranscribed(): boolean;
  /** The words that an assistant message has so far. */
  spoken(itemId: string): string;
  /** The words that were heard of an assistant message, when it was interrupted. */
  heard(itemId: string, text: string): string | undefined;
}

interface Entry {
  readonly itemId: string;
  /** When its transcript is given up. */
  readonly dueAt: number;
  role: "user" | "assistant" | undefined;
  text: string;
  /** Whether its transcript, or the failure of that, has come. */
  isTranscribed: boolean;
  /** Absent as long as more may come. */
  status: Utterance["status"] | undefined;
}

/** Puts the utterances into the order of the conversation, as the words of an earlier message may be known later. */
export class Utterances {
  readonly #readers = new Broadcast<Utterance>();
  readonly #options: UtterancesOptions;
  readonly #waiting: Entry[] = [];
  /** Words of the user that have come before their transcript. */
  readonly #partial = new Map<string, string>();
  /** Messages of the user that were given out before their transcript. */
  readonly #givenUp = new Set<string>();
  #lastItemId: string | undefined;
  #stopTimer = (): void => {};

  constructor(options: UtterancesOptions) {
    this.#options = options;
  }

  /** Makes an independent reader of what follows. */
  read(): AsyncIterableIterator<Utterance> {
    return this.#readers.subscribe();
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    if (!this.#take(event)) return;
    this.#skipTheLost();
    this.#publish();
    this.#watchFirst();
  }

  /** Gives out what waits, as far as it is known, and ends the readers. */
  end(): void {
    this.#stopTimer();
    for (const entry of this.#waiting) this.#giveUp(entry);
    this.#publish();
    this.#readers.end();
  }

  /** Takes in an event; returns whether it can have changed anything. */
  #take(event: WireEvent): boolean {
    const itemId = stringAt(event, "item_id") ?? "";
    const item = isRecord(event.item) ? event.item : undefined;
    switch (event.type) {
      case "input_audio_buffer.committed":
        this.#place(itemId, stringAt(event, "previous_item_id")).role ??= "user";
        return true;
      case "conversation.item.added":
      case "conversation.item.created":
        if (item) this.#add(item, stringAt(event, "previous_item_id"));
        return true;
      case "conversation.item.input_audio_transcription.delta":
        this.#hear(itemId, stringAt(event, "delta") ?? "");
        return true;
      case "conversation.item.input_audio_transcription.completed":
        this.#transcribe(itemId, stringAt(event, "transcript") ?? "");
        return true;
      case "conversation.item.input_audio_transcription.failed":
        this.#settle(itemId, "user", "failed");
        return true;
      case "conversation.item.done":
      case "response.output_item.done":
        if (item) this.#finish(item);
        return true;
      case "response.done":
        for (const output of arrayAt(event, "response", "output")) this.#finish(output);
        // A response that broke need not say what became of its messages; one outside the conversation has none here.
        if (at(event, "response", "conversation_id") === null) return true;
        for (const entry of this.#waiting) if (entry.role === "assistant") this.#giveUp(entry);
        return true;
      case "conversation.item.deleted":
        this.#remove(itemId);
        return true;
    }
    return false;
  }

  /** Finds the place of an item; one whose predecessor is unknown comes last. */
  #place(itemId: string, previousId: string | undefined): Entry {
    const known = this.#waiting.find((entry) => entry.itemId === itemId);
    if (known) return known;
    const dueAt = this.#options.clock.now() + this.#options.transcriptTimeoutMs;
    const entry: Entry = { itemId, dueAt, role: undefined, text: "", isTranscribed: false, status: undefined };
    const index = this.#waiting.findIndex((other) => other.itemId === previousId);
    const isNext = previousId !== undefined && previousId === this.#lastItemId;
    this.#waiting.splice(isNext ? 0 : index < 0 ? Infinity : index + 1, 0, entry);
    return entry;
  }

  #add(item: Record<string, unknown>, previousId: string | undefined): void {
    const itemId = stringAt(item, "id") ?? "";
    if (this.#givenUp.has(itemId)) return;
    const entry = this.#place(itemId, previousId);
    if (item.type === "message" && item.role === "assistant") return void (entry.role = "assistant");
    const parts = arrayAt(item, "content");
    if (item.type === "message" && item.role === "user") {
      entry.role = "user";
      entry.text ||= textOf(parts);
      if (this.#options.isTranscribed() && parts.some(({ type }) => type === "input_audio")) return;
    }
    entry.status ??= "completed";
  }

  /** Notes words of the user that have come before the transcript, and perhaps before the item. */
  #hear(itemId: string, delta: string): void {
    if (!this.#givenUp.has(itemId)) this.#place(itemId, undefined).role ??= "user";
    this.#partial.set(itemId, (this.#partial.get(itemId) ?? "") + delta);
    keepNewest(this.#partial, MAX_WAITING);
  }

  #transcribe(itemId: string, text: string): void {
    this.#partial.delete(itemId);
    // Late words are better than none.
    if (this.#givenUp.delete(itemId)) this.#give({ itemId, role: "user", text, status: "completed" });
    else this.#settle(itemId, "user", "completed", text);
  }

  #finish(item: Record<string, unknown>): void {
    const itemId = stringAt(item, "id") ?? "";
    if (item.role !== "assistant") return;
    const status = item.status === "incomplete" ? "incomplete" : "completed";
    this.#settle(itemId, "assistant", status, textOf(arrayAt(item, "content")) || this.#options.spoken(itemId));
  }

  #settle(itemId: string, role: Utterance["role"], status: Utterance["status"], text = ""): void {
    const entry = this.#waiting.find((other) => other.itemId === itemId);
    // The newest transcript wins.
    if (!entry || (entry.status && !(role === "user" && status === "completed"))) return;
    entry.role = role;
    entry.isTranscribed = role === "user";
    entry.status = status;
    entry.text = text;
  }

  /** Settles an entry with the words that it has so far. */
  #giveUp(entry: Entry): void {
    if (entry.status) return;
    entry.status = "incomplete";
    entry.text = entry.role === "assistant"
      ? this.#options.spoken(entry.itemId)
      : this.#partial.get(entry.itemId) ?? entry.text;
    if (entry.role === "user") remember(this.#givenUp, entry.itemId, MAX_WAITING);
  }

  /**
   * Gives up transcripts that are overdue, and those that were overtaken: speech is transcribed in order, as a rule, so when
   * a later turn of the user has its transcript and its answer has ended too, the one before will not come.
   */
  #skipTheLost(): void {
    const now = this.#options.clock.now();
    for (const [index, entry] of this.#waiting.entries()) {
      if (entry.status) continue;
      if (entry.role === "assistant") return;
      if (now < entry.dueAt && this.#waiting.length <= MAX_WAITING && !this.#isOvertaken(index)) return;
      this.#giveUp(entry);
    }
  }

  #isOvertaken(index: number): boolean {
    const next = this.#waiting.findIndex(({ isTranscribed }, other) => other > index && isTranscribed);
    return next > 0 && this.#waiting.some(({ role, status }, other) => other > next && role === "assistant" && status);
  }

  #remove(itemId: string): void {
    const index = this.#waiting.findIndex((entry) => entry.itemId === itemId);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #publish(): void {
    if (this.#waiting.length > MAX_WAITING) this.#giveUp(this.#waiting[0]!);
    while (this.#waiting[0]?.status) {
      const { itemId, role, text, status } = this.#waiting.shift()!;
      this.#lastItemId = itemId;
      if (role && status) this.#give({ itemId, role, text, status });
    }
  }

  #give(utterance: Utterance): void {
    const { itemId, role, text, status } = utterance;
    // Words that are missing are told of the user only: the model may have called a tool, without a word.
    if (!text && (role === "assistant" || status === "completed")) return;
    const heardText = role === "assistant" ? this.#options.heard(itemId, text) : undefined;
    this.#readers.publish(heardText === undefined ? utterance : { ...utterance, heardText });
  }

  /** Sets the timer for the first message that waits for its transcript. */
  #watchFirst(): void {
    this.#stopTimer();
    this.#stopTimer = () => {};
    const first = this.#waiting[0];
    if (!first || first.role === "assistant") return;
    const { clock } = this.#options;
    this.#stopTimer = clock.schedule(() => {
      this.#skipTheLost();
      this.#publish();
      this.#watchFirst();
    }, Math.max(0, first.dueAt - clock.now()));
  }
}

function arrayAt(value: unknown, ...path: string[]): Record<string, unknown>[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

function textOf(parts: readonly Record<string, unknown>[]): string {
  return parts.map((part) => stringAt(part, "text") ?? stringAt(part, "transcript") ?? "").filter(Boolean).join("\n");
}
