import { type Clock, systemClock } from "@oai-rt/edge";
import type { EdgeCall } from "@oai-rt/edge/hono";
import { tools } from "./tools.ts";

/** How long a call may last, in milliseconds. */
const MAX_CALL_MS = 10 * 60_000;

/**
 * Makes what keeps control of calls from this process, wherever processes live as long as calls: on Deno, Bun and Node.
 * The tools of a call run here, and it ends when it has lasted long enough.
 */
export function sideband(clock: Clock = systemClock): (call: EdgeCall) => Promise<void> {
  return async (call) => {
    const session = await call.attach({ tools });
    const cancelLimit = clock.schedule(() => call.hangUp().catch(console.error), MAX_CALL_MS);
    session.closed.then(cancelLimit);
  };
}
