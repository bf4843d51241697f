// This module is browser compatible.

import type { McpListing } from "./simulated_model.ts";
import type { ClientEventPattern } from "./client_event_pattern.ts";
import type { HeardSpeech } from "./heard_speech.ts";
import type { PlannedOutcome, ReplyPlan } from "./reply_plan.ts";
import type { ScenarioOutput } from "./scenario_output.ts";

/**
 * One response of the simulated model.
 *
 * @category Simulator
 */
export interface ScenarioResponse extends Pick<ReplyPlan, "interleaved" | "reasoningTokens"> {
  /** Output items in order; may be empty. */
  readonly outputs: readonly ScenarioOutput[];
  /**
   * Milliseconds from `response.created` to the first output.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * The outcome of a response that does not complete. After one that fails or is rejected, a request with nothing new
   * to answer gets the next response of the turn: the client has tried again.
   */
  readonly outcome?: PlannedOutcome | undefined;
}

/**
 * The translation of the user's speech in a translation session.
 *
 * @category Simulator
 */
export interface ScenarioTranslation {
  /** The text. */
  readonly text: string;
  /**
   * The audio: samples (24 kHz mono), or in a file the path of a WAV file.
   *
   * @default {synthesizeSpeech(text)}
   */
  readonly audio?: string | Int16Array | undefined;
}

/**
 * One turn of the user and the reaction of the simulated model.
 *
 * @category Simulator
 */
export interface ScenarioTurn {
  /**
   * The user's words in a spoken turn: its transcript. A typed turn has its own words.
   *
   * @default {a remark about the duration of the speech}
   */
  readonly user?: string | undefined;
  /**
   * Text that a typed message must contain, case-insensitively, to take this turn. Another message is answered by the
   * echo model, and the turn waits. Speech always takes it.
   *
   * @default {""}
   */
  readonly match?: string | undefined;
  /** The transcription of the user's speech, in sessions that transcribe: its delay, language and speaker, or its failure. */
  readonly transcription?: Omit<HeardSpeech, "transcript"> | undefined;
  /**
   * The translation in a translation session.
   *
   * @default {the user's speech, unchanged}
   */
  readonly translation?: ScenarioTranslation | undefined;
  /** The first one answers the user, the following ones the outputs of its function and MCP calls. */
  readonly responses: readonly ScenarioResponse[];
  /** Events that the client has to send, see {@linkcode Scenario.expect}. */
  readonly expect?: readonly ClientEventPattern[] | undefined;
}

/**
 * The script of a simulated model, and the expectations of its client: the content of a scenario file, or an object in
 * a test. It lists no server events: they follow from the script, the client's events and the session's settings, so
 * that one scenario serves clients of any kind.
 *
 * | in the file | meaning |
 * | --- | --- |
 * | `turns[]` | one turn of the user each, spoken or typed, in order |
 * | `turns[].user`, `.match` | the words in speech; a text that a typed message must contain to take the turn |
 * | `turns[].transcription` | how that is written down: `delayMs`, `language`, `segments[]` of `{ speaker, text }`, `failure` of `{ code, message }` |
 * | `turns[].translation` | its translation in a translation session: `{ text, audio }` |
 * | `turns[].responses[]` | the model's responses: the first answers the user, the others the calls' outputs |
 * | `….outputs[]` | `{ type: "message", text, audio, phase }`, `{ type: "function_call", name, arguments }`, `{ type: "mcp_call", server_label, name, arguments, output, error, durationMs }`; each may have a `delayMs` |
 * | `….delayMs`, `.interleaved`, `.reasoningTokens` | delay of the start, concurrent outputs, reasoning tokens in the
 * usage |
 * | `….outcome` | `{ status: "failed", code, message }`, `{ status: "incomplete", reason }`, or `{ status: "refused", code, message }`: an `error` instead of a response |
 * | `opening`, `idle`, `outOfBand[]` | responses before the user speaks, after idle timeouts, and out of band |
 * | `mcp` | answers of MCP servers by `server_label`: `{ tools, delayMs, fails }` |
 * | `expect[]`, `turns[].expect[]` | events that the client must send, in order |
 *
 * @category Simulator
 */
export interface Scenario {
  /** Its response before the user has spoken; by default, that of the echo model. */
  readonly opening?: ScenarioResponse | undefined;
  /** Its response after every idle timeout (`idle_timeout_ms`); by default, that of the echo model. */
  readonly idle?: ScenarioResponse | undefined;
  /** Its out-of-band responses, in order; then those of the echo model. */
  readonly outOfBand?: readonly ScenarioResponse[] | undefined;
  /**
   * The reachable MCP servers, by the label that the client assigns; others have the tools that the client allows by
   * name.
   */
  readonly mcp?: Readonly<Record<string, McpListing>> | undefined;
  /**
   * Events that the client has to send in each session before those that turns expect: in this order, with any others
   * in between. Checked by {@linkcode Simulator.assertExpectations}.
   */
  readonly expect?: readonly ClientEventPattern[] | undefined;
  /** The user's turns, in order. */
  readonly turns: readonly ScenarioTurn[];
}
