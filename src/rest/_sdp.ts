// This module is browser compatible.
import type { CallCreateRequest } from "../protocol/rest/rest_bodies.ts";
import { callIdIn } from "../_rest/call_id.ts";
import type { RestBody, Wanted } from "../_rest/rest_call.ts";
import type { CreatedCall } from "./created_call.ts";

/** Whether a text is SDP rather than, for example, an error in JSON. */
export function isSdp(text: string): boolean {
  return text.startsWith("v=0");
}

/** An SDP answer. OpenAI sends it as `text/plain`, so only the text is checked. */
export const SDP_ANSWER: Wanted<CreatedCall> = {
  name: "SDP",
  type: "application/sdp",
  read: ({ headers, text }) => isSdp(text) ? { sdp: text, callId: callIdIn(headers) } : undefined,
};

/** The body that starts a call: the bare offer, or a form with the offer and the session's settings. */
export function callBody({ sdp, session }: CallCreateRequest): RestBody {
  if (session === undefined) return { type: "application/sdp", text: sdp };
  // FormData is not used, as it gives media types only to files.
  const boundary = crypto.randomUUID();
  const part = (name: string, type: string, content: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  const parts = part("sdp", "application/sdp", sdp) + part("session", "application/json", JSON.stringify(session));
  return { type: `multipart/form-data; boundary=${boundary}`, text: `${parts}--${boundary}--\r\n` };
}
