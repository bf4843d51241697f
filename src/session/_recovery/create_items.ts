// This module is browser compatible.
import { stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import type { Opening } from "../../_recovery/opening.ts";
import type { ClientEvent, ItemParam } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import { ackKey, AckTable } from "../_commands/ack_table.ts";
import type { SessionHost } from "../session_part.ts";

/** Time after which items without an answer are no longer waited for: a server may ignore some. In milliseconds. */
const LATE_MS = 2000;

/** Creates items on a connection, in order; resolves with the errors of items that were rejected or not answered. */
export async function createItems(
  opening: Opening<ClientEvent, IncomingEvent>,
  items: readonly ItemParam[],
  { clock, makeId }: SessionHost,
): Promise<ReadonlyMap<ItemParam, Error>> {
  const refused = new Map<ItemParam, Error>();
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
      // No other client creates items yet: an item with a server-assigned id is the oldest of ours of its type,
      // regardless of its content.
      item: { type: item.type },
      resolve: () => void open.delete(item),
      reject: (error) => void (open.delete(item), refused.set(item, error as Error)),
    });
  }
  // The answer to this arrives after everything about the items: later events are for the session.
  const lastId = makeId("event");
  let waiting = 0;
  const ask = () => {
    waiting++;
    opening.send({ type: "session.update", event_id: lastId, session: { type: "realtime" } });
  };
  ask();
  /** Once items are no longer waited for: the number of errors that are not about a question. */
  let refusals: number | undefined;
  const cancelTimer = clock.schedule(() => {
    // If the first question is unanswered, one of them may be about it.
    refusals = waiting === 0 ? unnamed.length : 0;
    try {
      ask();
    } catch {
      // The connection has ended, which the reader of its events reports.
    }
  }, LATE_MS);
  // Some servers never name the event that they reject: the items without an answer.
  const unnamed: Error[] = [];
  const take = (event: WireEvent): boolean => {
    acks.receive(event);
    const eventId = stringAt(event.error, "event_id");
    if (event.type === "error" && eventId === undefined) unnamed.push(toApiError(event));
    if (eventId !== undefined) acks.refuse(eventId, toApiError(event));
    if (event.type === "session.updated" || eventId === lastId) waiting--;
    return waiting + (refusals ?? open.size) <= unnamed.length;
  };
  await opening.until(take, isNews).finally(cancelTimer);
  for (const item of open) refused.set(item, unnamed.shift() ?? new Error("the server did not confirm it"));
  return refused;
}

/** Whether an event is news for the session, whose conversation has all of these items but the server's own. */
function isNews({ item, type }: WireEvent): boolean {
  return !/^(conversation\.item|error$)/.test(type) || stringAt(item, "type") === "mcp_list_tools";
}
