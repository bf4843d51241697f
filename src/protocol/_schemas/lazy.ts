// This module is browser compatible.

/**
 * Runs a function and returns what it returns. Marked `@__PURE__` where it is called, it lets a bundler leave out what
 * nothing uses; without it every call and spread inside would have to be marked.
 */
export function lazy<Value>(make: () => Value): Value {
  return make();
}
