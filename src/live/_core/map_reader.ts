// This module is browser compatible.

/** Reads the results of `map`. Unlike a generator, it does not keep `return()` waiting for a pending read. */
export function mapReader<T, Result>(
  reader: AsyncIterableIterator<T>,
  map: (value: T) => Result,
): AsyncIterableIterator<Result, void, undefined> {
  return {
    async next() {
      const read = await reader.next();
      return read.done ? read : { done: false, value: map(read.value) };
    },
    return: () => reader.return!() as Promise<IteratorReturnResult<undefined>>,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
