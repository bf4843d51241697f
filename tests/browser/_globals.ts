/** Replaces properties of `globalThis` until it is disposed: test files may share a worker. */
export function replaceGlobals(values: Readonly<Record<string, unknown>>): Disposable {
  const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  Object.assign(globalThis, values);
  return {
    [Symbol.dispose]() {
      for (const [name, descriptor] of before) {
        Reflect.deleteProperty(globalThis, name);
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      }
    },
  };
}

/** Registers a test for whose time properties of `globalThis` are replaced. */
export function testWithGlobals(
  values: Readonly<Record<string, unknown>>,
  name: string,
  run: () => void | Promise<void>,
): void {
  Deno.test(name, async () => {
    using _globals = replaceGlobals(values);
    await run();
  });
}
