// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { EventHub } from "../../_internal/event_hub.ts";
import type { LocalEvent, SessionEvent, SessionEventMap } from "../session_events.ts";
import type { PartTable } from "./part_table.ts";
import { reportUnhandled } from "./report_unhandled.ts";

/** Called with an error of which no reader or listener was told, and the event that reports it. */
type OnUnhandled = (error: unknown, event: LocalEvent) => void;

/** Publishes what the session itself reports: to its parts at once, to readers and listeners in order. */
export class LocalEvents {
  readonly #hub: EventHub<SessionEvent, SessionEventMap>;
  readonly #parts: PartTable;
  readonly #onUnhandled: OnUnhandled;
  #held: LocalEvent[] | undefined;

  constructor(
    hub: EventHub<SessionEvent, SessionEventMap>,
    parts: PartTable,
    onUnhandled: OnUnhandled = reportUnhandled,
  ) {
    this.#hub = hub;
    this.#parts = parts;
    this.#onUnhandled = onUnhandled;
  }

  /** Publishes an event: at once, or after the server event that is being processed. */
  emit(event: LocalEvent): void {
    this.#parts.notify("onLocal", event);
    this.#add(event);
  }

  /** Reports what a part threw. A function that sees reports is not told of its own, as it would throw again. */
  reportPart(error: unknown, part: string, hook?: "onLocal" | "isHeard"): void {
    const event = { type: "part_failed", part, error } as const;
    if (hook === "isHeard") this.#call(event);
    else if (hook === "onLocal") this.#add(event);
    else this.emit(event);
  }

  /** From now on, events wait for {@linkcode release}. */
  hold(): void {
    this.#held = [];
  }

  /** The events that have waited, oldest first. */
  release(): readonly LocalEvent[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }

  /** Gives an event to readers and listeners; an error that nobody gets is reported as unhandled. */
  publish(event: LocalEvent): void {
    const isHeard = this.#hub.publish(event);
    if (!isHeard && "error" in event && !this.#parts.isHeard(event)) this.#call(event);
  }

  #add(event: LocalEvent): void {
    if (this.#held) this.#held.push(event);
    else this.publish(event);
  }

  #call(event: Extract<LocalEvent, { readonly error: unknown }>): void {
    callListener(
      () => this.#onUnhandled(event.error, event),
      (error) => reportUnhandled(error, { type: "listener_failed", error, eventType: "onUnhandled" }),
    );
  }
}
