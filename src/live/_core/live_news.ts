// This module is browser compatible.
import { EventHub } from "../../_internal/event_hub.ts";
import { ConnectionError } from "../../errors.ts";
import type { LiveClosedEvent, LiveEvent, LiveEventMap } from "../live_events.ts";

/** Delivers events to the application: to listeners immediately, to readers at their own pace. */
export class LiveNews {
  readonly #hub: EventHub<LiveEvent, LiveEventMap>;
  readonly #onUnhandled: (error: unknown, context: string) => void;
  readonly #url: string;
  /** Number of readers of all events. */
  #readers = 0;

  constructor(url: string, onUnhandled: ((error: unknown, context: string) => void) | undefined) {
    this.#url = url;
    this.#onUnhandled = onUnhandled ?? ((error, context) => console.error(`Live session: ${context} failed`, error));
    this.#hub = new EventHub((error, eventType) => this.fail(error, `listener of ${eventType}`));
  }

  /** From now on, events are kept only until they are read. */
  ready(): void {
    this.#hub.ready();
  }

  /** Publishes an event. */
  publish(event: LiveEvent): void {
    this.#hub.publish(event);
    if (event.type === "tool_call_failed") this.#unlessHeard(event.type, event.error, `tool ${event.call.name}`);
    if (event.type === "tool_output_refused") this.#unlessHeard(event.type, event.error, "tool output");
  }

  /** Reports a failure. */
  fail(error: unknown, context: string): void {
    this.#hub.publish({ type: "failure", error, context });
    // A failing listener of failures would be called again.
    if (context.startsWith("listener of failure")) this.#onUnhandled(error, context);
    else this.#unlessHeard("failure", error, context);
  }

  /** Publishes an error of the server that belongs to no command. */
  refuse(event: LiveEvent, error: Error): void {
    this.#hub.publish(event);
    this.#unlessHeard("error", error, "server");
  }

  /** Publishes the end, and ends the readers; after an unclean end they throw. */
  end(event: LiveClosedEvent): void {
    const { clean, close, reason } = event;
    const error = clean ? undefined : new ConnectionError(
      `Cannot read on as the session has ended: ${reason}, code ${close.code}`,
      { kind: "closed", url: this.#url, close },
    );
    this.#hub.publish(event);
    this.#hub.end(undefined, error);
  }

  /** Adds a listener; the returned function removes it. */
  on<T extends keyof LiveEventMap & string>(type: T, listener: (event: LiveEventMap[T]) => void): () => void {
    return this.#hub.on(type, listener);
  }

  /** Reads the results of `select`; after an unclean end it throws. */
  read<T>(select: (event: LiveEvent) => T | undefined, hearsAll = false): AsyncGenerator<T, void, undefined> {
    // A generator would not start reading before its first value is requested.
    return this.#iterate(this.#hub.read(), select, hearsAll);
  }

  async *#iterate<T>(
    reader: AsyncIterableIterator<LiveEvent>,
    select: (event: LiveEvent) => T | undefined,
    hearsAll: boolean,
  ): AsyncGenerator<T, void, undefined> {
    this.#readers += hearsAll ? 1 : 0;
    try {
      for await (const event of reader) {
        const value = select(event);
        if (value !== undefined) yield value;
      }
    } finally {
      this.#readers -= hearsAll ? 1 : 0;
    }
  }

  #unlessHeard(type: string, error: unknown, context: string): void {
    if (this.#readers === 0 && !this.#hub.hasListener(type)) this.#onUnhandled(error, context);
  }
}
