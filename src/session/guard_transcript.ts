// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction } from "../_internal/option_kinds.ts";
import { asString, isRecord, stringAt, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { partsOf } from "./_conversation/item_content.ts";
import { ResponseGuard } from "./_frames/response_guard.ts";
import type { GuardTranscriptOptions } from "./guard_transcript_options.ts";
import type { Session } from "./session.ts";

/**
 * Checks the model's words while they are spoken. A response in which a problem is found is interrupted and cancelled;
 * others are not affected.
 *
 * @category Frames
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
  const known: OptionNames<GuardTranscriptOptions> = { check: 1, interrupt: 1, onError: 1, onTripped: aFunction };
  checkRequiredOptions("guard the transcript", options, known);
  const stopped = new AbortController();
  const guards = new Map<string, ResponseGuard>();
  /** Exceptions of `onError`; a listener that throws them turns them into events. */
  const failures: unknown[] = [];

  function cancel(responseId: string, guard: ResponseGuard): Promise<unknown> | undefined {
    if (guards.get(responseId) !== guard) return undefined;
    const { activeResponse } = session;
    if (activeResponse && activeResponse.id === responseId) return activeResponse.cancel();
    // An out-of-band response, or one that the server started unannounced.
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

  /** The response of an event without a response id. */
  function currentId(): string {
    return session.activeResponse?.id ?? [...guards.keys()].at(-1) ?? "";
  }

  function receive(event: WireEvent): Promise<void> | undefined {
    const responseId = asString(event.response_id) ?? stringAt(event.response, "id");
    if (WORDS.has(event.type)) return guardOf(responseId ?? currentId()).hear(event);
    if (event.type === "response.done") guards.delete(responseId ?? currentId());
  }

  /** Processes the words that arrived before the guard was started. */
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

  // Not `"*"`: with it, events that report errors would count as handled.
  const stops = [...WORDS, "response.done", "malformed_event"].map((type) =>
    session.on(type as "malformed_event", (event) => {
      const wire = toWireEvent(event);
      const checking = wire && receive(wire);
      return checking ? checking.then(throwFailure) : throwFailure();
    })
  );
  catchUp();
  return () => {
    stopped.abort();
    stops.forEach((stop) => stop());
  };
}

/** Types of the events with words, including those of older servers. */
const WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ ["output_text", "text", "output_audio_transcript", "audio_transcript"].flatMap((name) => [
    `response.${name}.delta`,
    `response.${name}.done`,
  ]),
);
