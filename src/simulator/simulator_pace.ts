// This module is browser compatible.

/**
 * Speed of the simulated model: in real time, without waiting, or a multiple of real time.
 *
 * @category Simulator
 */
export type SimulatorPace = "realtime" | "fast" | number;
