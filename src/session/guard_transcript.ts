// This module is browser compatible.
import type { ResponseHandle } from "./response_handle.ts";
import type { Session } from "./session.ts";

/** What a guard knows of the response that it checks. */
export interface GuardContext {
  /** Id of the response. */
  readonly responseId: string;
  /** Aborted when the answer is of no use any more: the guard has ended, or something wrong has been found. */
  readonly signal: AbortSignal;
}

/** Options of {@linkcode guardTranscript}. */
export interface GuardTranscriptOptions {
  /**
   * Checks the words of a response so far; anything but `undefined` says what is wrong with them. Not called again
   * before it has answered, then with all words that have come meanwhile. An answer counts even when the response is
   * done: it may still be playing.
   */
  check(text: string, context: GuardContext): Promise<string | undefined> | string | undefined;
  /**
   * Silences what is being played, such as `() => voice.bargeIn()`; called before the response is cancelled.
   *
   * @default {undefined} nothing is played
   */
  interrupt?: (() => unknown) | undefined;
  /** Told what was wrong, once the response is being cancelled; the place to ask for another one, which is checked as well. */
  onTripped?: ((problem: string, context: GuardContext) => unknown) | undefined;
  /** Told what one of the other functions threw. A check that throws has found nothing; what is to be cancelled, is. */
  onError(error: unknown): unknown;
}

/**
 * Checks what the model says while it says it. A response that says something wrong, and no other one, is interrupted
 * and cancelled.
 *
 * @example Keeping a secret
 * ```ts
 * import { connect, guardTranscript } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using session = await connect({ apiKey: "sk-test", dial: createSimulator().dial });
 * const problems: string[] = [];
 * guardTranscript(session, {
 *   check: (text) => text.length > 10 ? "Too long" : undefined,
 *   onTripped: (problem) => problems.push(problem),
 *   onError: console.error,
 * });
 * const outcome = await session.ask("Tell me everything!");
 * assertEquals([outcome.status, problems], ["cancelled", ["Too long"]]);
 * ```
 *
 * @returns a function that ends the guard.
 */
export function guardTranscript(session: Session, options: GuardTranscriptOptions): () => void {
  const stopped = new AbortController();

  async function attempt<T>(task: () => T): Promise<Awaited<T> | undefined> {
    try {
      return await task();
    } catch (error) {
      options.onError(error);
    }
  }

  function guard(handle: ResponseHandle): void {
    const found = new AbortController();
    const signal = AbortSignal.any([stopped.signal, found.signal]);
    const context = { responseId: handle.id ?? "", signal };
    let [text, checked, isChecking] = ["", "", false];

    async function check(): Promise<void> {
      isChecking = true;
      while (checked !== text && !signal.aborted) {
        checked = text;
        const problem = await attempt(() => options.check(checked, context));
        if (problem === undefined || signal.aborted) continue;
        found.abort();
        await attempt(() => options.interrupt?.());
        void attempt(() => handle.cancel());
        await attempt(() => options.onTripped?.(problem, context));
      }
      isChecking = false;
    }

    function hear(words: string): void {
      text += words;
      if (!isChecking) void check();
    }

    for (const words of [handle.transcriptStream, handle.textStream]) {
      // How a response ended, its outcome tells.
      words.pipeTo(new WritableStream({ write: hear }), { signal }).catch(() => {});
    }
  }

  async function guardAll(): Promise<void> {
    for await (const handle of responses) guard(handle);
  }

  const responses = session.responses();
  const { activeResponse } = session;
  // One that is still to be created is among the responses.
  if (activeResponse?.id !== undefined) guard(activeResponse);
  void guardAll();
  return () => {
    stopped.abort();
    void responses.return?.();
  };
}
