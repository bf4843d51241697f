// This module is browser compatible.
import { lazy } from "./_schemas/lazy.ts";

/**
 * How a statement about the real server is known.
 *
 * @category Checks
 */
export type NullableFieldSource = "documented" | "reported" | "assumed";

/**
 * Whether a field of a client event may be null, and how that is known.
 *
 * @category Checks
 */
export interface NullableField {
  /**
   * Path of the field from the event on, e.g. `session.tools[].allowed_tools`: `[]` stands for any index, `*` for any
   * name. Items of `response.input` have the paths of `item`.
   */
  readonly path: string;
  /** Whether null is accepted. */
  readonly isAllowed: boolean;
  /** Meaning of null, where it is accepted: no choice, or the field counts as absent. */
  readonly means: "none" | "absent" | undefined;
  /** How it is known. */
  readonly known: NullableFieldSource;
  /** The source. */
  readonly source: string;
}

/** SDK: the type of the field names null. */
const SDK = { isAllowed: true, means: "none", known: "documented", source: "types of openai 7.59.0" } as const;
/** Sent with every reply by a client that works. */
const LIVEKIT = {
  isAllowed: true,
  means: "absent",
  known: "reported",
  source: "LiveKit agents for Python 1.8.9",
} as const;

/**
 * The fields of client events that are known to accept null, or not to. All other fields must not be null: the server
 * answers with the code `invalid_type`. {@linkcode checkClientEvent} and the functions built on it accept null as this
 * table specifies.
 *
 * @category Checks
 *
 * @example Which fields may be null
 * ```ts
 * import { checkClientEvent, NULLABLE_FIELDS } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const row = NULLABLE_FIELDS.find(({ path }) => path === "response.instructions");
 * assertEquals([row?.isAllowed, row?.known], [true, "reported"]);
 * assertEquals(checkClientEvent({ type: "response.create", response: { instructions: null } }), []);
 * ```
 */
export const NULLABLE_FIELDS: readonly NullableField[] = /* @__PURE__ */ lazy(() => [
  {
    path: "previous_item_id",
    isAllowed: true,
    means: "absent",
    known: "assumed",
    source: "server events have it null",
  },
  // Sessions
  { path: "session.audio.input.noise_reduction", ...SDK, source: "its doc comment turns it off so" },
  { path: "session.audio.input.transcription", ...SDK, source: "its doc comment turns it off so" },
  { path: "session.audio.input.turn_detection", ...SDK },
  { path: "session.audio.input.turn_detection.idle_timeout_ms", ...SDK },
  {
    path: "session.audio.input.turn_detection.create_response",
    isAllowed: false,
    means: undefined,
    known: "reported",
    source: "livekit/agents#3444",
  },
  { path: "session.prompt", ...SDK },
  { path: "session.prompt.variables", ...SDK },
  { path: "session.prompt.variables.*.file_id", ...SDK },
  { path: "session.prompt.variables.*.image_url", ...SDK },
  { path: "session.prompt.version", ...SDK },
  { path: "session.reasoning", ...LIVEKIT },
  { path: "session.tool_choice.name", ...SDK },
  { path: "session.tools[].allowed_callers", ...SDK },
  { path: "session.tools[].allowed_tools", ...SDK },
  { path: "session.tools[].headers", ...SDK },
  { path: "session.tools[].require_approval", ...SDK },
  { path: "session.tracing", ...SDK },
  { path: "session.tracing.metadata", ...SDK, known: "assumed", source: "its type is unknown" },
  // Responses
  { path: "response.instructions", ...LIVEKIT },
  { path: "response.metadata", ...SDK },
  { path: "response.prompt", ...SDK },
  { path: "response.prompt.variables", ...SDK },
  { path: "response.prompt.variables.*.file_id", ...SDK },
  { path: "response.prompt.variables.*.image_url", ...SDK },
  { path: "response.prompt.version", ...SDK },
  { path: "response.tool_choice.name", ...SDK },
  { path: "response.tools[].allowed_callers", ...SDK },
  { path: "response.tools[].allowed_tools", ...SDK },
  { path: "response.tools[].headers", ...SDK },
  { path: "response.tools[].require_approval", ...SDK },
  // Items, of MCP servers
  { path: "item.approval_request_id", ...SDK },
  { path: "item.error", ...SDK },
  { path: "item.output", ...SDK },
  { path: "item.reason", ...SDK },
  { path: "item.tools[].annotations", ...SDK },
  { path: "item.tools[].description", ...SDK },
  { path: "item.tools[].input_schema", ...SDK },
]);
