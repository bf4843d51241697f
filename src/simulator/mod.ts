// This module is browser compatible.

/**
 * The server side of the Realtime API, in this program: for tests and demos without a network and without a bill.
 *
 * `createSimulator` makes a server that answers in memory or over a real socket, at real speed or at the speed of a
 * virtual clock; a scenario says what is heard and what is answered.
 *
 * @module
 */

export * from "./brain.ts";
export * from "./persona.ts";
export * from "./sample_arguments.ts";
export * from "./scenario.ts";
export * from "./scenario_brain.ts";
export * from "./simulated_session.ts";
export * from "./simulator.ts";
export * from "./simulator_pace.ts";
export * from "./speech.ts";
export * from "./upgrade.ts";
export * from "./virtual_clock.ts";
