// This module is browser compatible.

/**
 * Checks that an option of the simulator is a list, if given.
 *
 * @param fits check of every entry; by default, none.
 * @throws {TypeError} when it is not a list, or an entry does not fit.
 */
export function checkList(name: string, value: unknown, fits: (entry: unknown) => boolean = () => true): void {
  if (value === undefined || Array.isArray(value) && value.every(fits)) return;
  const json = typeof value === "object" ? JSON.stringify(value) : String(value);
  const shown = value instanceof Promise ? "a Promise" : json;
  throw new TypeError(`Cannot create the simulator as ${name} must be a list: current value is ${shown}`);
}
