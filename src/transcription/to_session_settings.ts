// This module is browser compatible.
import type { TranscriptionConfig } from "../protocol/mod.ts";
import {
  type ConnectTranscriptionOptions,
  DEFAULT_TRANSCRIPTION_MODEL,
  type TranscriptionHints,
} from "./transcription_options.ts";

/** Models without turn detection: the server rejects it for them. */
const WITHOUT_TURNS = /^gpt-live-transcribe|^gpt-realtime-whisper/;

type Settings = Pick<ConnectTranscriptionOptions, "session" | "transcription" | "turnDetection"> & TranscriptionHints;

/**
 * Transcription and turn detection that correspond to these settings; `undefined` where `session` has them.
 *
 * @throws {TypeError} when two options set the same field.
 */
export function toSessionSettings(
  { delay, keywords, language, languages, model, prompt, session, transcription, turnDetection }: Settings,
): Pick<Settings, "transcription" | "turnDetection"> {
  const hints = { model, language, languages, prompt, keywords, delay };
  const [hint] = Object.entries(hints).find(([, value]) => value !== undefined) ?? [];
  const { transcription: wire, turn_detection } = session?.audio?.input ?? {};
  notBoth(hint, transcription && "transcription");
  notBoth(hint ?? (transcription && "transcription"), wire && "session.audio.input.transcription");
  if (turnDetection !== undefined && turn_detection !== undefined) {
    notBoth("turnDetection", "session.audio.input.turn_detection");
  }
  const own: TranscriptionConfig = { ...hints, model: model ?? DEFAULT_TRANSCRIPTION_MODEL };
  const config = transcription ?? (wire ? undefined : own);
  const findsTurns = !WITHOUT_TURNS.test((config ?? wire)?.model ?? "");
  const isSet = turnDetection !== undefined || turn_detection !== undefined;
  return { transcription: config, turnDetection: isSet || findsTurns ? turnDetection : null };
}

function notBoth(one: string | null | undefined, other: string | null | undefined): void {
  if (one && other) throw new TypeError(`Cannot set both ${one} and ${other}: give one of them`);
}
