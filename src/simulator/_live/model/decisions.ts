// This module is browser compatible.
import type {
  LiveDecisionAnswer,
  LiveDecisionItem,
  LiveDecisionQuestion,
  LiveDecisionTrigger,
  LiveStoredDecisionItem,
} from "../../../protocol/mod.ts";
import { ServerError } from "../../_errors/server_error.ts";
import type { Stage } from "./stage.ts";

/** Model that answers where no delegation names one. */
const DEFAULT_MODEL = "gpt-live-decisions";

type Source = "session.input_transcript.delta" | "session.output_transcript.delta";

/** The classifier of a session: questions of the delegation, of triggers and on demand. */
export class Decisions {
  readonly #stage: Stage;
  readonly #items = new Map<string, LiveStoredDecisionItem>();
  readonly #usedIds = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Answers the questions of the delegation. */
  decide(delegationId: string, answers?: readonly LiveDecisionAnswer[]): void {
    this.#emit(this.#questions, { answers, delegation_id: delegationId });
  }

  /** Answers the questions about a fragment of a transcript, if there are any. */
  trigger(sourceType: Source, sourceId: string): void {
    for (const trigger of (this.#stage.session.triggers ?? []) as unknown as readonly LiveDecisionTrigger[]) {
      if (trigger.event_type !== sourceType) continue;
      const source = { source_event_id: sourceId, source_event_type: sourceType };
      this.#emit(trigger.decisions.questions, { ...source, trigger_id: `trigger_${sourceType.split(".")[1]}` });
    }
  }

  /** @throws {ServerError} when the name was used before, or there is nothing to ask. */
  create(eventId: string): void {
    if (this.#usedIds.has(eventId)) {
      throw new ServerError(`The event_id '${eventId}' was used before.`, { code: "invalid_value", param: "event_id" });
    }
    if (this.#questions.length === 0) {
      throw new ServerError("The session has no decisions delegation.", { code: "invalid_request_error" });
    }
    this.#usedIds.add(eventId);
    this.#emit(this.#questions, {});
  }

  /** @throws {ServerError} when there is already an item with this id. */
  addItem(item: LiveDecisionItem, clientEventId: string | undefined): void {
    const id = item.id ?? this.#stage.ids("item");
    if (this.#items.has(id)) {
      throw new ServerError(`There is an item with id '${id}'.`, { code: "invalid_value", param: "item.id" });
    }
    const stored: LiveStoredDecisionItem = { ...item, id };
    this.#items.set(id, stored);
    this.#stage.emit({ type: "decision.item.created", item: stored, client_event_id: clientEventId });
  }

  /** @throws {ServerError} when there is no item of this id. */
  deleteItem(itemId: string, clientEventId: string | undefined): void {
    if (!this.#items.delete(itemId)) {
      throw new ServerError(`There is no item with id '${itemId}'.`, { code: "item_not_found", param: "item_id" });
    }
    this.#stage.emit({ type: "decision.item.deleted", item_id: itemId, client_event_id: clientEventId });
  }

  get #questions(): readonly LiveDecisionQuestion[] {
    return (this.#stage.session.delegation?.decisions?.questions ?? []) as readonly LiveDecisionQuestion[];
  }

  #emit(
    questions: readonly LiveDecisionQuestion[],
    { answers, ...source }: {
      readonly answers?: readonly LiveDecisionAnswer[] | undefined;
      readonly delegation_id?: string;
      readonly source_event_id?: string;
      readonly source_event_type?: Source;
      readonly trigger_id?: string;
    },
  ): void {
    const model = this.#stage.session.delegation?.decisions?.model ?? DEFAULT_MODEL;
    const usage = { input_tokens: 40, output_tokens: questions.length, total_tokens: 40 + questions.length };
    const decision = { answers: answers ?? questions.map(evenAnswer), model, usage };
    const from = { delegation_id: null, source_event_id: null, source_event_type: null, trigger_id: null };
    this.#stage.emit({ type: "decision.event", event: { type: "decision.completed", decision }, ...from, ...source });
  }
}

/** A neutral answer. */
function evenAnswer(question: LiveDecisionQuestion): LiveDecisionAnswer {
  const name = question.name ?? null;
  switch (question.type) {
    case "predicate":
      return { type: "predicate", name, probability: 0.5 };
    case "choice": {
      const probability = 1 / question.choices.length;
      const [first = { value: false }] = question.choices;
      const probabilities = question.choices.map(({ value }) => ({ value, probability }));
      return { type: "choice", name, choice: first.value, confidence: probability, probabilities };
    }
    case "score": {
      const probability = 1 / question.levels.length;
      const probabilities = question.levels.map(({ label }, value) => ({ label, value, probability }));
      return { type: "score", name, score: 0, confidence: probability, probabilities };
    }
  }
}
