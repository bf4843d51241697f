// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { ConnectionError } from "../../errors.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { LocalEvent, SessionClosedEvent } from "../session_events.ts";
import type { InstalledPart, ServerEventHandlers, SessionHost, SessionPart } from "../session_part.ts";

/** How long the end of a session waits for a part, in milliseconds. */
const CLOSE_MS = 3000;

/** Phase of the processing of an event. */
type Phase = "before" | "on";

/** A function of a part. */
interface Handler {
  readonly part: string;
  readonly handle: (event: never) => void;
}

/** Reports what a part threw. */
type Report = (error: unknown, part: string) => void;

/** The parts of a session, and their handlers by type of event. */
export class PartTable {
  readonly #report: Report;
  readonly #parts = new Map<string, InstalledPart>();
  readonly #handlers = { before: new Map<string, Handler[]>(), on: new Map<string, Handler[]>() };

  /** `report` is called with errors of parts. */
  constructor(report: Report) {
    this.#report = report;
  }

  /**
   * Installs a part, and mixes its members into the session.
   *
   * @throws {TypeError} when there is a part of this name, or the session has a member of this name.
   */
  install<Api extends object>(part: SessionPart<Api>, host: SessionHost): Api | undefined {
    const { name } = part;
    if (this.#parts.has(name)) throw new TypeError(`Cannot install part ${name} as the session has one of this name`);
    const installed = part.install(host);
    const members = Object.getOwnPropertyDescriptors(installed.api ?? {});
    for (const member of Object.keys(members)) {
      if (!(member in host.session)) continue;
      throw new TypeError(`Cannot install part ${name} as the session has a member ${member}`);
    }
    Object.defineProperties(host.session, members);
    this.#parts.set(name, installed);
    this.#add("before", name, installed.before);
    this.#add("on", name, installed.on);
    return installed.api;
  }

  /** The configuration with which the session opens. */
  configure(config: SessionConfig): SessionConfig {
    return [...this.#parts.values()].reduce((sum, part) => part.configure?.(sum) ?? sum, config);
  }

  /** Hands an event to the handlers of its type. */
  receive(phase: Phase, event: WireEvent): void {
    const handlers = this.#handlers[phase];
    this.#call(handlers.get(event.type), event);
    this.#call(handlers.get("*"), event);
  }

  /** Hands an event to the functions of this name. */
  notify(hook: "onReceived", event: IncomingEvent): void;
  notify(hook: "onSent", event: ClientEvent): void;
  notify(hook: "onLocal", event: LocalEvent): void;
  notify(hook: "onOther", event: object): void;
  notify(hook: "onReceived" | "onSent" | "onLocal" | "onOther", event: object): void {
    for (const [part, installed] of this.#parts) {
      const handle = installed[hook];
      if (handle) this.#call([{ part, handle }], event);
    }
  }

  /** Closes every part; resolves when all have, or took too long. */
  async close(cause: ConnectionError, closed: SessionClosedEvent, clock: Clock): Promise<void> {
    await Promise.all(Array.from(this.#parts, async ([name, { close }]) => {
      try {
        const closing = close?.(cause, closed);
        // Most parts close at once.
        if (closing) await withTimeout(() => closing, { what: `close part ${name}`, timeoutMs: CLOSE_MS, clock });
      } catch (error) {
        this.#report(error, name);
      }
    }));
  }

  #add(phase: Phase, part: string, handlers: ServerEventHandlers = {}): void {
    const table = this.#handlers[phase];
    for (const [type, handle] of Object.entries(handlers)) {
      table.set(type, [...table.get(type) ?? [], { part, handle }]);
    }
  }

  #call(handlers: readonly Handler[] | undefined, event: object): void {
    for (const { part, handle } of handlers ?? []) {
      try {
        handle(event as never);
      } catch (error) {
        this.#report(error, part);
      }
    }
  }
}
