// This module is browser compatible.
import type { LiveDecisionAnswer } from "../../protocol/mod.ts";

/**
 * A function that the simulated backend calls.
 *
 * @category Live
 */
export interface LivePlannedCall {
  /** Name of the function. */
  readonly name: string;
  /** Arguments as JSON text; need not be valid, as a model's are not always. */
  readonly arguments: string;
}

/**
 * A task of the simulated voice model, and its result where the server handles it.
 *
 * @category Live
 */
export interface LivePlannedDelegation {
  /**
   * Milliseconds from the beginning of the user's speech to the delegation. The real server has been seen to delegate
   * up to 3.2 s before the user's sentence ends.
   *
   * @default {the end of the user's speech}
   */
  readonly afterMs?: number | undefined;
  /**
   * Text that the model says first, unless the application adds commentary or thinking within
   * `acknowledgement_delay_ms`.
   *
   * @default {"One moment."}
   */
  readonly acknowledgement?: string | undefined;
  /**
   * Responses delegation: the calls of the backend, one list for each round. The next round begins once every call of
   * the previous one has its output and the client has sent `response.create`.
   *
   * @default {[]}
   */
  readonly calls?: readonly (readonly LivePlannedCall[])[] | undefined;
  /**
   * Responses delegation: the result of the backend, which the model says.
   *
   * @default {the outputs of the functions}
   */
  readonly result?: string | undefined;
  /**
   * Audio of the spoken result: 24 kHz mono samples.
   *
   * @default {synthesizeSpeech(result)}
   */
  readonly audio?: Int16Array | undefined;
  /**
   * Responses delegation: the round, from 0, whose response fails after its calls are known, which are then dropped.
   * Round `calls.length` is the one with the result.
   */
  readonly failsAt?: number | undefined;
  /**
   * Decisions delegation: the answers. By default, predicates have equal probabilities, the first choice is selected,
   * and scores are 0.
   */
  readonly answers?: readonly LiveDecisionAnswer[] | undefined;
}

/**
 * One turn of the user, spoken or typed, and the reaction of the simulated model.
 *
 * @category Live
 */
export interface LiveScenarioTurn {
  /**
   * The user's words.
   *
   * @default {a remark about the duration of the speech}
   */
  readonly user?: string | undefined;
  /**
   * The model's words when the user has stopped; empty for none.
   *
   * @default {nothing after a delegation, else `You said: …`}
   */
  readonly says?: string | undefined;
  /**
   * Audio of the model's words: 24 kHz mono samples.
   *
   * @default {synthesizeSpeech(says)}
   */
  readonly audio?: Int16Array | undefined;
  /** The task that the model delegates. */
  readonly delegates?: LivePlannedDelegation | undefined;
}

/**
 * The input, the speech and the tasks of a simulated Live model.
 *
 * @category Live
 */
export interface LiveScenario {
  /** The user's turns, in order; after the last one the model repeats what it hears. */
  readonly turns: readonly LiveScenarioTurn[];
  /** The model's words when input first arrives; by default none, as with the real model. */
  readonly opening?: string | undefined;
  /**
   * The model's words after `session.instructions.append`; empty for none.
   *
   * @default {a greeting when the text asks for one, else none}
   */
  readonly onInstructions?: ((content: string) => string) | undefined;
}
