// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { ConversationEntry } from "../conversation.ts";
import { isSpeech } from "./item_content.ts";
import type { SentCreate } from "./sent_items.ts";

/** A new item, and the predecessor that the server names for it. */
export interface Announcement {
  /** `previous_item_id` of the event. */
  readonly previous: unknown;
  /** The item. */
  readonly item: ConversationEntry["item"];
  /** The command that created it, if this session did. */
  readonly create: SentCreate | undefined;
  /** Whether a response generates it. */
  readonly isMade: boolean;
  /** Whether there are other items that have been announced. */
  readonly hasOthers: boolean;
}

/**
 * Determines the place of a new item. Servers name its predecessor; but `null` means the front with OpenAI, and nothing
 * at all with servers that always send it, such as xAI. Here, `null` means the front
 *
 * - when this session has requested `"root"`;
 * - when the item is the first one;
 * - for an item of another client, on a server that has named the predecessor of such an item before, and has never
 *   sent `null` for an item that cannot be the first: speech and answers always go to the end.
 *
 * For an item of this session, the predecessor in the server's event counts, otherwise the requested one.
 */
export class Predecessors {
  /** Whether `null` is meaningful; `undefined` until the server has shown it. */
  #isNullFirst: boolean | undefined;

  /** Id of the predecessor, `null` for the front, `undefined` when it is unknown. */
  resolve({ previous, item, create, isMade, hasOthers }: Announcement): string | null | undefined {
    const asked = create?.previousItemId;
    if (previous === "root" || (asked === "root" && typeof previous !== "string")) return null;
    const canBeFirst = !isMade && isByClient(item);
    if (typeof previous === "string" && previous !== "") {
      if (canBeFirst) this.#isNullFirst ??= true;
      return previous;
    }
    if (previous !== null) return asked;
    if (!hasOthers) return null;
    if (!canBeFirst || create) this.#isNullFirst = false;
    return create ? asked : this.#isNullFirst ? null : undefined;
  }
}

/** Whether a client has created the item, rather than a response or the end of a turn. */
function isByClient(item: ConversationEntry["item"]): boolean {
  if (/^(?:function_call_output|mcp_approval_response)$/.test(item.type)) return true;
  return item.type === "message" && stringAt(item, "status") !== "in_progress" && !isSpeech(item);
}
