import type { RealtimeSessionConfig, SipHeader } from "../protocol/mod.ts";

/**
 * A SIP call that OpenAI has announced and that waits for a decision.
 *
 * @category Edge app
 */
export interface AnnouncedCall {
  /**
   * Id of the call: `rtc_…`, or `live_…` for the Live API. The same call may be announced for both, with different ids.
   */
  readonly callId: string;
  /** Id of the event that announced it. */
  readonly eventId: string;
  /** Headers of the INVITE, in order, as sent by the caller, and therefore untrusted. */
  readonly sipHeaders: readonly SipHeader[];
  /** Value of the first header of that name, case-insensitive; `undefined` when there is none. */
  header(name: string): string | undefined;
}

/**
 * The decision about a SIP call: accept it, reject it, or leave it to another server.
 *
 * @category Edge app
 */
export type IncomingCallDecision<Settings extends object = RealtimeSessionConfig> =
  | {
    /** Accepts the call. */
    readonly action: "accept";
    /** Settings of the answering session. */
    readonly session: Settings;
  }
  | {
    /** Rejects the call. */
    readonly action: "reject";
    /**
     * SIP status for the caller, 100 to 699 (for the Live API 300 to 699), e.g. 486 for busy.
     *
     * @default {603}
     */
    readonly statusCode?: number | undefined;
  }
  | {
    /** Ignores the call. */
    readonly action: "ignore";
  };
