// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { ModelFaults } from "../_faults/model_faults.ts";
import type { Latency } from "../_latency/latency.ts";
import type { ConfigRules } from "./config/config_rules.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { Outbox } from "./outbox.ts";
import type { Pace } from "./pace.ts";

/** The surroundings of a session. */
export interface Surroundings {
  /** Source of time. */
  readonly clock: Clock;
  /** How fast the model works. */
  readonly pace: Pace;
  /** How long the server takes. */
  readonly latency: Latency;
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** What the server refuses to be set to. */
  readonly rules: ConfigRules;
  /** What goes wrong with the model. */
  readonly faults: ModelFaults;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
}

/** What everything in a session works with that says something in the course of time. */
export interface Stage extends Surroundings {
  /** Where events go. */
  readonly outbox: Outbox;
}

/** The stage of a session whose events go to `outbox`. */
export function stageOf({ clock, faults, ids, latency, pace, profile, rules }: Surroundings, outbox: Outbox): Stage {
  return { clock, faults, ids, latency, outbox, pace, profile, rules };
}
