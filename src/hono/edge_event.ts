import type { ClientEvent, LiveClientEvent } from "../protocol/mod.ts";
import type { UsageLine } from "../session/mod.ts";
import type { ProblemCode } from "./problem.ts";

/**
 * Usage of a session, as far as this app has seen it.
 *
 * @category Edge app
 */
export interface SessionUsage {
  /** Usage by model, direction and modality. */
  readonly lines: readonly UsageLine[];
  /** Tokens, input and output combined. */
  readonly tokens: number;
  /** Responses that have begun; for a Live session, those of its backend. */
  readonly responses: number;
  /** Billed seconds of a Live session; absent for other sessions. */
  readonly seconds?: number | undefined;
  /** Cost in US dollars; `NaN` when a price is missing, `undefined` without `limits.prices`. */
  readonly cost: number | undefined;
}

/**
 * The reason why a call ended:
 *
 * - `"hung_up"`: its page hung up over `POST /calls/:callId/hangup`;
 * - `"host"`: the host called `hangUp()`;
 * - `"api"`: the other side hung up, or the API ended the session;
 * - `"client_gone"`: the page disconnected before it had its response;
 * - `"failed"`: `onCall` failed, or the call could not be attached to;
 * - `"sideband_lost"`: the connection to the session was lost, and could not be restored within `calls.reattachMs`;
 * - `"idle"`, `"max_duration"`, `"quota"`: a limit was reached;
 * - `"shutdown"`: the app was closed;
 * - `"expired"`: it has reached the longest possible duration; how it ended is unknown.
 *
 * @category Edge app
 */
export type CallEndReason =
  | "hung_up"
  | "host"
  | "api"
  | "client_gone"
  | "failed"
  | "sideband_lost"
  | "idle"
  | "max_duration"
  | "quota"
  | "shutdown"
  | "expired";

/**
 * The host's view of a relay.
 *
 * @category Edge app
 */
export interface RelayHandle {
  /** Id of the relay. */
  readonly id: string;
  /** The caller; `undefined` for an anonymous caller. */
  readonly caller: string | undefined;
  /** Ends both sides. */
  close(reason?: string): void;
  /**
   * Sends an event to the API on behalf of the server: the rules for pages do not apply, and the page receives no error
   * that it causes.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol.
   */
  inject(event: ClientEvent | LiveClientEvent): void;
}

/**
 * The reason why a relay ended:
 *
 * - `"page"`: the page closed it, or disconnected;
 * - `"api"`: the API closed it;
 * - `"host"`: the host closed it;
 * - `"failed"`: no session could be opened, or a filter failed;
 * - `"flood"`: the page sent too much, or a side was too slow;
 * - `"idle"`, `"max_duration"`, `"quota"`: a limit was reached;
 * - `"shutdown"`: the app was closed.
 *
 * @category Edge app
 */
export type RelayEndReason =
  | "page"
  | "api"
  | "host"
  | "failed"
  | "flood"
  | "idle"
  | "max_duration"
  | "quota"
  | "shutdown";

/**
 * The fields of each event, by type.
 *
 * @category Edge app
 */
export interface EdgeEventMap {
  /** A client secret was minted. */
  readonly minted: {
    /** Expiry of the secret, as Unix time in seconds. */
    readonly expiresAt: number;
  };
  /** A call has begun. */
  readonly call_started: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** Origin of the call. */
    readonly kind: "webrtc" | "sip";
  };
  /** A dropped sideband of a call is attached again. Usage in between is not counted. */
  readonly call_reattached: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** Origin of the call. */
    readonly kind: "webrtc" | "sip";
    /** Duration without a sideband, in milliseconds. */
    readonly gapMs: number;
  };
  /**
   * A call has ended, as far as this process knows: it is attached to it, or has hung it up. When another process than
   * the one that started a call hangs it up, both report it: count calls by their `callId`. If the call is unwatched,
   * the one that started it does so late, with the reason `expired`.
   */
  readonly call_ended: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** Origin of the call. */
    readonly kind: "webrtc" | "sip";
    /** The reason. */
    readonly reason: CallEndReason;
    /** Duration, in milliseconds. */
    readonly durationMs: number;
    /** Its usage; `undefined` for a call to which this app was not attached. */
    readonly usage: SessionUsage | undefined;
  };
  /** A relay has begun: its policy is in force. */
  readonly relay_started: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the relay. */
    readonly relayId: string;
    /** The relay. */
    readonly relay: RelayHandle;
  };
  /** A relay has ended. */
  readonly relay_ended: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the relay. */
    readonly relayId: string;
    /** The reason. */
    readonly reason: RelayEndReason;
    /** Close code sent to the page. */
    readonly code: number;
    /** Duration, in milliseconds. */
    readonly durationMs: number;
    /** Its usage. */
    readonly usage: SessionUsage | undefined;
  };
  /** A request was answered with a problem. */
  readonly refused: {
    /** Method of the request. */
    readonly method: string;
    /** Path of the request, without a query. */
    readonly path: string;
    /** Status of the response. */
    readonly status: number;
    /** The reason. */
    readonly code: ProblemCode;
    /** Field in question; `undefined` when there is none. */
    readonly param: string | undefined;
  };
  /** A webhook was rejected. */
  readonly webhook_refused: {
    /** The reason, as in `WebhookVerificationError`. */
    readonly reason: string;
    /** Its id, unverified. */
    readonly webhookId: string | undefined;
  };
}

/**
 * An event of an edge app: its type, the time, the request, and the fields of the type.
 *
 * @category Edge app
 */
export type EdgeEvent = {
  readonly [Type in keyof EdgeEventMap]:
    & {
      /** Discriminant. */
      readonly type: Type;
      /** Unix time in milliseconds. */
      readonly time: number;
      /** Id of the request that caused it, as in `X-Request-Id`. */
      readonly requestId: string;
      /** The caller, as returned by `authorize`; `undefined` for an anonymous caller. */
      readonly caller: string | undefined;
    }
    & EdgeEventMap[Type];
}[keyof EdgeEventMap];
