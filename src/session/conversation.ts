// This module is browser compatible.
import type { Item, ItemParam, UnknownItem } from "../protocol/mod.ts";

/**
 * State of the transcription of the user's speech:
 *
 * - `"none"`: the item has no speech, or its speech is not transcribed;
 * - `"streaming"`: words are expected or arriving; `text` contains those received so far;
 * - `"final"`: `text` is the transcript;
 * - `"failed"`: the server could not transcribe it; `text` contains the words received before, usually none.
 *
 * @category Conversation
 */
export type TranscriptionState = "none" | "streaming" | "final" | "failed";

/**
 * One item of the conversation at one moment. Entries are never mutated: a newer state is a new object.
 *
 * @category Conversation
 */
export interface ConversationEntry {
  /** Id of the item; `local_1`, `local_2`, … for items that the server sends without one. */
  readonly id: string;
  /** The item with the words that have arrived so far. It contains no audio, and no image that has left the context. */
  readonly item: Item | UnknownItem;
  /** Author of a message; `undefined` for calls, outputs and other kinds of items. */
  readonly role: "user" | "assistant" | "system" | undefined;
  /**
   * Everything spoken or written so far, with parts joined by line breaks; the arguments of a call, or the text of an
   * output.
   */
  readonly text: string;
  /**
   * Whether `text` is complete. It is not while a response is generating the item, the user is speaking, or a
   * transcription is running. Untranscribed speech is complete when it ends, and has no text.
   */
  readonly final: boolean;
  /** State of the transcription of the user's speech. */
  readonly transcription: TranscriptionState;
  /** Progress of a hosted tool, for the listing of a server's tools and for a call; `undefined` for all other items. */
  readonly progress: "in_progress" | "completed" | "failed" | undefined;
  /** Whether it was cut short: its audio was truncated, or its response was cancelled. */
  readonly interrupted: boolean;
  /**
   * Words that were heard before the audio was cut, estimated from the part of the audio that was played; `undefined`
   * when nothing was cut, or it is unknown: over a sideband without voice no audio arrives.
   */
  readonly heardText: string | undefined;
}

/**
 * A change of one item, caused by one event.
 *
 * @category Conversation
 */
export interface ConversationChange {
  /** Kind of change. */
  readonly type: "added" | "changed" | "moved" | "removed";
  /** The item after the change; its last state when removed. */
  readonly entry: ConversationEntry;
  /**
   * Position after the change; the former position when removed. Applying all changes in order to a copy of the list
   * results in the current list: `"moved"` removes the item and inserts it at `index`.
   */
  readonly index: number;
}

/**
 * The items of the default conversation in order, live.
 *
 * @category Conversation
 */
export interface ConversationView {
  /**
   * Returns the items in order. The same array until something changes, with the same entry for each unchanged item.
   * Needs no `this`.
   */
  readonly getSnapshot: () => readonly ConversationEntry[];
  /**
   * Calls `listener` after every change, once per item. `subscribe` and `getSnapshot` fit React's
   * `useSyncExternalStore`. Needs no `this`.
   *
   * @returns a function that removes the listener.
   */
  readonly subscribe: (listener: (change: ConversationChange) => void) => () => void;
  /**
   * Returns the conversation as items for `addItem`, to seed another session. Speech becomes text, and an interrupted
   * message is reduced to the words that were heard. Items without words, unfinished calls, and items and ids that the
   * API would reject are omitted.
   */
  export(): readonly ItemParam[];
}
