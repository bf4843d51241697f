// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { LiveCallSessionConfig, LiveMediaForkConfig, LiveMediaSessionConfig } from "./session_config.ts";

/**
 * A WebRTC connection to be made.
 *
 * @category Live
 */
export interface LiveWebRtcTransport {
  /** Kind of transport. */
  readonly type: "webrtc";
  /** SDP offer of the page. */
  readonly sdp: string;
}

/**
 * Credentials of a SIP trunk.
 *
 * @category Live
 */
export interface LiveSipAuth {
  /** Kind of credentials. */
  readonly type: "digest";
  /** Name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
}

/**
 * The SIP trunk of an outgoing call.
 *
 * @category Live
 */
export interface LiveSipTrunk {
  /** Address, `sips:host[:port][;transport=tcp]`; port 5061 when absent. */
  readonly provider_url: string;
  /** Credentials. */
  readonly auth: LiveSipAuth;
  /** Number that the callee sees, in E.164. */
  readonly caller_number: string;
}

/**
 * A telephone call to be made. Known from OpenAI's schema of October 2026 only; enabled per organization. Not
 * idempotent: a repetition may ring twice.
 *
 * @category Live
 */
export interface LiveSipTransport {
  /** Kind of transport. */
  readonly type: "sip";
  /** Number to call, in E.164. */
  readonly destination: string;
  /** Trunk of the call. */
  readonly trunk: LiveSipTrunk;
}

/**
 * Body of `POST /live/sessions`.
 *
 * @category Live
 */
export interface LiveSessionCreateRequest {
  /** Settings of the session. */
  readonly session: LiveMediaSessionConfig;
  /** How its media travels. */
  readonly transport: LiveWebRtcTransport | LiveSipTransport;
}

/**
 * Body of `POST /live/sessions/{id}/fork`.
 *
 * @category Live
 */
export interface LiveSessionForkRequest {
  /** How the media of the new session travels. */
  readonly transport: LiveWebRtcTransport;
  /** Changes to the stored session. */
  readonly session?: LiveMediaForkConfig | undefined;
}

/**
 * Body of `POST /live/sessions/{id}/accept`.
 *
 * @category Live
 */
export interface LiveCallAcceptRequest {
  /** Settings of the session. */
  readonly session: LiveCallSessionConfig;
}

/**
 * Body of `POST /live/sessions/{id}/reject`.
 *
 * @category Live
 */
export interface LiveCallRejectRequest {
  /** SIP status, a whole number from 300 to 699. */
  readonly status_code: number;
}

/**
 * Body of `POST /live/sessions/{id}/refer`.
 *
 * @category Live
 */
export interface LiveCallReferRequest {
  /** Address that the caller is sent to, e.g. `tel:+14155550123`. */
  readonly target_uri: string;
}

/**
 * The session that was created.
 *
 * @category Live
 */
export interface LiveCreatedSession {
  /** Identifier of the session. */
  readonly id: string;
}

/**
 * How the media of a new session travels.
 *
 * @category Live
 */
export interface LiveCreatedTransport {
  /** Kind of transport. */
  readonly type: OpenEnum<"webrtc" | "sip">;
  /** SDP answer, for WebRTC. */
  readonly sdp?: string | null | undefined;
}

/**
 * Answer to the creation of a session.
 *
 * @category Live
 */
export interface LiveSessionCreateResponse {
  /** The session. */
  readonly session: LiveCreatedSession;
  /** How its media travels. */
  readonly transport?: LiveCreatedTransport | null | undefined;
}
