// This module is browser compatible.
import type { FieldIssue } from "../../protocol/mod.ts";
import { listWords, Refusal } from "./refusal.ts";

/** Says in the server's words what our check found wrong with a field. */
export function refusalOf({ kind, message, path: param, value }: FieldIssue): Refusal {
  const rule = /^must (?:be )?(.*?)(?:: (?:current value|it is missing).*)?$/s.exec(message)?.[1] ?? message;
  switch (kind) {
    case "missing":
      return new Refusal(`Missing required parameter: '${param}'.`, { code: "missing_required_parameter", param });
    case "unknown":
      return new Refusal(`Unknown parameter: '${param}'.`, { code: "unknown_parameter", param });
    case "type":
      return typeRefusal(param, value, rule);
    default:
      return numberRefusal(param, value, rule) ?? lengthRefusal(param, value, rule) ??
        pairsRefusal(param, value, rule) ??
        valueRefusal(param, value, rule);
  }
}

/** A number that is outside the bounds that the rule names, e.g. `from 0 to 1`, `>= 0` or `24000`. */
function numberRefusal(param: string, value: unknown, rule: string): Refusal | undefined {
  if (typeof value !== "number") return undefined;
  if (rule.includes("whole number") && !Number.isInteger(value)) return typeRefusal(param, value, "an integer");
  const [first, second = first] = (rule.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  return rangeRefusal(param, value, {
    low: rule.includes("<=") ? undefined : first,
    high: rule.includes(">=") ? undefined : second,
  });
}

/** A number that is out of its range; `undefined` when it is not. */
export function rangeRefusal(
  param: string,
  value: number,
  { low = -Infinity, high = Infinity }: { readonly low?: number | undefined; readonly high?: number | undefined },
): Refusal | undefined {
  if (value >= low && value <= high) return undefined;
  const isLow = value < low;
  const [side, sign, bound] = isLow ? ["below minimum", ">=", low] : ["above maximum", "<=", high];
  // From 0 to 1 nobody counts in whole numbers.
  const isCount = Number.isInteger(value) && Number.isInteger(bound) && !(low === 0 && high === 1);
  const kind = isCount ? "integer" : "decimal";
  return new Refusal(
    `Invalid '${param}': ${kind} ${side} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
    { code: `${kind}_${isLow ? "below_min" : "above_max"}_value`, param },
  );
}

/** A string that is longer than the rule allows, or empty where it may not be. */
function lengthRefusal(param: string, value: unknown, rule: string): Refusal | undefined {
  if (value === "" && rule === "not be empty") {
    return new Refusal(
      `Invalid '${param}': empty string. Expected a string with minimum length 1, but got an empty string instead.`,
      { code: "empty_string", param },
    );
  }
  const bytes = Number(/(\d+) bytes/.exec(rule)?.[1]);
  // Bytes travel as base64: four characters for three.
  const most = Number.isNaN(bytes) ? Number(/(\d+) characters/.exec(rule)?.[1]) : Math.ceil(bytes / 3) * 4;
  if (typeof value !== "string" || !(value.length > most)) return undefined;
  return new Refusal(
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, ` +
      `but got a string with length ${value.length} instead.`,
    { code: "string_above_max_length", param },
  );
}

/** An object with more pairs than the rule allows. */
function pairsRefusal(param: string, value: unknown, rule: string): Refusal | undefined {
  const most = Number(/at most (\d+) pairs/.exec(rule)?.[1]);
  const count = Object.keys(value ?? {}).length;
  if (!(count > most)) return undefined;
  return new Refusal(
    `Invalid '${param}': too many properties. Expected an object with at most ${most} properties, ` +
      `but got an object with ${count} properties instead.`,
    { code: "object_above_max_properties", param },
  );
}

function typeRefusal(param: string, value: unknown, expected: string): Refusal {
  return new Refusal(`Invalid type for '${param}': expected ${expected}, but got ${nameOf(value)} instead.`, {
    code: "invalid_type",
    param,
  });
}

function valueRefusal(param: string, value: unknown, rule: string): Refusal {
  if (rule.startsWith("base64")) return audioRefusal(param);
  const words = rule.match(/"[^"]*"/g)?.map((word) => word.slice(1, -1)) ?? [];
  const supported = words.length > 0
    ? `Supported values are: ${listWords(words)}.`
    : `Expected ${rule.replace(/^have /, "an object with ")}.`;
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return new Refusal(`Invalid value: ${shown}. ${supported}`, { code: "invalid_value", param });
}

/** Audio that is not base64. */
export function audioRefusal(param: string): Refusal {
  return new Refusal(`Invalid '${param}'. Expected base64-encoded audio bytes.`, { code: "invalid_value", param });
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
