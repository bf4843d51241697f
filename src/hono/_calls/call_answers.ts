import type { Settings } from "../_app/settings.ts";
import { SharedWork } from "../_http/shared_work.ts";

/** Time that a server has to create a response before another one may, as a multiple of the request timeout. */
const CLAIM = 4;

/** The response to a page's offer. */
export interface CallAnswer {
  /** SDP answer. */
  readonly sdp: string;
  /** Id of the call. */
  readonly call_id: string;
  /** Token of the call. */
  readonly call_token: string;
}

/** Time that a server has to create a response before another one may, in milliseconds. */
export function claimMs({ timeoutMs }: Settings): number {
  return timeoutMs * CLAIM;
}

/**
 * Creates the registry of responses in progress, by key and body: the store decides which of two bodies a key belongs
 * to, as another server may have begun.
 */
export function answersInProgress(settings: Settings): SharedWork<CallAnswer> {
  // A response whose page has gone, or which failed, does not serve the next request.
  return new SharedWork({ clock: settings.clock, longestMs: claimMs(settings), sharesFailures: false });
}
