// This module is browser compatible.

import type { ClientEventType, TranslationClientEventType } from "../../protocol/mod.ts";

/**
 * A part of a client event: the event must have every field that is given here, with the same value. Objects are matched
 * in the same way, arrays entry by entry.
 *
 * @category Simulator
 */
export interface ClientEventPattern {
  /** Kind of event. */
  readonly type: ClientEventType | TranslationClientEventType;
  /** What else it must have. */
  readonly [field: string]: unknown;
}
