// This module is browser compatible.
import { callListener, isThenable } from "../../_internal/call_listener.ts";
import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { isRecord, type WireEvent } from "../../_internal/wire.ts";
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import type { ClientEvent, SessionConfig } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { LocalEvent, SessionClosedEvent } from "../session_events.ts";
import type { InstalledPart, SessionHost, SessionPart } from "../session_part.ts";
import { membersOf } from "./part_members.ts";

/** Time that the end of a session waits for a part, in milliseconds. */
const CLOSE_MS = 3000;

/** Phase of the processing of an event. */
type Phase = "before" | "on";

/** An installed part. */
interface Entry {
  readonly name: string;
  readonly installed: InstalledPart;
}

/** A function of a part. */
interface Handler {
  readonly part: string;
  readonly handle: ((event: object) => void) | undefined;
}

/** A function of a part that receives the events of the session itself: its exceptions cannot be reported to it. */
type OnlookerHook = "onLocal" | "isHeard";

/** Reports an exception of a part, and the function in question if it receives reports. */
type Report = (error: unknown, part: string, hook?: OnlookerHook) => void;

/** The end of a session. */
interface End {
  readonly cause: ConnectionError;
  readonly closed: SessionClosedEvent;
  readonly clock: Clock;
}

/** The parts of a session, and their handlers by type of event. */
export class PartTable {
  readonly #report: Report;
  readonly #parts: Entry[] = [];
  /** Handlers by phase and type of event, including those of `"*"`. */
  readonly #handlers = { before: new Map<string, Handler[]>(), on: new Map<string, Handler[]>() };
  #end: End | undefined;

  /** `report` is called with errors of parts. */
  constructor(report: Report) {
    this.#report = report;
  }

  /**
   * Installs a part, and adds its members to the session. A rejected part is closed, as is one that is installed after
   * the end.
   *
   * @throws {TypeError} when there is already a part of this name, or a member of the same name.
   */
  install<Api extends object>(part: SessionPart<Api>, host: SessionHost): Api | undefined {
    const { name } = part;
    this.#checkName(name);
    const installed = this.begin(part, host);
    try {
      // It may have installed others.
      this.#checkName(name);
      Object.defineProperties(host.session, membersOf(name, installed.api, host.session));
    } catch (error) {
      const close: CloseInfo = { code: 1000, reason: "", clean: true };
      const cause = new ConnectionError(String(error), { kind: "closed", url: host.url, close, cause: error });
      this.#call(name, () => installed.close?.(cause, { type: "closed", ...close }));
      throw error;
    }
    const entry = { name, installed };
    this.#parts.push(entry);
    for (const phase of ["before", "on"] as const) {
      const table = this.#handlers[phase];
      for (const [type, handle] of Object.entries(installed[phase] ?? {})) {
        const handler = { part: name, handle: handle as Handler["handle"] };
        // Arrays of exact size, as most types never need more.
        table.set(type, table.get(type)?.concat(handler) ?? [handler]);
      }
    }
    if (this.#end) void this.#endLate(entry, this.#end);
    return installed.api;
  }

  /**
   * Calls `install` of a part.
   *
   * @throws {TypeError} when it is asynchronous. Exceptions of the part are passed on.
   */
  begin<Api extends object>(part: SessionPart<Api>, host: SessionHost): InstalledPart<Api> {
    // A part written in JavaScript may return nothing, or a promise.
    const installed = part.install(host) ?? {};
    if (!isThenable(installed)) return installed;
    callListener(() => installed, (error) => this.#report(error, part.name));
    throw new TypeError(`Cannot install part ${part.name} as its install() must not be asynchronous`);
  }

  /** The initial configuration of the session. */
  configure(config: SessionConfig): SessionConfig {
    return this.#parts.reduce((sum, { name, installed }) => {
      const changed = installed.configure?.(sum) ?? sum;
      if (isRecord(changed) && !isThenable(changed)) return changed;
      throw new TypeError(`Cannot open the session as configure() of part ${name} must return a configuration`);
    }, config);
  }

  /** Calls the handlers of an event's type. */
  receive(phase: Phase, event: WireEvent): void {
    const table = this.#handlers[phase];
    this.#callAll(table.get(event.type), event);
    this.#callAll(table.get("*"), event);
  }

  /** Calls the hooks of this name with an event. */
  notify(hook: "onReceived", event: IncomingEvent): void;
  notify(hook: "onSent", event: ClientEvent): void;
  notify(hook: "onLocal", event: LocalEvent): void;
  notify(hook: "onOther", event: object): void;
  notify(hook: "onReceived" | "onSent" | "onLocal" | "onOther", event: object): void {
    const onlooker = hook === "onLocal" ? hook : undefined;
    for (const { name, installed } of this.#parts) {
      if (installed[hook]) this.#call(name, () => installed[hook]?.(event as never), onlooker);
    }
  }

  /** Whether readers or listeners of a part receive an event. */
  isHeard(event: LocalEvent): boolean {
    let isHeard = false;
    for (const { name, installed } of this.#parts) {
      this.#call(name, () => void (isHeard = installed.isHeard?.(event) === true || isHeard), "isHeard");
    }
    return isHeard;
  }

  /** Ends the readers of every part. */
  end(closed: SessionClosedEvent, error: ConnectionError | undefined): void {
    for (const { name, installed } of this.#parts) this.#call(name, () => installed.end?.(closed, error));
  }

  /** Closes every part; resolves when all have closed, or after a timeout. */
  async close(cause: ConnectionError, closed: SessionClosedEvent, clock: Clock): Promise<void> {
    const end = this.#end = { cause, closed, clock };
    await Promise.all(this.#parts.map((entry) => this.#close(entry, end)));
  }

  async #close({ name, installed }: Entry, { cause, closed, clock }: End): Promise<void> {
    try {
      const closing = installed.close?.(cause, closed);
      // Most parts close synchronously.
      if (closing) await withTimeout(() => closing, { what: `close part ${name}`, timeoutMs: CLOSE_MS, clock });
    } catch (error) {
      this.#report(error, name);
    }
  }

  /** Ends a part that is installed after the others have closed, once its installer is ready for that. */
  async #endLate(entry: Entry, end: End): Promise<void> {
    await undefined;
    await this.#close(entry, end);
    const { cause, closed } = end;
    this.#call(entry.name, () => entry.installed.end?.(closed, closed.clean ? undefined : cause));
  }

  #checkName(name: string): void {
    if (!this.#parts.some((part) => part.name === name)) return;
    throw new TypeError(`Cannot install part ${name} as the session has one of this name`);
  }

  #callAll(handlers: readonly Handler[] | undefined, event: object): void {
    for (const { part, handle } of handlers ?? []) if (handle) this.#call(part, () => handle(event));
  }

  #call(part: string, run: () => unknown, onlooker?: OnlookerHook): void {
    callListener(run, (error) => this.#report(error, part, onlooker));
  }
}
