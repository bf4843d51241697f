// This module is browser compatible.
import { apiHeaders, type ApiTarget, apiUrl } from "../_internal/api_target.ts";

export { type ApiKey, type ApiTarget, type AzureTarget, DEFAULT_BASE_URL } from "../_internal/api_target.ts";

/** Model that is asked for when a caller names none. */
export const DEFAULT_MODEL = "gpt-realtime-2.1";

/** Whom to talk to, and as whom. The key provider is called once per dial; without a key nothing is dialled. */
export interface TargetOptions extends ApiTarget {
  /**
   * Model of a conversation session; not used with `azure`, where the deployment takes its place.
   *
   * @default {"gpt-realtime-2.1"}
   */
  model?: string | undefined;
  /** Id (`rtc_…`) of a WebRTC or SIP call to attach to, in place of a model. */
  callId?: string | undefined;
  /** `"transcription"` opens a transcription session, in place of a model. */
  intent?: "transcription" | undefined;
}

/**
 * Address of the WebSocket for these options, without credentials.
 *
 * @throws {TypeError} when more than one of `model`, `callId` and `intent` is given, or an address is not a URL, of
 * another scheme, or has credentials in it.
 */
export function realtimeUrl(options: TargetOptions): URL {
  const { model, callId, intent, azure } = options;
  const given = [["model", model], ["callId", callId], ["intent", intent]].filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw new TypeError(
      `Cannot connect as only one of model, callId and intent may be given: current value is ${names}`,
    );
  }
  const url = apiUrl(options, "/realtime", "connect");
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (callId !== undefined) url.searchParams.set("call_id", callId);
  else if (intent !== undefined) url.searchParams.set("intent", intent);
  else url.searchParams.set("model", azure?.deployment ?? model ?? DEFAULT_MODEL);
  return url;
}

/**
 * Headers of the handshake for these options, the credential among them; the key provider is called.
 *
 * @throws {TypeError} when `azure` has both `apiKey` and `token`, or a header cannot carry what it was given.
 * @throws {ConnectionError} of kind `configuration` when there is no key, or none that a header can carry.
 */
export async function realtimeHeaders(options: TargetOptions): Promise<Headers> {
  return new Headers(await apiHeaders(options, "connect"));
}
