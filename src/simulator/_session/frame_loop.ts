// This module is browser compatible.
import { failureOf } from "../_errors/server_error.ts";
import type { Clock } from "../../_internal/clock.ts";
import { MAX_SESSION_MS } from "../../protocol/mod.ts";
import { type ClientFrame, readClientFrame } from "./client_frame.ts";
import { EXPIRY } from "./expiry.ts";
import type { Outbox } from "./outbox.ts";

/** Milliseconds from the open socket to `session.created`: it must not ride on the handshake's segment. */
const CREATED_DELAY_MS = 4;

/** What {@linkcode FrameLoop} works with. */
export interface FrameLoopOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Where refusals go. */
  readonly outbox: Outbox;
  /** Tells the client that the session has begun; absent: it is not told. */
  readonly announce?: (() => void) | undefined;
  /** Does what a frame asks for; throws a {@linkcode ServerError} when it cannot. */
  readonly answer: (frame: ClientFrame) => void;
  /** Ends the session. */
  readonly close: (code: number, reason: string) => void;
}

/** What sessions of all kinds do alike: they are announced, answer one frame after the other, and end after an hour. */
export class FrameLoop {
  readonly #options: FrameLoopOptions;
  readonly #cancels: (() => void)[] = [];
  /** What has arrived before the session was announced, which is answered after it. */
  #early: (string | Uint8Array)[] | undefined;

  constructor(options: FrameLoopOptions) {
    this.#options = options;
    this.#early = options.announce && [];
  }

  /** The connection is open. */
  start(): void {
    const { announce, clock, close } = this.#options;
    const expired = () => close(EXPIRY.code, EXPIRY.reason);
    if (announce) this.#cancels.push(clock.schedule(() => this.#begin(announce), CREATED_DELAY_MS));
    this.#cancels.push(clock.schedule(expired, MAX_SESSION_MS));
  }

  /** A frame has arrived. */
  receive(data: string | Uint8Array): void {
    if (this.#early) this.#early.push(data);
    else this.#answer(data);
  }

  /** The connection is gone. */
  end(): void {
    for (const cancel of this.#cancels) cancel();
  }

  /** Does something, and answers with an error event when it cannot be done. */
  attempt(eventId: string | null, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#options.outbox.emitError(failureOf(error), eventId);
    }
  }

  #begin(announce: () => void): void {
    announce();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const data of early) this.#answer(data);
  }

  #answer(data: string | Uint8Array): void {
    this.attempt(null, () => {
      const frame = readClientFrame(data);
      this.attempt(frame.eventId, () => this.#options.answer(frame));
    });
  }
}
