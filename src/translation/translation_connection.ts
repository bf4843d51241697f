// This module is browser compatible.
import type { Generation } from "../_recovery/generations.ts";
import { HeldEvents } from "../_recovery/held_events.ts";
import type { ConnectionError } from "../errors.ts";
import type { IncomingTranslationServerEvent, TranslationClientEvent } from "../protocol/mod.ts";
import type { SendOptions } from "../transport/mod.ts";
import { SessionUpdates } from "./session_updates.ts";
import type { TranslationTransport } from "./translation_options.ts";

/** State with the lifetime of one connection of a translation: the transport, and the unacknowledged changes. */
export class TranslationConnection implements Generation<TranslationClientEvent, IncomingTranslationServerEvent> {
  transport: TranslationTransport;
  readonly updates: SessionUpdates = new SessionUpdates();
  readonly #onSent: (event: TranslationClientEvent) => void;
  /** Events that wait until the line opens; `undefined` when it is open. */
  #held: HeldEvents<TranslationClientEvent> | undefined;

  /** `onSent` is called with every event that was sent. */
  constructor(transport: TranslationTransport, isOpen: boolean, onSent: (event: TranslationClientEvent) => void) {
    this.transport = transport;
    this.#onSent = onSent;
    if (!isOpen) this.#held = new HeldEvents();
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  get isQuiet(): boolean {
    return this.updates.size === 0;
  }

  /** Bytes that have not left yet. */
  get bufferedAmount(): number {
    return this.#held?.audioBytes ?? this.transport.bufferedAmount;
  }

  /** Sends one event, or keeps it until the line is open. */
  send(event: TranslationClientEvent, options?: SendOptions): void {
    if (this.#held) {
      if (options?.check !== false) this.transport.check?.(event);
      return this.#held.add(event, options);
    }
    this.transport.send(event, options);
    this.#onSent(event);
  }

  open(transport: TranslationTransport): number {
    const held = this.#held;
    this.transport = transport;
    this.#held = undefined;
    return held?.release((event, options) => this.send(event, options)) ?? 0;
  }

  end(): void {
    // Nothing is queued.
  }

  /** Settles everything in flight, as the connection has ended. */
  close(cause: ConnectionError): void {
    this.#held = undefined;
    this.updates.end(cause);
  }
}
