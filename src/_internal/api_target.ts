// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import { checkOptions, checkRequiredOptions, type OptionNames } from "./check_options.ts";
import { aString } from "./option_kinds.ts";
import { secretStripper } from "./strip_secrets.ts";

/**
 * Base URL of OpenAI's API: the default of `baseUrl`.
 *
 * @category Transports
 */
export const DEFAULT_BASE_URL = "https://api.openai.com/v1";

/**
 * An API key, or a function that returns one. The function is called once per attempt, and may be asynchronous.
 *
 * @category Transports
 */
export type ApiKey = string | (() => string | undefined | Promise<string | undefined>);

/**
 * A deployment on Azure OpenAI. Exactly one of `apiKey` and `token` is needed.
 *
 * @category Transports
 */
export interface AzureTarget {
  /** Address of the resource, such as `https://my-resource.openai.azure.com`. */
  endpoint: string;
  /** Name of the deployment; takes the place of the model. */
  deployment: string;
  /** Key of the resource, sent as `api-key`. */
  apiKey?: ApiKey | undefined;
  /** Microsoft Entra token, sent as `Authorization: Bearer`. */
  token?: ApiKey | undefined;
}

/**
 * The API to talk to, and the credentials.
 *
 * @category Transports
 */
export interface ApiTarget {
  /** API key or `ek_` client secret, or a function that returns one; required without `azure`. */
  apiKey?: ApiKey | undefined;
  /**
   * Base URL of the API: `https:`, `http:`, `wss:` or `ws:`, including the path. A query is kept.
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
  /** Connects to Azure OpenAI instead; `apiKey` and `baseUrl` are then ignored. */
  azure?: AzureTarget | undefined;
}

/** The names of the {@linkcode AzureTarget}, for `checkOptions`. */
export const AZURE_NAMES: OptionNames<AzureTarget> = { apiKey: 1, deployment: aString, endpoint: 1, token: 1 };

/** The names of the {@linkcode ApiTarget}, for `checkApiTarget`. */
export const TARGET_NAMES: OptionNames<ApiTarget> = {
  apiKey: 1,
  azure: 1,
  baseUrl: 1,
  organization: aString,
  project: aString,
  safetyIdentifier: aString,
};

/**
 * Checks the names of options that contain an {@linkcode ApiTarget}.
 *
 * @throws {TypeError} when `options` is missing, or an option is unknown, here or in `azure`.
 */
export function checkApiTarget(action: string, options: ApiTarget, known: Readonly<Record<string, unknown>>): void {
  checkRequiredOptions(action, options, known);
  checkOptions(action, options.azure, AZURE_NAMES, "azure");
}

/**
 * Address of an endpoint such as `/realtime/calls`, without credentials: `http:` or `https:`, or `ws:` or `wss:` if that
 * is the scheme. `action` completes the sentence "Cannot …" in messages.
 *
 * @throws {TypeError} when the base URL is malformed, has another scheme or contains credentials.
 */
export function apiUrl(
  { azure, baseUrl }: ApiTarget,
  path: string,
  action: string,
  scheme: "http" | "ws" = "http",
): URL {
  const base = azure ? azure.endpoint : baseUrl ?? DEFAULT_BASE_URL;
  const url = URL.parse(base);
  // Credentials would be in front of an @.
  if (!url || !/^(http|ws)s?:\/\/[^@/]+\//.test(url.href)) {
    throw new TypeError(
      `Cannot ${action} as the base URL must be an http(s) or ws(s) address without credentials: current value is ${
        `${base}`.replace(/.*@/s, "…@")
      }`,
    );
  }
  url.protocol = url.protocol.replace(/http|ws/, scheme);
  url.pathname = url.pathname.replace(/\/*$/, azure ? `/openai/v1${path}` : path);
  url.hash = "";
  return url;
}

/** The headers of the options that identify the caller. */
const HEADERS = [
  ["organization", "OpenAI-Organization"],
  ["project", "OpenAI-Project"],
  ["safetyIdentifier", "OpenAI-Safety-Identifier"],
] as const;

/**
 * Headers that identify the caller, including the credential; calls the key provider. `action` completes the sentence
 * "Cannot …" in messages.
 *
 * @throws {TypeError} when `azure` has both `apiKey` and `token`, or a value is not a valid header value.
 * @throws {ConnectionError} of kind `configuration` when there is no key, or the key is not a valid header value.
 */
export async function apiHeaders(target: ApiTarget, action: string): Promise<Record<string, string>> {
  const { azure } = target;
  // OpenAI's key is sent like a token of Azure.
  const { apiKey, token }: Pick<AzureTarget, "apiKey" | "token"> = azure ?? { token: target.apiKey };
  if (apiKey !== undefined && token !== undefined) {
    throw new TypeError(`Cannot ${action} as only one of azure.apiKey and azure.token may be given`);
  }
  const key = await resolveKey(apiKey ?? token, action, azure ? "pass azure.apiKey or azure.token" : KEY_HINT);
  // No Headers, which fetch() takes longer to read than all the rest of a request.
  const headers: Record<string, string> = apiKey === undefined
    ? { "Authorization": `Bearer ${key}` }
    : { "api-key": key };
  for (const [option, name] of HEADERS) {
    const value = target[option];
    if (value === undefined) continue;
    if (/[^\t -~\x80-\xff]/.test(value)) {
      throw new TypeError(`Cannot ${action} as ${option} contains characters that are invalid in a header`);
    }
    headers[name] = value;
  }
  return headers;
}

/** Tells the user how to pass a key on each runtime. */
const KEY_HINT = 'pass apiKey: Deno.env.get("OPENAI_API_KEY"), ' +
  "process.env.OPENAI_API_KEY, env.OPENAI_API_KEY on Cloudflare Workers, or in a page a client secret (ek_…) from your server";

/** What is often copied along with a key, or no header can carry. */
const NOT_OF_KEY = /^(?:v1a?,|Bearer\s|\w+\s*=\s*(?=["']?(?:sk-|ek_))|["'`])|["'`]$|[^!-~]/i;

async function resolveKey(apiKey: ApiKey | undefined, action: string, hint: string): Promise<string> {
  const given: unknown = typeof apiKey === "function" ? await apiKey() : apiKey;
  const key = typeof given === "string" ? given.trim() : given;
  if (!key) {
    throw new ConnectionError(`Cannot ${action} as there is no API key: ${hint}`, { kind: "configuration" });
  }
  if (typeof key !== "string") throw new TypeError(`Cannot ${action} as the API key must be a string`);
  const [found] = NOT_OF_KEY.exec(key) ?? [];
  if (found) {
    throw new ConnectionError(
      `Cannot ${action} as the API key must be without quotes, blanks and labels: it contains ${JSON.stringify(found)}`,
      { kind: "configuration" },
    );
  }
  return key;
}

/** The credentials in these headers. */
export function keysIn(headers: Headers): readonly string[] {
  return ["authorization", "api-key"].map((name) => headers.get(name)?.replace(/^Bearer /, "") ?? "").filter(Boolean);
}

/** Removes the credential in these headers from a text, as some servers repeat the key that they reject. */
export function withoutKey(text: string, headers: Headers): string {
  return secretStripper(keysIn(headers))(text);
}
