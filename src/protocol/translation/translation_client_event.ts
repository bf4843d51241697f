// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import { parseFrame } from "../_parse_frame.ts";
import { variant } from "../_schemas/variants.ts";
import { UnknownKindSchema } from "../_schemas/inbound.ts";
import { issuesOf } from "../_schemas/issues.ts";
import { TranslationClientEventSchemas } from "../_schemas/translation.ts";
import { STRINGIFY_NAMES, stringifyEvent } from "../_stringify_event.ts";
import type { FieldIssue, MalformedFrame } from "../field_issue.ts";
import type { UnknownClientEvent } from "../events/parse_client_event.ts";
import type { StringifyOptions } from "../events/stringify_client_event.ts";
import type { TranslationClientEvent } from "./translation_event.ts";

const TranslationClientEventSchema = /* @__PURE__ */ variant(TranslationClientEventSchemas);
const AnyTranslationClientEventSchema = /* @__PURE__ */ variant(
  TranslationClientEventSchemas,
  "type",
  UnknownKindSchema,
);

/**
 * A frame that holds an event of a translation session's client.
 *
 * @category Translation
 */
export interface ParsedTranslationClientEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: a valid event of a known type, or an event of an unknown type and any shape. */
  readonly event: TranslationClientEvent | UnknownClientEvent;
}

/**
 * Result of {@linkcode safeParseTranslationClientEvent}.
 *
 * @category Translation
 */
export type TranslationClientEventResult = ParsedTranslationClientEvent | MalformedFrame;

/**
 * Checks a client event of a translation session, like {@linkcode checkClientEvent}.
 *
 * @category Translation
 */
export function checkTranslationClientEvent(event: unknown): readonly FieldIssue[] {
  return issuesOf(TranslationClientEventSchema, event);
}

/**
 * Writes a client event of a translation session as a frame, like {@linkcode stringifyClientEvent}.
 *
 * @throws {InvalidEventError} when something is wrong with the event; it names the first field at fault and has all.
 * @category Translation
 */
export function stringifyTranslationClientEvent(event: TranslationClientEvent, options: StringifyOptions = {}): string {
  checkOptions("send an event", options, STRINGIFY_NAMES);
  return stringifyEvent(event, options.check === false ? [] : checkTranslationClientEvent(event));
}

/**
 * Parses a frame of a translation session's client, like {@linkcode safeParseClientEvent}. Never throws.
 *
 * @category Translation
 */
export function safeParseTranslationClientEvent(frame: string): TranslationClientEventResult {
  return parseFrame(frame, (event) => issuesOf(AnyTranslationClientEventSchema, event));
}
