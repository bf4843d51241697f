// This module is browser compatible.
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import type { ResponseOrigin } from "../session_part.ts";
import type { ResponseRecord } from "./response_record.ts";

/** How many ended responses are remembered. What arrives late for an older one may begin it anew. */
const MAX_ENDED = 64;

/** The responses that have begun and not ended, and where the ones come from that have. */
export class RunningResponses {
  readonly #running = new LazySet<ResponseRecord>();
  readonly #ended = new LazyMap<string, ResponseOrigin>();
  #latest: ResponseOrigin | undefined;

  /** Adds one that begins. */
  add(record: ResponseRecord): void {
    this.#running.add(record);
    this.#latest = record.origin;
  }

  /** Whether it has begun and not ended. */
  has(record: ResponseRecord): boolean {
    return this.#running.has(record);
  }

  /** Whether the response of this id has ended. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** Removes one that ends. */
  delete(record: ResponseRecord): void {
    this.#running.delete(record);
    if (record.id !== undefined) this.#ended.set(record.id, record.origin);
    evictOldest(this.#ended, MAX_ENDED);
  }

  /** Removes all of them. */
  clear(): readonly ResponseRecord[] {
    const records = [...this.#running];
    this.#running.clear();
    return records;
  }

  /**
   * The response of this id. A server that names none means the one that has the slot, or, where it says that it means one
   * outside the conversation, the oldest such.
   */
  find(id: string | undefined, inConversation: boolean, busy: ResponseRecord | undefined): ResponseRecord | undefined {
    if (id === undefined && inConversation && busy) return busy;
    const record = this.#first(id, (record) => id !== undefined || record.inConversation === inConversation);
    if (record || id === undefined || !busy || busy.id !== undefined || !inConversation) return record;
    // Its name was missing when it began.
    busy.id = id;
    return busy;
  }

  /** Where the response of this id comes from, ended or not; the latest for servers that name none. */
  originOf(id: string | undefined, busy: ResponseRecord | undefined): ResponseOrigin | undefined {
    if (id === undefined) return busy?.origin ?? this.#latest;
    return this.#first(id)?.origin ?? this.#ended.get(id);
  }

  #first(id: string | undefined, condition = (_record: ResponseRecord): boolean => true): ResponseRecord | undefined {
    for (const record of this.#running) if (record.id === id && condition(record)) return record;
    return undefined;
  }
}
