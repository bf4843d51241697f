import { SHUTDOWN_REASON } from "../../_internal/close_reason.ts";
import type { Relay } from "./relay.ts";

/** A relay, and the Durable Object that holds its connections, if there is one. */
interface Registered {
  readonly relay: Relay;
  readonly object: unknown;
}

/** The relays of this process. */
export class RelayRegistry {
  readonly #relays = new Map<string, Registered>();
  #isClosed = false;

  /** Registers a relay until {@linkcode delete}. */
  add(relay: Relay, object: unknown): void {
    if (this.#isClosed) return end(relay);
    this.#relays.set(relay.resumeToken, { relay, object });
  }

  /** Removes a relay that has ended. */
  delete(relay: Relay): void {
    this.#relays.delete(relay.resumeToken);
  }

  /** The relay with this token, if it belongs to this caller, and this object can use its connections. */
  find(resumeToken: string, caller: string | undefined, object: unknown): Relay | undefined {
    const known = this.#relays.get(resumeToken);
    if (!known?.relay.isResumable || known.relay.handle.caller !== caller || known.object !== object) return undefined;
    return known.relay;
  }

  /** Ends all relays. */
  close(): void {
    this.#isClosed = true;
    for (const { relay } of [...this.#relays.values()]) end(relay);
  }
}

function end(relay: Relay): void {
  relay.close({ code: 1001, reason: SHUTDOWN_REASON }, "shutdown");
}
