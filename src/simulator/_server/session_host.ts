// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import type { NewerNames } from "../newer_names.ts";
import { checkList } from "./check_list.ts";
import { Expectations } from "./expectations.ts";
import { RestFaults } from "../_faults/rest_faults.ts";
import { checkFault } from "../_faults/check_fault.ts";
import { resolveProfile } from "../_profiles/resolve_profile.ts";
import { idsLike } from "../_session/ids.ts";
import type { ServerProfile } from "../server_profile.ts";
import { Latency } from "../_latency/latency.ts";
import { ConfigRules } from "../_session/config/config_rules.ts";
import { Pace } from "../_session/pace.ts";
import type { CreateSimulatedModel, SimulatedModel } from "../model/simulated_model.ts";
import type { Fault } from "../faults.ts";
import { parseScenario } from "../model/parse_scenario.ts";
import { createEchoModel } from "../model/echo_model.ts";
import { createScenarioModel } from "../model/scenario_model.ts";
import type { SimulatedFrame, SimulatedSession } from "../simulated_session.ts";
import type { SimulatorOptions } from "../simulator_options.ts";

const OPTION_NAMES: OptionNames<SimulatorOptions> = {
  scenario: 1,
  createModel: 1,
  clock: 1,
  pace: 1,
  server: 1,
  latency: 1,
  ids: 1,
  acceptsApiKey: 1,
  acceptsModel: 1,
  newerNames: 1,
  faults: 1,
  restFaults: 1,
  announcesConversation: 1,
  onFrame: 1,
  upgrade: 1,
  answerSdp: 1,
  live: 1,
  answerLiveSdp: 1,
};
const NEWER_NAMES: OptionNames<NewerNames> = { voices: 1, transcriptionModels: 1, reasoningModels: 1 };

/** What the sessions of a simulator have in common. */
export interface SessionHost {
  /** Makes the mind of a session's model. */
  readonly createModel: CreateSimulatedModel;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast models work. */
  readonly pace: Pace;
  /** How long the server takes. */
  readonly latency: Latency;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds. */
  readonly unixTime: () => number;
  /** The sessions that are open. */
  readonly sessions: Set<SimulatedSession>;
  /** How the server behaves. */
  readonly profile: ServerProfile;
  /** What it refuses to be set to. */
  readonly rules: ConfigRules;
  /** What clients have to send. */
  readonly expectations: Expectations;
  /** What goes wrong from the beginning in a session. */
  readonly faultsOf: (session: SimulatedSession) => readonly Fault[];
  /** What goes wrong with requests to the REST API. */
  readonly restFaults: RestFaults;
  /** Resolves after the time that the server takes for a request. */
  readonly afterRestLatency: () => Promise<void>;
  /** Is told of every frame. */
  readonly onFrame: (frame: SimulatedFrame) => void;
}

/**
 * Makes what the sessions of a simulator have in common.
 *
 * @throws {TypeError} when both `scenario` and `createModel` are given.
 * @throws {TypeError} when there is no such option, server, latency or fault, or the scenario is none.
 * @throws {RangeError} when `pace` is a number and not positive, or a number of a fault is out of range.
 */
export function createSessionHost(options: SimulatorOptions): SessionHost {
  checkOptions("create the simulator", options, OPTION_NAMES);
  checkOptions("create the simulator", options.newerNames, NEWER_NAMES, "newerNames");
  for (const [name, names] of Object.entries(options.newerNames ?? {})) {
    checkList(`newerNames.${name}`, names, (each) => typeof each === "string");
  }
  checkList("restFaults", options.restFaults);
  if (options.scenario !== undefined) parseScenario(options.scenario);
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
  if (typeof faults !== "function") {
    checkList("faults", faults);
    faults.forEach(checkFault);
  }
  const times = new Latency(latency, clock);
  const restFaults = new RestFaults(times.clock);
  for (const fault of options.restFaults ?? []) restFaults.add(fault);
  return {
    createModel: modelMaker(options),
    clock,
    pace: new Pace(pace),
    latency: times,
    ids,
    // Asked for when it is needed: where Workers load a module there is no time yet.
    unixTime: () => (startedAt ??= Date.now() - clock.now()) + clock.now(),
    sessions: new Set(),
    profile,
    rules: new ConfigRules(profile, options.newerNames),
    expectations,
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

function modelMaker({ createModel, scenario }: SimulatorOptions): CreateSimulatedModel {
  if (createModel && scenario) {
    throw new TypeError("Cannot create the simulator as scenario and createModel exclude each other");
  }
  if (createModel) return createModel;
  return scenario ? (): SimulatedModel => createScenarioModel(scenario) : createEchoModel;
}
