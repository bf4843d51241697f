import { createSimulator } from "../../../src/simulator/simulator.ts";
import { workersUpgrade, type WorkersWebSocketPair } from "../../../src/simulator/upgrade/workers_upgrade.ts";

/** The used part of Workers. */
declare const WebSocketPair: WorkersWebSocketPair;

const simulator = createSimulator({ upgrade: workersUpgrade(WebSocketPair), pace: "fast" });

/** A Worker that serves the simulator. */
export default { fetch: simulator.fetch };
