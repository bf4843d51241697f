import { toApiError, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { randomId } from "../../_internal/ids.ts";
import { type IncomingServerEvent, type SessionConfig, stringifyClientEvent } from "../../protocol/mod.ts";

/**
 * Puts the policy in force at the beginning of a session. The page does not notice: it sees a `session.created` with
 * the settings as they are then, and no `session.updated` that it did not ask for.
 */
export class PolicyStart {
  /** The frame to send first. */
  readonly frame: string;
  readonly #eventId = randomId("event");
  #created: WireEvent | undefined;
  readonly #others: WireEvent[] = [];

  constructor(policy: SessionConfig) {
    // The model is chosen by the address, and cannot be changed.
    const session = policy.type === "realtime" ? { ...policy, model: undefined } : policy;
    this.frame = stringifyClientEvent({ type: "session.update", event_id: this.#eventId, session });
  }

  /**
   * Takes what the API sends until the policy is in force.
   *
   * @returns what the page is to see then; `undefined` before.
   * @throws {RealtimeApiError} when the API refuses the session, or the policy.
   */
  take(received: IncomingServerEvent): readonly WireEvent[] | undefined {
    const event = toWireEvent(received);
    if (event?.type === "session.updated") {
      return [this.#created ? { ...this.#created, session: event.session } : event, ...this.#others];
    }
    if (event?.type === "error") throw toApiError(event);
    if (event?.type === "session.created") this.#created = event;
    else if (event) this.#others.push(event);
    return undefined;
  }
}
