// This module is browser compatible.
import { keepNewest } from "./keep_newest.ts";

/** Adds `id` to `ids`, of which at most `max` are kept: the oldest one goes. */
export function remember(ids: Set<string>, id: string, max: number): void {
  ids.add(id);
  keepNewest(ids, max);
}
