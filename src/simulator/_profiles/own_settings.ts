// This module is browser compatible.
import type { JsonTypeName } from "../../protocol/mod.ts";
import { serverError } from "../_errors/server_error.ts";
import { typeName } from "../../_internal/text/show.ts";
import { isRecord } from "../../_internal/wire.ts";
import { fieldErrorOf } from "../_session/field_errors.ts";
import type { Fields } from "./frame_shape.ts";
import { hiddenField, hideFields } from "./own_fields.ts";

/** A setting that only another server has. It is reported, and has no effect. */
export interface OwnSetting {
  /** Its JSON type; null is always accepted. */
  readonly kind: JsonTypeName;
  /** The value before it has been set; absent: it is not reported. */
  readonly initial?: unknown;
}

/** Settings that only another server has, by their names. */
export type OwnSettings = Readonly<Record<string, OwnSetting>>;

/**
 * The fields without the settings that only another server has, which are put under symbols.
 *
 * @param path path of the fields.
 * @throws {ServerError} when a setting has another type.
 */
export function hideSettings(fields: Fields, settings: OwnSettings, path: string): Fields {
  for (const [name, { kind }] of Object.entries(settings)) assertKind(fields[name], kind, `${path}.${name}`);
  return hideFields(fields, Object.keys(settings));
}

/** The values of settings that only another server has. */
export function shownSettings(fields: Fields, settings: OwnSettings): Fields {
  const shown = Object.entries(settings).map(([name, { initial }]) => [name, hiddenField(fields, name) ?? initial]);
  return Object.fromEntries(shown);
}

/**
 * The response that says a text of the client, without the model.
 *
 * @param message the message with the text.
 * @param path path of the message.
 * @throws {ServerError} when it has no text.
 */
export function sayingResponse(response: Fields, message: unknown, path: string): Fields {
  assertKind(message, "object", path);
  const { content } = isRecord(message) ? message : {};
  const parts: readonly unknown[] = Array.isArray(content) ? content : [];
  const says = parts.map((part) => isRecord(part) && typeof part.text === "string" ? part.text : "").join("");
  if (says === "") throw serverError("missing_parameter", { param: `${path}.content[0].text` });
  return hideFields({ ...response, says }, ["says"]);
}

function assertKind(value: unknown, expected: JsonTypeName, path: string): void {
  const received = typeName(value);
  if (value === undefined || value === null || received === expected) return;
  throw fieldErrorOf({ path, value, rule: { kind: "type", expected, received }, message: "" });
}
