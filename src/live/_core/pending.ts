// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import type { LiveOutgoingEvent } from "../../protocol/mod.ts";
import { timeoutError, withTimeout } from "../../_internal/timeout.ts";
import type { InputKeeper } from "../_audio/input_keeper.ts";
import { clientEventId, toLiveError } from "./to_live_error.ts";

interface Command {
  readonly answer: string;
  /** Settles it, with its answer or an error; returns whether the caller is still waiting. */
  readonly settle: (outcome: WireEvent | Error) => boolean;
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
  /** The input: while it is ahead of real time, or there is none, the session's time stands still. */
  readonly keeper: () => InputKeeper;
  /** Source of time. */
  readonly clock: Clock;
}

/** Commands that wait for their answers. Each settles once: with its own answer, its own error, or a timeout. */
export class PendingCommands {
  readonly #options: PendingOptions;
  readonly #commands = new Map<string, Command>();
  /** Whether the server's answers name the client events; its errors may do so even if they do not. */
  #isNaming = false;

  constructor(options: PendingOptions) {
    this.#options = options;
  }

  /** Sends a command; resolves with the event of type `answer` that names it. */
  async ask(
    event: LiveOutgoingEvent,
    answer: string,
    { durationMs = 0, signal }: AskOptions = {},
  ): Promise<WireEvent> {
    const { clock, keeper, line, send } = this.#options;
    const opened = line?.opened;
    const name = event.event_id ?? randomId("ev");
    const { promise, reject, resolve } = Promise.withResolvers<WireEvent>();
    let cancel = () => {};
    const settle = (outcome: WireEvent | Error) => {
      this.#commands.delete(name);
      cancel();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
      return !signal?.aborted;
    };
    // After an abort, the command remains: where answers name nothing, its own would otherwise settle the next one.
    return await withTimeout(async () => {
      send({ ...event, event_id: name });
      this.#commands.set(name, { answer, settle });
      // While there is no line, only the caller's own timeout applies.
      if (opened) await Promise.race([opened, promise]);
      const timeoutMs = this.#options.timeoutMs + durationMs + Math.round(keeper().aheadMs(clock.now()));
      if (this.#commands.has(name)) {
        cancel = clock.schedule(() => {
          // The server tells the times at which the model receives a text.
          const isTimed = answer.endsWith("appended");
          const hint = isTimed && keeper().sentMs === 0 ? ", for which the session needs input audio" : "";
          settle(timeoutError(`await the answer to ${event.type}${hint}`, timeoutMs));
        }, timeoutMs);
      }
      return await promise;
    }, { signal });
  }

  /** Processes an event of the server; returns whether it answers a command whose caller is waiting. */
  receive(event: WireEvent): boolean {
    const name = clientEventId(event);
    this.#isNaming ||= name !== undefined && event.type !== "error";
    const command = name === undefined ? this.#oldest(event.type) : this.#commands.get(name);
    if (!command) return false;
    if (event.type === "error") return command.settle(toLiveError(event));
    return event.type === command.answer && command.settle(event);
  }

  /** Rejects all pending commands. */
  fail(error: Error): void {
    for (const { settle } of this.#commands.values()) settle(error);
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
