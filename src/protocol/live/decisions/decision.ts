// This module is browser compatible.
import type { UnknownKind } from "../../unknown_kind.ts";

/**
 * Probability of one possible answer.
 *
 * @category Live
 */
export interface LiveChoiceProbability {
  /** The answer. */
  readonly value: string | boolean;
  /** From 0 to 1. */
  readonly probability: number;
}

/**
 * Probability of one level.
 *
 * @category Live
 */
export interface LiveLevelProbability {
  /** Name of the level. */
  readonly label: string;
  /** Number of the level. */
  readonly value: number;
  /** From 0 to 1. */
  readonly probability: number;
}

/**
 * Answer to a {@linkcode LivePredicateQuestion}.
 *
 * @category Live
 */
export interface LivePredicateAnswer {
  /** Kind of answer. */
  readonly type: "predicate";
  /** Name of the question. */
  readonly name?: string | null | undefined;
  /** How probably it is true, from 0 to 1. */
  readonly probability: number;
}

/**
 * Answer to a {@linkcode LiveChoiceQuestion}.
 *
 * @category Live
 */
export interface LiveChoiceAnswer {
  /** Kind of answer. */
  readonly type: "choice";
  /** Name of the question. */
  readonly name?: string | null | undefined;
  /** The most probable answer. */
  readonly choice: string | boolean;
  /** From 0 to 1. */
  readonly confidence?: number | null | undefined;
  /** The probability of each answer. */
  readonly probabilities?: readonly LiveChoiceProbability[] | null | undefined;
}

/**
 * Answer to a {@linkcode LiveScoreQuestion}.
 *
 * @category Live
 */
export interface LiveScoreAnswer {
  /** Kind of answer. */
  readonly type: "score";
  /** Name of the question. */
  readonly name?: string | null | undefined;
  /** The score. */
  readonly score: number;
  /** From 0 to 1. */
  readonly confidence?: number | null | undefined;
  /** The probability of each level. */
  readonly probabilities?: readonly LiveLevelProbability[] | null | undefined;
}

/**
 * The classifier did not answer.
 *
 * @category Live
 */
export interface LiveRefusalAnswer {
  /** Kind of answer. */
  readonly type: "refusal";
  /** Name of the question. */
  readonly name?: string | null | undefined;
}

/**
 * An answer of OpenAI's classifier, of a kind this version knows.
 *
 * @category Live
 */
export type LiveDecisionAnswer = LivePredicateAnswer | LiveChoiceAnswer | LiveScoreAnswer | LiveRefusalAnswer;

/**
 * Input tokens of a decision, by kind.
 *
 * @category Live
 */
export interface LiveDecisionInputDetails {
  /** Tokens that came from the cache. */
  readonly cached_tokens?: number | null | undefined;
  /** Tokens that were written to the cache. */
  readonly cache_write_tokens?: number | null | undefined;
}

/**
 * Output tokens of a decision, by kind.
 *
 * @category Live
 */
export interface LiveDecisionOutputDetails {
  /** Tokens of thought. */
  readonly reasoning_tokens?: number | null | undefined;
}

/**
 * Tokens that a decision took.
 *
 * @category Live
 */
export interface LiveDecisionUsage {
  /** Tokens in. */
  readonly input_tokens?: number | null | undefined;
  /** Tokens in, by kind. */
  readonly input_tokens_details?: LiveDecisionInputDetails | null | undefined;
  /** Tokens out. */
  readonly output_tokens?: number | null | undefined;
  /** Tokens out, by kind. */
  readonly output_tokens_details?: LiveDecisionOutputDetails | null | undefined;
  /** Tokens in and out. */
  readonly total_tokens?: number | null | undefined;
}

/**
 * The answers to a set of questions.
 *
 * @category Live
 */
export interface LiveDecision {
  /** One answer for each question, in their order. */
  readonly answers: readonly (LiveDecisionAnswer | UnknownKind)[];
  /** Model that answered. */
  readonly model: string;
  /** Tokens that it took. */
  readonly usage?: LiveDecisionUsage | null | undefined;
}
