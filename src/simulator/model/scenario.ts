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
   * How the response ends when it does not complete. After one that fails or is refused, a request with nothing new to
   * answer gets the next response of the turn: the client has tried again.
   */
  readonly outcome?: PlannedOutcome | undefined;
}

/**
 * What the user's speech becomes in a translation session.
 *
 * @category Simulator
 */
export interface ScenarioTranslation {
  /** What is written. */
  readonly text: string;
  /**
   * What is heard: samples (24 kHz mono), or in a file the path of a WAV file.
   *
   * @default {synthesizeSpeech(text)}
   */
  readonly audio?: string | Int16Array | undefined;
}

/**
 * One turn of the user and what the simulated model does about it.
 *
 * @category Simulator
 */
export interface ScenarioTurn {
  /**
   * What the user is heard to say when the turn is spoken: its transcript. A typed turn has its own words.
   *
   * @default {a remark on how long the speech was}
   */
  readonly user?: string | undefined;
  /**
   * Text that a typed message must contain, in any case, to take this turn. One that does not is answered by the
   * echo model, and the turn waits. Speech always takes it.
   *
   * @default {""}
   */
  readonly match?: string | undefined;
  /** The transcription of the user's speech, in sessions that transcribe: its delay, language and speaker, or its failure. */
  readonly transcription?: Omit<HeardSpeech, "transcript"> | undefined;
  /**
   * What it is translated to in a translation session.
   *
   * @default {what was said, said back as it came}
   */
  readonly translation?: ScenarioTranslation | undefined;
  /** The first one answers the user, the following ones the outputs of its function and MCP calls. */
  readonly responses: readonly ScenarioResponse[];
  /** What the client has to send, see {@linkcode Scenario.expect}. */
  readonly expect?: readonly ClientEventPattern[] | undefined;
}

/**
 * What a simulated model hears and says, and what is expected of its client: the content of a scenario file, or an object
 * in a test. It lists no events: they follow from what is said, from what the client does and from how the session is
 * set, so that one scenario serves clients of any kind.
 *
 * | in the file | what it is |
 * | --- | --- |
 * | `turns[]` | one turn of the user each, spoken or typed, in order |
 * | `turns[].user`, `.match` | what is heard in speech; what a typed message must contain to take the turn |
 * | `turns[].transcription` | how that is written down: `delayMs`, `language`, `segments[]` of `{ speaker, text }`, `failure` of `{ code, message }` |
 * | `turns[].translation` | what it becomes in a translation session: `{ text, audio }` |
 * | `turns[].responses[]` | what the model does: the first answers the user, the others the calls' outputs |
 * | `….outputs[]` | `{ type: "message", text, audio, phase }`, `{ type: "function_call", name, arguments }`, `{ type: "mcp_call", server_label, name, arguments, output, error, durationMs }`; each may have a `delayMs` |
 * | `….delayMs`, `.interleaved`, `.reasoningTokens` | when it begins, whether the outputs are streamed at the same time, what the usage tells |
 * | `….outcome` | `{ status: "failed", code, message }`, `{ status: "incomplete", reason }`, or `{ status: "refused", code, message }`: an `error` instead of a response |
 * | `opening`, `idle`, `outOfBand[]` | responses before the user speaks, after idle timeouts, and out of band |
 * | `mcp` | by `server_label` what an MCP server answers: `{ tools, delayMs, fails }` |
 * | `expect[]`, `turns[].expect[]` | what the client must send, in order |
 *
 * @category Simulator
 */
export interface Scenario {
  /** What it says when it is to speak before the user has; absent: what the echo model would. */
  readonly opening?: ScenarioResponse | undefined;
  /** What it says after every idle timeout (`idle_timeout_ms`); by default, what the echo model says. */
  readonly idle?: ScenarioResponse | undefined;
  /** What it says outside the conversation, one after the other; then what the echo model would. */
  readonly outOfBand?: readonly ScenarioResponse[] | undefined;
  /** The MCP servers that can be reached, by the label that the client gives them; others have what it allows by name. */
  readonly mcp?: Readonly<Record<string, McpListing>> | undefined;
  /**
   * What the client has to send in each session before anything that turns expect: events in this order, with whatever
   * others between them. Checked by {@linkcode Simulator.assertExpectations}.
   */
  readonly expect?: readonly ClientEventPattern[] | undefined;
  /** The user's turns, in the order in which they are taken. */
  readonly turns: readonly ScenarioTurn[];
}
