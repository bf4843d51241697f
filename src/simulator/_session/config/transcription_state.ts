// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { TranscriptionSession, TranscriptionSessionConfig } from "../../../protocol/mod.ts";
import type { ConfigRules } from "./config_rules.ts";
import type { TurnDefaults } from "./models.ts";
import { mergeInput, serverVad } from "./session_state.ts";
import { assertInRange } from "./session_update.ts";
import { findsTurns } from "../input/transcription_model.ts";

/** As reported twice, in 2026-10. */
const DEFAULTS: TurnDefaults = { silenceDurationMs: 200 };

/** Creates the session that `session.created` shows. */
export function createTranscriptionState(id: string, expiresAt: number): TranscriptionSession {
  return {
    type: "transcription",
    object: "realtime.transcription_session",
    id,
    expires_at: expiresAt,
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: serverVad(DEFAULTS, {}),
      },
    },
    include: null,
  };
}

/**
 * Applies a `session.update`. A model without turn detection switches it off, unless it is requested.
 *
 * @throws {ServerError} when something cannot be changed; nothing has been changed then.
 */
export function updateTranscriptionState(
  session: TranscriptionSession,
  change: TranscriptionSessionConfig,
  rules: ConfigRules,
): TranscriptionSession {
  rules.checkSession(change, undefined);
  assertInRange(change);
  const { audio, include } = change;
  const merged = mergeInput(session.audio?.input ?? {}, audio?.input ?? {}, DEFAULTS);
  const { model } = merged.transcription ?? {};
  if (!findsTurns(model) && audio?.input?.turn_detection) {
    throw serverError("no_turn_detection");
  }
  return {
    ...session,
    ...include && { include },
    audio: { input: findsTurns(model) ? merged : { ...merged, turn_detection: null } },
  };
}
