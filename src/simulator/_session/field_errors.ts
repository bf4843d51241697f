// This module is browser compatible.
import { invalidValue, type ServerError, serverError } from "../_errors/server_error.ts";
import type { FieldIssue } from "../../protocol/mod.ts";

/** Says in the server's words what our check found wrong with a field. */
export function fieldErrorOf({ kind, message, path: param, value }: FieldIssue): ServerError {
  const rule = /^must (?:be )?(.*?)(?:: (?:current value|it is missing).*)?$/s.exec(message)?.[1] ?? message;
  switch (kind) {
    case "missing":
      return serverError("missing_parameter", { param });
    case "unknown":
      return serverError("unknown_parameter", { param });
    case "type":
      return typeError(param, value, rule);
    default:
      return numberError(param, value, rule) ?? lengthError(param, value, rule) ??
        pairsError(param, value, rule) ??
        valueError(param, value, rule);
  }
}

/** A number that is outside the bounds that the rule names, e.g. `from 0 to 1`, `>= 0` or `24000`. */
function numberError(param: string, value: unknown, rule: string): ServerError | undefined {
  if (typeof value !== "number") return undefined;
  if (rule.includes("whole number") && !Number.isInteger(value)) return typeError(param, value, "an integer");
  const [first, second = first] = (rule.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  return rangeError(param, value, {
    low: rule.includes("<=") ? undefined : first,
    high: rule.includes(">=") ? undefined : second,
  });
}

/** A number that is out of its range; `undefined` when it is not. */
export function rangeError(
  param: string,
  value: number,
  { low = -Infinity, high = Infinity }: { readonly low?: number | undefined; readonly high?: number | undefined },
): ServerError | undefined {
  if (value >= low && value <= high) return undefined;
  const isLow = value < low;
  const bound = isLow ? low : high;
  // From 0 to 1 nobody counts in whole numbers.
  const isCount = Number.isInteger(value) && Number.isInteger(bound) && !(low === 0 && high === 1);
  const kind = isCount ? "integer" : "decimal";
  return serverError(`${kind}_${isLow ? "below_min" : "above_max"}`, { param, bound, value });
}

/** A string that is longer than the rule allows, or empty where it may not be. */
function lengthError(param: string, value: unknown, rule: string): ServerError | undefined {
  if (value === "" && rule === "not be empty") {
    return serverError("string_empty", { param });
  }
  const bytes = Number(/(\d+) bytes/.exec(rule)?.[1]);
  // Bytes travel as base64: four characters for three.
  const most = Number.isNaN(bytes) ? Number(/(\d+) characters/.exec(rule)?.[1]) : Math.ceil(bytes / 3) * 4;
  if (typeof value !== "string" || !(value.length > most)) return undefined;
  return serverError("string_too_long", { param, bound: most, length: value.length });
}

/** An object with more pairs than the rule allows. */
function pairsError(param: string, value: unknown, rule: string): ServerError | undefined {
  const most = Number(/at most (\d+) pairs/.exec(rule)?.[1]);
  const count = Object.keys(value ?? {}).length;
  if (!(count > most)) return undefined;
  return serverError("too_many_properties", { param, bound: most, count });
}

function typeError(param: string, value: unknown, expected: string): ServerError {
  return serverError("invalid_type", { param, expected, actual: nameOf(value) });
}

function valueError(param: string, value: unknown, rule: string): ServerError {
  if (rule.startsWith("base64")) return audioError(param);
  const words = rule.match(/"[^"]*"/g)?.map((word) => word.slice(1, -1)) ?? [];
  if (words.length > 0) return invalidValue(param, value, words);
  const expected = rule.replace(/^have /, "an object with ");
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return serverError("invalid_shape", { param, value: shown, expected });
}

/** Audio that is not base64. */
export function audioError(param: string): ServerError {
  return serverError("invalid_audio", { param });
}

/** The type of a value, as the server calls it. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
