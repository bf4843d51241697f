// This module is browser compatible.

import type { ClientEventType, TranslationClientEventType } from "../../protocol/mod.ts";

/**
 * A partial client event: the event must have every field given here, with the same value. Objects are matched
 * recursively, arrays entry by entry.
 *
 * @category Simulator
 */
export interface ClientEventPattern {
  /** Kind of event. */
  readonly type: ClientEventType | TranslationClientEventType;
  /** Further required fields. */
  readonly [field: string]: unknown;
}
