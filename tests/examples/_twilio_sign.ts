import { encodeBase64 } from "../../src/audio/base64.ts";

/** Signs a text as Twilio does: HMAC-SHA1 in base64. */
export async function twilioSign(text: string, authToken: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(authToken), algorithm, false, ["sign"]);
  return encodeBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}
