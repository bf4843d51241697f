// This module is browser compatible.
import { checkOptions, checkRequiredOptions } from "../_internal/check_options.ts";

type Names = Readonly<Record<string, unknown>>;

/**
 * Checks the definition of a tool, so that a mistake is reported where it is made.
 *
 * @throws {TypeError} when it is not an object, or a member is unknown or of the wrong type.
 */
export function checkDefinition(definition: unknown, names: Names, fillerNames: Names): void {
  if (Object.hasOwn(Object(definition), "execute")) {
    throw new TypeError("Cannot define a tool as there is no option execute: did you mean run?");
  }
  checkRequiredOptions("define a tool", definition, names);
  const { filler, name, parameters, run } = definition as Record<string, unknown>;
  if (typeof name !== "string" || !/^[\w-]{1,64}$/.test(name)) {
    const value = typeof name === "string" ? JSON.stringify(name) : typeof name;
    throw new TypeError(
      `Cannot define a tool as name must be 1 to 64 letters, digits, _ and -: current value is ${value}`,
    );
  }
  const action = `define tool ${name}`;
  if (typeof run !== "function") {
    throw new TypeError(`Cannot ${action} as run must be a function: current value is of type ${typeof run}`);
  }
  // Schemas of some libraries are functions.
  if (typeof parameters !== "function") checkOptions(action, parameters, undefined, "parameters");
  checkOptions(action, filler, fillerNames, "filler");
}
