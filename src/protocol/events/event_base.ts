// This module is browser compatible.

/**
 * Fields of nearly every server event.
 *
 * @category Events
 */
export interface ServerEventBase {
  /** Identifier of this event. */
  readonly event_id: string;
}

/**
 * An event about one item.
 *
 * @category Events
 */
export interface ItemEventBase extends ServerEventBase {
  /** Identifier of the item. */
  readonly item_id: string;
}

/**
 * An event about one content of an item.
 *
 * @category Events
 */
export interface ContentEventBase extends ItemEventBase {
  /** Position of the content in the item. */
  readonly content_index: number;
}

/**
 * An event about an item that a response is producing.
 *
 * @category Events
 */
export interface ResponseItemEventBase extends ItemEventBase {
  /** Identifier of the response. */
  readonly response_id: string;
  /** Position of the item in the response. */
  readonly output_index: number;
}

/**
 * An event about one content of an item that a response is producing.
 *
 * @category Events
 */
export interface ResponseContentEventBase extends ResponseItemEventBase {
  /** Position of the content in the item. */
  readonly content_index: number;
}

/**
 * A piece of text that continues the previous event of this type.
 *
 * @category Events
 */
export interface TextDelta {
  /** The piece. */
  readonly delta: string;
  /** Random characters that hide the length of the piece from eavesdroppers; without meaning. */
  readonly obfuscation?: string | null | undefined;
}
