/** Secret of the tests' webhooks. */
export const WEBHOOK_SECRET = "whsec_c2VjcmV0IG9mIHRoZSBlZGdl";

/** Options of a webhook. */
export interface WebhookOptions {
  /** The event; absent: a call of Alice's. */
  readonly event?: unknown;
  /** The header `webhook-id`. */
  readonly id?: string;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** Secret that it is signed with. */
  readonly secret?: string;
}

/** The event that announces a call. */
export const INCOMING = {
  object: "event",
  id: "evt_1",
  type: "realtime.call.incoming",
  created_at: 1_790_000_000,
  data: {
    call_id: "rtc_sip_1",
    sip_headers: [{ name: "From", value: "sip:+14155550100@sip.example.com" }, {
      name: "To",
      value: "sip:us@example.com",
    }],
  },
};

/** Headers and body of a webhook, signed as OpenAI signs it. */
export async function signedWebhook(
  { event = INCOMING, id = "wh_1", secret = WEBHOOK_SECRET, timestamp }: WebhookOptions,
): Promise<{ headers: Record<string, string>; body: string }> {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const bytes = Uint8Array.from(atob(secret.slice("whsec_".length)), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signature = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign("HMAC", key, content))));
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": `${timestamp}`,
    "webhook-signature": `v1,${signature}`,
  };
  return { headers, body };
}
