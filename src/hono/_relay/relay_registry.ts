import type { Relay } from "./relay.ts";

/** The relays of this process. */
export class RelayRegistry {
  readonly #relays = new Map<string, Relay>();
  #isClosed = false;

  /** Registers a relay until {@linkcode delete}. */
  add(relay: Relay): void {
    if (this.#isClosed) return end(relay);
    this.#relays.set(relay.resumeToken, relay);
  }

  /** Removes a relay that has ended. */
  delete(relay: Relay): void {
    this.#relays.delete(relay.resumeToken);
  }

  /** The relay with this token, if it belongs to this caller. */
  find(resumeToken: string, caller: string | undefined): Relay | undefined {
    const relay = this.#relays.get(resumeToken);
    return relay?.isResumable && relay.handle.caller === caller ? relay : undefined;
  }

  /** Ends all relays. */
  close(): void {
    this.#isClosed = true;
    for (const relay of [...this.#relays.values()]) end(relay);
  }
}

function end(relay: Relay): void {
  relay.close({ code: 1001, reason: "The server is about to stop" }, "shutdown");
}
