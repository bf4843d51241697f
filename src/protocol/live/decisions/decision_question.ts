// This module is browser compatible.
import type { OpenEnum } from "../../open_enum.ts";

/**
 * Text in a question or an item.
 *
 * @category Live
 */
export interface LiveDecisionInputText {
  /** Kind of part. */
  readonly type: "input_text";
  /** The text. */
  readonly text: string;
}

/**
 * An image in a question or an item.
 *
 * @category Live
 */
export interface LiveDecisionInputImage {
  /** Kind of part. */
  readonly type: "input_image";
  /** Address of the image, or a data URL. */
  readonly image_url: string;
  /** Resolution at which it is read. */
  readonly detail?: OpenEnum<"low" | "high" | "auto" | "original"> | null | undefined;
}

/**
 * Data in a question or an item.
 *
 * @category Live
 */
export interface LiveDecisionInputJson {
  /** Kind of part. */
  readonly type: "input_json";
  /** An object, or an array of objects. */
  readonly data: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
}

/**
 * A part of a question or of a user's message.
 *
 * @category Live
 */
export type LiveDecisionPart = LiveDecisionInputText | LiveDecisionInputImage | LiveDecisionInputJson;

/**
 * A possible answer of a {@linkcode LiveChoiceQuestion}.
 *
 * @category Live
 */
export interface LiveDecisionChoice {
  /** Value of the answer. */
  readonly value: string | boolean;
  /** The condition under which it is right. */
  readonly description?: string | undefined;
}

/**
 * A level of a {@linkcode LiveScoreQuestion}.
 *
 * @category Live
 */
export interface LiveDecisionLevel {
  /** Name of the level. */
  readonly label: string;
  /** The condition under which it is right. */
  readonly description?: string | undefined;
}

/**
 * Fields that all questions have.
 *
 * @category Live
 */
export interface LiveQuestionBase {
  /** The question. */
  readonly instructions: string | readonly LiveDecisionPart[];
  /** Name that the answer repeats. */
  readonly name?: string | undefined;
}

/**
 * A question with several answers, one of which is right.
 *
 * @category Live
 */
export interface LiveChoiceQuestion extends LiveQuestionBase {
  /** Kind of question. */
  readonly type: "choice";
  /** The possible answers. */
  readonly choices: readonly LiveDecisionChoice[];
}

/**
 * How probably something is true.
 *
 * @category Live
 */
export interface LivePredicateQuestion extends LiveQuestionBase {
  /** Kind of question. */
  readonly type: "predicate";
}

/**
 * A question about a degree.
 *
 * @category Live
 */
export interface LiveScoreQuestion extends LiveQuestionBase {
  /** Kind of question. */
  readonly type: "score";
  /** The levels, from the lowest. */
  readonly levels: readonly LiveDecisionLevel[];
}

/**
 * A question that OpenAI's classifier answers about the conversation.
 *
 * @category Live
 */
export type LiveDecisionQuestion = LiveChoiceQuestion | LivePredicateQuestion | LiveScoreQuestion;

/**
 * The questions of a {@linkcode LiveDecisionTrigger}.
 *
 * @category Live
 */
export interface LiveTriggerQuestions {
  /** The questions. */
  readonly questions: readonly LiveDecisionQuestion[];
}

/**
 * Asks questions about every fragment of a transcript, with any delegation.
 *
 * @category Live
 */
export interface LiveDecisionTrigger {
  /** Kind of trigger. */
  readonly type: "decisions";
  /** The transcript; at most one trigger for each side. */
  readonly event_type: "session.input_transcript.delta" | "session.output_transcript.delta";
  /** The questions. */
  readonly decisions: LiveTriggerQuestions;
}
