// This module is browser compatible.

import type { McpErrorParam } from "../../protocol/mod.ts";

/**
 * A message of the simulated model, spoken or written.
 *
 * @category Simulator
 */
export interface ScenarioMessage {
  /** Kind of output. */
  readonly type: "message";
  /** The text, or the transcript of the speech. */
  readonly text: string;
  /**
   * Audio of an audio response: samples (24 kHz mono), or in a file the path of a WAV file, which {@linkcode
   * loadScenario} replaces by its samples.
   *
   * @default {synthesizeSpeech(text)}
   */
  readonly audio?: string | Int16Array | undefined;
  /**
   * Phase that the item carries.
   *
   * @default {none with the first models; with "gpt-realtime-2" and later "commentary" before a call, else "final_answer"}
   */
  readonly phase?: "commentary" | "final_answer" | undefined;
  /**
   * Milliseconds from the end of the output before it until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * A function that the simulated model calls.
 *
 * @category Simulator
 */
export interface ScenarioFunctionCall {
  /** Kind of output. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments; a string is sent unchanged, even if it is not JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
  /**
   * Milliseconds from the end of the output before it until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * A call of an MCP server's tool; the session's tools determine whether the client has to approve it.
 *
 * @category Simulator
 */
export interface ScenarioMcpCall {
  /** Kind of output. */
  readonly type: "mcp_call";
  /** Label that the client has assigned to the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments; a string is sent unchanged, even if it is not JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
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
   * Milliseconds from the end of the output before it until it begins.
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
export type ScenarioOutput = ScenarioMessage | ScenarioFunctionCall | ScenarioMcpCall;
