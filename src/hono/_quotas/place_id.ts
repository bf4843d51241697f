import { randomId } from "../../_internal/ids.ts";

/** Names this process in stores. Made when it is needed: Workers have no random values before. */
let holder: string | undefined;
let count = 0;

/** Makes the name of a place of a relay or a call: another one each time, on all isolates that share a store. */
export function placeId(): string {
  return `${holder ??= randomId("place")} ${++count}`;
}
