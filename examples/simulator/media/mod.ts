/**
 * Real media for the simulator: answers WebRTC calls with node-datachannel and libopus-wasm. Needs the configuration of
 * this folder: `deno run -A --config examples/simulator/media/deno.json …`.
 *
 * @module
 */

export * from "./media_peer.ts";
export { hasMediaPackages } from "./packages.ts";
