/**
 * The fields of a session that a server can leave to its pages, by their path. What is not among them is never a page's
 * to say: which tools the model has, servers of MCP with them, which prompt it follows, what is traced.
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
 * Path of a field that a server can leave to its pages.
 *
 * @category Edge app
 */
export type OverridableField = typeof OVERRIDABLE_FIELDS[number];
