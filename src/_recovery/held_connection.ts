// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { SendOptions, Transport } from "../transport/transport.ts";
import type { Generation } from "./generations.ts";

/**
 * Limit of the user's audio that waits, in characters of base64: 30 seconds of PCM. Beyond it, the oldest audio is
 * dropped.
 */
const MAX_AUDIO = 1_920_000;

/** Maximum number of other waiting events. */
const MAX_EVENTS = 4096;

/** Callbacks of a connection. */
export interface HeldConnectionOptions<Out> {
  /** Called with every event that was sent, or lost with the connection. */
  sent(event: Out): void;
  /** Called with the error of an event that has waited, and was never checked. */
  unsent(error: unknown, event: Out, options: SendOptions | undefined): void;
}

/** One connection of a session: until its line is open, events wait, in order. */
export class HeldConnection<Out extends { readonly type: string }, In> implements Generation<Out, In> {
  transport: Transport<Out, In>;
  isOver = false;
  readonly #options: HeldConnectionOptions<Out>;
  /** Events that wait until the line opens; `undefined` when it is open. */
  #held: [event: Out, options: SendOptions | undefined][] | undefined;
  #opened: PromiseWithResolvers<void> | undefined;
  /** Characters of waiting and of dropped audio. */
  #audio = 0;
  #droppedAudio = 0;

  constructor(transport: Transport<Out, In>, isOpen: boolean, options: HeldConnectionOptions<Out>) {
    this.transport = transport;
    this.#options = options;
    if (!isOpen) this.#held = [];
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  /** Resolves when events reach the server; `undefined` when they do. */
  get opened(): Promise<void> | undefined {
    return this.#held && (this.#opened ??= Promise.withResolvers()).promise;
  }

  get isQuiet(): boolean {
    return true;
  }

  /** Bytes that have not been sent yet. */
  get bufferedAmount(): number {
    return this.#held ? this.#audio : this.transport.bufferedAmount;
  }

  /**
   * Sends one event, or keeps it until the line is open.
   *
   * @throws {DOMException} `QuotaExceededError` when 4,096 events wait.
   */
  send(event: Out, options?: SendOptions): void {
    if (this.#held) return this.#hold(this.#held, event, options);
    try {
      this.transport.send(event, options);
    } catch (error) {
      // The session is about to learn that its connection has ended: the event is lost with it, like one sent just before.
      if (this.isOver || !(error instanceof ConnectionError)) throw error;
    }
    this.#options.sent(event);
  }

  open(transport: Transport<Out, In>, again: readonly Out[] = []): number {
    const held = this.#held ?? [];
    this.transport = transport;
    this.#held = undefined;
    for (const [event, options] of [...again.map((event) => [event, { check: false }] as const), ...held]) {
      try {
        this.send(event, options);
      } catch (error) {
        this.#options.unsent(error, event, options);
      }
    }
    this.#opened?.resolve();
    return this.#droppedAudio;
  }

  /**
   * Discards the waiting events, as the session has ended or another connection takes over: events are rejected as on
   * every ended connection.
   */
  drop(): void {
    this.#held = undefined;
    this.isOver = true;
  }

  #hold(held: [Out, SendOptions | undefined][], event: Out, options?: SendOptions): void {
    if (options?.check !== false) this.transport.check?.(event);
    const length = audioLength(event);
    if (length === 0 && held.length >= MAX_EVENTS) {
      throw new DOMException(
        `Cannot send ${event.type} as ${MAX_EVENTS} events wait for a connection`,
        "QuotaExceededError",
      );
    }
    held.push([event, options]);
    this.#audio += length;
    while (this.#audio > MAX_AUDIO) {
      const [[oldest]] = held.splice(held.findIndex(([event]) => audioLength(event)), 1) as [[Out, unknown]];
      const length = audioLength(oldest);
      this.#audio -= length;
      this.#droppedAudio += length;
    }
  }
}

/** Only the user's audio is a text of this name. */
function audioLength({ audio }: { readonly type: string; readonly audio?: string }): number {
  return audio?.length ?? 0;
}
