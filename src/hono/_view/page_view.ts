import { at, isRecord, type WireEvent } from "../../_internal/wire.ts";
import type { OverridableField } from "../overridable_field.ts";
import { fields, project, type Shape } from "./shape.ts";

/** Replaces messages of the API that may concern the account. */
export const GENERIC_MESSAGE = "The voice service had a problem";

const TURN_DETECTION = fields(
  "type",
  "threshold",
  "prefix_padding_ms",
  "silence_duration_ms",
  "idle_timeout_ms",
  "create_response",
  "interrupt_response",
  "eagerness",
);

/** The part of its session that any page may see. */
const SESSION: Shape = {
  ...fields("id", "object", "type", "model", "expires_at", "output_modalities"),
  audio: {
    input: {
      format: fields("type", "rate"),
      noise_reduction: fields("type", "strength"),
      transcription: fields("model", "language"),
      turn_detection: TURN_DETECTION,
    },
    output: { ...fields("voice", "speed", "language"), format: fields("type", "rate") },
  },
};

/**
 * The additional part that a page may see when it may set it. Its own words are not included: they may be part of the
 * policy's.
 */
const WHEN_OVERRIDABLE: { readonly [Field in OverridableField]?: Shape } = {
  "include": fields("include"),
  "max_output_tokens": fields("max_output_tokens"),
  "parallel_tool_calls": fields("parallel_tool_calls"),
  "reasoning.effort": { reasoning: fields("effort") },
  "tool_choice": fields("tool_choice"),
  "truncation": fields("truncation"),
};

const RESPONSE: Shape = {
  ...fields("id", "object", "status", "output", "conversation_id", "output_modalities", "max_output_tokens", "usage"),
  ...fields("metadata"),
  status_details: fields("type", "reason"),
  audio: { output: { ...fields("voice"), format: fields("type", "rate") } },
};

/** The visible part of items that are private to the server and the API: their existence. */
const OPAQUE_ITEM = fields("id", "object", "type", "status", "name", "server_label");

/** The visible part of events about such items. */
const OPAQUE_EVENT = fields("type", "event_id", "item_id", "output_index", "response_id");

/** Roles of messages that pages do not see. */
const HIDDEN_ROLES: readonly unknown[] = ["system", "developer"];

/** The page's view of an event of the API: the same event, another one, or `undefined` for none. */
export type PageView = (event: WireEvent) => WireEvent | undefined;

/** Creates the function that filters events for pages that may set these fields. */
export function pageView(overridable: readonly OverridableField[]): PageView {
  const session = { ...SESSION, ...Object.assign({}, ...overridable.map((field) => WHEN_OVERRIDABLE[field] ?? {})) };
  return (event) => {
    const { type } = event;
    if (type === "rate_limits.updated" || type.startsWith("response.mcp_call_arguments.")) return undefined;
    if (type.startsWith("mcp_list_tools.") || type.startsWith("response.mcp_call.")) {
      return project(event, OPAQUE_EVENT) as unknown as WireEvent;
    }
    if (type === "session.created" || type === "session.updated") {
      return { ...event, session: isRecord(event.session) ? project(event.session, session) : undefined };
    }
    if (type === "conversation.item.input_audio_transcription.failed") {
      return { ...event, error: genericError(event.error) };
    }
    if (isRecord(event.response)) return { ...event, response: viewResponse(event.response) };
    return isRecord(event.item) ? viewOfItemEvent(event, event.item) : event;
  };
}

function viewResponse(response: Record<string, unknown>): Record<string, unknown> {
  const shown = project(response, RESPONSE);
  if (Array.isArray(response.output)) shown.output = response.output.map(viewItem).filter((item) => item !== undefined);
  const error = at(response, "status_details", "error");
  if (isRecord(error)) shown.status_details = { ...shown.status_details as object, error: genericError(error) };
  return shown;
}

function viewOfItemEvent(event: WireEvent, item: Record<string, unknown>): WireEvent | undefined {
  const shown = viewItem(item);
  if (shown === item) return event;
  return shown === undefined ? undefined : { ...event, item: shown };
}

/** Whether an item is a message of the server, which pages do not see. */
export function isServerMessage({ role, type }: Record<string, unknown>): boolean {
  return type === "message" && HIDDEN_ROLES.includes(role);
}

function viewItem(item: unknown): unknown {
  if (!isRecord(item)) return undefined;
  if (isServerMessage(item)) return undefined;
  if (item.type === "message") return item;
  if (item.type === "function_call" || item.type === "function_call_output") return item;
  const shown = project(item, OPAQUE_ITEM);
  if (item.type === "mcp_list_tools") shown.tools = [];
  if (isRecord(item.error)) shown.error = genericError(item.error);
  return shown;
}

/** An error without its message and its details. */
export function genericError(error: unknown): Record<string, unknown> {
  return { ...project(error, fields("type", "code", "event_id")), message: GENERIC_MESSAGE };
}
