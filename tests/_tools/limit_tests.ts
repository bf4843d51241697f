/** Where Deno looks for the place of a test that another function registers, as `file:line:column`. */
const LOCATION = Symbol.for("Deno.test.location");

type Registration =
  | [name: string, fn: TestFunction]
  | [fn: TestFunction]
  | [options: Partial<Deno.TestDefinition>, fn?: TestFunction]
  | [name: string, options: Partial<Deno.TestDefinition>, fn: TestFunction];
type TestFunction = Deno.TestDefinition["fn"];

/**
 * Lets every test registered from now on fail when it takes longer than `timeoutMs`, unless it sets another `timeout`.
 * Deno has such a limit for a single test, and ends even one that blocks the event loop, but has none for all of them.
 */
export function limitTests(timeoutMs: number): void {
  const register = Deno.test;
  const limited = (...registration: Registration) => {
    const definition = definitionOf(registration);
    const [, , caller = ""] = new Error().stack?.split("\n") ?? [];
    const [, place] = /(\w+:\/\/.+:\d+:\d+)\)?$/.exec(caller) ?? [];
    if (place !== undefined) Object.defineProperty(definition.fn, LOCATION, { value: place, configurable: true });
    register({ timeout: timeoutMs, ...definition });
  };
  Object.assign(Deno, { test: Object.assign(limited, register) });
}

function definitionOf(registration: Registration): Deno.TestDefinition {
  const merged: Partial<Deno.TestDefinition> = {};
  for (const part of registration) {
    if (typeof part === "string") merged.name = part;
    else if (typeof part === "function") merged.fn = part;
    else Object.assign(merged, part);
  }
  const { fn = () => {}, name = fn.name } = merged;
  return { ...merged, fn, name };
}
