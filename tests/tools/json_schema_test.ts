import { assertEquals, assertThrows } from "@std/assert";
import { toJsonSchema as referenceToJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { toJsonSchema } from "../../src/tools/_json_schema.ts";

const Colour = v.picklist(["red", "green", "blue"]);

/** Schemas that both this package and the reference can write as JSON Schema. */
const SCHEMAS: Readonly<Record<string, v.GenericSchema>> = {
  "an object": v.object({ a: v.string(), b: v.optional(v.number()), c: v.nullish(v.boolean()) }),
  "an object without fields": v.object({}),
  "a strict object": v.strictObject({ a: v.null() }),
  "a loose object": v.looseObject({ a: v.unknown(), b: v.any() }),
  "nested objects and arrays": v.object({ list: v.array(v.object({ deep: v.array(v.array(v.string())) })) }),
  "bounds of a number": v.pipe(v.number(), v.minValue(-1), v.maxValue(5.5), v.multipleOf(0.5)),
  "open bounds of a number": v.pipe(v.number(), v.gtValue(0), v.ltValue(10)),
  "an integer": v.pipe(v.number(), v.integer(), v.minValue(1)),
  "bounds of a string": v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
  "a string of one length": v.pipe(v.string(), v.length(4)),
  "a string that is not empty": v.pipe(v.string(), v.nonEmpty()),
  "bounds of an array": v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3)),
  "an array of one length": v.pipe(v.array(v.string()), v.length(2)),
  "an array that is not empty": v.pipe(v.array(v.string()), v.nonEmpty()),
  "a pattern": v.pipe(v.string(), v.regex(/^[a-z]+\d{2,}$/)),
  "formats": v.object({
    email: v.pipe(v.string(), v.email()),
    url: v.pipe(v.string(), v.url()),
    uuid: v.pipe(v.string(), v.uuid()),
    ipv4: v.pipe(v.string(), v.ipv4()),
    ipv6: v.pipe(v.string(), v.ipv6()),
    date: v.pipe(v.string(), v.isoDate()),
    time: v.pipe(v.string(), v.isoTime()),
    dateTime: v.pipe(v.string(), v.isoDateTime()),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
  }),
  "literals": v.union([v.literal("a"), v.literal(1), v.literal(true)]),
  "a choice of strings": Colour,
  "a choice of numbers": v.picklist([1, 2]),
  "a choice of both": v.picklist(["auto", 1]),
  "an enum": v.enum({ North: "n", South: "s" }),
  "defaults": v.object({
    a: v.optional(v.string(), "x"),
    b: v.nullable(v.number(), 1),
    c: v.optional(v.number(), () => 3),
  }),
  "optional of every kind": v.object({
    a: v.exactOptional(v.string()),
    b: v.optional(v.pipe(v.string(), v.minLength(1))),
    c: v.undefinedable(v.string()),
  }),
  "a union": v.union([v.string(), v.array(v.number())]),
  "a variant": v.variant("kind", [
    v.object({ kind: v.literal("circle"), radius: v.number() }),
    v.object({ kind: v.literal("square"), side: v.number() }),
  ]),
  "an intersection": v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]),
  "descriptions": v.pipe(
    v.object({ city: v.pipe(v.string(), v.title("City"), v.description("Where"), v.examples(["Paris"])) }),
    v.description("A place"),
  ),
  "metadata": v.pipe(v.string(), v.metadata({ title: "Name", deprecated: true })),
  "a pipe in a pipe": v.pipe(v.pipe(v.string(), v.minLength(2)), v.maxLength(4)),
  "what goes into a transformation": v.object({
    when: v.pipe(v.string(), v.isoDate(), v.transform((text) => new Date(text)), v.date()),
    count: v.pipe(v.string(), v.toNumber(), v.minValue(3)),
  }),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  Deno.test(`toJsonSchema() converts ${name} as @valibot/to-json-schema does`, () => {
    const { $schema: _dialect, ...expected } = referenceToJsonSchema(schema, { typeMode: "input" });
    assertEquals(JSON.parse(JSON.stringify(toJsonSchema(schema))), JSON.parse(JSON.stringify(expected)));
  });
}

Deno.test("toJsonSchema() converts a record to an object with one value type", () => {
  assertEquals(toJsonSchema(v.record(v.string(), v.number())), {
    type: "object",
    additionalProperties: { type: "number" },
  });
});

Deno.test("toJsonSchema() omits rules that JSON Schema cannot express", () => {
  const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.check((text) => text !== "x"), v.regex(/a/i));
  assertEquals(toJsonSchema(name), { type: "string", minLength: 1 });
});

Deno.test("toJsonSchema() describes what the model writes, not what a transformation or a later schema makes of it", () => {
  const actions = [
    v.transform((text: unknown) => text),
    v.rawTransform<unknown, unknown>(({ dataset }) => dataset.value),
    v.parseJson(),
    v.stringifyJson(),
    v.toBigint(),
    v.toBoolean(),
    v.toDate(),
    v.toNumber(),
    v.toString(),
    v.string(),
  ];
  for (const action of actions) {
    const schema = v.pipe(v.string(), v.minLength(1), action as v.GenericTransformation, v.maxLength(5) as never);
    assertEquals(toJsonSchema(schema), { type: "string", minLength: 1 }, action.type);
  }
});

Deno.test("toJsonSchema() rejects values that are not JSON, at any level", () => {
  for (const schema of [v.date(), v.bigint(), v.map(v.string(), v.string()), v.custom<string>(() => true)]) {
    assertThrows(() => toJsonSchema(v.object({ deep: v.array(schema) })), TypeError, `of type ${schema.type}`);
  }
});
