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
 * A call that has begun, in the hands of the server.
 *
 * @category Edge app
 */
export interface EdgeCall {
  /** Id of the call, `rtc_…`, with which it is steered from anywhere. */
  readonly callId: string;
  /** How the caller came: with a page, or by telephone. */
  readonly kind: "webrtc" | "sip";
  /** Who asked for it, as `authorize` said; `undefined` for a caller without a name, and for telephones. */
  readonly caller: string | undefined;
  /** Settings that it began with. */
  readonly session: RealtimeSessionConfig;
  /**
   * Opens a sideband: a second connection to the call's session, over which the server sees all of its events, runs its
   * tools and changes its settings. It lives as long as the call, wherever that is allowed: on Workers in a Durable
   * Object, as a request's sockets end with it. After a drop the session attaches again, as its option `recovery` says, for
   * at most `calls.reattachMs`; when it is lost for good, the call is hung up. A session that the host closes leaves the
   * call as it is.
   */
  attach(options?: SidebandOptions): Promise<Session>;
  /** Ends the call. */
  hangUp(): Promise<void>;
  /** Hands a telephone call over to someone else, e.g. to `tel:+14155550123`. */
  refer(targetUri: string): Promise<void>;
}
