// This module is browser compatible.
import type * as v from "valibot";
import { strictObject } from "./shape.ts";

/** Advice for fields that people are known to send: those of the beta interface, and of other APIs. */
const HINTS: Readonly<Record<string, string>> = {
  function: "its fields belong to the tool itself",
  idle_timeout_ms: "only server_vad has it",
  input_audio_format: "use audio.input.format",
  input_audio_noise_reduction: "use audio.input.noise_reduction",
  input_audio_transcription: "use audio.input.transcription",
  max_response_output_tokens: "use max_output_tokens",
  modalities: "use output_modalities",
  output_audio_format: "use audio.output.format",
  rate: "only audio/pcm has it",
  speed: "use audio.output.speed",
  strict: "Realtime functions have no strict mode",
  temperature: "it was removed with the beta interface",
  turn_detection: "use audio.input.turn_detection",
  voice: "use audio.output.voice",
};

/** An object of the Realtime API with these fields and no others. */
export function hintedObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return strictObject(entries, HINTS);
}
