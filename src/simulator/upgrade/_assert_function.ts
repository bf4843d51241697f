// This module is browser compatible.

/** @throws {TypeError} when the runtime's part of an upgrade is not a function. */
export function assertFunction(name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot upgrade to a WebSocket as ${name} must be a function: current value is of type ${typeof value}`,
  );
}
