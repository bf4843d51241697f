// This module is browser compatible.
import type { Item } from "../../../protocol/mod.ts";
import type { Outbox } from "../outbox.ts";

/** Announces an item that is complete from the start. */
export function announceItem(outbox: Outbox, item: Item, previousItemId: string | null): void {
  outbox.emit({ type: "conversation.item.added", previous_item_id: previousItemId, item });
  outbox.emit({ type: "conversation.item.done", previous_item_id: previousItemId, item });
}
