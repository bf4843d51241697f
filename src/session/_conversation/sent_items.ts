// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";

/** Number of unanswered commands of a kind remembered; beyond it, only the server's answer counts. */
const MAX_UNANSWERED = 1024;

/** A `conversation.item.create` of this session. */
export interface SentCreate {
  /** Id of the command. */
  readonly eventId: string | undefined;
  /** The requested predecessor: an id, `"root"`, or `undefined` for the end. */
  readonly previousItemId: string | undefined;
}

/** Requests of this session concerning items: some servers do not repeat them in their answers. */
export class SentItems {
  readonly #creates = new LazyMap<string | undefined, SentCreate>();
  /** Items whose deletion is unanswered, by the id of the command or, without one, of the item. */
  readonly #deletes = new LazyMap<string, string>();

  /** Processes an event that is sent. */
  send(event: object): void {
    const type = stringAt(event, "type");
    const eventId = stringAt(event, "event_id");
    const itemId = stringAt(event, "item", "id") ?? stringAt(event, "item_id");
    if (itemId === undefined) return;
    if (type === "conversation.item.create") {
      this.#creates.set(itemId, { eventId, previousItemId: stringAt(event, "previous_item_id") });
      evictOldest(this.#creates, MAX_UNANSWERED);
    } else if (type === "conversation.item.delete") {
      this.#deletes.set(eventId ?? itemId, itemId);
      evictOldest(this.#deletes, MAX_UNANSWERED);
    }
  }

  /** Processes an `error` of the server, which may reject one of the commands. */
  refuse(event: WireEvent): void {
    const eventId = stringAt(event, "error", "event_id");
    if (eventId === undefined) return;
    this.#deletes.delete(eventId);
    for (const [itemId, create] of this.#creates) if (create.eventId === eventId) this.#creates.delete(itemId);
  }

  /** Gives up the deletions, as their connection has ended. */
  forgetDeletes(): void {
    this.#deletes.clear();
  }

  /** Returns the command that has created an item, if it was one of ours. */
  takeCreate(itemId: string | undefined): SentCreate | undefined {
    const create = this.#creates.get(itemId);
    this.#creates.delete(itemId);
    return create;
  }

  /** Returns the item of a `conversation.item.deleted`: the oldest unanswered one when the event names none. */
  takeDelete(itemId: string | undefined): string | undefined {
    for (const [key, deleted] of this.#deletes) {
      if (itemId !== undefined && deleted !== itemId) continue;
      this.#deletes.delete(key);
      return deleted;
    }
    return itemId;
  }
}
