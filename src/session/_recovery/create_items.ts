// This module is browser compatible.
import type { IdGenerator } from "../../_internal/ids.ts";
import { stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import type { Opening } from "../../_recovery/opening.ts";
import type { RealtimeApiError } from "../../errors.ts";
import type { ClientEvent, ItemParam } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import { ackKey, AckTable } from "../_commands/ack_table.ts";

/** Creates items on a connection, in order; resolves with the errors of rejected items. */
export async function createItems(
  opening: Opening<ClientEvent, IncomingEvent>,
  items: readonly ItemParam[],
  makeId: IdGenerator,
): Promise<ReadonlyMap<ItemParam, RealtimeApiError>> {
  const refused = new Map<ItemParam, RealtimeApiError>();
  if (items.length === 0) return refused;
  const acks = new AckTable();
  const open = new Set(items);
  for (const item of items) {
    const id = item.id ?? makeId("item");
    const eventId = makeId("event");
    opening.send({ type: "conversation.item.create", event_id: eventId, item: { ...item, id } });
    acks.add({
      eventId,
      key: ackKey("conversation.item.added", id),
      // No other client creates items yet: an item with a server-assigned id is the oldest of ours, regardless of its
      // content.
      item: {},
      resolve: () => void open.delete(item),
      reject: (error) => void (open.delete(item), refused.set(item, error as RealtimeApiError)),
    });
  }
  // The answer to this arrives after everything about the items: later events are for the session.
  const lastId = makeId("event");
  opening.send({ type: "session.update", event_id: lastId, session: { type: "realtime" } });
  let isLast = false;
  // Some servers never name the event that they reject: the items without an answer.
  const unnamed: RealtimeApiError[] = [];
  const take = (event: WireEvent): boolean => {
    acks.receive(event);
    const eventId = stringAt(event.error, "event_id");
    if (event.type === "error" && eventId === undefined) unnamed.push(toApiError(event));
    if (eventId !== undefined) acks.refuse(eventId, toApiError(event));
    isLast ||= event.type === "session.updated" || eventId === lastId || unnamed.length > open.size;
    return isLast && open.size <= unnamed.length;
  };
  await opening.until(take, false);
  for (const item of open) refused.set(item, unnamed.shift()!);
  return refused;
}
