// This module is browser compatible.

type Fields = { readonly [field: string]: unknown };

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
  let fields = config as Fields;
  for (const [name, path] of Object.entries(PATHS)) {
    const given = (settings as Fields)[name];
    const value = name === "turnDetection" && typeof given === "string" ? { type: given } : given;
    if (value !== undefined) fields = withField(fields, path.split("."), value, () => `${name} and ${prefix}${path}`);
  }
  return fields;
}

/** The wire configuration for settings of both kinds: wire fields, and shorthands. Throws like {@linkcode withShorthands}. */
export function fromSettings(settings: object): Fields {
  const fields = Object.entries(settings).filter(([name, value]) => value !== undefined && !Object.hasOwn(PATHS, name));
  return withShorthands(Object.fromEntries(fields), settings);
}

function withField(fields: Fields, [name, ...rest]: readonly string[], value: unknown, names: () => string): Fields {
  const current = fields[name!];
  if (rest.length > 0) {
    return { ...fields, [name!]: withField((current ?? {}) as Fields, rest, value, names) };
  }
  if (current !== undefined) {
    throw new TypeError(`Cannot set both ${names()}: pass one of them`);
  }
  return { ...fields, [name!]: value };
}
