// This module is browser compatible.
import * as v from "valibot";
import type { FieldIssue, FieldIssueKind } from "../field_issue.ts";

type Issue = v.BaseIssue<unknown>;

/** What to do instead, for fields that people are known to send: those of the beta interface, and of other APIs. */
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

const EXPECTED: Readonly<Record<string, string>> = {
  boolean: "true or false",
  number: "a number",
  string: "a string",
  unknown: "given",
};

/** A value as an error message may show it: short, and never a credential. */
function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      if (/^(sk-|ek_|Bearer )/i.test(value)) return "a credential";
      return value.length > 60
        ? `${JSON.stringify(`${value.slice(0, 60)}…`)} of ${value.length}`
        : JSON.stringify(value);
    case "object":
      return Array.isArray(value) ? "an array" : value ? "an object" : "null";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

function kindOf({ kind, type }: Issue): FieldIssueKind {
  if (type === "missing" || type === "unknown") return type;
  return kind === "schema" && type !== "literal" && type !== "picklist" ? "type" : "value";
}

/** What an issue of valibot's says, in the words of this project. */
export function toFieldIssue(issue: Issue): FieldIssue {
  const kind = kindOf(issue);
  let path = "";
  for (const { key } of issue.path ?? []) path += typeof key === "number" ? `[${key}]` : path ? `.${key}` : key;
  const { input: value, expected } = issue;
  if (kind === "unknown") {
    const field = String(issue.path?.at(-1)?.key);
    const hint = Object.hasOwn(HINTS, field) ? `: ${HINTS[field]}` : "";
    return { path, kind, message: `is not a field that this version knows here${hint}`, value };
  }
  const wanted = expected && issue.kind === "schema"
    ? `must be ${EXPECTED[expected] ?? expected.replace(/^\(|\)$/g, "")}`
    : issue.message;
  return {
    path,
    kind,
    message: `${wanted}: ${kind === "missing" ? "it is missing" : `current value is ${show(value)}`}`,
    value,
  };
}

/** What is wrong with a value by its schema. Empty: nothing. */
export function issuesOf(schema: v.GenericSchema, value: unknown): readonly FieldIssue[] {
  return v.safeParse(schema, value).issues?.map(toFieldIssue) ?? [];
}
