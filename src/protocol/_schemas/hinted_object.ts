// This module is browser compatible.
import type * as v from "valibot";
import { strictObject } from "./shape.ts";

/** Advice for fields that people are known to send: those of the beta interface, and of other APIs. */
const HINTS: Readonly<Record<string, string>> = {
  function: "name, description and parameters belong to the tool itself",
  idle_timeout_ms: "only server_vad has it",
  input_audio_format: "use audio.input.format instead",
  input_audio_noise_reduction: "use audio.input.noise_reduction instead",
  input_audio_transcription: "use audio.input.transcription instead",
  max_response_output_tokens: "use max_output_tokens instead",
  modalities: "use output_modalities instead",
  output_audio_format: "use audio.output.format instead",
  rate: "only audio/pcm has it",
  speed: "use audio.output.speed instead",
  strict: "Realtime functions have no strict mode",
  temperature: "it was given up with the beta interface",
  turn_detection: "use audio.input.turn_detection instead",
  voice: "use audio.output.voice instead",
};

/** An object of the Realtime API with these fields and no others. */
export function hintedObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return strictObject(entries, HINTS);
}
