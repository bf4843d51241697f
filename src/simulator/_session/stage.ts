// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Outbox } from "./outbox.ts";
import type { Pace } from "./pace.ts";

/** What everything in a session works with that says something in the course of time. */
export interface Stage {
  /** Where events go. */
  readonly outbox: Outbox;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast the model works. */
  readonly pace: Pace;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
}
