// This module is browser compatible.
export {
  checkCallAcceptRequest,
  checkCallCreateRequest,
  checkCallReferRequest,
  checkCallRejectRequest,
  checkClientSecretRequest,
  checkClientSecretResponse,
  checkSessionConfig,
  checkTranslationClientSecretRequest,
  checkTranslationClientSecretResponse,
} from "./check_rest_body.ts";
export type {
  CallAcceptRequest,
  CallCreateRequest,
  CallReferRequest,
  CallRejectRequest,
  ClientSecretExpiry,
  ClientSecretRequest,
  ClientSecretResponse,
  TranslationClientSecretRequest,
  TranslationClientSecretResponse,
} from "./rest_bodies.ts";
export {
  type IncomingCall,
  isRealtimeCallIncomingEvent,
  type ParsedWebhookEvent,
  type RealtimeCallIncomingEvent,
  safeParseWebhookEvent,
  type SipHeader,
  type UnknownWebhookEvent,
  type WebhookEventResult,
} from "./webhook.ts";
