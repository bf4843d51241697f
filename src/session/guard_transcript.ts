// This module is browser compatible.
import { isRecord, stringAt, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { partsOf } from "./_conversation/item_content.ts";
import { ResponseGuard } from "./_response_guard.ts";
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
  /**
   * Called with the errors that the other functions throw. A check that throws has found nothing; a response that is to
   * be cancelled is cancelled. What this function throws itself becomes a `listener_failed` event of the session.
   */
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
  const guards = new Map<string, ResponseGuard>();
  /** What `onError` has thrown; a listener that throws it makes an event of it. */
  const failures: unknown[] = [];

  function cancel(responseId: string, guard: ResponseGuard): Promise<unknown> | undefined {
    if (guards.get(responseId) !== guard) return undefined;
    const { activeResponse } = session;
    if (activeResponse && activeResponse.id === responseId) return activeResponse.cancel();
    // One outside the conversation, or one that the server began without a word.
    session.send({ type: "response.cancel", response_id: responseId || undefined });
  }

  function guardOf(responseId: string): ResponseGuard {
    const known = guards.get(responseId);
    if (known) return known;
    const guard: ResponseGuard = new ResponseGuard({
      ...options,
      responseId,
      stopped: stopped.signal,
      cancel: () => cancel(responseId, guard),
      onFailure: (error) => failures.push(error),
    });
    guards.set(responseId, guard);
    return guard;
  }

  /** The response that an event without a response id is about. */
  function currentId(): string {
    return session.activeResponse?.id ?? [...guards.keys()].at(-1) ?? "";
  }

  function receive(event: WireEvent): Promise<void> | undefined {
    const responseId = stringAt(event, "response_id") ?? stringAt(event, "response", "id");
    if (WORDS.test(event.type)) return guardOf(responseId ?? currentId()).hear(event);
    if (event.type === "response.done") guards.delete(responseId ?? currentId());
  }

  /** Takes in what the model has said before the guard began. */
  function catchUp(): void {
    for (const { id, item, role, final } of session.conversation.getSnapshot()) {
      if (role !== "assistant" || final) continue;
      for (const [index, part] of partsOf(item).entries()) {
        void guardOf(currentId()).hear({
          ...isRecord(part) && part,
          type: "response.output_text.done",
          item_id: id,
          content_index: index,
        });
      }
    }
  }

  function throwFailure(): void {
    if (failures.length > 0) throw failures.shift();
  }

  const stopListening = session.on("*", (event) => {
    const wire = toWireEvent(event);
    const checking = wire && receive(wire);
    return checking ? checking.then(throwFailure) : throwFailure();
  });
  catchUp();
  return () => {
    stopped.abort();
    stopListening();
  };
}

const WORDS = /^response\.(?:output_)?(?:text|audio_transcript)\.(?:delta|done)$/;
