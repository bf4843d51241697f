// This module is browser compatible.
import { at } from "../_internal/wire.ts";

/**
 * Parses the arguments written by the model. An empty text and null mean no arguments.
 *
 * @throws {SyntaxError} when they are not JSON.
 * @throws {TypeError} when there are none, and the JSON Schema `parameters` requires some.
 */
export function parseArguments(text: string, parameters: unknown): unknown {
  let args: unknown;
  try {
    args = text.trim() ? JSON.parse(text) : null;
  } catch (cause) {
    throw new SyntaxError(`The arguments are not JSON: ${text.slice(0, 200)}`, { cause });
  }
  if (args !== null) return args;
  const required = at(parameters, "required");
  if (Array.isArray(required) && required.length > 0) {
    throw new TypeError(`The arguments are invalid: ${required.join(", ")} must be given`);
  }
  return {};
}

/**
 * Converts a result to text for the model: a string as it is, anything else as JSON. Throws {TypeError} when it has no
 * JSON form.
 */
export function serialize(result: unknown): string {
  if (typeof result === "string") return result;
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(result ?? null);
  } catch (error) {
    cause = error;
  }
  const type = Object.prototype.toString.call(result).slice(8, -1);
  // A Response, a Map or a generator has fields, but none that JSON contains.
  if (text === undefined || text === "{}" && type !== "Object") {
    throw new TypeError(`The result cannot be written as JSON: its type is ${type}`, { cause });
  }
  return text;
}
