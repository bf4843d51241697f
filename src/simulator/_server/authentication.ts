// This module is browser compatible.
import { type ServerError, serverError } from "../_errors/server_error.ts";
import { isAzure } from "./api_path.ts";
import type { ClientSecret, ClientSecrets } from "./client_secrets.ts";
import type { ServerProfile } from "../server_profile.ts";

/** A request of a client. */
export interface ClientRequest {
  /** Requested address. */
  readonly url: URL;
  /** Headers of the request. */
  readonly headers: Headers;
  /** Subprotocols that the client of a WebSocket offers. */
  readonly protocols: readonly string[];
}

/** Accepted credentials. */
export interface Authentication {
  /** Whether an API key is accepted. */
  readonly acceptsApiKey: (apiKey: string) => boolean;
  /** How the server behaves. An address in Azure's form accepts the header `api-key` from any server. */
  readonly profile: ServerProfile;
  /** Accepted client secrets. */
  readonly secrets: ClientSecrets;
}

/** Accepts any key except those named as invalid, and client secrets that were not minted here. */
export function acceptsApiKeyByDefault(apiKey: string): boolean {
  return !/^(?:sk-invalid|ek_)/.test(apiKey);
}

/**
 * Authenticates a request.
 *
 * @returns the session of the client secret; `undefined` for an API key.
 * @throws {ServerError} when there is no key, or it is not accepted.
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
 * Checks that a request uses an API key: a client secret can only start sessions.
 *
 * @throws {ServerError} when it does not.
 */
export function authenticateOwner(request: ClientRequest, authentication: Authentication): void {
  if (authenticate(request, authentication)) throw incorrectApiKey(apiKeyOf(request, authentication) ?? "");
}

function incorrectApiKey(apiKey: string): ServerError {
  return serverError("invalid_key", { key: masked(apiKey) });
}

function apiKeyOf(
  { headers, protocols, url }: ClientRequest,
  { profile }: Authentication,
): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer) return bearer;
  const isAllowed = profile.takesApiKeyHeader || isAzure(url);
  const azureKey = isAllowed ? headers.get("api-key") ?? url.searchParams.get("api-key") : null;
  // Where headers cannot be set, a subprotocol carries the key.
  return azureKey ?? protocols.flatMap((protocol) => keyIn(protocol, profile) ?? [])[0];
}

/** The key that a subprotocol carries; `undefined` for other subprotocols. */
export function keyIn(protocol: string, { keyProtocols }: ServerProfile): string | undefined {
  const prefix = keyProtocols.find((each) => protocol.startsWith(each));
  return prefix && protocol.slice(prefix.length);
}

/** The ends of a key, as the real server shows a rejected key; nothing of a short one. */
function masked(apiKey: string): string {
  return apiKey.length < 20 ? "***" : `${apiKey.slice(0, 8)}***${apiKey.slice(-4)}`;
}
