import { RealtimeApiError } from "../../errors.ts";
import type { RealtimeRest, RestCallOptions } from "../../rest/mod.ts";

/** Hangs a call up. One that is over is what was wanted. */
export async function hangUp(callId: string, rest: RealtimeRest, options: RestCallOptions): Promise<void> {
  try {
    await rest.hangUpCall(callId, options);
  } catch (error) {
    if (!(error instanceof RealtimeApiError && error.status === 404)) throw error;
  }
}
