// This module is browser compatible.

import type { FunctionTool, Item, McpListedTool, McpTool, ToolChoice } from "../../protocol/mod.ts";
import type { HeardSpeech } from "./heard_speech.ts";
import type { ReplyPlan } from "./reply_plan.ts";

/**
 * What an MCP server answers when it is asked for its tools.
 *
 * @category Simulator
 */
export interface McpListing {
  /** Its tools. */
  readonly tools: readonly McpListedTool[];
  /**
   * Milliseconds that the answer takes.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * Whether the tools cannot be listed.
   *
   * @default {false}
   */
  readonly fails?: boolean | undefined;
}

/**
 * A tool of an MCP server that the model may call.
 *
 * @category Simulator
 */
export interface KnownMcpTool extends McpListedTool {
  /** Name that the client has given to the MCP server. */
  readonly server_label: string;
}

/**
 * What is translated.
 *
 * @category Simulator
 */
export interface TranslationInput {
  /** What was heard. */
  readonly text: string;
  /** The sound of it, 24 kHz mono. */
  readonly audio: Int16Array;
  /** Language to translate into. */
  readonly language: string;
}

/**
 * A translation.
 *
 * @category Simulator
 */
export interface Translation {
  /** What is written. */
  readonly text: string;
  /**
   * What is heard, 24 kHz mono.
   *
   * @default {synthesizeSpeech(text)}
   */
  readonly audio?: Int16Array | undefined;
}

/**
 * The context in which the simulated model plans a response.
 *
 * @category Simulator
 */
export interface ReplyContext {
  /** The conversation, or the response's own input (references resolved), in order; each item has its `id`. */
  readonly items: readonly Item[];
  /** Whether the response stays out of the default conversation (`conversation: "none"`). */
  readonly outOfBand: boolean;
  /** Instructions in force: the response's own, else the session's. */
  readonly instructions: string;
  /** Functions in force: the response's own, else the session's. */
  readonly tools: readonly FunctionTool[];
  /** Tool choice in force: the response's own, else the session's. */
  readonly toolChoice: ToolChoice;
  /**
   * Whether `toolChoice` came with this response. A choice of the session's that forces a tool is not obeyed once the
   * tool has answered, or a conversation would loop endlessly.
   */
  readonly ownToolChoice: boolean;
  /**
   * Whether one response may hold several calls.
   *
   * @default {true}
   */
  readonly parallelToolCalls?: boolean | undefined;
  /** What the response is to be made of. */
  readonly modality: "audio" | "text";
  /**
   * Tools of MCP servers that have been listed.
   *
   * @default {[]}
   */
  readonly mcpTools?: readonly KnownMcpTool[] | undefined;
  /**
   * Whether the response was requested by the idle timeout (`idle_timeout_ms`): the last item is the silence.
   *
   * @default {false}
   */
  readonly idle?: boolean | undefined;
  /** Gives the samples of a user's audio item, 24 kHz mono; `undefined` when the item has none. */
  audioOf(itemId: string): Int16Array | undefined;
}

/**
 * The mind of the simulated model: it hears what the user says and decides what is answered, without timers and
 * sockets. One is made for each session, so it may remember where the conversation stands.
 *
 * @category Simulator
 */
export interface SimulatedModel {
  /**
   * Hears the audio of a user item: called once for each item, when it joins the conversation and before a response
   * to it is asked for, whether or not the session transcribes its input.
   *
   * @param audio samples, 24 kHz mono, whatever the session's input format.
   * @param itemId id of the item that holds them.
   * @returns what the user is heard to say: the transcript, if one is sent.
   */
  hear(audio: Int16Array, itemId: string): string | HeardSpeech;
  /**
   * Hears speech that is going on, for transcription models that write down what is said while it is said: called again
   * and again, with more of the time gone by, before {@linkcode SimulatedModel.hear} hears all of it. Without it nothing
   * is written down before the item is committed.
   *
   * @param itemId id that the item will have.
   * @param heardMs milliseconds of the speech that the transcription model has worked off.
   * @returns what has been said so far, from the beginning; a later text begins with an earlier one.
   */
  hearSoFar?(itemId: string, heardMs: number): string;
  /**
   * Decides a response. Called when the response is created, in the order in which responses are.
   *
   * @param context what the model sees.
   */
  reply(context: ReplyContext): ReplyPlan;
  /**
   * Tells which tools an MCP server has. Called once for each server that the session or a response names. Without it
   * a server has the tools that the client allows by name, or one called `search`.
   *
   * @param server the server, as the client named it.
   */
  listTools?(server: McpTool): McpListing;
  /**
   * Translates, in a translation session, what was heard between two pauses. Without it all is said back as it came.
   *
   * @param input what is translated.
   */
  translate?(input: TranslationInput): Translation;
}

/**
 * Makes the mind of a session that has just been created.
 *
 * @category Simulator
 */
export type CreateSimulatedModel = () => SimulatedModel;
