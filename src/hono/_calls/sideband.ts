import type { Clock } from "../../_internal/clock.ts";
import { ConnectionError } from "../../errors.ts";
import type { CoreSession, SessionPart } from "../../session/mod.ts";
import type { SocketEnd } from "../../transport/mod.ts";
import type { Tap } from "./tap_dial.ts";

/** Code with which the API closes the connections to a call that is over. */
const NORMAL = 1000;

/** HTTP status with which the API refuses connections to a call that is over. */
const NOT_FOUND = 404;

/** How long a connection must last for the next drop to count as another outage, in milliseconds. */
const STABLE_MS = 10_000;

/** How a sideband ended: the call is over, no other connection could be made, or this side closed it. */
export type SidebandEnd = "api" | "sideband_lost" | "closed";

/** What a session tells about drops of its connection. */
export type SidebandNews =
  | { readonly type: "reconnecting" }
  | { readonly type: "recovered"; readonly gapMs: number }
  | { readonly type: "recovery_failed"; readonly cause: unknown };

/** A session, as far as a sideband follows it. */
export interface FollowedSession {
  /** Whether it looks for another connection. */
  readonly state: CoreSession["state"];
  /** Resolves when it has ended; `clean`: this side has closed it. */
  readonly closed: Promise<{ readonly clean: boolean }>;
  /** Closes it. */
  close(): Promise<unknown>;
}

/** What a {@linkcode Sideband} consists of. */
export interface SidebandParts {
  /** Source of time. */
  readonly clock: Clock;
  /** How long the call may be without a connection, in milliseconds. */
  readonly reattachMs: number;
  /** Whether the app itself opened it: it is closed with the call. */
  readonly isOwn: boolean;
  /** Called with each frame. */
  readonly onFrame: (text: string) => void;
  /** Called when a connection is open, or not open any more. */
  readonly onChange: () => void;
  /** Called when another connection has been made, with the time without one, in milliseconds. */
  readonly onReattached: (gapMs: number) => void;
  /** Called once, at its end; `cause` is why no other connection could be made. */
  readonly onEnd: (end: SidebandEnd, cause: unknown) => void;
}

/** A connection to a call, and those that replace it after a drop, as the recovery of its session makes them. */
export class Sideband implements Tap {
  /** Tells the sideband about drops: to be installed in its session. */
  readonly part: SessionPart;
  readonly #parts: SidebandParts;
  #session: FollowedSession | undefined;
  /** Connections that have not ended: one that was given up may linger. */
  #connections = 0;
  #hasEnded = false;
  /** Whether the other side, or the line, ended the last connection. */
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

  /** Takes what its session tells about drops. */
  told(event: SidebandNews | { readonly type: string }): void {
    const news = event as SidebandNews;
    if (news.type === "reconnecting") this.#dropped();
    if (news.type === "recovered") this.#reattached(news.gapMs);
    if (news.type === "recovery_failed") this.#failure = news.cause;
  }

  /** Whether frames arrive. */
  get isOpen(): boolean {
    return this.#connections > 0;
  }

  /** Whether it follows the call, even if it is just looking for another connection. */
  get isAttached(): boolean {
    return this.isOpen || this.#session !== undefined && !this.#hasEnded;
  }

  /** Takes note of a connection. */
  opened(): void {
    this.#connections++;
    this.#parts.onChange();
  }

  /** Takes a frame. */
  frame(text: string): void {
    this.#parts.onFrame(text);
  }

  /** Takes the end of a connection. Whether another one follows is for the session to say. */
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

  /** Takes note that no session could be opened. */
  failed(): void {
    this.#end(this.#wasDropped ? "sideband_lost" : "closed");
  }

  /** Ends it with its call. A session of the host's that is connected gets the API's last events, and its close. */
  close(): void {
    this.#cancelDeadline?.();
    if (this.#parts.isOwn || this.#session?.state === "reconnecting") void this.#session?.close();
  }

  #dropped(): void {
    const { clock, reattachMs } = this.#parts;
    if (this.#cancelDeadline || this.#hasEnded) return;
    const now = clock.now();
    // A line that drops again at once has not been restored.
    if (now - this.#reattachedMs >= STABLE_MS) this.#deadlineMs = now + reattachMs;
    if (now >= this.#deadlineMs) return this.#end("sideband_lost");
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
