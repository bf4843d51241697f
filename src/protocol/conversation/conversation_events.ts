// This module is browser compatible.
import type { ContentEventBase, ItemEventBase, ServerEventBase } from "../events/event_base.ts";
import type { Item, UnknownItem } from "./item.ts";

/**
 * An event that shows an item and its place in the conversation.
 *
 * @category Conversation
 */
export interface PlacedItemEventBase extends ServerEventBase {
  /** The item. */
  readonly item: Item | UnknownItem;
  /** Item that precedes it; null when it is the first, and sometimes in `.done` although it is not. */
  readonly previous_item_id?: string | null | undefined;
}

/**
 * An item was added: by the client, from the input buffer, or by a response, which then continues to fill it.
 *
 * @category Conversation
 */
export interface ConversationItemAddedEvent extends PlacedItemEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.added";
}

/**
 * An item is complete.
 *
 * @category Conversation
 */
export interface ConversationItemDoneEvent extends PlacedItemEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.done";
}

/**
 * An item was added, as servers of before the GA interface say it.
 *
 * @category Conversation
 */
export interface ConversationItemCreatedEvent extends PlacedItemEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.created";
}

/**
 * Answer to `conversation.item.retrieve`.
 *
 * @category Conversation
 */
export interface ConversationItemRetrievedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.retrieved";
  /** The item with its audio. */
  readonly item: Item | UnknownItem;
}

/**
 * Answer to `conversation.item.truncate`.
 *
 * @category Conversation
 */
export interface ConversationItemTruncatedEvent extends ContentEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.truncated";
  /** Milliseconds of audio that are left. */
  readonly audio_end_ms: number;
}

/**
 * Answer to `conversation.item.delete`.
 *
 * @category Conversation
 */
export interface ConversationItemDeletedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.deleted";
}
