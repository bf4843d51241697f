// This module is browser compatible.
import { ConnectionError } from "../errors.ts";

/** Model that is asked for when a caller names none. */
export const DEFAULT_MODEL = "gpt-realtime-2.1";

/** Where the OpenAI API lives when a caller names no other base URL. */
export const DEFAULT_BASE_URL = "https://api.openai.com/v1";

/** An API key, or a function that gives one: it is called once per dial, and may be asynchronous. */
export type ApiKey = string | (() => string | undefined | Promise<string | undefined>);

/** A deployment on Azure OpenAI. Exactly one of `apiKey` and `token` is needed. */
export interface AzureTarget {
  /** Address of the resource, e.g. `https://my-resource.openai.azure.com`. */
  endpoint: string;
  /** Name of the deployment; takes the place of the model. */
  deployment: string;
  /** Key of the resource, sent as `api-key`. */
  apiKey?: ApiKey | undefined;
  /** Microsoft Entra token, sent as `Authorization: Bearer`. */
  token?: ApiKey | undefined;
}

/** Whom to talk to, and as whom. */
export interface TargetOptions {
  /**
   * API key or `ek_` client secret, or a function that gives one; called once per dial. Without a key nothing is
   * dialled.
   */
  apiKey?: ApiKey | undefined;
  /**
   * Model of a conversation session.
   *
   * @default {"gpt-realtime-2.1"}
   */
  model?: string | undefined;
  /** Id (`rtc_…`) of a WebRTC or SIP call to attach to, in place of a model. */
  callId?: string | undefined;
  /** `"transcription"` opens a transcription session, in place of a model. */
  intent?: "transcription" | undefined;
  /**
   * Base URL of the API: `https:`, `http:`, `wss:` or `ws:`, path included.
   *
   * @default {"https://api.openai.com/v1"}
   */
  baseUrl?: string | URL | undefined;
  /** Organization to bill, sent as `OpenAI-Organization`. */
  organization?: string | undefined;
  /** Project to bill, sent as `OpenAI-Project`. */
  project?: string | undefined;
  /** Stable, anonymous id of the end user, sent as `OpenAI-Safety-Identifier`. */
  safetyIdentifier?: string | undefined;
  /** Talk to Azure OpenAI instead; `apiKey`, `baseUrl` and `model` are not used then. */
  azure?: AzureTarget | undefined;
}

/**
 * Address of the WebSocket for these options, without credentials.
 *
 * @throws {TypeError} when more than one of `model`, `callId` and `intent` is given, or an address is not a URL.
 */
export function realtimeUrl(options: TargetOptions): URL {
  const { model, callId, intent, azure } = options;
  const given = [["model", model], ["callId", callId], ["intent", intent]].filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(" and ");
    throw new TypeError(`Cannot connect as only one of model, callId and intent may be given: current value is ${names}`);
  }
  const base = azure ? `${azure.endpoint.replace(/\/+$/, "")}/openai/v1` : `${options.baseUrl ?? DEFAULT_BASE_URL}`;
  const url = parseBase(base);
  url.protocol = { "https:": "wss:", "http:": "ws:" }[url.protocol] ?? url.protocol;
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/realtime`;
  if (callId !== undefined) url.searchParams.set("call_id", callId);
  else if (intent !== undefined) url.searchParams.set("intent", intent);
  else url.searchParams.set("model", azure?.deployment ?? model ?? DEFAULT_MODEL);
  return url;
}

function parseBase(base: string): URL {
  const url = URL.parse(base);
  if (!url || !/^(https?|wss?):$/.test(url.protocol)) {
    throw new TypeError(`Cannot connect as the base URL must be an http(s) or ws(s) address: current value is ${base}`);
  }
  if (url.username || url.password) {
    throw new TypeError("Cannot connect as the base URL must not contain credentials");
  }
  return url;
}

/**
 * Headers of the handshake for these options, the credential among them; the key provider is called.
 *
 * @throws {ConnectionError} of kind `configuration` when there is no key.
 */
export async function realtimeHeaders(options: TargetOptions): Promise<Headers> {
  const headers = new Headers();
  const { azure } = options;
  if (azure?.apiKey !== undefined) headers.set("api-key", await resolveKey(azure.apiKey));
  else headers.set("Authorization", `Bearer ${await resolveKey(azure ? azure.token : options.apiKey)}`);
  if (options.organization !== undefined) headers.set("OpenAI-Organization", options.organization);
  if (options.project !== undefined) headers.set("OpenAI-Project", options.project);
  if (options.safetyIdentifier !== undefined) headers.set("OpenAI-Safety-Identifier", options.safetyIdentifier);
  return headers;
}

async function resolveKey(apiKey: ApiKey | undefined): Promise<string> {
  const key = (typeof apiKey === "function" ? await apiKey() : apiKey)?.trim();
  if (!key) {
    throw new ConnectionError("Cannot connect as there is no API key: pass apiKey, or a function that gives one", {
      kind: "configuration",
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new ConnectionError("Cannot connect as the API key has characters that a header cannot carry", {
      kind: "configuration",
    });
  }
  return key;
}
