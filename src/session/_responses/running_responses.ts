// This module is browser compatible.
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import type { ResponseOrigin } from "../session_part.ts";
import type { ResponseRecord } from "./response_record.ts";

/** Number of ended responses remembered. A late event of an older one may begin it again. */
const MAX_ENDED = 64;

/** The active responses, and the origins of ended ones. */
export class RunningResponses {
  readonly #running = new LazySet<ResponseRecord>();
  readonly #ended = new LazyMap<string | undefined, ResponseOrigin>();
  #latest: ResponseOrigin | undefined;

  /** Adds a response that begins. */
  add(record: ResponseRecord): void {
    this.#running.add(record);
    this.#latest = record.origin;
  }

  /** Whether it is active. */
  has(record: ResponseRecord): boolean {
    return this.#running.has(record);
  }

  /** Whether the response of this id has ended. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** Removes a response that ends. */
  delete(record: ResponseRecord): void {
    this.#running.delete(record);
    this.#ended.set(record.id, record.origin);
    evictOldest(this.#ended, MAX_ENDED);
  }

  /** Removes all of them. */
  clear(): readonly ResponseRecord[] {
    const records = [...this.#running];
    this.#running.clear();
    return records;
  }

  /**
   * The response of this id. A server that sends no ids refers to the response in the slot or, if it says that the
   * response is out-of-band, to the oldest such.
   */
  find(id: string | undefined, inConversation: boolean, busy: ResponseRecord | undefined): ResponseRecord | undefined {
    const record = this.#first(id, inConversation);
    if (record || !busy || !inConversation || id !== undefined && busy.id !== undefined) return record;
    // Its id may have been missing when it began.
    busy.id ??= id;
    return busy;
  }

  /** Origin of the response with this id, ended or not; the latest for servers that send no ids. */
  originOf(id: string | undefined, busy: ResponseRecord | undefined): ResponseOrigin | undefined {
    if (id === undefined) return busy?.origin ?? this.#latest;
    return this.#first(id)?.origin ?? this.#ended.get(id);
  }

  #first(id: string | undefined, inConversation?: boolean): ResponseRecord | undefined {
    for (const record of this.#running) {
      if (record.id === id && (id !== undefined || record.inConversation === inConversation)) return record;
    }
    return undefined;
  }
}
