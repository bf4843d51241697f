// This module is browser compatible.
import type { ServerProfile } from "../server_profile.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { SessionMachine } from "./session_machine.ts";
import type { SessionSpec } from "./session_spec.ts";
import { TranscriptionMachine } from "./transcription_machine.ts";
import { TranslationMachine } from "./translation/translation_machine.ts";

/**
 * Creates a session of the requested type. Regardless of the shape of a server's conversations, its transcriptions and
 * translations have OpenAI's: nothing else was recorded.
 *
 * @throws {ServerError} when the server would reject the settings.
 */
export function createMachine(spec: SessionSpec, options: MachineOptions): Machine {
  if (spec.kind === "realtime") return new SessionMachine(spec, options);
  const profile: ServerProfile = { ...options.profile, shape: "ga" };
  switch (spec.kind) {
    case "transcription":
      return new TranscriptionMachine(spec, { ...options, profile });
    case "translation":
      return new TranslationMachine(spec, { ...options, profile });
  }
}
