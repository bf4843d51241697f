// This module is browser compatible.
import { issuesOf } from "../_schemas/issues.ts";
import { parseFrame } from "../_parse_frame.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { SipHeader, UnknownWebhookEvent } from "../rest/webhook.ts";
import { LiveWebhookEventSchema } from "./_schemas/webhook.ts";

/**
 * Fields that all webhooks of the Live API have.
 *
 * @category Live
 */
export interface LiveWebhookEventBase {
  /** Identifier of this event. */
  readonly id: string;
  /** Unix time in seconds. */
  readonly created_at: number;
  /** Kind of object. */
  readonly object?: OpenEnum<"event"> | null | undefined;
}

/**
 * A telephone call that rings.
 *
 * @category Live
 */
export interface LiveIncomingCall {
  /** Identifier of the session, with which the call is accepted or rejected. */
  readonly session_id: string;
  /** Kind of transport; absent in the deprecated webhook. */
  readonly type?: OpenEnum<"sip"> | null | undefined;
  /** Headers of the SIP INVITE, in order; not to be trusted. */
  readonly sip_headers: readonly SipHeader[];
  /** Protection of the audio between caller and OpenAI. */
  readonly sip_media_security?: OpenEnum<"rtp" | "srtp"> | null | undefined;
}

/**
 * A telephone call is incoming. The same call may also be announced by `realtime.call.incoming`: the first to accept
 * has it.
 *
 * @category Live
 */
export interface LiveTransportIncomingEvent extends LiveWebhookEventBase {
  /** Kind of event. */
  readonly type: "live.transport.incoming";
  /** The call. */
  readonly data: LiveIncomingCall;
}

/**
 * Deprecated name of {@linkcode LiveTransportIncomingEvent}.
 *
 * @category Live
 */
export interface LiveCallIncomingEvent extends LiveWebhookEventBase {
  /** Kind of event. */
  readonly type: "live.call.incoming";
  /** The call. */
  readonly data: LiveIncomingCall;
}

/**
 * A WebRTC session.
 *
 * @category Live
 */
export interface LiveConnectedSession {
  /** Identifier of the session. */
  readonly session_id: string;
  /** Kind of transport. */
  readonly type?: OpenEnum<"webrtc"> | null | undefined;
}

/**
 * A WebRTC session has begun.
 *
 * @category Live
 */
export interface LiveTransportConnectedEvent extends LiveWebhookEventBase {
  /** Kind of event. */
  readonly type: "live.transport.connected";
  /** The session. */
  readonly data: LiveConnectedSession;
}

/**
 * A webhook of the Live API, of a type this version knows.
 *
 * @category Live
 */
export type LiveWebhookEvent = LiveTransportIncomingEvent | LiveCallIncomingEvent | LiveTransportConnectedEvent;

/**
 * The body of a webhook that holds an event.
 *
 * @category Live
 */
export interface ParsedLiveWebhookEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: of a known type and as the protocol has it, or of an unknown type and any shape. */
  readonly event: LiveWebhookEvent | UnknownWebhookEvent;
}

/**
 * The result of {@linkcode safeParseLiveWebhookEvent}.
 *
 * @category Live
 */
export type LiveWebhookEventResult = ParsedLiveWebhookEvent | MalformedFrame;

/**
 * Parses the body of a webhook, whose signature must have been verified. Never throws.
 *
 * @category Live
 */
export function safeParseLiveWebhookEvent(body: string): LiveWebhookEventResult {
  return parseFrame(body, (event) => issuesOf(LiveWebhookEventSchema, event));
}

/**
 * The telephone call that a webhook announces, under the current or the deprecated name: the event itself if it has all
 * fields needed to accept the call, else `undefined`. Also for the results of `verifyWebhook` of `@oai-rt/edge/rest`.
 *
 * @category Live
 *
 * @example Telephones of both products
 * ```ts
 * import { toLiveIncomingCall } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toLiveIncomingCall({ type: "realtime.call.incoming" }), undefined);
 * ```
 */
export function toLiveIncomingCall(
  event: { readonly type: string },
): LiveTransportIncomingEvent | LiveCallIncomingEvent | undefined {
  const isIncoming = event.type === "live.transport.incoming" || event.type === "live.call.incoming";
  if (!isIncoming || issuesOf(LiveWebhookEventSchema, event).length > 0) return undefined;
  return event as LiveTransportIncomingEvent | LiveCallIncomingEvent;
}
