import type { Clock } from "../../_internal/clock.ts";
import { ConnectionError } from "../../errors.ts";
import type { CoreSession, SessionPart } from "../../session/mod.ts";
import type { SocketEnd } from "../../transport/mod.ts";
import type { Tap } from "./tap_dial.ts";

/** Close code of the API for connections to a call that is over. */
const NORMAL = 1000;

/** HTTP status of the API for connections to a call that is over. */
const NOT_FOUND = 404;

/** Time that a connection must last for the next drop to count as another outage, in milliseconds. */
const STABLE_MS = 10_000;

/** How a sideband ended: the call is over, no other connection could be opened, or this side closed it. */
export type SidebandEnd = "api" | "sideband_lost" | "closed";

/** Events of a session about its connection. */
export type SidebandNews =
  | { readonly type: "reconnecting" }
  | { readonly type: "recovered"; readonly gapMs: number }
  | { readonly type: "recovery_failed"; readonly cause: unknown };

/** The part of a session that a sideband needs. */
export interface FollowedSession {
  /** Whether it is reconnecting. */
  readonly state: CoreSession["state"];
  /** Resolves when it has ended; `clean` means that this side has closed it. */
  readonly closed: Promise<{ readonly clean: boolean }>;
  /** Closes it. */
  close(): Promise<unknown>;
}

/** Options of a {@linkcode Sideband}. */
export interface SidebandParts {
  /** Source of time. */
  readonly clock: Clock;
  /** Time that the call may be without a connection, in milliseconds. */
  readonly reattachMs: number;
  /** Whether the app itself opened it: it is then closed with the call. */
  readonly isOwn: boolean;
  /** Called with each frame. */
  readonly onFrame: (text: string) => void;
  /** Called when a connection has opened or closed. */
  readonly onChange: () => void;
  /** Called when the connection has been replaced, with the duration without one, in milliseconds. */
  readonly onReattached: (gapMs: number) => void;
  /** Called once, at its end; `cause` is the reason why no other connection could be opened. */
  readonly onEnd: (end: SidebandEnd, cause: unknown) => void;
}

/** A connection to a call, and its replacements after a drop, as opened by the recovery of its session. */
export class Sideband implements Tap {
  /** Notifies the sideband of drops: to be installed in its session. */
  readonly part: SessionPart;
  readonly #parts: SidebandParts;
  #session: FollowedSession | undefined;
  /** Connections that have not ended: an abandoned one may linger. */
  #connections = 0;
  #hasEnded = false;
  /** Whether the other side, or the network, ended the last connection. */
  #wasDropped = false;
  #reattachedMs = -Infinity;
  #deadlineMs = 0;
  #cancelDeadline: (() => void) | undefined;
  #failure: unknown;

  constructor(parts: SidebandParts) {
    this.#parts = parts;
    this.part = {
      name: "edge sideband",
      install: () => ({ onLocal: (event) => this.told(event) }),
    };
  }

  /** Processes an event of its session about drops. */
  told(event: SidebandNews | { readonly type: string }): void {
    const news = event as SidebandNews;
    if (news.type === "reconnecting") this.#dropped();
    if (news.type === "recovered") this.#reattached(news.gapMs);
    if (news.type === "recovery_failed") this.#failure = news.cause;
  }

  /** Whether frames are arriving. */
  get isOpen(): boolean {
    return this.#connections > 0;
  }

  /** Whether it follows the call, even if it is currently reconnecting. */
  get isAttached(): boolean {
    return this.isOpen || this.#session !== undefined;
  }

  /** Records a connection. */
  opened(): void {
    this.#connections++;
    this.#parts.onChange();
  }

  /** Processes a frame. */
  frame(text: string): void {
    this.#parts.onFrame(text);
  }

  /** Processes the end of a connection. The session decides whether another one follows. */
  ended({ code }: SocketEnd, byUs: boolean): void {
    this.#connections--;
    this.#wasDropped = !byUs;
    this.#parts.onChange();
    if (this.#wasDropped && code === NORMAL) this.#end("api");
  }

  /** Follows its session, in which {@linkcode part} is installed, to the end. */
  follow(session: FollowedSession): void {
    this.#session = session;
    if (session.state === "reconnecting") this.#dropped();
    void session.closed.then(({ clean }) => {
      if (clean) return this.#end("closed");
      const isOver = this.#failure instanceof ConnectionError && this.#failure.status === NOT_FOUND;
      this.#end(isOver ? "api" : "sideband_lost", isOver ? undefined : this.#failure);
    });
  }

  /** Records that no session could be opened. */
  failed(): void {
    this.#end(this.#wasDropped ? "sideband_lost" : "closed");
  }

  /** Ends it with its call. A connected session of the host still receives the API's last events, and its close. */
  close(): void {
    this.#cancelDeadline?.();
    if (this.#parts.isOwn || this.#session?.state === "reconnecting") void this.#session?.close();
  }

  #dropped(): void {
    const { clock, reattachMs } = this.#parts;
    if (this.#cancelDeadline || this.#hasEnded) return;
    const now = clock.now();
    // A line that drops again immediately has not been restored.
    if (now - this.#reattachedMs >= STABLE_MS) this.#deadlineMs = now + reattachMs;
    this.#cancelDeadline = clock.schedule(() => this.#end("sideband_lost"), this.#deadlineMs - now);
  }

  #reattached(gapMs: number): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    this.#reattachedMs = this.#parts.clock.now();
    this.#parts.onReattached(gapMs);
  }

  #end(end: SidebandEnd, cause?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelDeadline?.();
    // The call ends: there will be nothing to come back to.
    if (this.#session?.state === "reconnecting") void this.#session.close();
    this.#parts.onEnd(end, cause);
  }
}
