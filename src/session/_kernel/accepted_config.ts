// This module is browser compatible.
import { isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";

/** The sum of the configurations that the server has accepted, as they were sent: what another connection needs. */
export class AcceptedConfig {
  #sum: Record<string, unknown> = {};
  /** Updates without an answer, oldest first. */
  #open: { readonly eventId: string | undefined; readonly session: unknown }[] = [];

  /** The configuration. */
  get value(): SessionConfig {
    return this.#sum as unknown as SessionConfig;
  }

  /** Takes in an event that is sent. */
  send(event: ClientEvent): void {
    if (event.type === "session.update") this.#open.push({ eventId: event.event_id, session: event.session });
  }

  /** Takes in a server event. */
  receive(event: WireEvent): void {
    if (event.type === "session.updated") this.#sum = merge(this.#sum, this.#open.shift()?.session ?? {});
    const refused = event.type === "error" ? stringAt(event, "error", "event_id") : undefined;
    if (refused !== undefined) this.#open = this.#open.filter(({ eventId }) => eventId !== refused);
  }

  /** Forgets the updates without an answer: the connection has ended. */
  forget(): void {
    this.#open = [];
  }
}

/** A setting with a change; one of another kind takes its place. */
function merge(before: Record<string, unknown>, change: unknown): Record<string, unknown> {
  const sum = { ...before };
  for (const [name, value] of Object.entries(change as object)) {
    const known = sum[name];
    const isSameKind = isRecord(known) && isRecord(value) && (value.type ?? known.type) === known.type;
    if (value !== undefined) sum[name] = isSameKind ? merge(known, value) : value;
  }
  return sum;
}
