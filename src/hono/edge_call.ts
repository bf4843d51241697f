import type { ConnectOptions } from "../connect.ts";
import type { RealtimeSessionConfig } from "../protocol/mod.ts";
import type { Session } from "../session/mod.ts";

/**
 * Options of {@linkcode EdgeCall.attach}: those of `connect` except for the target and the credentials.
 *
 * @category Edge app
 */
export type SidebandOptions = Omit<
  ConnectOptions,
  | "apiKey"
  | "azure"
  | "baseUrl"
  | "callId"
  | "intent"
  | "model"
  | "organization"
  | "project"
  | "safetyIdentifier"
  | "transport"
>;

/**
 * The server's view of a call that has begun.
 *
 * @category Edge app
 */
export interface EdgeCall {
  /** Id of the call, `rtc_…`, with which it can be controlled from anywhere. */
  readonly callId: string;
  /** Origin of the call: a page, or a telephone. */
  readonly kind: "webrtc" | "sip";
  /** The caller, as returned by `authorize`; `undefined` for an anonymous caller, and for telephones. */
  readonly caller: string | undefined;
  /** Initial settings. */
  readonly session: RealtimeSessionConfig;
  /**
   * Opens a sideband: a second connection to the call's session, over which the server receives all of its events, runs
   * its tools and changes its settings. It lives as long as the call, where the platform allows that: on Workers use a
   * Durable Object, as a request's sockets end with the request. After a drop the session attaches again, as its option
   * `recovery` specifies, for at most `calls.reattachMs`; when it is lost permanently, the call is hung up. Closing the
   * session does not affect the call.
   */
  attach(options?: SidebandOptions): Promise<Session>;
  /** Ends the call. */
  hangUp(): Promise<void>;
  /** Transfers a telephone call to another address, e.g. to `tel:+14155550123`. */
  refer(targetUri: string): Promise<void>;
}
