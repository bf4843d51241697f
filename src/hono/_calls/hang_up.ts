import { RealtimeApiError } from "../../errors.ts";
import type { RestCallOptions } from "../../rest/mod.ts";
import type { Upstream } from "../_app/upstream.ts";

/** Hangs a call up. One that is over is what was wanted. */
export async function hangUp(callId: string, { rest }: Upstream, options: RestCallOptions): Promise<void> {
  try {
    await rest.hangUpCall(callId, options);
  } catch (error) {
    if (!(error instanceof RealtimeApiError && error.status === 404)) throw error;
  }
}
