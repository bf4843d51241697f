// This module is browser compatible.

/**
 * The server side of the Realtime API, in this program: for tests and demos without a network and without a bill.
 *
 * `createSimulator` makes a server that answers in memory or over a real socket, at real speed or at the speed of a
 * virtual clock; a scenario says what is heard, what is answered and what the client is expected to send.
 *
 * @module
 */

export * from "./brain.ts";
export * from "./bun_upgrade.ts";
export * from "./client_event_pattern.ts";
export * from "./deno_upgrade.ts";
export * from "./faults.ts";
export * from "./heard_speech.ts";
export * from "./parse_scenario.ts";
export * from "./persona.ts";
export * from "./planned_output.ts";
export * from "./record.ts";
export * from "./recorder.ts";
export * from "./recording.ts";
export * from "./replay.ts";
export * from "./replay_report.ts";
export * from "./reply_plan.ts";
export * from "./sample_arguments.ts";
export * from "./scenario.ts";
export * from "./scenario_brain.ts";
export * from "./scenario_output.ts";
export * from "./simulated_call.ts";
export * from "./simulated_session.ts";
export * from "./simulator.ts";
export * from "./simulator_options.ts";
export * from "./simulator_pace.ts";
export * from "./sip_call.ts";
export * from "./speech.ts";
export * from "./upgrade.ts";
export * from "./virtual_clock.ts";
export * from "./workers_upgrade.ts";
