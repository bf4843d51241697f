import { assertEquals, assertGreater } from "@std/assert";
import type * as v from "valibot";
import { ClientEventSchemas } from "../../src/protocol/_schemas/client_event.ts";
import { ServerEventSchemas } from "../../src/protocol/_schemas/server_event.ts";
import { brokenRules } from "../../src/protocol/_schemas/shape.ts";
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

/** The fields that schemas of objects look for, by the names of them all, with those that no frame has. */
type Fields = Map<string, { readonly path: string; readonly missing: Set<string> }>;

/** A value that notes in `looked` which of its own fields a schema looks for. */
function watched(value: unknown, path: string, looked: (value: object, path: string, name: string) => void): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, name) => {
      const inner: unknown = Reflect.get(target, name);
      return typeof name === "symbol" ? inner : watched(inner, `${path}.${name}`, looked);
    },
    getOwnPropertyDescriptor: (target, name) => {
      looked(target, path, String(name));
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}

function visit(schema: v.GenericSchema, frame: object, path: string, fields: Fields): void {
  const objects = new Map<object, { readonly path: string; readonly names: Set<string> }>();
  const looked = (value: object, path: string, name: string) => {
    const object = objects.get(value) ?? { path, names: new Set() };
    objects.set(value, object);
    object.names.add(name);
  };
  brokenRules(schema, watched(frame, path, looked));
  for (const [value, { path, names }] of objects) {
    if (Array.isArray(value)) continue;
    const key = [...names].sort().join();
    const known = fields.get(key) ?? { path, missing: new Set(names) };
    fields.set(key, known);
    for (const name of Object.keys(value)) known.missing.delete(name);
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
