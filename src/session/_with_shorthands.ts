// This module is browser compatible.

type Fields = Record<string, unknown>;

/** Shorthands, and their paths on the wire. */
const PATHS: Readonly<Record<string, string>> = {
  instructions: "instructions",
  reasoning: "reasoning",
  outputModalities: "output_modalities",
  voice: "audio.output.voice",
  turnDetection: "audio.input.turn_detection",
  transcription: "audio.input.transcription",
  noiseReduction: "audio.input.noise_reduction",
  toolChoice: "tool_choice",
  maxOutputTokens: "max_output_tokens",
  itemReferences: "input",
  inputText: "input",
};

/**
 * A copy of a wire configuration with the fields set by shorthands. Throws {TypeError} when the configuration sets the
 * same field itself; `prefix` is the path of the configuration, for the message.
 */
export function withShorthands(config: object, settings: object, prefix = ""): Fields {
  const fields: Fields = { ...config };
  for (const [name, path] of Object.entries(PATHS)) {
    const given = (settings as Fields)[name];
    if (given === undefined) continue;
    const steps = path.split(".");
    const last = steps.pop()!;
    let parent = fields;
    for (const step of steps) parent = parent[step] = { ...parent[step] as Fields };
    if (parent[last] !== undefined) {
      throw new TypeError(`Cannot set both ${name} and ${prefix}${path}: pass one of them`);
    }
    parent[last] = name === "turnDetection" && typeof given === "string" ? { type: given } : given;
  }
  return fields;
}

/** The wire configuration for settings of both kinds: wire fields, and shorthands. Throws like {@linkcode withShorthands}. */
export function fromSettings(settings: object): Fields {
  const fields = Object.entries(settings).filter(([name, value]) => value !== undefined && !Object.hasOwn(PATHS, name));
  return withShorthands(Object.fromEntries(fields), settings);
}
