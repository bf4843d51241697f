// This module is browser compatible.

/**
 * Checks that an option of the simulator is a list, if it is there.
 *
 * @param fits what every entry must be; absent: anything.
 * @throws {TypeError} when it is none, or an entry does not fit.
 */
export function checkList(name: string, value: unknown, fits: (entry: unknown) => boolean = () => true): void {
  if (value === undefined || Array.isArray(value) && value.every(fits)) return;
  const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
  throw new TypeError(`Cannot create the simulator as ${name} must be a list: current value is ${shown}`);
}
