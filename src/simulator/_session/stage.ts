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
  /** The latency of the server. */
  readonly latency: Latency;
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** The settings that the server rejects. */
  readonly rules: ConfigRules;
  /** Faults of the model. */
  readonly faults: ModelFaults;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
}

/** The dependencies of everything in a session that sends events over time. */
export interface Stage extends Surroundings {
  /** Destination of events. */
  readonly outbox: Outbox;
}

/** The stage of a session whose events go to `outbox`. */
export function stageOf({ clock, faults, ids, latency, pace, profile, rules }: Surroundings, outbox: Outbox): Stage {
  return { clock, faults, ids, latency, outbox, pace, profile, rules };
}
