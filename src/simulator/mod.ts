// This module is browser compatible.

/**
 * The server side of the Realtime API, in this program: for tests and demos without a network and without a bill.
 *
 * `createSimulator` creates a server that answers in memory or over a real socket, in real time or on a virtual clock;
 * a scenario specifies the user's words, the answers and the expected events of the client.
 *
 * @module
 */

export * from "./fault_timing.ts";
export * from "./faults.ts";
export * from "./frame_faults.ts";
export * from "./live/mod.ts";
export * from "./model/client_event_pattern.ts";
export * from "./model/echo_model.ts";
export * from "./model/heard_speech.ts";
export * from "./model/parse_scenario.ts";
export * from "./model/planned_output.ts";
export * from "./model/reply_plan.ts";
export * from "./model/scenario.ts";
export * from "./model/scenario_model.ts";
export * from "./model/scenario_output.ts";
export * from "./model/simulated_model.ts";
export * from "./model_faults.ts";
export * from "./newer_names.ts";
export * from "./recording/record.ts";
export { createRecorder, type Recorder, type RecordOptions } from "./recording/recorder.ts";
export * from "./recording/recording.ts";
export * from "./recording/replay.ts";
export * from "./recording/replay_report.ts";
export * from "./rest_faults.ts";
export * from "./sample_arguments.ts";
export * from "./server_profile.ts";
export * from "./simulated_call.ts";
export * from "./simulated_session.ts";
export * from "./simulator.ts";
export * from "./simulator_latency.ts";
export * from "./simulator_options.ts";
export * from "./simulator_pace.ts";
export * from "./sip_call.ts";
export * from "./speech.ts";
export * from "./upgrade/bun_upgrade.ts";
export * from "./upgrade/deno_upgrade.ts";
export * from "./upgrade/upgrade.ts";
export * from "./upgrade/workers_upgrade.ts";
export * from "./virtual_clock.ts";
