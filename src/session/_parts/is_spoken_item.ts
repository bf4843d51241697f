// This module is browser compatible.
import { at, stringAt, type WireEvent } from "../../_internal/wire.ts";

/** Whether an event contains an item created from the user's audio. */
export function isSpokenItem(event: WireEvent): boolean {
  const content = at(event.item, "content");
  return Array.isArray(content) && stringAt(content[0], "type") === "input_audio";
}
