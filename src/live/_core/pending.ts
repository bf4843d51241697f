// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { LiveOutgoingEvent } from "../../protocol/mod.ts";
import { onAbort, timeoutError } from "../../_internal/timeout.ts";
import { clientEventId, toLiveError } from "./to_live_error.ts";

interface Command {
  readonly answer: string;
  readonly settle: (event: WireEvent) => void;
  readonly reject: (error: unknown) => void;
}

/** Options of {@linkcode PendingCommands.ask}. */
export interface AskOptions {
  /** Stops waiting when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Time that the server needs before it can answer, in milliseconds, which is added to the timeout. */
  readonly durationMs?: number;
}

/** Options of {@linkcode PendingCommands}. */
export interface PendingOptions {
  /** Sends an event. */
  readonly send: (event: LiveOutgoingEvent) => void;
  /** The line, if events may have to wait until it opens. */
  readonly line: { readonly opened: Promise<void> | undefined } | undefined;
  /** Timeout of an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Input that is ahead of real time, in milliseconds: the session's time stands still until it is not. */
  readonly aheadMs: () => number;
  /** Possible reason for a missing answer, which completes the message of a timeout. */
  readonly hint: () => string;
  /** Source of time. */
  readonly clock: Clock;
}

/** Commands that wait for their answers. Each settles once: with its own answer, its own error, or a timeout. */
export class PendingCommands {
  readonly #options: PendingOptions;
  readonly #commands = new Map<string, Command>();
  /** Whether the server's answers name the client events; its errors may do so even if they do not. */
  #isNaming = false;
  #end: Error | undefined;

  constructor(options: PendingOptions) {
    this.#options = options;
  }

  /** Sends a command; resolves with the event of type `answer` that names it. */
  async ask(
    event: LiveOutgoingEvent,
    answer: string,
    { durationMs = 0, signal }: AskOptions = {},
  ): Promise<WireEvent> {
    signal?.throwIfAborted();
    if (this.#end) throw this.#end;
    const { aheadMs, clock, hint, line, send } = this.#options;
    const opened = line?.opened;
    const name = event.event_id ?? randomId("ev");
    const { promise, reject, resolve } = Promise.withResolvers<WireEvent>();
    send({ ...event, event_id: name });
    this.#commands.set(name, { answer, settle: resolve, reject });
    const stopListening = onAbort(signal, () => reject(signal?.reason));
    let cancel = () => {};
    try {
      // While there is no line, only the caller's own timeout applies.
      if (opened) await Promise.race([opened, promise]);
      const timeoutMs = this.#options.timeoutMs + durationMs + Math.round(aheadMs());
      cancel = clock.schedule(
        () => reject(timeoutError(`await the answer to ${event.type}${hint()}`, timeoutMs)),
        timeoutMs,
      );
      return await promise;
    } finally {
      this.#commands.delete(name);
      cancel();
      stopListening();
    }
  }

  /** Processes an event of the server; returns whether it answers a command. */
  receive(event: WireEvent): boolean {
    const name = clientEventId(event);
    this.#isNaming ||= name !== undefined && event.type !== "error";
    const command = name === undefined ? this.#oldest(event.type) : this.#commands.get(name);
    if (!command) return false;
    if (event.type === "error") command.reject(toLiveError(event));
    else if (event.type === command.answer) command.settle(event);
    else return false;
    return true;
  }

  /** Rejects all pending commands, and later ones. */
  end(error: Error): void {
    this.#end = error;
    this.fail(error);
  }

  /** Rejects all pending commands. */
  fail(error: Error): void {
    for (const { reject } of this.#commands.values()) reject(error);
  }

  /**
   * Servers that never name the client event answer in order; where one does, an answer without a name is for another
   * client. No decision has a name, and an error without one belongs to no command.
   */
  #oldest(type: string): Command | undefined {
    if (this.#isNaming && type !== "decision.event") return undefined;
    for (const command of this.#commands.values()) if (command.answer === type) return command;
    return undefined;
  }
}
