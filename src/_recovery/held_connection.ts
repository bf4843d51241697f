// This module is browser compatible.
import type { SendOptions, Transport } from "../transport/transport.ts";
import type { Generation } from "./generations.ts";
import { HeldEvents } from "./held_events.ts";

/** One connection of a session: until its line is open, events wait. */
export class HeldConnection<Out extends { readonly type: string }, In> implements Generation<Out, In> {
  transport: Transport<Out, In>;
  readonly #onSent: (event: Out) => void;
  /** Events that wait until the line opens; `undefined` when it is open. */
  #held: HeldEvents<Out> | undefined;

  /** `onSent` is called with every event that was sent. */
  constructor(transport: Transport<Out, In>, isOpen: boolean, onSent: (event: Out) => void) {
    this.transport = transport;
    this.#onSent = onSent;
    if (!isOpen) this.#held = new HeldEvents();
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  /** Resolves when events reach the server; `undefined` when they do. */
  get opened(): Promise<void> | undefined {
    return this.#held?.released.promise;
  }

  get isQuiet(): boolean {
    return true;
  }

  /** Bytes that have not left yet. */
  get bufferedAmount(): number {
    return this.#held?.audioBytes ?? this.transport.bufferedAmount;
  }

  /** Sends one event, or keeps it until the line is open. */
  send(event: Out, options?: SendOptions): void {
    if (this.#held) {
      if (options?.check !== false) this.transport.check?.(event);
      return this.#held.add(event, options);
    }
    this.transport.send(event, options);
    this.#onSent(event);
  }

  open(transport: Transport<Out, In>): number {
    const held = this.#held;
    this.transport = transport;
    this.#held = undefined;
    return held?.release((event, options) => this.send(event, options)) ?? 0;
  }

  end(): void {
    // Nothing is queued.
  }

  /** Discards the waiting events, as the session has ended or another connection takes over. */
  drop(): void {
    this.#held = undefined;
  }
}
