import type { Simulator } from "@oai-rt/edge/simulator";
import { messageOf } from "./command.ts";
import type { Ring } from "./options.ts";

/** Calls, and prints the outcome. */
export async function ring(simulator: Simulator, options: Ring): Promise<void> {
  try {
    const outcome = await simulator.ringSipCall(options);
    console.log(`The call was ${outcome.status}`);
    if (outcome.status !== "accepted") return;
    const { reason, targetUri = "" } = await outcome.call.ended;
    console.log(`The call has ended: ${reason} ${targetUri}`.trim());
  } catch (error) {
    console.error(messageOf(error));
  }
}
