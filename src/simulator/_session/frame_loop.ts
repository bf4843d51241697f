// This module is browser compatible.
import { MAX_SESSION_MS } from "../../protocol/mod.ts";
import { failureOf, type ServerError, serverError } from "../_errors/server_error.ts";
import type { FrameShape } from "../_profiles/frame_shape.ts";
import { shapeOf } from "../_profiles/shape_of.ts";
import { type ClientFrame, readClientFrame } from "./client_frame.ts";
import type { MachineOptions } from "./machine.ts";
import type { Outbox } from "./outbox.ts";

/** Milliseconds from the open socket to `session.created`: it must not ride on the handshake's segment. */
const CREATED_DELAY_MS = 4;

/** Properties of a type of session. */
export interface FrameLoopOptions {
  /** Destination of errors. */
  readonly outbox: Outbox;
  /** Tells the client that the session has begun; a call is not announced. */
  readonly announce: () => void;
  /** Executes a frame; throws a {@linkcode ServerError} on failure. */
  readonly answer: (frame: ClientFrame) => void;
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
  /** Frames received before the session was announced, which are answered afterwards. */
  #early: (string | Uint8Array)[] | undefined;

  constructor(machine: MachineOptions, options: FrameLoopOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#shape = shapeOf(machine.profile);
    this.#early = this.#isCall ? undefined : [];
  }

  /** The connection is open. */
  start(): void {
    const { clock } = this.#machine;
    if (!this.#isCall) this.#cancels.push(clock.schedule(() => this.#begin(), CREATED_DELAY_MS));
    this.#cancels.push(clock.schedule(() => this.fail(serverError("session_expired")), MAX_SESSION_MS));
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
    for (const data of early) this.#answer(data);
  }

  /** Says why the session ends, and ends it. */
  fail(error: ServerError): void {
    this.#options.outbox.emitError(error, null);
    this.#machine.close(error.close?.code ?? 1011, error.close?.reason ?? "");
  }

  #answer(data: string | Uint8Array): void {
    const { latency } = this.#machine;
    const later = (type?: unknown) => latency.errorDelayMs(type);
    this.attempt(null, () => {
      const { eventId, fields } = readClientFrame(data);
      const frame = { eventId, fields: this.#shape.fromClient(fields) };
      this.attempt(frame.eventId, () => this.#options.answer(frame), later(frame.fields.type));
    }, later());
  }
}
