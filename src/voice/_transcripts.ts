// This module is browser compatible.
import { Multicast } from "../_internal/multicast.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { Utterance } from "./utterance.ts";

/** How many messages may wait for one before them whose words never come. */
const MAX_WAITING = 64;

interface Entry {
  readonly itemId: string;
  role: "user" | "assistant" | undefined;
  text: string;
  /** Absent as long as more may come. */
  status: Utterance["status"] | undefined;
}

/** Puts what is said into the order of the conversation, as the words of an earlier message may be known later. */
export class Transcripts {
  readonly #readers = new Multicast<Utterance>();
  readonly #waiting: Entry[] = [];
  readonly #spoken = new Map<string, string>();
  readonly #isTranscribed: () => boolean;
  #lastItemId: string | undefined;

  /** `isTranscribed` tells whether the user's speech is written down. */
  constructor(isTranscribed: () => boolean) {
    this.#isTranscribed = isTranscribed;
  }

  /** Makes an independent reader of what follows. */
  read(): AsyncIterableIterator<Utterance> {
    return this.#readers.subscribe();
  }

  /** The words that an assistant message has so far. */
  spoken(itemId: string): string {
    return this.#spoken.get(itemId) ?? "";
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    const itemId = stringAt(event, "item_id") ?? "";
    const item = isRecord(event.item) ? event.item : undefined;
    switch (event.type) {
      case "input_audio_buffer.committed":
        this.#place(itemId, stringAt(event, "previous_item_id")).role ??= "user";
        break;
      case "conversation.item.added":
      case "conversation.item.created":
        if (item) this.#add(item, stringAt(event, "previous_item_id"));
        break;
      case "conversation.item.input_audio_transcription.completed":
        this.#settle(itemId, "user", "completed", stringAt(event, "transcript"));
        break;
      case "conversation.item.input_audio_transcription.failed":
        this.#settle(itemId, "user", "failed");
        break;
      case "response.output_audio_transcript.delta":
      case "response.output_text.delta":
        this.#speak(itemId, stringAt(event, "delta") ?? "");
        break;
      case "conversation.item.done":
      case "response.output_item.done":
        if (item) this.#finish(item);
        break;
      case "response.done":
        for (const output of arrayAt(event, "response", "output")) this.#finish(output);
        // A response that broke need not say what became of its messages; one outside the conversation has none here.
        if (at(event, "response", "conversation_id") === null) break;
        for (const { itemId, role } of this.#waiting) {
          if (role === "assistant") this.#settle(itemId, role, "incomplete", this.spoken(itemId));
        }
        break;
      case "conversation.item.deleted":
        this.#remove(itemId);
    }
    this.#publish();
  }

  /** Gives out what waits, as far as it is known, and ends the readers. */
  end(): void {
    for (const entry of this.#waiting) entry.status ??= "incomplete";
    this.#publish();
    this.#readers.end();
  }

  /** Finds the place of an item; one whose predecessor is unknown comes last. */
  #place(itemId: string, previousId: string | undefined): Entry {
    const known = this.#waiting.find((entry) => entry.itemId === itemId);
    if (known) return known;
    const entry: Entry = { itemId, role: undefined, text: "", status: undefined };
    const index = this.#waiting.findIndex((other) => other.itemId === previousId);
    const isNext = previousId !== undefined && previousId === this.#lastItemId;
    this.#waiting.splice(isNext ? 0 : index < 0 ? Infinity : index + 1, 0, entry);
    return entry;
  }

  #add(item: Record<string, unknown>, previousId: string | undefined): void {
    const entry = this.#place(stringAt(item, "id") ?? "", previousId);
    if (item.type === "message" && item.role === "assistant") return void (entry.role = "assistant");
    const parts = arrayAt(item, "content");
    if (item.type === "message" && item.role === "user") {
      entry.role = "user";
      entry.text ||= textOf(parts);
      if (this.#isTranscribed() && parts.some(({ type }) => type === "input_audio")) return;
    }
    entry.status ??= "completed";
  }

  #speak(itemId: string, delta: string): void {
    this.#spoken.set(itemId, this.spoken(itemId) + delta);
    evictOldest(this.#spoken, MAX_WAITING);
  }

  #finish(item: Record<string, unknown>): void {
    const itemId = stringAt(item, "id") ?? "";
    if (item.role !== "assistant") return;
    const status = item.status === "incomplete" ? "incomplete" : "completed";
    this.#settle(itemId, "assistant", status, textOf(arrayAt(item, "content")) || this.spoken(itemId));
  }

  #settle(itemId: string, role: Utterance["role"], status: Utterance["status"], text = ""): void {
    const entry = this.#waiting.find((other) => other.itemId === itemId);
    if (!entry || entry.status) return;
    entry.role = role;
    entry.status = status;
    entry.text = text;
  }

  #remove(itemId: string): void {
    const index = this.#waiting.findIndex((entry) => entry.itemId === itemId);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #publish(): void {
    if (this.#waiting.length > MAX_WAITING) this.#waiting[0]!.status ??= "incomplete";
    while (this.#waiting[0]?.status) {
      const { itemId, role, text, status } = this.#waiting.shift()!;
      this.#lastItemId = itemId;
      if (role && status && (text || status === "failed")) this.#readers.publish({ itemId, role, text, status });
    }
  }
}

function arrayAt(value: unknown, ...path: string[]): Record<string, unknown>[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

function textOf(parts: readonly Record<string, unknown>[]): string {
  return parts.map((part) => stringAt(part, "text") ?? stringAt(part, "transcript") ?? "").filter(Boolean).join("\n");
}
