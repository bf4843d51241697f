// This module is browser compatible.
import { HeldConnection } from "../_recovery/held_connection.ts";
import type { ConnectionError } from "../errors.ts";
import type { IncomingTranslationServerEvent, TranslationClientEvent } from "../protocol/mod.ts";
import { SessionUpdates } from "./session_updates.ts";

/** State with the lifetime of one connection of a translation: the transport, and the unacknowledged changes. */
export class TranslationConnection extends HeldConnection<TranslationClientEvent, IncomingTranslationServerEvent> {
  readonly updates: SessionUpdates = new SessionUpdates();

  override get isQuiet(): boolean {
    return this.updates.size === 0;
  }

  /** Settles everything in flight, as the connection has ended. */
  close(cause: ConnectionError): void {
    this.drop();
    this.updates.end(cause);
  }
}
