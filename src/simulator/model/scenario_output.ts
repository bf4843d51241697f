// This module is browser compatible.

import type { McpErrorParam } from "../../protocol/mod.ts";

/**
 * A message that the simulated model says or writes.
 *
 * @category Simulator
 */
export interface ScenarioMessage {
  /** Kind of output. */
  readonly type: "message";
  /** What is written, or the transcript of what is said. */
  readonly text: string;
  /**
   * What is heard in an audio response: samples (24 kHz mono), or in a file the path of a WAV file, which
   * {@linkcode loadScenario} replaces by its samples.
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
  /** Arguments; a string is sent as it is, even when it is not JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
  /**
   * Milliseconds from the end of the output before it until it begins.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
}

/**
 * A tool of an MCP server that is called; whether the client has to approve is up to the session's tools.
 *
 * @category Simulator
 */
export interface ScenarioMcpCall {
  /** Kind of output. */
  readonly type: "mcp_call";
  /** Name that the client has given to the MCP server. */
  readonly server_label: string;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments; a string is sent as it is, even when it is not JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
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
