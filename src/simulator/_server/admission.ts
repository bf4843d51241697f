// This module is browser compatible.
import { serverError } from "../_errors/server_error.ts";
import { apiPath } from "./api_path.ts";
import { authenticate, type ClientRequest, keyIn } from "./authentication.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { SessionKind, SessionSpec } from "../_session/session_spec.ts";
import { type AdmissionPolicy, existingModel, modelIn, specOfSecret } from "./session_choice.ts";

/** Subprotocol with which clients request the beta API. */
const BETA_PROTOCOL = "openai-beta.realtime-v1";

/** An accepted connection: to a session of its own, or to that of a call. */
export type Admission =
  | { readonly spec: SessionSpec }
  | {
    /** Identifier of the call. */
    readonly callId: string;
  };

/**
 * Decides about a connection.
 *
 * @throws {ServerError} when it is rejected.
 */
export function admit(request: ClientRequest, policy: AdmissionPolicy): Admission {
  const secret = authenticate(request, policy);
  const { headers, protocols, url } = request;
  const isBeta = headers.get("openai-beta")?.includes("realtime=v1") || protocols.includes(BETA_PROTOCOL);
  if (isBeta && policy.profile.refusesBeta) throw serverError("beta_header");
  if (!isTranslation(url) && url.searchParams.get("intent") === "transcription" && modelIn(url) !== undefined) {
    throw serverError("model_of_transcription");
  }
  assertOneTarget(url);
  const callId = url.searchParams.get("call_id");
  if (callId) return { callId };
  const [kind, ...others] = kindsAskedFor(url);
  if (secret) return { spec: specOfSecret(secret, [kind, ...others], { url, policy }) };
  if (kind === "transcription") return { spec: { kind } };
  return { spec: { kind, model: existingModel(modelIn(url), kind, { url, policy }) } };
}

/**
 * The protocol that answers those a client offers: `realtime`, if it is among them. The clients of xAI offer only the
 * one that carries their key; a browser closes a connection on which none is selected.
 */
export function protocolFor(protocols: readonly string[], profile: ServerProfile): string | undefined {
  if (protocols.includes("realtime")) return "realtime";
  return profile.shape === "xai" ? protocols.find((protocol) => keyIn(protocol, profile)) : undefined;
}

/** @throws {ServerError} when an address has several targets, or an unknown one. */
function assertOneTarget(url: URL): void {
  const allowed = isTranslation(url) ? ["model"] : ["model", "intent", "call_id"];
  const given = ["model", "intent", "call_id"].filter((name) => url.searchParams.get(name));
  if (given.length < 2 && given.every((name) => allowed.includes(name))) return;
  throw serverError("several_targets", { allowed: listed(allowed), given: listed(given) });
}

function listed(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

/** The types of sessions that an address may request; the first one counts unless a client secret is more specific. */
function kindsAskedFor(url: URL): readonly [SessionKind, ...SessionKind[]] {
  if (isTranslation(url)) return ["translation"];
  const intent = url.searchParams.get("intent");
  if (!intent) return modelIn(url) === undefined ? ["realtime", "transcription"] : ["realtime"];
  if (intent === "transcription") return ["transcription"];
  throw serverError("invalid_intent", { value: intent });
}

function isTranslation(url: URL): boolean {
  return apiPath(url) === "/realtime/translations";
}
