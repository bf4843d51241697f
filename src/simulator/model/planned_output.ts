// This module is browser compatible.

import type { McpErrorParam } from "../../protocol/mod.ts";

/**
 * A message of the simulated model, spoken or written.
 *
 * @category Simulator
 */
export interface PlannedMessage {
  /** Kind of output. */
  readonly type: "message";
  /** The text, or the transcript of the speech. */
  readonly text: string;
  /**
   * Audio of an audio response, as 24 kHz mono samples; a text response ignores it. The samples must not change
   * afterwards: the simulator caches what it sends of them.
   *
   * @default {synthesizeSpeech(text), called by the simulator}
   */
  readonly audio?: Int16Array | undefined;
  /**
   * Phase that the item carries.
   *
   * @default {none with the first models; with "gpt-realtime-2" and later "commentary" before a call, else "final_answer"}
   */
  readonly phase?: "commentary" | "final_answer" | undefined;
  /**
   * Milliseconds from the end of the output before it, or the response's first moment, until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * A function call of the simulated model. The simulator assigns its `call_id`.
 *
 * @category Simulator
 */
export interface PlannedFunctionCall {
  /** Kind of output. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments as the JSON text that goes over the wire; need not be valid, as a model's are not always. */
  readonly arguments: string;
  /**
   * Milliseconds from the end of the output before it, or the response's first moment, until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * A tool of an MCP server that the simulated model lets the API call. It waits for the client's approval if the
 * session's tools require that; the result may arrive after the response has ended, as with the real API, and starts
 * none.
 *
 * @category Simulator
 */
export interface PlannedMcpCall {
  /** Kind of output. */
  readonly type: "mcp_call";
  /** Label that the client has assigned to the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as the JSON text that goes over the wire. */
  readonly arguments: string;
  /**
   * Result of the tool.
   *
   * @default {""}
   */
  readonly output?: string | undefined;
  /** Why the call fails, instead of an answer. */
  readonly error?: McpErrorParam | undefined;
  /**
   * Duration of the call, in milliseconds.
   *
   * @default {0}
   */
  readonly durationMs?: number | undefined;
  /**
   * Milliseconds from the end of the output before it, or the response's first moment, until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * One output item of a response.
 *
 * @category Simulator
 */
export type PlannedOutput = PlannedMessage | PlannedFunctionCall | PlannedMcpCall;
