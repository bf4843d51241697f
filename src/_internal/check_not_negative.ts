// This module is browser compatible.

/**
 * Checks numeric options; `undefined` means that an option was not passed. `path` precedes their names.
 *
 * @throws {RangeError} when one is negative or not a number.
 */
export function checkNotNegative(action: string, options: object, path = ""): void {
  for (const [name, value = 0] of Object.entries(options)) {
    if (value >= 0) continue;
    throw new RangeError(`Cannot ${action} as ${path}${name} must be >= 0: current value is ${value}`);
  }
}
