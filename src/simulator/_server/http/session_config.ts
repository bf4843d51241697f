// This module is browser compatible.
import type { RealtimeSessionConfig, TranslationSessionCreateConfig } from "../../../protocol/mod.ts";
import { DEFAULT_MODEL } from "../../_session/config/models.ts";
import type { RealtimeSpec, TranslationSpec } from "../../_session/session_spec.ts";
import { type Asked, existingModel, modelIn } from "../session_choice.ts";

/**
 * The conversation requested by a body.
 *
 * @param param field that names its model.
 * @throws {ServerError} when its model does not exist.
 */
export function realtimeSpec(config: RealtimeSessionConfig, asked: Asked, param: string): RealtimeSpec {
  const model = config.model ?? modelIn(asked.url) ?? DEFAULT_MODEL;
  return { kind: "realtime", model: existingModel(model, "realtime", asked, param), config };
}

/**
 * The translation requested by a body.
 *
 * @throws {ServerError} when its model does not exist.
 */
export function translationSpec(session: TranslationSessionCreateConfig, asked: Asked): TranslationSpec {
  const { model, ...config } = session;
  return { kind: "translation", model: existingModel(model, "translation", asked, "session.model"), config };
}
