// This module is browser compatible.

/**
 * The server side of the Live API: the service of `createSimulator` at `/v1/live/sessions`.
 *
 * @module
 */
export type { LiveCallOutcome } from "./live_call.ts";
export type { LivePlannedCall, LivePlannedDelegation, LiveScenario, LiveScenarioTurn } from "./live_scenario.ts";
export type { LiveSimulatorOptions } from "./live_simulator_options.ts";
export type { SimulatedLiveSession } from "./simulated_live_session.ts";
