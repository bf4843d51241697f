// This module is browser compatible.

import type { FunctionTool, Item, McpListedTool, McpTool, ToolChoice } from "../../protocol/mod.ts";
import type { HeardSpeech } from "./heard_speech.ts";
import type { ReplyPlan } from "./reply_plan.ts";

/**
 * Answer of an MCP server to a request for its tools.
 *
 * @category Simulator
 */
export interface McpListing {
  /** Its tools. */
  readonly tools: readonly McpListedTool[];
  /**
   * Delay of the answer, in milliseconds.
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
  /** Label that the client has assigned to the MCP server. */
  readonly server_label: string;
}

/**
 * The input of a translation.
 *
 * @category Simulator
 */
export interface TranslationInput {
  /** The words. */
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
  /** The text. */
  readonly text: string;
  /**
   * The audio, 24 kHz mono.
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
  /** Whether the response is outside the default conversation (`conversation: "none"`). */
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
  /** Modality of the response. */
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
  /** Returns the samples of a user's audio item, 24 kHz mono; `undefined` when the item has none. */
  audioOf(itemId: string): Int16Array | undefined;
}

/**
 * The simulated model: it interprets the user's audio and decides about the answers, without timers and sockets. One is
 * created for each session, so it may keep state of the conversation.
 *
 * @category Simulator
 */
export interface SimulatedModel {
  /**
   * Interprets the audio of a user item: called once for each item, when it joins the conversation and before a
   * response to it is requested, whether or not the session transcribes its input.
   *
   * @param audio samples, 24 kHz mono, regardless of the session's input format.
   * @param itemId id of the item that holds them.
   * @returns the user's words: the transcript, if one is sent.
   */
  hear(audio: Int16Array, itemId: string): string | HeardSpeech;
  /**
   * Interprets ongoing speech, for models with streaming transcription: called repeatedly, with increasing time, before
   * {@linkcode SimulatedModel.hear} receives all of it. Without it nothing is transcribed before the item is committed.
   *
   * @param itemId id that the item will have.
   * @param heardMs milliseconds of the speech that the transcription model has worked off.
   * @returns the words so far, from the beginning; a later text begins with an earlier one.
   */
  hearSoFar?(itemId: string, heardMs: number): string;
  /**
   * Decides a response. Called when the response is created, in the order in which responses are.
   *
   * @param context the context of the response.
   */
  reply(context: ReplyContext): ReplyPlan;
  /**
   * Returns the tools of an MCP server. Called once for each server that the session or a response names. Without it
   * a server has the tools that the client allows by name, or one called `search`.
   *
   * @param server the server, as the client named it.
   */
  listTools?(server: McpTool): McpListing;
  /**
   * Translates the audio between two pauses, in a translation session. By default, everything is echoed.
   *
   * @param input the input to translate.
   */
  translate?(input: TranslationInput): Translation;
}

/**
 * Creates the model of a session that has just been created.
 *
 * @category Simulator
 */
export type CreateSimulatedModel = () => SimulatedModel;
