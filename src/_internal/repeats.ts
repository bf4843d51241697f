// This module is browser compatible.
import { keepNewest } from "./keep_newest.ts";
import { stringAt, type WireEvent } from "./wire.ts";

/** How many events are remembered. */
const MAX_REMEMBERED = 64;

/** Tells, by their ids, the events that come a second time: a bad line or a relay may send them again. */
export class Repeats {
  readonly #types = new Map<string, string>();
  #isOff = false;

  /** Whether this event has come before; it is remembered from now on. */
  has(event: WireEvent): boolean {
    const id = stringAt(event, "event_id");
    if (!id || this.#isOff) return false;
    const type = this.#types.get(id);
    // Ids that different events have mean nothing to the server that sends them.
    this.#isOff = type !== undefined && type !== event.type;
    this.#types.set(id, event.type);
    keepNewest(this.#types, MAX_REMEMBERED);
    return type === event.type;
  }
}
