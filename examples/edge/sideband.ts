import { type Clock, systemClock } from "@oai-rt/edge";
import type { EdgeCall } from "@oai-rt/edge/hono";
import { MAX_SESSION_MS } from "./limits.ts";
import { tools } from "./tools.ts";

/** Code with which the API closes the connections to a call that is over. */
const NORMAL = 1000;

/**
 * Controls calls from this process, on hosts whose processes outlive calls: Deno, Bun and Node. The tools of a call run
 * here, and it ends after its maximum duration. A dropped sideband is attached again; if that fails, the app hangs the
 * call up. Its time limit applies until then.
 */
export function sideband(clock: Clock = systemClock): (call: EdgeCall) => Promise<void> {
  return async (call) => {
    const session = await call.attach({ tools });
    const cancelLimit = clock.schedule(() => call.hangUp().catch(console.error), MAX_SESSION_MS);
    session.closed.then(({ code }) => {
      if (code === NORMAL) cancelLimit();
    });
  };
}
