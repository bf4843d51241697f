// This module is browser compatible.
import { isRecord, stringAt } from "../../_internal/wire.ts";
import type { RecordedLine } from "./recording.ts";

/**
 * Finds the ids of the items that the client of a recording has created: its own, or those assigned by the server.
 *
 * @returns ids by the index of the client's line.
 */
export function createdItemIds(lines: readonly RecordedLine[]): ReadonlyMap<number, string> {
  const ids = new Map<number, string>();
  const unnamed: number[] = [];
  const others = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (!("event" in line)) continue;
    const { dir, event } = line;
    const itemId = stringAt(event, "item", "id") ?? stringAt(event, "item_id");
    if (dir === "sent" && event.type === "conversation.item.create") {
      if (itemId) ids.set(index, itemId);
      else unnamed.push(index);
      if (itemId) others.add(itemId);
    } else if (dir === "recv" && itemId) {
      const isCreated = event.type === "conversation.item.added" || event.type === "conversation.item.created";
      // An item is the client's if nothing has spoken of it before: neither its own name, nor a response or a turn.
      const creator = isCreated && !others.has(itemId) ? unnamed.shift() : undefined;
      if (creator !== undefined) ids.set(creator, itemId);
      others.add(itemId);
    }
  }
  return ids;
}

/** Maps the ids of a recording to those of the client, and vice versa. */
export class IdMap {
  readonly #toClient = new Map<string, string>();
  readonly #toRecorded = new Map<string, string>();

  /** Notes that two ids are the same thing's. */
  add(recorded: string | undefined, client: string | undefined): void {
    if (recorded === undefined || client === undefined) return;
    this.#toClient.set(recorded, client);
    this.#toRecorded.set(client, recorded);
  }

  /** Converts recorded ids to those of the client. */
  toClient(value: unknown): unknown {
    return rename(value, this.#toClient);
  }

  /** Converts the client's ids to the recorded ones. */
  toRecorded(value: unknown): unknown {
    return rename(value, this.#toRecorded);
  }
}

function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => rename(entry, names));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, rename(field, names)]));
}
