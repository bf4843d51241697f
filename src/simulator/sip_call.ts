// This module is browser compatible.
import type { SipHeader } from "../protocol/mod.ts";
import type { SimulatedSipCall } from "./simulated_call.ts";

/**
 * Options of {@linkcode Simulator.ringSipCall}.
 *
 * @category Simulator
 */
export interface SipCallOptions {
  /** Destination of the webhook. */
  readonly webhookUrl: string | URL;
  /**
   * Secret that signs the webhook: `whsec_` and base64, or any text.
   */
  readonly secret: string;
  /**
   * The caller, as the SIP header From.
   *
   * @default {"sip:+14155550100@sip.example.com"}
   */
  readonly from?: string | undefined;
  /**
   * The callee, as the SIP header To.
   *
   * @default {"sip:proj_simulator@sip.api.openai.com;transport=tls"}
   */
  readonly to?: string | undefined;
  /** Further headers of the INVITE, after From, To and Call-ID. */
  readonly headers?: readonly SipHeader[] | undefined;
  /**
   * Delivers the webhook: a server's own handler will do, without a network.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
  /**
   * Time that the caller waits for an answer, in milliseconds.
   *
   * @default {30000}
   */
  readonly ringMs?: number | undefined;
  /** The caller hangs up before an answer when aborted: rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The outcome of an incoming call.
 *
 * @category Simulator
 */
export type SipCallOutcome =
  | {
    /** A client accepted the call. */
    readonly status: "accepted";
    /** The call, which continues. */
    readonly call: SimulatedSipCall;
  }
  | {
    /** A client rejected the call. */
    readonly status: "rejected";
    /** Identifier that the call had. */
    readonly callId: string;
    /** SIP status that the caller got. */
    readonly statusCode: number;
  }
  | {
    /** The caller gave up before the call was answered. */
    readonly status: "unanswered";
    /** Identifier that the call had. */
    readonly callId: string;
  };
