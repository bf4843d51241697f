// This module is browser compatible.
import { parseFrame } from "../_parse_frame.ts";
import { issuesOf } from "../_schemas/issues.ts";
import { WebhookEventSchema } from "../_schemas/rest.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * A header of the SIP INVITE.
 *
 * @category REST
 */
export interface SipHeader {
  /** Name of the header; may occur more than once. */
  readonly name: string;
  /** Value of the header, as the caller gave it: not to be trusted. */
  readonly value: string;
}

/**
 * The call that a webhook announces.
 *
 * @category REST
 */
export interface IncomingCall {
  /** Identifier of the call, with which it is accepted or rejected. */
  readonly call_id: string;
  /** Headers of the SIP INVITE, in order, without credentials. */
  readonly sip_headers: readonly SipHeader[];
  /** Protection of the audio between caller and OpenAI: encrypted (`srtp`) or not; absent when unknown. */
  readonly sip_media_security?: OpenEnum<"rtp" | "srtp"> | null | undefined;
}

/**
 * Body of the webhook that announces a SIP call.
 *
 * @category REST
 */
export interface RealtimeCallIncomingEvent {
  /** Kind of event. */
  readonly type: "realtime.call.incoming";
  /** Identifier of this event. */
  readonly id: string;
  /** Unix time in seconds. */
  readonly created_at: number;
  /** The call. */
  readonly data: IncomingCall;
  /** Kind of object. */
  readonly object?: OpenEnum<"event"> | null | undefined;
}

/**
 * Body of a webhook about something else, or newer than this version.
 *
 * @category REST
 */
export type UnknownWebhookEvent = UnknownKind;

/**
 * The body of a webhook that holds an event.
 *
 * @category REST
 */
export interface ParsedWebhookEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: of a known type and as the protocol has it, or of an unknown type and any shape. */
  readonly event: RealtimeCallIncomingEvent | UnknownWebhookEvent;
}

/**
 * Result of {@linkcode safeParseWebhookEvent}.
 *
 * @category REST
 */
export type WebhookEventResult = ParsedWebhookEvent | MalformedFrame;

/**
 * Parses the body of a webhook, whose signature must have been verified. Never throws.
 *
 * @category REST
 */
export function safeParseWebhookEvent(body: string): WebhookEventResult {
  return parseFrame(body, (event) => issuesOf(WebhookEventSchema, event));
}

/**
 * Whether a webhook announces a call.
 *
 * @category REST
 */
export function isRealtimeCallIncomingEvent(
  event: { readonly type: string },
): event is RealtimeCallIncomingEvent {
  return event.type === "realtime.call.incoming";
}
