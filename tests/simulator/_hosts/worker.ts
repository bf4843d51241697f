import { createSimulator } from "../../../src/simulator/simulator.ts";
import { workersUpgrade, type WorkersWebSocketPair } from "../../../src/simulator/upgrade/workers_upgrade.ts";

/** What is used of Workers. */
declare const WebSocketPair: WorkersWebSocketPair;

const simulator = createSimulator({ upgrade: workersUpgrade(WebSocketPair), pace: "fast" });

/** A Worker that is the simulator. */
export default { fetch: simulator.fetch };
