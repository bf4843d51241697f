// This module is browser compatible.

/**
 * How fast the simulated model works: as fast as its audio is heard, without waiting at all, or so many times faster
 * than its audio is heard.
 *
 * @category Simulator
 */
export type SimulatorPace = "realtime" | "fast" | number;
