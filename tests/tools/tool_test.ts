import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as v from "valibot";
import { checkClientEvent } from "../../src/protocol/mod.ts";
import { defineTool, type StandardSchema, type ToolContext } from "../../src/tools/mod.ts";

const context: ToolContext = {
  signal: new AbortController().signal,
  callId: "call_1",
  session: { sendMessage: () => Promise.resolve("item_1"), close: () => Promise.resolve() },
  idle: () => Promise.resolve(),
};

Deno.test("defineTool() describes a valibot schema as JSON Schema", () => {
  const tool = defineTool({
    name: "sum",
    description: "Add two integers.",
    timeoutMs: 100,
    followUp: "silent",
    parameters: v.object({ a: v.pipe(v.number(), v.integer()), b: v.optional(v.pipe(v.number(), v.integer()), 1) }),
    run: ({ a, b }) => a + b,
  });
  assertEquals(tool.definition, {
    type: "function",
    name: "sum",
    description: "Add two integers.",
    parameters: {
      type: "object",
      properties: { a: { type: "integer" }, b: { type: "integer", default: 1 } },
      required: ["a"],
    },
  });
  assertEquals([tool.timeoutMs, tool.followUp], [100, "silent"]);
  assertEquals(
    checkClientEvent({ type: "session.update", session: { type: "realtime", tools: [tool.definition] } }),
    [],
  );
});

Deno.test("defineTool() runs with the schema's output", async () => {
  const tool = defineTool({
    name: "greet",
    parameters: v.object({ name: v.pipe(v.string(), v.trim()), times: v.optional(v.number(), 2) }),
    run: ({ name, times }, { callId }) => `${callId}: ${name} × ${times}`,
  });
  assertEquals(await tool.call({ name: " Ada ", more: true }, context), "call_1: Ada × 2");
});

Deno.test("defineTool() does not run with invalid arguments, and names the fields", async () => {
  let runs = 0;
  const parameters = v.object({ user: v.object({ age: v.number() }), tags: v.array(v.string()) });
  const tool = defineTool({ name: "save", parameters, run: () => runs++ });
  const error = await assertRejects(() => tool.call({ user: { age: "7" }, tags: ["a", 1] }, context), TypeError);
  assert(error.message.includes("user.age: ") && error.message.includes("tags.1: "), error.message);
  await assertRejects(() => tool.call(7, context), TypeError, "arguments: ");
  assertEquals(runs, 0);
});

Deno.test("defineTool() rejects a schema that has no JSON Schema", () => {
  const parameters = v.object({ when: v.date() });
  assertThrows(() => defineTool({ name: "plan", parameters, run: () => 0 }), TypeError, "Cannot define tool plan");
});

Deno.test("defineTool() accepts a JSON Schema, and passes arguments unchanged", async () => {
  const parameters = { type: "object", properties: { city: { type: "string" } } };
  const tool = defineTool({ name: "weather", parameters, run: ({ city }) => `Fog in ${city}` });
  assertEquals(tool.definition, { type: "function", name: "weather", parameters });
  assertEquals(await tool.call({ city: "London" }, context), "Fog in London");
});

Deno.test("defineTool() runs with the result of check, unless it throws", async () => {
  let runs = 0;
  const tool = defineTool({
    name: "weather",
    check: async (args) => {
      await Promise.resolve();
      if (typeof args !== "object") throw new RangeError("Not an object");
      return { ...args, checked: true };
    },
    run: (args) => {
      runs++;
      return args;
    },
  });
  assertEquals(await tool.call({ city: "London" }, context), { city: "London", checked: true });
  await assertRejects(() => tool.call(7, context), RangeError, "Not an object");
  assertEquals(runs, 1);
});

Deno.test("defineTool() without parameters accepts no arguments", () => {
  assertEquals(defineTool({ name: "now", run: () => 0 }).definition, {
    type: "function",
    name: "now",
    parameters: { type: "object", properties: {} },
  });
});

Deno.test("defineTool() turns an exception of run into a rejection", async () => {
  const tool = defineTool({
    name: "bad",
    run: () => {
      throw new RangeError("At once");
    },
  });
  await assertRejects(() => tool.call({}, context), RangeError, "At once");
});

/** A schema without a library: an object whose `city` is a string. */
const CITY: StandardSchema<{ city: string }> = {
  "~standard": {
    validate: (value) => {
      const { city } = value as { city?: unknown };
      if (typeof city === "string") return { value: { city: city.trim() } };
      return { issues: [{ message: "must be a string", path: ["place", { key: "city" }] }, { message: "is odd" }] };
    },
    jsonSchema: { input: ({ target }) => ({ type: "object", title: target }) },
  },
};

Deno.test("defineTool() accepts any schema that implements Standard Schema", async () => {
  // Schemas of some libraries are functions.
  for (const parameters of [CITY, Object.assign(() => {}, CITY)]) {
    const tool = defineTool({ name: "weather", parameters, run: ({ city }) => city.toUpperCase() });
    assertEquals(tool.definition.parameters, { type: "object", title: "draft-07" });
    assertEquals(await tool.call({ city: " Ulm " }, context), "ULM");
    const error = await assertRejects(() => tool.call({}, context), TypeError);
    assertEquals(error.message, "The arguments are invalid: place.city: must be a string; arguments: is odd");
  }
});

Deno.test("defineTool() rejects a Standard Schema without a JSON Schema", () => {
  const parameters = { "~standard": { validate: CITY["~standard"].validate } } as typeof CITY;
  assertThrows(() => defineTool({ name: "weather", parameters, run: () => {} }), TypeError, "have no JSON Schema");
});

Deno.test("needsApproval of a tool receives validated arguments", async () => {
  const tool = defineTool({ name: "go", parameters: CITY, needsApproval: ({ city }) => city === "Ulm", run: () => {} });
  assertEquals([await tool.needsApproval?.({ city: " Ulm " }), await tool.needsApproval?.({ city: "Bonn" })], [
    true,
    false,
  ]);
  await assertRejects(async () => await tool.needsApproval?.({}), TypeError, "The arguments are invalid");
  const plain = defineTool({ name: "go", run: () => {} });
  assertEquals(await plain.needsApproval?.({}), false);
});

Deno.test("defineTool() rejects unknown options, and those of the wrong type", () => {
  // deno-lint-ignore no-explicit-any -- callers without types pass anything
  const define = defineTool as (definition?: any) => unknown;
  const run = () => {};
  for (
    const [definition, message] of [
      [undefined, "Cannot define a tool as the options must be an object: current value is undefined"],
      [{ name: "sum", run, timeout: 5 }, "there is no option timeout: did you mean timeoutMs?"],
      [{ name: "sum", run, parameter: {} }, "there is no option parameter: did you mean parameters?"],
      [{ name: "sum", execute: run }, "Cannot define a tool as there is no option execute: did you mean run?"],
      [{ name: "sum", run, needs_approval: true }, "did you mean needsApproval?"],
      [{ name: "sum", run, filler: { after: 5 } }, "Cannot define tool sum as there is no option filler.after"],
      [{ name: "sum", run, parameters: null }, "Cannot define tool sum as parameters must be an object"],
      [{ name: "sum", run, check: true }, "check must be a function: current value is of type Boolean"],
      [{ name: "sum" }, "Cannot define tool sum as run must be a function: current value is of type undefined"],
      [{ name: "my sum", run }, 'name must be 1 to 64 letters, digits, _ and -: current value is "my sum"'],
      [{ name: "x".repeat(65), run }, "name must be 1 to 64 letters"],
      [{ run }, "name must be 1 to 64 letters, digits, _ and -: current value is undefined"],
    ] as const
  ) {
    assertThrows(() => define(definition), TypeError, message);
  }
});

Deno.test("defineTool() types the arguments of a JSON Schema as unknown, or as the result of check", () => {
  const parameters = { type: "object" };
  // @ts-expect-error the schema gives no type, and nothing has checked them
  defineTool({ name: "sum", parameters, run: (args) => args.a });
  const check = (args: unknown) => ({ a: Number((args as { a?: unknown }).a) });
  const { definition } = defineTool({ name: "sum", parameters, check, run: ({ a }) => a.toFixed() });
  assertEquals(definition.parameters, parameters);
});
