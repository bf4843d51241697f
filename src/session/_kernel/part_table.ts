// This module is browser compatible.
import { callListener, isThenable } from "../../_internal/call_listener.ts";
import type { Clock } from "../../_internal/clock.ts";
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { isRecord } from "../../_internal/wire.ts";
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import { type ClientEvent, isKnownServerEvent, type SessionConfig } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { LocalEvent, SessionClosedEvent } from "../session_events.ts";
import type { InstalledPart, SessionHost, SessionPart } from "../session_part.ts";
import { membersOf } from "./part_members.ts";

/** Time that the end of a session waits for a part, in milliseconds. */
const CLOSE_MS = 3000;

/** Phase of the processing of an event. */
type Phase = "before" | "on" | "onOther";

/** An installed part. */
interface Entry {
  readonly name: string;
  readonly installed: InstalledPart;
}

/** Function of a part that receives events of every type. */
type Hook = "onReceived" | "onSent" | "onLocal";

/** A function of a part that receives events; `owner` is its `this`. */
interface Handler {
  readonly part: string;
  readonly owner: object;
  readonly handle: (event: object) => unknown;
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
  #parts: readonly Entry[] = [];
  /** Handlers by type of event, including those of `"*"`; collected when the first event of the type arrives. */
  readonly #handlers = new LazyMap<string, Readonly<Record<Phase, readonly Handler[]>>>();
  /** Hooks by name; collected when the first is called. */
  #hooks: Partial<Record<Hook, readonly Handler[]>> | undefined;
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
    this.#parts = [...this.#parts, entry];
    this.#handlers.clear();
    this.#hooks = undefined;
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
    this.#call(part.name, () => installed);
    throw new TypeError(`Cannot install part ${part.name} as its install() must not be asynchronous`);
  }

  /** The initial configuration of the session. */
  configure(config: SessionConfig): SessionConfig {
    return this.#parts.reduce((sum, { name, installed }) => {
      const changed = installed.configure?.(sum) ?? sum;
      if (isRecord(changed) && !isThenable(changed)) return changed;
      this.#call(name, () => changed);
      throw new TypeError(`Cannot open the session as configure() of part ${name} must return a configuration`);
    }, config);
  }

  /** Calls the handlers of an event's type; in the phase `onOther`, there are none for a known type. */
  receive(phase: Phase, event: { readonly type: string }): void {
    for (const handler of this.#handlersOf(event)[phase]) this.#handle(handler, event);
  }

  /** Calls the hooks of this name with an event. */
  notify(hook: "onReceived", event: IncomingEvent): void;
  notify(hook: "onSent", event: ClientEvent): void;
  notify(hook: "onLocal", event: LocalEvent): void;
  notify(hook: Hook, event: object): void {
    const handlers = (this.#hooks ??= {})[hook] ??= this.#collect((installed) => installed, hook);
    for (const handler of handlers) this.#handle(handler, event, hook === "onLocal" ? hook : undefined);
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

  #handlersOf(event: { readonly type: string }): Readonly<Record<Phase, readonly Handler[]>> {
    const { type } = event;
    let handlers = this.#handlers.get(type);
    if (!handlers) {
      const isKnown = isKnownServerEvent(event);
      handlers = {
        before: this.#find("before", type),
        on: this.#find("on", type),
        onOther: isKnown ? [] : this.#collect((installed) => installed, "onOther"),
      };
      // The number of unknown types is unbounded.
      if (isKnown) this.#handlers.set(type, handlers);
    }
    return handlers;
  }

  #find(phase: "before" | "on", type: string): readonly Handler[] {
    return [type, "*"].flatMap((key) =>
      this.#collect(({ [phase]: handlers }) => handlers && Object.hasOwn(handlers, key) ? handlers : {}, key)
    );
  }

  /** The functions of this name of all parts. */
  #collect(ownerOf: (installed: InstalledPart) => object, name: string): readonly Handler[] {
    return this.#parts.flatMap(({ name: part, installed }) => {
      const owner = ownerOf(installed) as Readonly<Record<string, Handler["handle"] | undefined>>;
      const handle = owner[name];
      return handle ? { part, owner, handle } : [];
    });
  }

  /** Calls a handler. Written out, as it is called several times for every event. */
  #handle({ part, owner, handle }: Handler, event: object, onlooker?: OnlookerHook): void {
    try {
      const result = handle.call(owner, event);
      if (isThenable(result)) this.#call(part, () => result, onlooker);
    } catch (error) {
      this.#report(error, part, onlooker);
    }
  }

  #call(part: string, run: () => unknown, onlooker?: OnlookerHook): void {
    callListener(run, (error) => this.#report(error, part, onlooker));
  }
}
