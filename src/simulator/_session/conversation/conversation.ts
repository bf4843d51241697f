// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { Item } from "../../../protocol/mod.ts";
import { SAMPLES_PER_MS } from "../input/audio_codec.ts";

/** An item, with internal state of the server. */
export class ConversationEntry {
  /** The item as the wire shows it; replaced, never changed. */
  item: Item;
  /** Whether the client has cut the item's audio: later audio of the model is not added to it. */
  truncated = false;
  #audio: Int16Array[];

  constructor(item: Item, audio: readonly Int16Array[] = []) {
    this.item = item;
    this.#audio = [...audio];
  }

  /** Identifier of the item. */
  get id(): string {
    return this.item.id ?? "";
  }

  /** Milliseconds of audio in the item. */
  get audioMs(): number {
    return this.#audio.reduce((sum, chunk) => sum + chunk.length, 0) / SAMPLES_PER_MS;
  }

  /** The item's audio, 24 kHz mono; `undefined` when it has none. */
  get audio(): Int16Array | undefined {
    if (this.#audio.length > 1) this.#audio = [concat(this.#audio)];
    return this.#audio[0];
  }

  /** Adds audio of the model. */
  addAudio(samples: Int16Array): void {
    if (!this.truncated) this.#audio.push(samples);
  }

  /** Cuts the audio of a message at a time, and forgets its transcript. */
  truncate(endMs: number): void {
    const { audio, item } = this;
    if (audio) this.#audio = [audio.slice(0, Math.round(endMs * SAMPLES_PER_MS))];
    if (item.type === "message") {
      this.item = { ...item, content: item.content.map((part) => ({ ...part, transcript: "" })) } as Item;
    }
    this.truncated = true;
  }
}

/** The items of a session in order. */
export class Conversation {
  /** Identifier of the conversation. */
  readonly id: string;
  readonly #entries: ConversationEntry[] = [];

  constructor(id: string) {
    this.id = id;
  }

  /** The items, in order. */
  get entries(): readonly ConversationEntry[] {
    return this.#entries;
  }

  /** Finds an item. */
  find(itemId: string): ConversationEntry | undefined {
    return this.#entries.find((entry) => entry.id === itemId);
  }

  /** Identifier of the item before this one; null for the first. */
  previousIdOf(itemId: string): string | null {
    return this.#entries[this.#indexOf(itemId) - 1]?.id ?? null;
  }

  /** Identifier of the last item; null when there is none. */
  get lastId(): string | null {
    return this.#entries.at(-1)?.id ?? null;
  }

  /** Whether the item is the second of the conversation. */
  isSecond(itemId: string): boolean {
    return this.#entries[1]?.id === itemId;
  }

  /**
   * Adds an item: at the end, or after the item named, or in front of all after `"root"`.
   *
   * @throws {ServerError} when the item already exists, or its predecessor does not.
   */
  insert(entry: ConversationEntry, previousItemId?: string | null): void {
    if (this.find(entry.id)) {
      throw serverError("item_exists", { id: entry.id });
    }
    if (previousItemId === undefined || previousItemId === null) {
      this.#entries.push(entry);
      return;
    }
    const index = previousItemId === "root" ? -1 : this.#indexOf(previousItemId);
    if (index < 0 && previousItemId !== "root") {
      throw serverError("previous_item_unknown", { id: previousItemId });
    }
    this.#entries.splice(index + 1, 0, entry);
  }

  /** Removes an item, if it exists. */
  remove(itemId: string): void {
    const index = this.#indexOf(itemId);
    if (index >= 0) this.#entries.splice(index, 1);
  }

  #indexOf(itemId: string): number {
    return this.#entries.findIndex((entry) => entry.id === itemId);
  }
}

function concat(chunks: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
