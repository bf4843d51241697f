// This module is browser compatible.
import { typeName } from "../../../_internal/text/show.ts";
import { at, isRecord } from "../../../_internal/wire.ts";
import type { JsonTypeName } from "../../../protocol/mod.ts";
import { invalidValue, serverError } from "../../_errors/server_error.ts";
import { fieldErrorOf } from "../../_session/field_errors.ts";

/** The list of each kind of question, and the field that its entries need. */
const LISTS: Readonly<Record<string, readonly [list: string, field: string] | undefined>> = {
  choice: ["choices", "value"],
  predicate: undefined,
  score: ["levels", "label"],
};

/**
 * Checks the questions of a decisions delegation and of triggers, which the protocol passes through.
 *
 * @throws {ServerError} when one cannot be answered.
 */
export function checkQuestions(session: { readonly delegation?: unknown; readonly triggers?: unknown }): void {
  checkList(at(session.delegation, "decisions", "questions") ?? [], "session.delegation.decisions.questions");
  for (const [index, trigger] of Object.entries(session.triggers ?? [])) {
    checkList(at(trigger, "decisions", "questions") ?? [], `session.triggers[${index}].decisions.questions`);
  }
}

function checkList(questions: unknown, path: string): void {
  for (const [index, question] of (questions as readonly Record<string, unknown>[]).entries()) {
    const place = `${path}[${index}]`;
    const { type } = question;
    if (!Object.hasOwn(LISTS, String(type))) throw invalidValue(`${place}.type`, type, Object.keys(LISTS));
    const [list, field] = LISTS[String(type)] ?? [];
    if (list !== undefined && field !== undefined) checkEntries(question[list], `${place}.${list}`, field);
  }
}

function checkEntries(entries: unknown, path: string, field: string): void {
  if (!Array.isArray(entries)) throw wrongForm(entries, path, "array");
  if (entries.length === 0) throw serverError("array_empty", { param: path });
  for (const [index, entry] of entries.entries()) {
    const place = `${path}[${index}]`;
    if (!isRecord(entry)) throw wrongForm(entry, place, "object");
    const value = entry[field];
    const isAllowed = typeof value === "string" || field === "value" && typeof value === "boolean";
    if (!isAllowed) throw wrongForm(value, `${place}.${field}`, "string");
  }
}

function wrongForm(value: unknown, path: string, expected: JsonTypeName): Error {
  if (value === undefined) return serverError("missing_parameter", { param: path });
  return fieldErrorOf({ path, value, message: "", rule: { kind: "type", expected, received: typeName(value) } });
}
