// This module is browser compatible.
import { serverError } from "../_errors/server_error.ts";
import { isAzure, isVoiceLive } from "./api_path.ts";
import type { Authentication } from "./authentication.ts";
import type { ClientSecret } from "./client_secrets.ts";
import { isRealtimeModel, isTranslationModel } from "../_session/config/models.ts";
import type { SessionKind, SessionSpec } from "../_session/session_spec.ts";

/** Sessions that have a model of their own. */
export type ModelKind = "realtime" | "translation";

/** Accepted clients and sessions. */
export interface AdmissionPolicy extends Authentication {
  /** Whether a model exists for sessions of a kind. */
  readonly acceptsModel: (model: string, kind: ModelKind) => boolean;
}

/** How a session is requested. */
export interface Asked {
  /** Requested address. */
  readonly url: URL;
  /** Accepted sessions. */
  readonly policy: AdmissionPolicy;
}

const EXAMPLES: Readonly<Record<ModelKind, string>> = {
  realtime: "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1",
  translation: "wss://api.openai.com/v1/realtime/translations?model=gpt-realtime-translate",
};

/** The models that exist: everything named like a model of its kind. */
export function acceptsModelByDefault(model: string, kind: ModelKind): boolean {
  return kind === "translation" ? isTranslationModel(model) : isRealtimeModel(model);
}

/** The model in an address; `undefined` when there is none. */
export function modelIn(url: URL): string | undefined {
  return url.searchParams.get("model") || undefined;
}

/**
 * Checks that a model was requested and exists. On Azure it is a deployment, which may have any name.
 *
 * @param param field that named the model; absent: the address did.
 * @throws {ServerError} when it does not.
 */
export function existingModel(
  model: string | undefined,
  kind: ModelKind,
  { policy, url }: Asked,
  param?: string,
): string {
  if (!model) {
    const { defaultModel, shape } = policy.profile;
    // Voice Live takes an agent in place of a model, as documented.
    const agent = shape === "voice-live" && isVoiceLive(url) ? url.searchParams.get("agent-name") : undefined;
    if (kind === "realtime" && (agent || defaultModel)) return agent || defaultModel;
    throw serverError("missing_model", { example: EXAMPLES[kind] });
  }
  if (isAzure(url) || policy.acceptsModel(model, kind)) return model;
  throw serverError("invalid_model", { model, kind, param });
}

/**
 * The session that a client secret starts. Its own model takes precedence over that of the address.
 *
 * @param kinds types of sessions that can be started here.
 * @throws {ServerError} when it is for another type.
 */
export function specOfSecret(
  { anyModel, spec }: ClientSecret,
  kinds: readonly SessionKind[],
  asked: Asked,
): SessionSpec {
  if (!kinds.includes(spec.kind)) {
    throw serverError("secret_of_another_kind", { kind: spec.kind });
  }
  const model = modelIn(asked.url);
  if (spec.kind === "transcription" || !anyModel || model === undefined) return spec;
  return { ...spec, model: existingModel(model, spec.kind, asked) };
}
