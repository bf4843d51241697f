// This module is browser compatible.

import type { FunctionTool, Item, ToolChoice } from "../protocol/mod.ts";

/** A message that the simulated model says or writes. */
export interface PlannedMessage {
  /** Kind of output. */
  readonly type: "message";
  /** What is written, or the transcript of what is said. */
  readonly text: string;
  /**
   * What is heard in an audio response, as 24 kHz mono samples; a text response leaves it out of account.
   *
   * @default {synthesizeSpeech(text)}, made by the simulator
   */
  readonly audio?: Int16Array | undefined;
  /** Phase that the item carries; absent from the item when absent here. */
  readonly phase?: "commentary" | "final_answer" | undefined;
}

/** A function that the simulated model calls. The simulator gives the call its `call_id`. */
export interface PlannedFunctionCall {
  /** Kind of output. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments as the JSON text that goes over the wire; need not be valid, as a model's are not always. */
  readonly arguments: string;
}

/** One output item of a response. */
export type PlannedOutput = PlannedMessage | PlannedFunctionCall;

/** How a response ends when it does not complete. */
export type PlannedOutcome =
  | {
    /** The response fails, after the outputs of its plan. */
    readonly status: "failed";
    /** Code of the error, e.g. `server_error`. */
    readonly code: string;
    /** The error in words. */
    readonly message: string;
  }
  | {
    /** The response ends early; its last output is left incomplete. */
    readonly status: "incomplete";
    /** Why it ended early. */
    readonly reason: "max_output_tokens" | "content_filter";
  };

/** What the simulated model decides for one response. */
export interface ReplyPlan {
  /** Output items in the order of their `output_index`; may be empty. */
  readonly outputs: readonly PlannedOutput[];
  /**
   * Milliseconds from `response.created` to the first output, as if the model were thinking.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /** How the response ends; absent: it completes. */
  readonly outcome?: PlannedOutcome | undefined;
}

/** What the simulated model sees when it is asked for a response. */
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
   * tool has answered, or a conversation would go round for ever.
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
  /** Gives the samples of a user's audio item, 24 kHz mono; `undefined` when the item has none. */
  audioOf(itemId: string): Int16Array | undefined;
}

/**
 * The mind of the simulated model: it hears what the user says and decides what is answered, without timers and
 * sockets. One is made for each session, so it may remember where the conversation stands.
 */
export interface Brain {
  /**
   * Hears the audio of a user item: called once for each item, when it joins the conversation and before a response
   * to it is asked for, whether or not the session transcribes its input.
   *
   * @param audio samples, 24 kHz mono, whatever the session's input format.
   * @param itemId id of the item that holds them.
   * @returns what the user is heard to say: the transcript, if one is sent.
   */
  hear(audio: Int16Array, itemId: string): string;
  /**
   * Decides a response. Called when the response is created, in the order in which responses are.
   *
   * @param context what the model sees.
   */
  reply(context: ReplyContext): ReplyPlan;
}

/** Makes the mind of a session that has just been created. */
export type CreateBrain = () => Brain;
