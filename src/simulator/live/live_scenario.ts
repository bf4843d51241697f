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
 * What the simulated voice model wants done, and what comes of it where the server does it.
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
   * What the model says at once, unless the application adds commentary or thinking before `acknowledgement_delay_ms`.
   *
   * @default {"One moment."}
   */
  readonly acknowledgement?: string | undefined;
  /**
   * Responses delegation: the calls of the backend, one list for each round. The next round begins once every call of the
   * one before has its output and the client has sent `response.create`.
   *
   * @default {[]}
   */
  readonly calls?: readonly (readonly LivePlannedCall[])[] | undefined;
  /**
   * Responses delegation: what the backend finds, which the model says.
   *
   * @default {the outputs of the functions}
   */
  readonly result?: string | undefined;
  /**
   * What is heard when the model says the result: 24 kHz mono samples.
   *
   * @default {synthesizeSpeech(result)}
   */
  readonly audio?: Int16Array | undefined;
  /**
   * Responses delegation: the round, from 0, whose response fails after its calls are known: they are dropped then. Round
   * `calls.length` is the one that gives the result.
   */
  readonly failsAt?: number | undefined;
  /** Decisions delegation: the answers. By default predicates are even, the first choice is taken, scores are 0. */
  readonly answers?: readonly LiveDecisionAnswer[] | undefined;
}

/**
 * One turn of the user, spoken or typed, and what the simulated model does about it.
 *
 * @category Live
 */
export interface LiveScenarioTurn {
  /**
   * What the user is heard to say.
   *
   * @default {a remark on how long the speech was}
   */
  readonly user?: string | undefined;
  /**
   * What the model says when the user has stopped; empty for nothing.
   *
   * @default {nothing after a delegation, else `You said: …`}
   */
  readonly says?: string | undefined;
  /**
   * What is heard when the model says that: 24 kHz mono samples.
   *
   * @default {synthesizeSpeech(says)}
   */
  readonly audio?: Int16Array | undefined;
  /** What the model wants done. */
  readonly delegates?: LivePlannedDelegation | undefined;
}

/**
 * What a simulated Live model hears, says and wants done.
 *
 * @category Live
 */
export interface LiveScenario {
  /** The user's turns, in order; after the last one the model says back what it hears. */
  readonly turns: readonly LiveScenarioTurn[];
  /** What the model says by itself when input first arrives; the real model says nothing by itself. */
  readonly opening?: string | undefined;
  /**
   * What the model says after `session.instructions.append`; empty for nothing.
   *
   * @default {a greeting when the text asks for one, else nothing}
   */
  readonly onInstructions?: ((content: string) => string) | undefined;
}
