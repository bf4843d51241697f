/**
 * Paths of the settings of a session that a server may let its pages change. All others are reserved for the server,
 * including the tools of the model, with MCP servers, the stored prompt, and tracing.
 *
 * @category Edge app
 */
export const OVERRIDABLE_FIELDS = [
  "audio.input.format",
  "audio.input.noise_reduction",
  "audio.input.transcription",
  "audio.input.transcription.language",
  "audio.input.turn_detection",
  "audio.output.format",
  "audio.output.language",
  "audio.output.speed",
  "audio.output.voice",
  "include",
  "instructions",
  "max_output_tokens",
  "model",
  "output_modalities",
  "parallel_tool_calls",
  "prompt.variables",
  "reasoning.effort",
  "tool_choice",
  "truncation",
] as const;

/**
 * Path of a setting that a server may let its pages change.
 *
 * @category Edge app
 */
export type OverridableField = typeof OVERRIDABLE_FIELDS[number];
