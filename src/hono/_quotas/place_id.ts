import { randomId } from "../../_internal/ids.ts";

/** Name of this process in stores. Generated on demand, as Workers have no random values at startup. */
let holder: string | undefined;
let count = 0;

/** Generates the unique id of a place of a relay or a call, among all isolates that share a store: a word. */
export function makePlaceId(): string {
  return `${holder ??= randomId("place")}_${++count}`;
}
