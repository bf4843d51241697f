// This module is browser compatible.
import { assertFunction } from "./_assert_function.ts";
import type { Upgrade, Upgraded } from "./upgrade.ts";

/**
 * The signature of `Deno.upgradeWebSocket`, with the types that are used.
 *
 * @category Simulator
 */
export type DenoUpgradeWebSocket = (
  request: Request,
  options?: { idleTimeout?: number },
) => Upgraded;

/** Deno pings after half of this many seconds of silence: every 20 s, as the real server does. */
const IDLE_TIMEOUT_SECONDS = 40;

/**
 * Creates the {@linkcode Upgrade} of Deno.
 *
 * @category Simulator
 *
 * @param upgradeWebSocket `Deno.upgradeWebSocket`.
 * @throws {TypeError} when it is not a function.
 *
 * @example Serving the simulator
 * ```ts
 * import { createSimulator, denoUpgrade } from "@oai-rt/edge/simulator";
 *
 * const simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
 * const server = Deno.serve({ port: 0, onListen() {} }, simulator.fetch);
 * await server.shutdown();
 * await simulator.close();
 * ```
 */
export function denoUpgrade(upgradeWebSocket: DenoUpgradeWebSocket): Upgrade {
  assertFunction("upgradeWebSocket", upgradeWebSocket);
  return (request, { protocol }) => {
    const upgraded = upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_SECONDS });
    // Deno's own option finds a protocol only in a list with spaces after the commas, which the package ws omits.
    if (protocol !== undefined) upgraded.response.headers.set("sec-websocket-protocol", protocol);
    return upgraded;
  };
}
