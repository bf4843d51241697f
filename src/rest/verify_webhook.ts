// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction, anAbortSignal, aNumber } from "../_internal/option_kinds.ts";
import { at } from "../_internal/wire.ts";
import type { MalformedFrame } from "../protocol/field_issue.ts";
import {
  type RealtimeCallIncomingEvent,
  safeParseWebhookEvent,
  type UnknownWebhookEvent,
} from "../protocol/rest/webhook.ts";
import { readBody } from "./_read_body.ts";
import { importSecrets, isSignedWith, parseSignatures } from "./_webhook_signature.ts";
import { type WebhookRefusal, WebhookVerificationError } from "./webhook_verification_error.ts";

/**
 * Default tolerance for the time of a webhook, in milliseconds: 300 s.
 *
 * @category REST
 */
export const DEFAULT_WEBHOOK_TOLERANCE_MS = 300_000;

/**
 * Default limit of a webhook's body, in bytes: 256 KiB.
 *
 * @category REST
 */
export const DEFAULT_MAX_WEBHOOK_BYTES = 262_144;

/** Characters of a webhook id. A dot is not among them, as it separates the id from the rest of the signed content. */
const WEBHOOK_ID = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;

/**
 * Options of {@linkcode verifyWebhook}.
 *
 * @category REST
 */
export interface VerifyWebhookOptions {
  /**
   * Largest difference between the time of the webhook and the local time, in milliseconds, in both directions.
   *
   * @default {300000}
   */
  toleranceMs?: number | undefined;
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
  /**
   * Limit of the body in bytes; beyond it, reading ends and the webhook is rejected.
   *
   * @default {262144}
   */
  maxBodyBytes?: number | undefined;
  /**
   * Returns whether a webhook with this id was seen before, and stores the id in the same step, for at least twice the
   * tolerance. Called only when all other checks pass. Without it, anyone who has a webhook can send it again while it
   * is fresh. OpenAI resends a webhook with the same id when the response was an error, so delete the id when handling
   * it failed.
   */
  seen?: ((webhookId: string) => boolean | Promise<boolean>) | undefined;
  /** Stops reading when aborted, and rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const OPTION_NAMES: OptionNames<VerifyWebhookOptions> = {
  toleranceMs: aNumber,
  now: aFunction,
  maxBodyBytes: aNumber,
  seen: aFunction,
  signal: anAbortSignal,
};

/**
 * Reads a webhook and verifies that OpenAI sent it, as specified by Standard Webhooks: the signature of id, time and
 * body was made with the secret, and the time is close to the local time.
 *
 * @category REST
 *
 * @param request the incoming request; its body is read.
 * @param secret the secret of the webhook's endpoint, `whsec_…` or plain; several during a rotation.
 * @returns the event: that of an incoming call, or one of another type, unparsed.
 *
 * @example Webhooks that announce calls
 * ```ts
 * import { isRealtimeCallIncomingEvent, verifyWebhook, WebhookVerificationError } from "@oai-rt/edge/rest";
 * import { assertEquals } from "@std/assert";
 *
 * const ringing: string[] = [];
 *
 * async function receive(request: Request): Promise<Response> {
 *   try {
 *     const event = await verifyWebhook(request, "whsec_c2VjcmV0");
 *     if (isRealtimeCallIncomingEvent(event)) ringing.push(event.data.call_id);
 *     return new Response();
 *   } catch (error) {
 *     if (!(error instanceof WebhookVerificationError)) throw error;
 *     return new Response(error.message, { status: error.reason === "replayed" ? 200 : 400 });
 *   }
 * }
 *
 * const forged = new Request("https://example.com/webhooks", { method: "POST", body: "{}" });
 * assertEquals((await receive(forged)).status, 400);
 * assertEquals(ringing, []);
 * ```
 *
 * @throws {WebhookVerificationError} when the webhook cannot be trusted; see its `reason`.
 * @throws {TypeError} when it is not a `Request`, there is no usable secret, the body has already been read, or an
 * option is unknown or of another kind.
 * @throws {RangeError} when `toleranceMs` or `maxBodyBytes` is negative or not a number.
 */
export async function verifyWebhook(
  request: Request,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<RealtimeCallIncomingEvent | UnknownWebhookEvent> {
  checkOptions("verify a webhook", options, OPTION_NAMES);
  const { maxBodyBytes = DEFAULT_MAX_WEBHOOK_BYTES, seen, signal } = options;
  assertRequest(request);
  const keys = await importSecrets(secret);
  if (request.bodyUsed) throw new TypeError("Cannot verify a webhook as its body has been read already: pass a clone");
  const { id, timestamp, signatures } = readHeaders(request.headers);
  assertFresh(id, timestamp, options);
  const body = await readBody(request, maxBodyBytes, signal);
  if (!body) throw refusal("too_large", id, `its body must be <= ${maxBodyBytes} bytes`);
  const content = await new Blob([`${id}.${timestamp}.`, body]).arrayBuffer();
  if (!await isSignedWith(keys, content, signatures)) throw refusal("signature", id, "none of its signatures is valid");
  const result = safeParseWebhookEvent(new TextDecoder().decode(body));
  if (!result.ok) {
    const [issue] = result.issues;
    throw refusal("body", id, `${issue?.path || "its body"} ${issue?.message}`, result);
  }
  if (await seen?.(id)) throw refusal("replayed", id, "it was seen before");
  return result.event;
}

/** Frameworks with requests of their own, such as Express, also call them `request`. */
function assertRequest(request: unknown): asserts request is Request {
  if (typeof at(request, "headers", "get") === "function") return;
  throw new TypeError(
    'Cannot verify a webhook as it must be a Request: make one of the headers and the raw body, new Request(url, { method: "POST", headers, body })',
  );
}

function readHeaders(headers: Headers): { id: string; timestamp: string; signatures: readonly Uint8Array[] } {
  const id = readHeader(headers, "webhook-id");
  const timestamp = readHeader(headers, "webhook-timestamp");
  const signatures = parseSignatures(readHeader(headers, "webhook-signature"));
  if (!WEBHOOK_ID.test(id)) {
    throw refusal("headers", undefined, "its webhook-id must be 1 to 256 ASCII characters without dots and spaces");
  }
  if (!/^\d{1,12}$/.test(timestamp)) throw refusal("headers", id, "its webhook-timestamp must be whole seconds");
  return { id, timestamp, signatures };
}

function readHeader(headers: Headers, name: string): string {
  const value = headers.get(name)?.trim();
  if (!value) throw refusal("headers", undefined, `it has no header ${name}`);
  return value;
}

function assertFresh(
  id: string,
  timestamp: string,
  { now = Date.now, toleranceMs = DEFAULT_WEBHOOK_TOLERANCE_MS }: VerifyWebhookOptions,
): void {
  const ageMs = now() - Number(timestamp) * 1000;
  // In this form, a time that is NaN accepts nothing.
  if (Math.abs(ageMs) <= toleranceMs) return;
  throw refusal("timestamp", id, `it must be at most ${toleranceMs} ms old or early: it is ${ageMs} ms old`);
}

function refusal(
  reason: WebhookRefusal,
  webhookId: string | undefined,
  words: string,
  malformed?: MalformedFrame,
): WebhookVerificationError {
  const { issues, raw } = malformed ?? {};
  return new WebhookVerificationError(`Cannot verify a webhook as ${words}`, { reason, webhookId, issues, raw });
}
