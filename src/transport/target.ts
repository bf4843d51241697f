// This module is browser compatible.
import { apiHeaders, type ApiTarget, apiUrl, checkApiTarget } from "../_internal/api_target.ts";
import { joinNames, type OptionNames } from "../_internal/check_options.ts";
import { DIAL_NAMES, type DialOptions } from "./dial_options.ts";

export { type ApiKey, type ApiTarget, type AzureTarget, DEFAULT_BASE_URL } from "../_internal/api_target.ts";

/**
 * Default model of a conversation.
 *
 * @category Transports
 */
export const DEFAULT_MODEL = "gpt-realtime-2.1";

/**
 * Default model of a translation.
 *
 * @category Transports
 */
export const DEFAULT_TRANSLATION_MODEL = "gpt-realtime-translate";

/** Models that the socket of conversations rejects, and the functions that open sessions with them. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^gpt-live-\d/, "connectLive of @oai-rt/edge/live (./live)"],
  [/^gpt-realtime-translate/, "connectTranslation"],
  [/transcribe|whisper/, "connectTranscription"],
];

/**
 * The server to connect to, and the credentials. A function as `apiKey` is called once per dial. Without a key, nothing is
 * dialled.
 *
 * @category Transports
 */
export interface TargetOptions extends ApiTarget {
  /**
   * Model of a conversation session; ignored with `azure`, where the deployment replaces it.
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
 * The server to connect to for a translation, and the credentials. A function as `apiKey` is called once per dial. Without a
 * key, nothing is dialled.
 *
 * @category Transports
 */
export interface TranslationTargetOptions extends ApiTarget {
  /**
   * Model that translates; ignored with `azure`, where the deployment replaces it.
   *
   * @default {"gpt-realtime-translate"}
   */
  model?: string | undefined;
}

/**
 * The names of the options of {@linkcode connectWebSocket}. Functions that use only some of them, for an address or for
 * headers, accept them all, so that a program can pass the same object to each.
 */
export const WEB_SOCKET_NAMES = /* @__PURE__ */ joinNames((): OptionNames<TargetOptions & DialOptions> => ({
  ...DIAL_NAMES,
  callId: 1,
  intent: 1,
  model: 1,
}));

/**
 * Address of the WebSocket for these options, without credentials.
 *
 * @throws {TypeError} when an option is unknown, more than one of `model`, `callId` and `intent` is given, `model` is
 * for sessions of another kind, or an address is malformed, has another scheme or contains credentials.
 *
 * @category Transports
 */
export function realtimeUrl(options: TargetOptions): URL {
  checkApiTarget("connect", options, WEB_SOCKET_NAMES);
  return toRealtimeUrl(options);
}

/** The address for options that have been checked. */
export function toRealtimeUrl(options: TargetOptions): URL {
  const { model, callId, intent, azure } = options;
  // A deployment may have any name.
  const opener = !azure && ELSEWHERE.find(([pattern]) => pattern.test(model ?? ""))?.[1];
  if (opener) throw new TypeError(`Cannot connect as ${model} is not a conversation model: use ${opener}`);
  const given = (["model", "callId", "intent"] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1) throw new TypeError(`Cannot connect as only one of ${given.join(" and ")} may be given`);
  const url = apiUrl(options, "/realtime", "connect", "ws");
  if (callId !== undefined) url.searchParams.set("call_id", callId);
  else if (intent !== undefined) url.searchParams.set("intent", intent);
  else url.searchParams.set("model", azure?.deployment ?? model ?? DEFAULT_MODEL);
  return url;
}

/**
 * Address of the WebSocket of a translation session, without credentials.
 *
 * @throws {TypeError} when an option is unknown, or an address is malformed, has another scheme or contains
 * credentials.
 * @category Transports
 */
export function translationUrl(options: TranslationTargetOptions): URL {
  checkApiTarget("connect", options, { ...DIAL_NAMES, model: 1 });
  return toTranslationUrl(options);
}

/** The address for options that have been checked. */
export function toTranslationUrl(options: TranslationTargetOptions): URL {
  const { azure, model = DEFAULT_TRANSLATION_MODEL } = options;
  const url = apiUrl(options, "/realtime/translations", "connect", "ws");
  url.searchParams.set("model", azure?.deployment ?? model);
  return url;
}

/**
 * Headers of the handshake for these options, including the credential; calls the key provider.
 *
 * @throws {TypeError} when an option is unknown, `azure` has both `apiKey` and `token`, or a value is not a valid
 * header value.
 * @throws {ConnectionError} of kind `configuration` when there is no key, or the key is not a valid header value.
 * @category Transports
 */
export async function realtimeHeaders(options: TargetOptions): Promise<Headers> {
  checkApiTarget("connect", options, WEB_SOCKET_NAMES);
  return new Headers(await apiHeaders(options, "connect"));
}
