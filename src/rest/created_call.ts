// This module is browser compatible.

/**
 * The API's answer to the SDP offer of a call.
 *
 * @category REST
 */
export interface CreatedCall {
  /** SDP answer, for `setRemoteDescription`. */
  readonly sdp: string;
  /**
   * Id of the call (`rtc_…`), to control it from elsewhere. `undefined` when the response has no `Location`, or the
   * runtime hides it: a page sees it only when the server exposes it through CORS.
   */
  readonly callId: string | undefined;
}
