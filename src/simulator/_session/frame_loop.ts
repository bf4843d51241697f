// This module is browser compatible.
import { MAX_SESSION_MS } from "../../protocol/mod.ts";
import { failureOf, type ServerError, serverError } from "../_errors/server_error.ts";
import type { FrameShape } from "../_profiles/frame_shape.ts";
import { shapeOf } from "../_profiles/shape_of.ts";
import { type ClientFrame, readClientFrame } from "./client_frame.ts";
import type { MachineOptions } from "./machine.ts";
import type { Outbox } from "./outbox.ts";

/** Milliseconds from the open socket to `session.created`: it must not arrive in the same segment as the handshake. */
const CREATED_DELAY_MS = 4;

/** Properties of a type of session. */
export interface FrameLoopOptions {
  /** Destination of errors. */
  readonly outbox: Outbox;
  /** Announces the session to the client; a call is not announced. */
  readonly announce: () => void;
  /**
   * Checks a frame and returns a function that executes it. Both throw a {@linkcode ServerError}: the first when the
   * frame is not a valid event, the second when the event is not possible at that time.
   */
  readonly read: (frame: ClientFrame) => () => void;
}

/**
 * Behaviour shared by sessions of all types: they are announced, answer one frame after the other, and end after an
 * hour.
 */
export class FrameLoop {
  readonly #machine: MachineOptions;
  readonly #options: FrameLoopOptions;
  readonly #shape: FrameShape;
  readonly #cancels: (() => void)[] = [];
  /** Answers to frames that were received before the session was announced; they are sent afterwards. */
  #early: (() => void)[] | undefined;

  constructor(machine: MachineOptions, options: FrameLoopOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#shape = shapeOf(machine.profile);
    this.#early = this.#isCall ? undefined : [];
  }

  /** The connection is open. */
  start(): void {
    const { clock, latency } = this.#machine;
    if (!this.#isCall) this.#cancels.push(latency.clock.schedule(() => this.#begin(), CREATED_DELAY_MS));
    this.#cancels.push(clock.schedule(() => this.fail(serverError("session_expired")), MAX_SESSION_MS));
  }

  /** Reads a received frame and returns a function that answers it. */
  read(data: string | Uint8Array): () => void {
    const answer = this.#answerTo(data);
    return () => {
      if (this.#early) this.#early.push(answer);
      else answer();
    };
  }

  /** The connection has ended. */
  end(): void {
    for (const cancel of this.#cancels) cancel();
  }

  /** Executes a function, and answers a failure with an error event after a delay in milliseconds. */
  attempt(eventId: string | null, action: () => void, errorDelayMs = 0): void {
    try {
      action();
    } catch (error) {
      this.#options.outbox.emitError(failureOf(error), eventId, errorDelayMs);
    }
  }

  get #isCall(): boolean {
    return this.#machine.play !== undefined;
  }

  #begin(): void {
    this.#options.announce();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const answer of early) answer();
  }

  /** Reports why the session ends, and ends it. */
  fail(error: ServerError): void {
    this.#options.outbox.emitError(error, null);
    this.#machine.close(error.close?.code ?? 1011, error.close?.reason ?? "");
  }

  #answerTo(data: string | Uint8Array): () => void {
    const { latency } = this.#machine;
    let eventId: string | null = null;
    let delayMs = latency.errorDelayMs();
    try {
      const frame = readClientFrame(data);
      eventId = frame.eventId;
      const fields = this.#shape.fromClient(frame.fields);
      delayMs = latency.errorDelayMs(fields.type);
      const act = this.#options.read({ eventId, fields });
      return () => this.attempt(eventId, act, delayMs);
    } catch (error) {
      return () => this.#options.outbox.emitError(failureOf(error), eventId, delayMs);
    }
  }
}
