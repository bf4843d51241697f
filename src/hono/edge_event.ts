import type { ClientEvent, LiveClientEvent } from "../protocol/mod.ts";
import type { UsageLine } from "../session/mod.ts";
import type { ProblemCode } from "./problem.ts";

/**
 * Usage of a session, as far as this app has seen it.
 *
 * @category Edge app
 */
export interface SessionUsage {
  /** By model, direction and modality. */
  readonly lines: readonly UsageLine[];
  /** Tokens, input and output added. */
  readonly tokens: number;
  /** Responses that began; of a Live session, those of its backend. */
  readonly responses: number;
  /** Seconds that a Live session has lasted, as it is billed; absent for other sessions. */
  readonly seconds?: number | undefined;
  /** Cost in US dollars; `NaN` when a price is missing, `undefined` without `limits.prices`. */
  readonly cost: number | undefined;
}

/**
 * Why a call ended:
 *
 * - `"hung_up"`: its page hung up over `POST /calls/:callId/hangup`;
 * - `"host"`: the host did, with `hangUp()`;
 * - `"api"`: the other side hung up, or the API ended the session;
 * - `"client_gone"`: the page left before it had its answer;
 * - `"failed"`: `onCall` failed, or the call could not be attached to;
 * - `"sideband_lost"`: the connection to the session was lost, and could not be restored within `calls.reattachMs`;
 * - `"idle"`, `"max_duration"`, `"quota"`: a limit was reached;
 * - `"shutdown"`: the app was closed;
 * - `"expired"`: it cannot last any longer; how it ended is not known.
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
 * A relay in the hands of the host.
 *
 * @category Edge app
 */
export interface RelayHandle {
  /** Id of the relay. */
  readonly id: string;
  /** Whose it is; `undefined` for somebody without a name. */
  readonly caller: string | undefined;
  /** Ends both sides. */
  close(reason?: string): void;
  /**
   * Sends an event to the API in the name of the server: the rules for pages do not hold for it, and the page sees no
   * error that it causes.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol.
   */
  inject(event: ClientEvent | LiveClientEvent): void;
}

/**
 * Why a relay ended:
 *
 * - `"page"`: the page closed it, or has gone;
 * - `"api"`: the API did;
 * - `"host"`: the host did, by its handle;
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
 * The fields of each kind of event, by its type.
 *
 * @category Edge app
 */
export interface EdgeEventMap {
  /** A client secret was minted. */
  readonly minted: {
    /** Until when the secret starts sessions, as Unix time in seconds. */
    readonly expiresAt: number;
  };
  /** A call has begun. */
  readonly call_started: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** How the caller came. */
    readonly kind: "webrtc" | "sip";
  };
  /** A sideband of a call had dropped and is attached again. What the session used meanwhile is not counted. */
  readonly call_reattached: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** How the caller came. */
    readonly kind: "webrtc" | "sip";
    /** How long it was not attached, in milliseconds. */
    readonly gapMs: number;
  };
  /** A call has ended, as far as this process knows: it is attached to it, or has hung it up. */
  readonly call_ended: {
    /** `"live"` for a session of the Live API; absent for the Realtime API. */
    readonly product?: "live" | undefined;
    /** Id of the call. */
    readonly callId: string;
    /** How the caller came. */
    readonly kind: "webrtc" | "sip";
    /** Why it ended. */
    readonly reason: CallEndReason;
    /** How long it lasted, in milliseconds. */
    readonly durationMs: number;
    /** What it used; `undefined` for a call that this app was not attached to. */
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
    /** Why it ended. */
    readonly reason: RelayEndReason;
    /** Close code that the page got. */
    readonly code: number;
    /** How long it lasted, in milliseconds. */
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
    /** Status of the answer. */
    readonly status: number;
    /** The reason. */
    readonly code: ProblemCode;
    /** Field that it is about; `undefined` when it is about none. */
    readonly param: string | undefined;
  };
  /** A webhook was not believed. */
  readonly webhook_refused: {
    /** Why, as in `WebhookVerificationError`. */
    readonly reason: string;
    /** Its id, as the sender claims. */
    readonly webhookId: string | undefined;
  };
}

/**
 * What an edge app tells its host: the kind of event, when and of which request it came, and what the kind tells.
 *
 * @category Edge app
 */
export type EdgeEvent = {
  readonly [Type in keyof EdgeEventMap]:
    & {
      /** Kind of event. */
      readonly type: Type;
      /** Unix time in milliseconds. */
      readonly time: number;
      /** Id of the request that it came of, as in `X-Request-Id`. */
      readonly requestId: string;
      /** Who asked, as `authorize` said; `undefined` for somebody without a name. */
      readonly caller: string | undefined;
    }
    & EdgeEventMap[Type];
}[keyof EdgeEventMap];
