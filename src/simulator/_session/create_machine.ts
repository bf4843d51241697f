// This module is browser compatible.
import type { Machine, MachineOptions } from "./machine.ts";
import { SessionMachine } from "./session_machine.ts";
import type { SessionSpec } from "./session_spec.ts";
import { TranscriptionMachine } from "./transcription_machine.ts";
import { TranslationMachine } from "./translation/translation_machine.ts";

/**
 * Makes a session of the kind that is asked for.
 *
 * @throws {ServerError} when it cannot be set to what it is to be set to.
 */
export function createMachine(spec: SessionSpec, options: MachineOptions): Machine {
  switch (spec.kind) {
    case "realtime":
      return new SessionMachine(spec, options);
    case "transcription":
      return new TranscriptionMachine(spec, options);
    case "translation":
      return new TranslationMachine(spec, options);
  }
}
