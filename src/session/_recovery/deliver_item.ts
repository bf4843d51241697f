// This module is browser compatible.
import { resend } from "../../_recovery/resend.ts";
import type { SessionHost } from "../session_part.ts";

/**
 * Adds an item, and repeats that on the next connection if the connection ends. A call that has continued meanwhile may
 * have the item already.
 */
export function deliverItem(
  host: SessionHost,
  ...[item, options]: Parameters<SessionHost["addItem"]>
): Promise<string> {
  const { generations, session } = host;
  const id = host.makeId("item");
  const add = () => host.addItem({ ...item, id }, options);
  return resend(add, generations, () => generations.startsAnew ? add() : session.retrieveItem(id).then(() => id, add));
}
