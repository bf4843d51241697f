// This module is browser compatible.
import { type ServerError, serverError } from "../_errors/server_error.ts";
import { isAzure } from "./api_path.ts";
import type { ClientSecret, ClientSecrets } from "./client_secrets.ts";

/** Subprotocol that carries a key where headers cannot be set. */
const KEY_PROTOCOL = "openai-insecure-api-key.";

/** Somebody who asks for something. */
export interface ClientRequest {
  /** Address that was asked for. */
  readonly url: URL;
  /** Headers of the request. */
  readonly headers: Headers;
  /** Subprotocols that the client of a WebSocket offers. */
  readonly protocols: readonly string[];
}

/** Who is let in. */
export interface Authentication {
  /** Whether an API key is let in. */
  readonly acceptsApiKey: (apiKey: string) => boolean;
  /** Whether a key may be called `api-key`, at any address; one that is shaped as Azure's always takes it. */
  readonly takesApiKeyHeader: boolean;
  /** The client secrets that are. */
  readonly secrets: ClientSecrets;
}

/** Any key will do, but those that say they are invalid, and client secrets that were not minted here. */
export function acceptsApiKeyByDefault(apiKey: string): boolean {
  return !/^(?:sk-invalid|ek_)/.test(apiKey);
}

/**
 * Finds out who asks.
 *
 * @returns what the client secret opens; `undefined` for the holder of an API key.
 * @throws {ServerError} when there is no key, or not one that is let in.
 */
export function authenticate(
  request: ClientRequest,
  authentication: Authentication,
): ClientSecret | undefined {
  const { acceptsApiKey, secrets } = authentication;
  const apiKey = apiKeyOf(request, authentication);
  if (!apiKey) {
    throw serverError("missing_key");
  }
  const secret = secrets.find(apiKey);
  if (secret) return secret;
  if (acceptsApiKey(apiKey)) return undefined;
  throw incorrectApiKey(apiKey);
}

/**
 * Finds out whether a holder of an API key asks: a client secret can start sessions, and nothing else.
 *
 * @throws {ServerError} when it is not.
 */
export function authenticateOwner(request: ClientRequest, authentication: Authentication): void {
  if (authenticate(request, authentication)) throw incorrectApiKey(apiKeyOf(request, authentication) ?? "");
}

function incorrectApiKey(apiKey: string): ServerError {
  return serverError("invalid_key", { key: masked(apiKey) });
}

function apiKeyOf(
  { headers, protocols, url }: ClientRequest,
  { takesApiKeyHeader }: Authentication,
): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer) return bearer;
  const isAllowed = takesApiKeyHeader || isAzure(url);
  const azureKey = isAllowed ? headers.get("api-key") ?? url.searchParams.get("api-key") : null;
  return azureKey ?? protocols.find((protocol) => protocol.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
}

/** The ends of a key, as the real server shows a key that it refuses; nothing of a short one. */
function masked(apiKey: string): string {
  return apiKey.length < 20 ? "***" : `${apiKey.slice(0, 8)}***${apiKey.slice(-4)}`;
}
