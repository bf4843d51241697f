// This module is browser compatible.
import { isRecord, stringAt } from "../_internal/wire.ts";

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The arguments that the model wrote; none for an empty text. Throws {SyntaxError} when they are not JSON. */
export function parseArguments(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`The arguments are not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/** What the model is told of a result: a string as it is, the rest as JSON. Throws {TypeError} when it has none. */
export function serialize(result: unknown): string {
  if (typeof result === "string") return result;
  const text = JSON.stringify(result ?? null);
  if (text === undefined) throw new TypeError(`The result cannot be written as JSON: it is a ${typeof result}`);
  return text;
}

/** What an error says; whatever was thrown. */
export function messageOf(error: unknown): string {
  return stringAt(error, "message") ?? (isRecord(error) ? "The tool failed without saying why" : String(error));
}
