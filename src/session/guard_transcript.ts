// This module is browser compatible.
import { stringAt } from "../_internal/wire.ts";
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
  /** Told what was wrong, once the response is being cancelled; the place to ask for another one. */
  onTripped?: ((problem: string, context: GuardContext) => unknown) | undefined;
  /** Told what one of the other functions threw. The response goes on then. */
  onError(error: unknown): unknown;
}

interface Guarded {
  text: string;
  isChecking: boolean;
  isStale: boolean;
  readonly ended: AbortController;
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
  const running = new Map<string, Guarded>();

  async function check(responseId: string, guarded: Guarded): Promise<void> {
    const context = { responseId, signal: guarded.ended.signal };
    while (guarded.isStale && !guarded.ended.signal.aborted) {
      guarded.isStale = false;
      const problem = await options.check(guarded.text, context);
      if (problem === undefined || guarded.ended.signal.aborted) continue;
      guarded.ended.abort();
      await options.interrupt?.();
      if (running.has(responseId)) session.send({ type: "response.cancel", response_id: responseId });
      await options.onTripped?.(problem, context);
    }
  }

  function hear(event: { readonly type: string; readonly response_id?: unknown }): void {
    const responseId = stringAt(event, "response_id");
    const delta = stringAt(event, "delta");
    if (responseId === undefined || delta === undefined) return;
    const fresh = { text: "", isChecking: false, isStale: false, ended: new AbortController() };
    const guarded = running.get(responseId) ?? fresh;
    if (guarded.ended.signal.aborted) return;
    running.set(responseId, guarded);
    guarded.text += delta;
    guarded.isStale = true;
    if (guarded.isChecking) return;
    guarded.isChecking = true;
    check(responseId, guarded)
      .catch((error) => options.onError(error))
      .finally(() => guarded.isChecking = false);
  }

  const stops = [
    session.on("response.output_audio_transcript.delta", hear),
    session.on("response.output_text.delta", hear),
    session.on("response.done", ({ response }) => void running.delete(response.id ?? "")),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const { ended } of running.values()) ended.abort();
  };
}
