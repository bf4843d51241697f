// This module is browser compatible.

import type { McpErrorParam } from "../../protocol/mod.ts";

/**
 * A message that the simulated model says or writes.
 *
 * @category Simulator
 */
export interface PlannedMessage {
  /** Kind of output. */
  readonly type: "message";
  /** What is written, or the transcript of what is said. */
  readonly text: string;
  /**
   * What is heard in an audio response, as 24 kHz mono samples; a text response leaves it out of account. The samples
   * must stay as they are: the simulator keeps what it makes of them for the next time.
   *
   * @default {synthesizeSpeech(text)}, made by the simulator
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
 * A function that the simulated model calls. The simulator gives the call its `call_id`.
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
 * A tool of an MCP server that the simulated model has the API call. It waits for the client's approval where the
 * session's tools want that; the answer comes when the response may have ended already, as with the real API, and
 * starts none.
 *
 * @category Simulator
 */
export interface PlannedMcpCall {
  /** Kind of output. */
  readonly type: "mcp_call";
  /** Name that the client has given to the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as the JSON text that goes over the wire. */
  readonly arguments: string;
  /**
   * What the tool answers.
   *
   * @default {""}
   */
  readonly output?: string | undefined;
  /** Why the call fails, instead of an answer. */
  readonly error?: McpErrorParam | undefined;
  /**
   * Milliseconds that the call takes.
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
