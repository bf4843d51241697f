// This module is browser compatible.
import {
  checkClientSecretRequest,
  checkTranslationClientSecretRequest,
  type ClientSecretExpiry,
  type ClientSecretRequest,
  type TranslationClientSecretRequest,
} from "../../../protocol/mod.ts";
import { authenticateOwner } from "../authentication.ts";
import type { ClientSecret } from "../client_secrets.ts";
import { initialSession } from "../../_session/config/initial_session.ts";
import { shownSession } from "../../_profiles/ga_shape.ts";
import type { Exchange } from "./exchange.ts";
import { readJson } from "./request_body.ts";
import { realtimeSpec, translationSpec } from "./session_config.ts";

/** Seconds for which a client secret can start sessions unless it is made for another time. */
const LIFETIME_SECONDS = 600;

/** Creates a client secret for conversations or transcription. */
export async function createClientSecret(exchange: Exchange): Promise<Response> {
  const { client, request, service: { policy } } = exchange;
  authenticateOwner(client, policy);
  const { expires_after, session = { type: "realtime" } } = await readJson<ClientSecretRequest>(
    request,
    checkClientSecretRequest,
  );
  if (session.type === "transcription") {
    return handOut({ spec: { kind: "transcription", config: session }, anyModel: false }, expires_after, exchange);
  }
  const spec = realtimeSpec(session, { url: client.url, policy }, "session.model");
  return handOut({ spec, anyModel: session.model === undefined }, expires_after, exchange);
}

/** Creates a client secret for translation. */
export async function createTranslationSecret(exchange: Exchange): Promise<Response> {
  const { client, request, service: { policy } } = exchange;
  authenticateOwner(client, policy);
  const { expires_after, session } = await readJson<TranslationClientSecretRequest>(
    request,
    checkTranslationClientSecretRequest,
  );
  const spec = translationSpec(session, { url: client.url, policy });
  return handOut({ spec, anyModel: false }, expires_after, exchange);
}

function handOut(
  secret: ClientSecret,
  { seconds = LIFETIME_SECONDS }: ClientSecretExpiry = {},
  { service: { host, policy } }: Exchange,
): Response {
  const session = initialSession(secret.spec, host.ids("sess"), 0, host.rules);
  const { expiresAt, value } = policy.secrets.mint(secret, seconds);
  const headers = { "access-control-expose-headers": "CF-Ray", "openai-version": "2020-10-01" };
  return Response.json({ value, expires_at: expiresAt, session: shownOverHttp(session) }, { headers });
}

/** A session in the form of HTTP responses: functions without a description have a null one. */
function shownOverHttp(session: object): unknown {
  const shown = shownSession(session) as { readonly tools?: readonly object[] };
  if (!shown.tools) return shown;
  const tools = shown.tools.map((tool) => {
    if (!("type" in tool) || tool.type !== "function" || "description" in tool) return tool;
    const { type, name, ...rest } = tool as { readonly type: string; readonly name?: string };
    return { type, name, description: null, ...rest };
  });
  return { ...shown, tools };
}
