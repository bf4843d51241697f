// This module is browser compatible.

/** Reads the results of `map`. Unlike a generator, it does not keep `return()` waiting for a pending read. */
export function mapReader<T, Result>(
  reader: AsyncIterableIterator<T>,
  map: (value: T) => Result,
): AsyncIterableIterator<Result, void, undefined> {
  return {
    async next() {
      const { done, value } = await reader.next();
      return done ? { done, value: undefined } : { done: false, value: map(value) };
    },
    async return() {
      await reader.return!();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
