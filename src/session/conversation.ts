// This module is browser compatible.
import type { Item, ItemParam, UnknownItem } from "../protocol/mod.ts";

/** An item of the conversation, as far as it is known now. Never changed: a newer state is another object. */
export interface ConversationEntry {
  /** Identifier of the item. */
  readonly id: string;
  /** The item with the words that have come so far; audio is never kept. */
  readonly item: Item | UnknownItem;
  /** What is said or written so far, parts joined by line breaks; a call's arguments, an output's text. */
  readonly text: string;
  /** Whether `text` is complete. Speech that is not transcribed is complete at once, and has no text. */
  readonly final: boolean;
  /** How far a hosted tool has come: the listing of a server's tools, or a call; `undefined` of everything else. */
  readonly progress: "in_progress" | "completed" | "failed" | undefined;
  /** Whether it was cut short: its audio was truncated, or its response cancelled. */
  readonly interrupted: boolean;
  /**
   * Words that were heard before the audio was truncated, estimated from the part of it that was played; `undefined`
   * when nothing was truncated, or no audio came over this connection.
   */
  readonly heardText: string | undefined;
}

/** What one event changed about one item. */
export interface ConversationChange {
  /** What happened to the item. */
  readonly type: "added" | "changed" | "moved" | "removed";
  /** The item after the change; as it was last, when removed. */
  readonly entry: ConversationEntry;
  /** Where it stands now; where it stood, when removed. */
  readonly index: number;
}

/** The items of the default conversation in order, live. */
export interface ConversationView {
  /**
   * The items now, in order. The same array until something changes, and the same entry in it for each item that did
   * not. Needs no `this`.
   */
  readonly getSnapshot: () => readonly ConversationEntry[];
  /**
   * Calls `listener` after every change, once for each item; `subscribe` and `getSnapshot` are what React's
   * `useSyncExternalStore` takes. Needs no `this`.
   *
   * @returns a function that takes the listener out again.
   */
  readonly subscribe: (listener: (change: ConversationChange) => void) => () => void;
  /**
   * The conversation as items that `addItem` takes, to seed another session with. Speech becomes text, and of what was
   * interrupted only what was heard. Items without words, calls that are not finished and what the API would refuse are
   * left out; so are ids that are too long for it.
   */
  export(): readonly ItemParam[];
}
