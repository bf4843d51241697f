// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import { EventHub } from "../../_internal/event_hub.ts";
import { mapReader } from "./map_reader.ts";
import type { ConnectionError } from "../../errors.ts";
import type { LiveClosedEvent, LiveEvent, LiveEventMap } from "../live_events.ts";
import type { LiveTurn } from "../live_turn.ts";

/** Delivers events to the application: to listeners immediately, to readers at their own pace. */
export class LiveNews {
  readonly #hub: EventHub<LiveEvent, LiveEventMap>;
  readonly #onUnhandled: (error: unknown, context: string) => unknown;
  /** Whether a reader of all events has received the last one. */
  #isRead = false;

  constructor(onUnhandled: ((error: unknown, context: string) => void) | undefined) {
    this.#onUnhandled = onUnhandled ?? report;
    this.#hub = new EventHub((error, eventType) => this.fail(error, `listener of ${eventType}`));
  }

  /** From now on, events are kept only until they are read. */
  ready(): void {
    this.#hub.ready();
  }

  /** Publishes an event. An error in one is reported, with its context, unless someone receives the event. */
  publish(event: LiveEvent, context?: string, error?: unknown): void {
    this.#isRead = false;
    this.#hub.publish(event);
    if (context && !this.#isRead && !this.#hub.hasListener(event.type)) this.#report(error, context);
  }

  /** Reports a failure. */
  fail(error: unknown, context: string): void {
    // A failing listener of failures would fail again.
    if (context === "listener of failure") this.#report(error, context);
    else this.publish({ type: "failure", error, context }, context, error);
  }

  /** Publishes the end, and ends the readers; after an unclean end they throw the error. */
  end(event: LiveClosedEvent, error: ConnectionError): void {
    this.#hub.end(event, event.clean ? undefined : error);
  }

  /** Adds a listener; the returned function removes it. */
  on<T extends keyof LiveEventMap & string>(type: T, listener: (event: LiveEventMap[T]) => void): () => void {
    return this.#hub.on(type, listener);
  }

  /** Reads all events; after an unclean end it throws. */
  events(): AsyncIterableIterator<LiveEvent, void, undefined> {
    return this.#hub.read(() => this.#isRead = true);
  }

  /** Reads the finished turns; after an unclean end it throws. */
  turns(): AsyncIterableIterator<LiveTurn, void, undefined> {
    const reader = this.#hub.read(({ type }) => type === "turn_done");
    return mapReader(reader, (event) => (event as LiveEventMap["turn_done"]).turn);
  }

  #report(error: unknown, context: string): void {
    callListener(() => this.#onUnhandled(error, context), (failure) => report(failure, "onUnhandled"));
  }
}

function report(error: unknown, context: string): void {
  console.error(`Live session: ${context} failed`, error);
}
