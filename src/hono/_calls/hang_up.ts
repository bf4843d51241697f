import { RealtimeApiError } from "../../errors.ts";
import type { RealtimeRest, RestCallOptions } from "../../rest/mod.ts";

/** Hangs a call up. A call that is already over counts as success. */
export async function hangUp(callId: string, rest: RealtimeRest, options: RestCallOptions): Promise<void> {
  try {
    await rest.hangUpCall(callId, options);
  } catch (error) {
    if (!(error instanceof RealtimeApiError && error.status === 404)) throw error;
  }
}
