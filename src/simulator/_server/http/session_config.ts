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
  const model = config.model ?? modelIn(asked.url) ?? (asked.policy.profile.defaultModel || DEFAULT_MODEL);
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

/** Settings of a session. */
interface WithAudio {
  readonly audio?: { readonly input?: object | undefined; readonly output?: object | undefined } | undefined;
}

/** The settings of a client secret, overridden by those of a call: as documented, a connection may do that. */
export function overridden<Config extends WithAudio>(secret: WithAudio | undefined, own: Config): Config {
  const [base, change] = [secret?.audio, own.audio];
  const audio = { input: { ...base?.input, ...change?.input }, output: { ...base?.output, ...change?.output } };
  return { ...secret, ...own, audio };
}
