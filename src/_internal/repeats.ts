// This module is browser compatible.
import { stringAt, type WireEvent } from "./wire.ts";

/** How many events are remembered. */
const MAX_REMEMBERED = 64;

/** Tells, by their ids, the events that come a second time: a bad line or a relay may send them again. */
export class Repeats {
  readonly #types = new Map<string, string>();

  /** Whether this event has come before; it is remembered from now on. */
  has(event: WireEvent): boolean {
    const id = stringAt(event, "event_id");
    const type = this.#types.get(id ?? "");
    if (!id || type === event.type) return Boolean(id);
    // An id that different events have means nothing to the server that sends it.
    this.#types.set(id, type === undefined ? event.type : "");
    if (this.#types.size > MAX_REMEMBERED) this.#types.delete(this.#types.keys().next().value!);
    return false;
  }
}
