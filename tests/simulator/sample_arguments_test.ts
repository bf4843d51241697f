import { assert, assertEquals } from "@std/assert";
import { sampleArguments } from "../../src/simulator/sample_arguments.ts";

const NUMBER = { type: "number" };
const STRING = { type: "string" };

function object(properties: Record<string, unknown>, required = Object.keys(properties)): unknown {
  return { type: "object", properties, required };
}

/** The sample for a schema without a text. */
function sample(schema: unknown): unknown {
  const made = sampleArguments(object({ value: schema }));
  return (made as { value: unknown }).value;
}

Deno.test("sampleArguments() prefers const, then default, then enum, then examples", () => {
  assertEquals(sample({ const: 7, default: 1, enum: [2] }), 7);
  assertEquals(sample({ default: 1, enum: [2], examples: [3] }), 1);
  assertEquals(sample({ enum: [2, 4], examples: [3] }), 2);
  assertEquals(sample({ type: "integer", examples: [3] }), 3);
  assertEquals(sample({ const: null }), null);
  assertEquals(sampleArguments(object({ a: { const: 7 } }), { text: "a: 8" }), { a: 7 });
});

Deno.test("sampleArguments() returns a value of the first type that is not null", () => {
  assertEquals(sample(STRING), "example");
  assertEquals(sample(NUMBER), 1);
  assertEquals(sample({ type: "boolean" }), true);
  assertEquals(sample({ type: "null" }), null);
  assertEquals(sample({ type: ["null", "integer"] }), 1);
  assertEquals(sample({ type: "object" }), {});
  assertEquals(sample({}), "example");
  assertEquals(sample(true), "example");
});

Deno.test("sampleArguments() stays within the bounds of numbers", () => {
  assertEquals(sample({ type: "integer", minimum: 18 }), 18);
  assertEquals(sample({ type: "number", maximum: -2 }), -2);
  assertEquals(sample({ type: "integer", exclusiveMinimum: 4 }), 5);
  assertEquals(sample({ type: "number", exclusiveMinimum: 0, maximum: 0.5 }), 0.25);
  assertEquals(sample({ type: "number", minimum: 3, exclusiveMinimum: true, maximum: 4 }), 4);
  assertEquals(sample({ type: "integer", multipleOf: 5, minimum: 7 }), 10);
  assertEquals(sample({ type: "integer", multipleOf: 5, exclusiveMaximum: 0 }), -5);
});

Deno.test("sampleArguments() honours the length, format and simple patterns of strings", () => {
  assertEquals(sample({ type: "string", minLength: 10 }), "exampleexa");
  assertEquals(sample({ type: "string", maxLength: 3 }), "exa");
  assertEquals(sample({ type: "string", format: "date" }), "2026-01-15");
  assertEquals(sample({ type: "string", format: "email" }), "user@example.com");
  assertEquals(sample({ type: "string", pattern: "^[A-Z]{3}-\\d{3}$" }), "ABC-123");
  assertEquals(sample({ type: "string", pattern: "^\\d+$", minLength: 3 }), "123");
  assertEquals(sample({ type: "string", pattern: "(?not a pattern" }), "example");
});

Deno.test("sampleArguments() fills arrays to their minimum, at least one item, with distinct items where required", () => {
  assertEquals(sample({ type: "array", items: NUMBER }), [1]);
  assertEquals(sample({ type: "array", items: STRING, minItems: 2 }), ["example", "example"]);
  assertEquals(sample({ type: "array", items: STRING, maxItems: 0 }), []);
  assertEquals(sample({ type: "array", items: NUMBER, minItems: 3, uniqueItems: true }), [1, 2, 3]);
  assertEquals(sample({ type: "array", items: { enum: ["a", "b"] }, minItems: 2, uniqueItems: true }), ["a", "b"]);
  assertEquals(sample({ type: "array", prefixItems: [NUMBER, STRING] }), [1, "example"]);
  assertEquals((sample({ type: "array", items: NUMBER, minItems: 1e9 }) as unknown[]).length, 100);
});

Deno.test("sampleArguments() returns the required properties in the order of the schema", () => {
  const schema = object({ a: STRING, b: object({ c: NUMBER, d: NUMBER }, ["d"]), e: NUMBER }, ["e", "b"]);
  assertEquals(JSON.stringify(sampleArguments(schema)), '{"b":{"d":1},"e":1}');
});

Deno.test("sampleArguments() returns every property if the schema has no list of required ones", () => {
  assertEquals(sampleArguments({ type: "object", properties: { a: STRING, b: NUMBER } }), { a: "example", b: 1 });
  assertEquals(sampleArguments({ type: "object", properties: { a: STRING }, required: [] }), {});
});

Deno.test("sampleArguments() returns an empty object for anything but a schema", () => {
  for (const schema of [undefined, null, "schema", true, [], {}]) assertEquals(sampleArguments(schema), {});
});

Deno.test("sampleArguments() follows references, allOf and the first non-null branch", () => {
  const schema = {
    $defs: { "a/b": { type: "object", properties: { n: { type: "integer", minimum: 9 } }, required: ["n"] } },
    ...object({
      ref: { $ref: "#/$defs/a~1b" },
      all: { allOf: [{ $ref: "#/$defs/a~1b" }, object({ s: STRING })] },
      any: { anyOf: [{ type: "null" }, { type: "boolean" }] },
      one: { oneOf: [{ const: "x" }, { const: "y" }] },
      lost: { $ref: "#/$defs/nowhere" },
    }) as object,
  };
  assertEquals(sampleArguments(schema, { text: "take y" }), {
    ref: { n: 9 },
    all: { n: 9, s: "example" },
    any: true,
    one: "y",
    lost: "example",
  });
});

Deno.test("sampleArguments() terminates on recursive schemas", () => {
  const tree = object({
    name: STRING,
    left: { anyOf: [{ $ref: "#" }, { type: "null" }] },
    leaves: { type: "array", items: { $ref: "#" } },
  });
  assert(JSON.stringify(sampleArguments(tree)).length < 10_000);
  assert(JSON.stringify(sampleArguments(object({ a: { $ref: "#" }, b: { $ref: "#" } }))).length < 20_000);
  assertEquals(sample({ $ref: "#/properties/value" }), "example");
});

Deno.test("sampleArguments() takes numbers from the text in order", () => {
  const schema = object({ a: NUMBER, b: NUMBER });
  assertEquals(sampleArguments(schema, { text: "add 2 and 3" }), { a: 2, b: 3 });
  assertEquals(sampleArguments(schema, { text: "add -4 to 2.5" }), { a: -4, b: 2.5 });
  assertEquals(sampleArguments(schema, { text: "add 1,000 and seven" }), { a: 1000, b: 1 });
  assertEquals(sampleArguments(schema, { text: "add two and three" }), { a: 2, b: 3 });
  assertEquals(sampleArguments(schema, { text: "on 2026-01-05 at 10:30 add 4 and 5" }), { a: 4, b: 5 });
  assertEquals(sampleArguments(schema, { text: "for item_9 and v2 of 3rd add 6 and 7" }), { a: 6, b: 7 });
});

Deno.test("sampleArguments() ignores numbers in the text that are out of bounds", () => {
  const schema = object({ age: { type: "integer", minimum: 18 }, ratio: { type: "number", maximum: 1 } });
  assertEquals(sampleArguments(schema, { text: "0.5 for 42.5 or 30" }), { age: 30, ratio: 0.5 });
});

Deno.test("sampleArguments() takes quoted texts and names as strings", () => {
  const city = object({ city: STRING });
  assertEquals(sampleArguments(city, { text: "What is the weather in New York today?" }), { city: "New York" });
  assertEquals(sampleArguments(city, { text: "Is it hot in Rio de Janeiro, I wonder. Please tell" }), {
    city: "Rio de Janeiro",
  });
  assertEquals(sampleArguments(city, { text: "What's Zürich's weather?" }), { city: "Zürich" });
  assertEquals(sampleArguments(city, { text: "Call it for 'santa fe', Anna" }), { city: "santa fe" });
  assertEquals(sampleArguments(city, { text: "Oslo" }), { city: "Oslo" });
  assertEquals(sampleArguments(city, { text: "Tell me something" }), { city: "example" });
});

Deno.test("sampleArguments() ignores text that does not match the format", () => {
  const schema = object({ mail: { type: "string", format: "email" }, day: { type: "string", format: "date" } });
  assertEquals(sampleArguments(schema, { text: "Write to Anna, anna@example.org, on 2026-02-03" }), {
    mail: "anna@example.org",
    day: "2026-02-03",
  });
  assertEquals(sampleArguments(schema, { text: "Write to Anna on Monday" }), {
    mail: "user@example.com",
    day: "2026-01-15",
  });
});

Deno.test("sampleArguments() takes values that the text gives by name", () => {
  const trip = object({ to: STRING, from: STRING });
  assertEquals(sampleArguments(trip, { text: "From Paris to New York" }), { to: "New York", from: "Paris" });
  const search = object({
    order_id: { type: "integer" },
    limit: { type: "integer", default: 10 },
    all: { type: "boolean" },
  });
  assertEquals(sampleArguments(search, { text: "7 of them: limit=3, order id 42, all: false" }), {
    order_id: 42,
    limit: 3,
    all: false,
  });
  assertEquals(sampleArguments(search, { text: "order_id 4 of 5" }), { order_id: 4, limit: 10, all: true });
  assertEquals(sampleArguments(object({ from: STRING, via: STRING }), { text: "From Paris, please" }), {
    from: "Paris",
    via: "example",
  });
  assertEquals(sampleArguments(object({ a: NUMBER, b: NUMBER }), { text: "a=2 and 3" }), { a: 2, b: 3 });
  assertEquals(sampleArguments(trip, { text: 'Use {"from": "a", "to": "b"}' }), { to: "b", from: "a" });
});

Deno.test("sampleArguments() takes enum values named in the text, and optional properties with values in it", () => {
  const schema = object({ city: STRING, unit: { enum: ["celsius", "fahrenheit"] }, note: STRING, days: NUMBER }, [
    "city",
  ]);
  assertEquals(sampleArguments(schema, { text: "In Fahrenheit for Oslo, says Anna, 3 of them" }), {
    city: "Oslo",
    unit: "fahrenheit",
  });
  assertEquals(sampleArguments(schema, { text: "days: 3, for Oslo" }), { city: "Oslo", days: 3 });
});

Deno.test("sampleArguments() takes all matching values for an array", () => {
  const schema = object({ numbers: { type: "array", items: NUMBER } });
  assertEquals(sampleArguments(schema, { text: "the sum of 4, 5 and 6" }), { numbers: [4, 5, 6] });
  const days = object({ days: { type: "array", items: { enum: ["mon", "tue", "wed"] } } });
  assertEquals(sampleArguments(days, { text: "on wed and mon" }), { days: ["mon", "wed"] });
});

Deno.test("sampleArguments() takes numbers for strings whose pattern they match only", () => {
  const parameters = (schema: object) => ({
    type: "object",
    properties: { order_number: schema },
    required: ["order_number"],
  });
  const order = (schema: object, text: string) =>
    (sampleArguments(parameters({ type: "string", ...schema }), { text }) as { order_number: string }).order_number;
  assertEquals(order({ pattern: "^\\d+$" }, "Please cancel 12"), "12");
  assertEquals(order({ pattern: "^\\d{5}$" }, "Where are the 2 parcels of 10042?"), "10042");
  assertEquals(order({ pattern: "^\\d{4}$" }, "Where is 0042?"), "0042");
  assertEquals(order({ pattern: "^\\d{20}$" }, "Where is 12345678901234567890?"), "12345678901234567890");
  assertEquals(order({ pattern: "^\\d+$" }, "Please send 1,000 of them"), "1000");
  assertEquals(order({ pattern: "^\\d+$" }, "Please cancel seven"), "7");
  assertEquals(order({}, "Please cancel 12"), "example");
});
