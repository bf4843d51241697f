import { assertEquals, assertGreater } from "@std/assert";
import type * as v from "valibot";
import { ClientEventSchemas } from "../../src/protocol/_schemas/client_event.ts";
import { ServerEventSchemas } from "../../src/protocol/_schemas/server_event.ts";
import {
  TranslationClientEventSchemas,
  TranslationServerEventSchemas,
} from "../../src/protocol/_schemas/translation.ts";
import {
  clientFrames,
  type Frames,
  itemFrames,
  serverFrames,
  translationClientFrames,
  translationServerFrames,
} from "./_frames.ts";

/** The building blocks of our schemas. */
interface Parts {
  readonly entries?: v.ObjectEntries;
  readonly item?: v.GenericSchema;
  readonly value?: v.GenericSchema;
  readonly getter?: (input: unknown) => v.GenericSchema;
}

/** The fields that each schema of an object has, with whether a frame has them. */
type Fields = Map<object, { readonly path: string; readonly missing: Set<string> }>;

function visit(schema: v.GenericSchema, value: unknown, path: string, fields: Fields): void {
  const { entries, item, value: every, getter } = (schema as unknown as { readonly inside: Parts }).inside;
  if (value === null || value === undefined) return;
  if (getter) return visit(getter(value), value, path, fields);
  if (item && Array.isArray(value)) { for (const inner of value) visit(item, inner, `${path}[]`, fields); }
  if (every) { for (const inner of Object.values(value)) visit(every, inner, `${path}.*`, fields); }
  if (!entries) return;
  const known = fields.get(entries) ?? { path, missing: new Set(Object.keys(entries)) };
  fields.set(entries, known);
  for (const [name, inner] of Object.entries(value)) {
    known.missing.delete(name);
    const field = entries[name];
    if (field) visit(field as v.GenericSchema, inner, `${path}.${name}`, fields);
  }
}

/** The paths of schema fields that occur in no frame. */
function missingFields(
  schemas: Readonly<Record<string, v.GenericSchema>>,
  tables: readonly Readonly<Record<string, Frames>>[],
): { readonly schemas: number; readonly missing: readonly string[] } {
  const fields: Fields = new Map();
  for (const { full } of tables.flatMap((table) => Object.values(table))) {
    visit(schemas[full.type]!, full, full.type, fields);
  }
  const missing = [...fields.values()].flatMap(({ path, missing }) => [...missing].map((name) => `${path}.${name}`));
  return { schemas: fields.size, missing };
}

function itemsOf(type: string): Record<string, Frames> {
  const wrap = (item: Frames["full"]) => ({ type, event_id: "e", item }) as unknown as Frames["full"];
  return Object.fromEntries(
    Object.entries(itemFrames).map(([name, { minimal, full }]) => [name, { minimal: wrap(minimal), full: wrap(full) }]),
  );
}

Deno.test("the fixtures hold every field of a client event", () => {
  const { schemas, missing } = missingFields(ClientEventSchemas, [clientFrames, itemsOf("conversation.item.create")]);
  assertEquals(missing, []);
  assertGreater(schemas, 40);
});

Deno.test("the fixtures hold every field of a server event", () => {
  const { schemas, missing } = missingFields(ServerEventSchemas, [serverFrames, itemsOf("conversation.item.added")]);
  assertEquals(missing, []);
  assertGreater(schemas, 60);
});

Deno.test("the fixtures hold every field of the events of translation sessions", () => {
  assertEquals(missingFields(TranslationClientEventSchemas, [translationClientFrames]).missing, []);
  assertEquals(missingFields(TranslationServerEventSchemas, [translationServerFrames]).missing, []);
});
