// This module is browser compatible.

/**
 * Checks the type of an option of the simulator.
 *
 * @throws {TypeError} when it has another one.
 */
export function assertType(name: string, value: unknown, type: "boolean" | "function" | "number" | "string"): void {
  const actual: string = typeof value;
  if (actual === type) return;
  const shown = value === null ? "null" : `of type ${actual}`;
  throw new TypeError(`Cannot create the simulator as ${name} must be a ${type}: current value is ${shown}`);
}
