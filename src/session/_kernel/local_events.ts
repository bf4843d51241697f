// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { EventHub } from "../../_internal/event_hub.ts";
import type { LocalEvent, SessionEvent, SessionEventMap } from "../session_events.ts";
import type { PartTable } from "./part_table.ts";
import { reportUnhandled } from "./report_unhandled.ts";

/** Called with an error that no reader or listener received, and the event that reports it. */
type OnUnhandled = (error: unknown, event: LocalEvent) => void;

/** No events; shared, as events are rarely held. */
const NONE: readonly LocalEvent[] = [];

/** Publishes events of the session itself: to its parts immediately, to readers and listeners in order. */
export class LocalEvents {
  readonly #hub: EventHub<SessionEvent, SessionEventMap>;
  readonly #parts: PartTable;
  readonly #onUnhandled: OnUnhandled;
  #held: readonly LocalEvent[] | undefined;

  constructor(
    hub: EventHub<SessionEvent, SessionEventMap>,
    parts: PartTable,
    onUnhandled: OnUnhandled = reportUnhandled,
  ) {
    this.#hub = hub;
    this.#parts = parts;
    this.#onUnhandled = onUnhandled;
  }

  /** Publishes an event: immediately, or after the server event that is being processed. */
  emit(event: LocalEvent): void {
    this.#parts.notify("onLocal", event);
    this.#add(event);
  }

  /**
   * Reports an exception of a part. A function that receives reports does not receive its own, as it would throw again.
   */
  reportPart(error: unknown, part: string, hook?: "onLocal" | "isHeard"): void {
    const event = { type: "part_failed", part, error } as const;
    if (hook === "isHeard") this.#call(event);
    else if (hook === "onLocal") this.#add(event);
    else this.emit(event);
  }

  /** From now on, events wait for {@linkcode release}. */
  hold(): void {
    this.#held = NONE;
  }

  /** Returns the events that have waited, oldest first. */
  release(): readonly LocalEvent[] {
    const held = this.#held ?? NONE;
    this.#held = undefined;
    return held;
  }

  /** Publishes an event to readers and listeners; an error that reaches no one is reported as unhandled. */
  publish(event: LocalEvent): void {
    const isHeard = this.#hub.publish(event);
    if (!isHeard && "error" in event && !this.#parts.isHeard(event)) this.#call(event);
  }

  #add(event: LocalEvent): void {
    if (this.#held) this.#held = [...this.#held, event];
    else this.publish(event);
  }

  #call(event: Extract<LocalEvent, { readonly error: unknown }>): void {
    callListener(
      () => this.#onUnhandled(event.error, event),
      (error) => reportUnhandled(error, { type: "listener_failed", error, eventType: "onUnhandled" }),
    );
  }
}
