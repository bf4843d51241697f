// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import { checkSimulatorOptions } from "./check_simulator_options.ts";
import { Expectations } from "./expectations.ts";
import { SetupUse } from "./setup_use.ts";
import { RestFaults } from "../_faults/rest_faults.ts";
import { resolveProfile } from "../_profiles/resolve_profile.ts";
import { idsLike } from "../_session/ids.ts";
import type { ServerProfile } from "../server_profile.ts";
import { Latency } from "../_latency/latency.ts";
import { ConfigRules } from "../_session/config/config_rules.ts";
import { Pace } from "../_session/pace.ts";
import type { CreateSimulatedModel, SimulatedModel } from "../model/simulated_model.ts";
import type { Fault } from "../faults.ts";
import { createEchoModel } from "../model/echo_model.ts";
import { createScenarioModel } from "../model/scenario_model.ts";
import type { SimulatedFrame, SimulatedSession } from "../simulated_session.ts";
import type { SimulatorOptions } from "../simulator_options.ts";

/** State shared by the sessions of a simulator. */
export interface SessionHost {
  /** Creates the model of a session. */
  readonly createModel: CreateSimulatedModel;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast models work. */
  readonly pace: Pace;
  /** The latency of the server. */
  readonly latency: Latency;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds. */
  readonly unixTime: () => number;
  /** The sessions that are open. */
  readonly sessions: Set<SimulatedSession>;
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** The settings that it rejects. */
  readonly rules: ConfigRules;
  /** Events that clients must send. */
  readonly expectations: Expectations;
  /** What the test has set up, and no session has used. */
  readonly setup: SetupUse;
  /** Returns the initial faults of a session. */
  readonly faultsOf: (session: SimulatedSession) => readonly Fault[];
  /** Faults of requests to the REST API. */
  readonly restFaults: RestFaults;
  /** Resolves after the latency of a request. */
  readonly afterRestLatency: () => Promise<void>;
  /** Called with every frame. */
  readonly onFrame: (frame: SimulatedFrame) => void;
}

/**
 * Creates the state shared by the sessions of a simulator.
 *
 * @throws {TypeError} when both `scenario` and `createModel` are given.
 * @throws {TypeError} when an option, the server, the latency or a fault is unknown, or the scenario is invalid.
 * @throws {RangeError} when `pace` is a number and not positive, or a number of a fault is out of range.
 */
export function createSessionHost(options: SimulatorOptions): SessionHost {
  checkSimulatorOptions(options);
  const profile = profileFor(options);
  const {
    clock = systemClock,
    faults = [],
    ids = idsLike(profile.idShape),
    latency = "none",
    onFrame = () => {},
    pace = 4,
  } = options;
  const expectations = new Expectations(options.scenario);
  let startedAt: number | undefined;
  const times = new Latency(latency, clock);
  const setup = new SetupUse();
  const restFaults = new RestFaults(times.clock, setup);
  for (const [index, fault] of (options.restFaults ?? []).entries()) restFaults.add(fault, `restFaults[${index}]`);
  const createModel = modelMaker(options, setup);
  if (typeof faults !== "function") setup.expectFaults(faults, "faults");
  return {
    createModel,
    clock,
    pace: new Pace(pace),
    latency: times,
    ids,
    // Read on demand: Workers have no time while a module is loaded.
    unixTime: () => (startedAt ??= Date.now() - clock.now()) + clock.now(),
    sessions: new Set(),
    profile,
    rules: new ConfigRules(profile, options.newerNames),
    expectations,
    setup,
    faultsOf: typeof faults === "function" ? faults : () => faults,
    restFaults,
    afterRestLatency: async () => {
      if (times.restMs > 0) await new Promise<void>((resolve) => times.clock.schedule(resolve, times.restMs));
    },
    onFrame(frame) {
      expectations.see(frame);
      onFrame(frame);
    },
  };
}

function profileFor({ announcesConversation, server = "openai" }: SimulatorOptions): ServerProfile {
  const profile = resolveProfile(server);
  return announcesConversation === undefined ? profile : { ...profile, announcesConversation };
}

function modelMaker({ createModel, scenario }: SimulatorOptions, setup: SetupUse): CreateSimulatedModel {
  if (createModel && scenario) {
    throw new TypeError("Cannot create the simulator as scenario and createModel exclude each other");
  }
  if (createModel) return createModel;
  if (!scenario) return createEchoModel;
  setup.expectScenario(scenario);
  const create = (): SimulatedModel =>
    createScenarioModel(scenario, {
      onUse: (path) => setup.use(path),
      onMismatch: (path, reason) => setup.explain(path, reason),
    });
  // What cannot be played is reported here rather than to the first client.
  create();
  return create;
}
