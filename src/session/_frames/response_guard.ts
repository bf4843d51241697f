// This module is browser compatible.
import { asString, type WireEvent } from "../../_internal/wire.ts";
import type { GuardContext, GuardTranscriptOptions } from "../guard_transcript_options.ts";

/** Callbacks of a guard for one response. */
export interface ResponseGuardOptions extends GuardTranscriptOptions {
  /** Id of the response, empty when the server names none. */
  responseId: string;
  /** Aborted when the guard ends. */
  stopped: AbortSignal;
  /** Cancels the response, unless it is over. */
  cancel(): Promise<unknown> | undefined;
  /** Called with exceptions of `onError`. */
  onFailure(error: unknown): void;
}

/** Checks the words of one response as they arrive, one check at a time. */
export class ResponseGuard {
  readonly #options: ResponseGuardOptions;
  readonly #context: GuardContext;
  readonly #found = new AbortController();
  /** Words by the part of the message that they belong to. */
  readonly #parts = new Map<string, string>();
  #text = "";
  #checked = "";
  #isChecking = false;

  constructor(options: ResponseGuardOptions) {
    this.#options = options;
    const signal = AbortSignal.any([options.stopped, this.#found.signal]);
    this.#context = { responseId: options.responseId, signal };
  }

  /**
   * Adds words: the continuation of a part, or the whole part, which the server may send without deltas. The promise
   * resolves when they are checked; it is absent while a check is running, as the next check covers them.
   */
  hear(event: WireEvent): Promise<void> | undefined {
    const part = `${event.item_id} ${event.content_index}`;
    const before = this.#parts.get(part) ?? "";
    const whole = asString(event.transcript) ?? asString(event.text);
    const words = asString(event.delta) ?? (whole?.startsWith(before) ? whole.slice(before.length) : "");
    this.#parts.set(part, before + words);
    this.#text += words;
    return this.#isChecking ? undefined : this.#check();
  }

  async #check(): Promise<void> {
    const { check, interrupt, onTripped, cancel } = this.#options;
    this.#isChecking = true;
    while (this.#checked !== this.#text && !this.#context.signal.aborted) {
      const text = this.#checked = this.#text;
      const problem = await this.#attempt(() => check(text, this.#context));
      if (problem === undefined || this.#context.signal.aborted) continue;
      this.#found.abort();
      await this.#attempt(() => interrupt?.());
      void this.#attempt(cancel);
      await this.#attempt(() => onTripped?.(problem, this.#context));
    }
    this.#isChecking = false;
  }

  /** A function of the application must not stop the guard, not even `onError`. */
  async #attempt<T>(task: () => T): Promise<Awaited<T> | undefined> {
    try {
      return await task();
    } catch (error) {
      try {
        await this.#options.onError(error);
      } catch (failure) {
        this.#options.onFailure(failure);
      }
    }
  }
}
