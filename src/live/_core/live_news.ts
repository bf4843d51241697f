// This module is browser compatible.
import { EventHub } from "../../_internal/event_hub.ts";
import { ConnectionError } from "../../errors.ts";
import type { LiveClosedEvent, LiveEvent, LiveEventMap } from "../live_events.ts";

/** Tells the application what happens: listeners at once, readers at their own pace. */
export class LiveNews {
  readonly #hub: EventHub<LiveEvent, LiveEventMap>;
  readonly #onUnhandled: (error: unknown, context: string) => void;
  readonly #url: string;
  /** How many readers hear everything. */
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

  /** Tells of an event. */
  publish(event: LiveEvent): void {
    this.#hub.publish(event);
    if (event.type === "tool_call_failed") this.#unlessHeard(event.type, event.error, `tool ${event.call.name}`);
    if (event.type === "tool_output_refused") this.#unlessHeard(event.type, event.error, "tool output");
  }

  /** Tells that something has failed. */
  fail(error: unknown, context: string): void {
    this.#hub.publish({ type: "failure", error, context });
    // A listener of failures that fails would be called again.
    if (context.startsWith("listener of failure")) this.#onUnhandled(error, context);
    else this.#unlessHeard("failure", error, context);
  }

  /** Tells of an error of the server that nothing waits for. */
  refuse(event: LiveEvent, error: Error): void {
    this.#hub.publish(event);
    this.#unlessHeard("error", error, "server");
  }

  /** Tells of the end, and ends the readers; after an unclean one they throw. */
  end(event: LiveClosedEvent): void {
    const { clean, close, reason } = event;
    const error = clean ? undefined : new ConnectionError(
      `Cannot read on as the session has ended: ${reason}, code ${close.code}`,
      { kind: "closed", url: this.#url, close },
    );
    this.#hub.publish(event);
    this.#hub.end(undefined, error);
  }

  /** Adds a listener; the function that is returned removes it. */
  on<T extends keyof LiveEventMap & string>(type: T, listener: (event: LiveEventMap[T]) => void): () => void {
    return this.#hub.on(type, listener);
  }

  /** Reads what `select` makes of the events; after an unclean end it throws. */
  read<T>(select: (event: LiveEvent) => T | undefined, hearsAll = false): AsyncGenerator<T, void, undefined> {
    // A generator would not begin to hear before its first value is asked for.
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
