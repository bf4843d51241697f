// This module is browser compatible.
import type { LiveFunctionTool } from "../../../protocol/mod.ts";
import { sampleArguments } from "../../sample_arguments.ts";
import { Backend } from "./backend.ts";
import { Decisions } from "./decisions.ts";
import type { LivePlannedDelegation } from "../../live/live_scenario.ts";
import type { Stage } from "./stage.ts";

/** Text that the model says first, unless it receives another one earlier. */
const ACKNOWLEDGEMENT = "One moment.";

/** Default delay of the acknowledgement in a decisions delegation, in milliseconds. */
const DECISIONS_DELAY_MS = 400;

/** The tasks of the voice model, and their receiver. */
export class Delegations {
  readonly backend: Backend;
  readonly decisions: Decisions;
  readonly #stage: Stage;
  readonly #ofClient = new Set<string>();
  #acknowledgements: { readonly dueMs: number; readonly text: string }[] = [];

  constructor(stage: Stage, onFree: () => void) {
    this.#stage = stage;
    this.backend = new Backend(stage, onFree);
    this.decisions = new Decisions(stage);
  }

  /** The receiver of the tasks. */
  get target(): string {
    return this.#stage.session.delegation?.type ?? "client";
  }

  /** Whether an id belongs to a client delegation. */
  has(id: string): boolean {
    return this.#ofClient.has(id);
  }

  /** The task of a model without a scenario: a backend with functions calls the first one, once per turn. */
  usualPlan(text: string): LivePlannedDelegation | undefined {
    const tools = this.#stage.session.delegation?.responses?.tools as readonly LiveFunctionTool[] | undefined;
    const tool = tools?.find(({ type }) => type === "function");
    if (!tool) return undefined;
    const args = JSON.stringify(sampleArguments(tool.parameters ?? {}, { text }));
    return { calls: [[{ name: tool.name, arguments: args }]] };
  }

  /** Delegates a task. */
  create(plan: LivePlannedDelegation): void {
    const { ids, nowMs, session } = this.#stage;
    const id = ids("item");
    const { target } = this;
    const response_id = target === "responses" ? ids("resp") : undefined;
    this.#stage.emit({
      type: "session.delegation.created",
      offset_ms: nowMs,
      delegation: { id, type: "delegation", target, ...response_id !== undefined && { response_id } },
    });
    const delayMs = session.delegation?.acknowledgement_delay_ms ?? (target === "decisions" ? DECISIONS_DELAY_MS : 0);
    this.#acknowledgements.push({ dueMs: nowMs + delayMs, text: plan.acknowledgement ?? ACKNOWLEDGEMENT });
    if (target === "client") this.#ofClient.add(id);
    else if (target === "decisions") this.decisions.decide(id, plan.answers);
    else this.backend.take(id, plan, response_id ?? ids("resp"));
  }

  /** Speaks the due acknowledgements, once the user has stopped. */
  acknowledge(startMs: number, isUserSpeaking: boolean): void {
    if (isUserSpeaking) return;
    const due = this.#acknowledgements.filter(({ dueMs }) => dueMs <= startMs);
    this.#acknowledgements = this.#acknowledgements.filter(({ dueMs }) => dueMs > startMs);
    for (const { text } of due) this.#stage.voice.say(text, startMs);
  }

  /** The application has sent commentary or thinking itself. */
  cancelAcknowledgements(): void {
    this.#acknowledgements = [];
  }
}
