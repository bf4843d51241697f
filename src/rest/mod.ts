// This module is browser compatible.

/**
 * The HTTP half of the Realtime API, for a backend that mints client secrets, forwards SDP, or answers calls:
 * {@linkcode RealtimeRest} makes the calls, {@linkcode verifyWebhook} checks OpenAI's webhooks. It needs `fetch` and
 * Web Crypto, but no socket.
 *
 * @example Answering calls to a phone number
 * ```ts
 * import { isRealtimeCallIncomingEvent, RealtimeRest, verifyWebhook } from "@oai-rt/edge/rest";
 * import { assertRejects } from "@std/assert";
 *
 * const rest = new RealtimeRest({ apiKey: "sk-test" });
 *
 * async function receive(request: Request): Promise<Response> {
 *   const event = await verifyWebhook(request, "whsec_c2VjcmV0");
 *   if (isRealtimeCallIncomingEvent(event)) {
 *     await rest.acceptCall(event.data.call_id, { type: "realtime", instructions: "You answer the phone." });
 *   }
 *   return new Response();
 * }
 *
 * await assertRejects(() => receive(new Request("https://example.com/webhooks", { method: "POST", body: "{}" })));
 * ```
 *
 * @module
 */
export { type ApiKey, type ApiTarget, type AzureTarget } from "../_internal/api_target.ts";
export type { Clock } from "../_internal/clock.ts";
export { DEFAULT_MAX_RETRIES, DEFAULT_REST_TIMEOUT_MS, type RestClientOptions } from "../_rest/client_options.ts";
export * from "../errors.ts";
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
} from "../protocol/rest/rest_bodies.ts";
export {
  type IncomingCall,
  isRealtimeCallIncomingEvent,
  type RealtimeCallIncomingEvent,
  type SipHeader,
  type UnknownWebhookEvent,
} from "../protocol/rest/webhook.ts";
export * from "./created_call.ts";
export * from "./realtime_rest.ts";
export * from "./rest_options.ts";
export * from "./verify_webhook.ts";
export * from "./webhook_verification_error.ts";
