// This module is browser compatible.

/**
 * Text of a message that a session begins with.
 *
 * @category Live
 */
export interface LiveInputText {
  /** Kind of content. */
  readonly type?: "input_text" | undefined;
  /** The text. */
  readonly text: string;
}

/**
 * Text of an assistant's message that a session begins with.
 *
 * @category Live
 */
export interface LiveOutputText {
  /** Kind of content. */
  readonly type?: "text" | "output_text" | undefined;
  /** The text. */
  readonly text: string;
}

/**
 * Fields that all messages of {@linkcode LiveInitialItem} have.
 *
 * @category Live
 */
export interface LiveInitialItemBase {
  /** Kind of item. */
  readonly type?: "message" | undefined;
  /** Identifier of the message. */
  readonly id?: string | null | undefined;
  /** Whether the message is complete. */
  readonly status?: "completed" | "incomplete" | null | undefined;
}

/**
 * Earlier words of the user.
 *
 * @category Live
 */
export interface LiveInitialUserItem extends LiveInitialItemBase {
  /** Author. */
  readonly role: "user";
  /** Exactly one text. */
  readonly content: readonly LiveInputText[];
}

/**
 * A note of the developer.
 *
 * @category Live
 */
export interface LiveInitialDeveloperItem extends LiveInitialItemBase {
  /** Author. */
  readonly role: "developer";
  /** Exactly one text. */
  readonly content: readonly LiveInputText[];
}

/**
 * Earlier words of the model.
 *
 * @category Live
 */
export interface LiveInitialAssistantItem extends LiveInitialItemBase {
  /** Author. */
  readonly role: "assistant";
  /** Exactly one text. */
  readonly content: readonly LiveOutputText[];
}

/**
 * A message of the history that a Live session begins with. It does not make the model speak.
 *
 * @category Live
 */
export type LiveInitialItem = LiveInitialUserItem | LiveInitialDeveloperItem | LiveInitialAssistantItem;
