// This module is browser compatible.
import type { EffectiveSession, UnknownSession } from "../session/session.ts";
import type { RealtimeSessionConfig, SessionConfig } from "../session/session_config.ts";
import type { TranslationSession, TranslationSessionCreateConfig } from "../translation/translation_session.ts";

/**
 * Time within which a client secret can start sessions. Sessions that it started are not affected.
 *
 * @category REST
 */
export interface ClientSecretExpiry {
  /** From when the seconds count. */
  readonly anchor?: "created_at" | undefined;
  /**
   * Seconds, 10 to 7 200.
   *
   * @default {600}
   */
  readonly seconds?: number | undefined;
}

/**
 * Body of `POST /realtime/client_secrets`.
 *
 * @category REST
 */
export interface ClientSecretRequest {
  /** Time within which the secret can start sessions. */
  readonly expires_after?: ClientSecretExpiry | undefined;
  /** Settings of the sessions that it starts; absent: the server's own. */
  readonly session?: SessionConfig | undefined;
}

/**
 * Answer to `POST /realtime/client_secrets`.
 *
 * @category REST
 */
export interface ClientSecretResponse {
  /** The secret, `ek_…`, which may be passed to a browser. */
  readonly value: string;
  /** Expiry, as Unix time in seconds. */
  readonly expires_at: number;
  /** The session that it starts, with everything that is in effect. */
  readonly session: EffectiveSession | UnknownSession;
}

/**
 * Body of `POST /realtime/translations/client_secrets`.
 *
 * @category REST
 */
export interface TranslationClientSecretRequest {
  /** Time within which the secret can start sessions. */
  readonly expires_after?: ClientSecretExpiry | undefined;
  /** Settings of the sessions that it starts. */
  readonly session: TranslationSessionCreateConfig;
}

/**
 * Answer to `POST /realtime/translations/client_secrets`.
 *
 * @category REST
 */
export interface TranslationClientSecretResponse {
  /** The secret, `ek_…`, which may be passed to a browser. */
  readonly value: string;
  /** Expiry, as Unix time in seconds. */
  readonly expires_at: number;
  /** The session that it starts. */
  readonly session: TranslationSession;
}

/**
 * Parts of the form of `POST /realtime/calls`.
 *
 * @category REST
 */
export interface CallCreateRequest {
  /** SDP offer of the caller. */
  readonly sdp: string;
  /** Settings of the session; absent when a client secret already has them. */
  readonly session?: RealtimeSessionConfig | undefined;
}

/**
 * Body of `POST /realtime/calls/{call_id}/accept`.
 *
 * @category REST
 */
export type CallAcceptRequest = RealtimeSessionConfig;

/**
 * Body of `POST /realtime/calls/{call_id}/reject`.
 *
 * @category REST
 */
export interface CallRejectRequest {
  /**
   * SIP status that the caller gets.
   *
   * @default {603}
   */
  readonly status_code?: number | undefined;
}

/**
 * Body of `POST /realtime/calls/{call_id}/refer`.
 *
 * @category REST
 */
export interface CallReferRequest {
  /** Destination of the call, for the SIP header Refer-To: `tel:+14155550123` or `sip:agent@example.com`. */
  readonly target_uri: string;
}
