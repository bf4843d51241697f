/** Runs a function with a `window`, as in a page, or with the scope of a page's worker. */
export async function inPage<T>(run: () => T, scope = "window"): Promise<Awaited<T>> {
  Object.defineProperty(globalThis, scope, { value: globalThis, configurable: true });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(globalThis, scope);
  }
}
