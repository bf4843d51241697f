// This module is browser compatible.

/**
 * Calls a function and returns its result. With `@__PURE__` at the call, a bundler can drop the result if it is unused;
 * otherwise every call and spread inside would need the annotation.
 */
export function lazy<Value>(make: () => Value): Value {
  return make();
}
