// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { LiveBackendTool, LiveToolChoice } from "./backend_tool.ts";
import type { LiveDecisionQuestion } from "./decisions/decision_question.ts";

/**
 * Reasoning effort of a backend model.
 *
 * @category Live
 */
export interface LiveReasoning {
  /** How hard it thinks. */
  readonly effort?: OpenEnum<"none" | "minimal" | "low" | "medium" | "high" | "xhigh"> | null | undefined;
  /** How its thoughts are summarized. */
  readonly summary?: OpenEnum<"concise" | "detailed" | "auto"> | null | undefined;
}

/**
 * How a backend model writes.
 *
 * @category Live
 */
export interface LiveTextConfig {
  /** Verbosity. */
  readonly verbosity?: OpenEnum<"low" | "medium" | "high"> | null | undefined;
}

/**
 * Settings of a backend model that can change during a session.
 *
 * @category Live
 */
export interface LiveResponsesUpdateConfig {
  /** Model of the Responses API. */
  readonly model?: string | undefined;
  /** Rules for the backend, which does not see the instructions of the voice. */
  readonly instructions?: string | null | undefined;
  /** Maximum number of tokens of one response, at least 16. */
  readonly max_output_tokens?: number | null | undefined;
  /** Whether it may call several tools at once. */
  readonly parallel_tool_calls?: boolean | null | undefined;
  /** Reasoning effort. */
  readonly reasoning?: LiveReasoning | null | undefined;
  /** Service tier. */
  readonly service_tier?:
    | OpenEnum<"auto" | "default" | "fast_tier_temp_pilot" | "flex" | "priority" | "ultrafast">
    | null
    | undefined;
  /** How it writes. */
  readonly text?: LiveTextConfig | null | undefined;
  /** Whether it calls tools, and which. */
  readonly tool_choice?: LiveToolChoice | undefined;
  /** Its tools; a list replaces the previous one. */
  readonly tools?: readonly LiveBackendTool[] | undefined;
}

/**
 * Settings of a backend model.
 *
 * @category Live
 */
export interface LiveResponsesConfig extends LiveResponsesUpdateConfig {
  /** Model of the Responses API. */
  readonly model: string;
}

/**
 * Questions that a classifier answers, which can change during a session.
 *
 * @category Live
 */
export interface LiveDecisionsUpdateConfig {
  /** Model that answers. */
  readonly model?: string | undefined;
  /** The questions. */
  readonly questions?: readonly LiveDecisionQuestion[] | undefined;
}

/**
 * Questions that a classifier answers.
 *
 * @category Live
 */
export interface LiveDecisionsConfig extends LiveDecisionsUpdateConfig {
  /** Model that answers. */
  readonly model: string;
  /** The questions. */
  readonly questions: readonly LiveDecisionQuestion[];
}

/**
 * Fields that all delegations have.
 *
 * @category Live
 */
export interface LiveDelegationBase {
  /**
   * Delay before the model acknowledges the task, in milliseconds, at least 0; commentary or thinking that arrives
   * earlier cancels the acknowledgement. Default: 0, for decisions 400.
   */
  readonly acknowledgement_delay_ms?: number | undefined;
}

/**
 * The application handles delegated tasks.
 *
 * @category Live
 */
export interface LiveClientDelegation extends LiveDelegationBase {
  /** Kind of delegation. */
  readonly type: "client";
}

/**
 * A model of the Responses API handles delegated tasks.
 *
 * @category Live
 */
export interface LiveResponsesDelegation extends LiveDelegationBase {
  /** Kind of delegation. */
  readonly type: "responses";
  /** The backend. */
  readonly responses: LiveResponsesConfig;
}

/**
 * A classifier answers fixed questions.
 *
 * @category Live
 */
export interface LiveDecisionsDelegation extends LiveDelegationBase {
  /** Kind of delegation. */
  readonly type: "decisions";
  /** The questions. */
  readonly decisions: LiveDecisionsConfig;
}

/**
 * The receiver of delegated tasks; by default `client`.
 *
 * @category Live
 */
export type LiveDelegationConfig = LiveClientDelegation | LiveResponsesDelegation | LiveDecisionsDelegation;

/**
 * Changes a responses delegation.
 *
 * @category Live
 */
export interface LiveResponsesDelegationUpdate extends LiveDelegationBase {
  /** Kind of delegation, which cannot change. */
  readonly type: "responses";
  /** The changes. */
  readonly responses?: LiveResponsesUpdateConfig | undefined;
}

/**
 * Changes a decisions delegation.
 *
 * @category Live
 */
export interface LiveDecisionsDelegationUpdate extends LiveDelegationBase {
  /** Kind of delegation, which cannot change. */
  readonly type: "decisions";
  /** The changes. */
  readonly decisions?: LiveDecisionsUpdateConfig | undefined;
}

/**
 * Changes the settings of a delegation.
 *
 * @category Live
 */
export type LiveDelegationUpdate = LiveClientDelegation | LiveResponsesDelegationUpdate | LiveDecisionsDelegationUpdate;

/**
 * A delegation as the server states it.
 *
 * @category Live
 */
export interface LiveEffectiveDelegation {
  /** Kind of delegation. */
  readonly type: OpenEnum<LiveDelegationConfig["type"]>;
  /** Delay before the model acknowledges the task, in milliseconds. */
  readonly acknowledgement_delay_ms?: number | null | undefined;
  /** The backend of a responses delegation. */
  readonly responses?: LiveEffectiveResponses | null | undefined;
  /** The questions of a decisions delegation. */
  readonly decisions?: LiveEffectiveDecisions | null | undefined;
}

/**
 * A backend as the server states it.
 *
 * @category Live
 */
export interface LiveEffectiveResponses {
  /** Model of the Responses API. */
  readonly model: string;
  /** A setting. */
  readonly [setting: string]: unknown;
}

/**
 * The questions of a classifier as the server states them.
 *
 * @category Live
 */
export interface LiveEffectiveDecisions {
  /** Model that answers. */
  readonly model: string;
  /** A setting. */
  readonly [setting: string]: unknown;
}
