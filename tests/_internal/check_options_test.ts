import { assertEquals, assertThrows } from "@std/assert";
import { checkOptions, type OptionNames } from "../../src/_internal/check_options.ts";
import { aFunction, aNumber, aString } from "../../src/_internal/option_kinds.ts";

interface Options {
  apiKey?: string;
  baseUrl?: string;
  timeoutMs: number;
}
const NAMES: OptionNames<Options> = { apiKey: 1, baseUrl: 1, timeoutMs: 1 };

function messageFor(options: unknown, path?: string): string {
  return assertThrows(() => checkOptions("connect", options, NAMES, path), TypeError).message;
}

Deno.test("checkOptions() accepts known names with any values, and no options", () => {
  checkOptions("connect", undefined, NAMES);
  checkOptions("connect", {}, NAMES);
  checkOptions("connect", { apiKey: undefined, timeoutMs: null }, NAMES);
  checkOptions("connect", Object.create({ inherited: true }), NAMES);
});

Deno.test("checkOptions() rejects an unknown name with a suggestion", () => {
  assertEquals(messageFor({ baseURL: "x" }), "Cannot connect as there is no option baseURL: did you mean baseUrl?");
  assertEquals(
    messageFor({ apiKey: "x", api_key: "x" }),
    "Cannot connect as there is no option api_key: did you mean apiKey?",
  );
  assertEquals(messageFor({ timeout: 1 }), "Cannot connect as there is no option timeout: did you mean timeoutMs?");
  assertEquals(messageFor({ colour: "red" }), "Cannot connect as there is no option colour");
});

Deno.test("checkOptions() rejects an unknown name with an undefined value, and names inherited from Object", () => {
  assertEquals(
    messageFor({ baseURL: undefined }),
    "Cannot connect as there is no option baseURL: did you mean baseUrl?",
  );
  assertEquals(messageFor({ toString: 1 }), "Cannot connect as there is no option toString");
  assertEquals(messageFor(JSON.parse('{ "__proto__": 1 }')), "Cannot connect as there is no option __proto__");
});

Deno.test("checkOptions() names the option whose nested options are invalid", () => {
  assertEquals(
    messageFor({ timeout: 1 }, "limits"),
    "Cannot connect as there is no option limits.timeout: did you mean limits.timeoutMs?",
  );
  assertEquals(messageFor(null, "limits"), "Cannot connect as limits must be an object: current value is null");
});

Deno.test("checkOptions() rejects values that are not objects, without repeating them", () => {
  assertEquals(messageFor(null), "Cannot connect as the options must be an object: current value is null");
  assertEquals(
    messageFor("sk-key"),
    "Cannot connect as the options must be an object: current value is of type String",
  );
  assertEquals(messageFor([]), "Cannot connect as the options must be an object: current value is of type Array");
  const { signal } = new AbortController();
  assertEquals(messageFor(signal), "Cannot connect as there is no option AbortSignal");
});

Deno.test("checkOptions() rejects values of another kind, and numbers that are negative or NaN", () => {
  const known: OptionNames<{ done: unknown; name: unknown; timeMs: unknown }> = {
    done: aFunction,
    name: aString,
    timeMs: aNumber,
  };
  const check = (options: object) => checkOptions("wait", options, known, "timing");
  check({ done: undefined, name: "", timeMs: 0 });
  check({ done: async () => {}, timeMs: Infinity });
  const cases: readonly (readonly [object, string, typeof TypeError | typeof RangeError])[] = [
    [{ done: 5 }, "timing.done must be a function: current value is 5", TypeError],
    [{ name: null }, "timing.name must be a string: current value is null", TypeError],
    [{ name: new URL("https://host") }, "timing.name must be a string: current value is of type URL", TypeError],
    [{ timeMs: "5" }, "timing.timeMs must be a number >= 0: current value is of type String", TypeError],
    [{ timeMs: -1 }, "timing.timeMs must be a number >= 0: current value is -1", RangeError],
    [{ timeMs: NaN }, "timing.timeMs must be a number >= 0: current value is NaN", RangeError],
  ];
  for (const [options, message, Fault] of cases) {
    assertThrows(() => check(options), Fault, `Cannot wait as ${message}`);
  }
  // Without names, anything is allowed.
  checkOptions("wait", { timeMs: "5", other: 1 });
});
