// This module is browser compatible.
import { decodeBase64, encodeBase64 } from "../../audio/mod.ts";

/** The signed content of a webhook. */
export interface WebhookContent {
  /** Header `webhook-id`. */
  readonly id: string;
  /** Header `webhook-timestamp`: Unix time in seconds. */
  readonly timestamp: number;
  /** The body, character by character as it is sent. */
  readonly body: string;
}

/** Signs a webhook as Standard Webhooks specifies: `v1,` and an HMAC with SHA-256 in base64. */
export async function signWebhook({ body, id, timestamp }: WebhookContent, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const bytes = secret.startsWith("whsec_") ? decodeBase64(secret.slice(6)) : encoder.encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new Uint8Array(bytes), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`${id}.${timestamp}.${body}`));
  return `v1,${encodeBase64(new Uint8Array(signature))}`;
}
