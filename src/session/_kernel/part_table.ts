// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { ConnectionError } from "../../errors.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { LocalEvent, SessionClosedEvent } from "../session_events.ts";
import type { InstalledPart, SessionHost, SessionPart } from "../session_part.ts";

/** How long the end of a session waits for a part, in milliseconds. */
const CLOSE_MS = 3000;

/** Phase of the processing of an event. */
type Phase = "before" | "on";

/** A part that was installed. */
interface Entry {
  readonly name: string;
  readonly installed: InstalledPart;
}

/** A function of a part. */
interface Handler {
  readonly part: string;
  readonly handle: (event: object) => void;
}

/** Reports what a part threw. */
type Report = (error: unknown, part: string) => void;

/** The parts of a session, and their handlers by type of event. */
export class PartTable {
  readonly #report: Report;
  readonly #parts: Entry[] = [];
  /** Handlers by phase and type of event, those of every type among them. */
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
    if (this.#parts.some((part) => part.name === name)) {
      throw new TypeError(`Cannot install part ${name} as the session has one of this name`);
    }
    // A part in JavaScript may return nothing.
    const installed = part.install(host) ?? {};
    const members = Object.getOwnPropertyDescriptors(installed.api ?? {});
    for (const member of Reflect.ownKeys(members)) {
      if (!(member in host.session)) continue;
      throw new TypeError(`Cannot install part ${name} as the session has a member ${String(member)}`);
    }
    Object.defineProperties(host.session, members);
    this.#parts.push({ name, installed });
    for (const phase of ["before", "on"] as const) {
      const table = this.#handlers[phase];
      for (const [type, handle] of Object.entries(installed[phase] ?? {})) {
        table.set(type, [...table.get(type) ?? [], { part: name, handle: handle as Handler["handle"] }]);
      }
    }
    return installed.api;
  }

  /** The configuration with which the session opens. */
  configure(config: SessionConfig): SessionConfig {
    return this.#parts.reduce((sum, { installed }) => installed.configure?.(sum) ?? sum, config);
  }

  /** Hands an event to the handlers of its type. */
  receive(phase: Phase, event: WireEvent): void {
    const table = this.#handlers[phase];
    this.#callAll(table.get(event.type), event);
    this.#callAll(table.get("*"), event);
  }

  /** Hands an event to the functions of this name. */
  notify(hook: "onReceived", event: IncomingEvent): void;
  notify(hook: "onSent", event: ClientEvent): void;
  notify(hook: "onLocal", event: LocalEvent): void;
  notify(hook: "onOther", event: object): void;
  notify(hook: "onReceived" | "onSent" | "onLocal" | "onOther", event: object): void {
    for (const { name, installed } of this.#parts) this.#call(name, installed[hook] as (event: object) => void, event);
  }

  /** Whether readers or listeners of a part get an event. */
  isHeard(event: LocalEvent): boolean {
    return this.#some((part) => part.isHeard?.(event) === true);
  }

  /** Ends the readers of every part. */
  end(closed: SessionClosedEvent, error: ConnectionError | undefined): void {
    this.#some((part) => void part.end?.(closed, error));
  }

  /** Closes every part; resolves when all have, or took too long. */
  async close(cause: ConnectionError, closed: SessionClosedEvent, clock: Clock): Promise<void> {
    await Promise.all(this.#parts.map(async ({ name, installed: { close } }) => {
      try {
        const closing = close?.(cause, closed);
        // Most parts close at once.
        if (closing) await withTimeout(() => closing, { what: `close part ${name}`, timeoutMs: CLOSE_MS, clock });
      } catch (error) {
        this.#report(error, name);
      }
    }));
  }

  /** Calls a function of every part; returns whether one returns true. */
  #some(call: (part: InstalledPart) => boolean | void): boolean {
    let isTrue = false;
    for (const { name, installed } of this.#parts) {
      this.#call(name, () => void (isTrue = call(installed) === true || isTrue), {});
    }
    return isTrue;
  }

  #callAll(handlers: readonly Handler[] | undefined, event: object): void {
    for (const { part, handle } of handlers ?? []) this.#call(part, handle, event);
  }

  #call(part: string, handle: ((event: object) => void) | undefined, event: object): void {
    if (handle) callListener(() => handle(event), (error) => this.#report(error, part));
  }
}
