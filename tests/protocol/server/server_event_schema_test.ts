import { assert, assertEquals } from "@std/assert";
import { ServerEventSchema, TranslationServerEventSchema } from "../../../src/protocol/mod.ts";
import * as v from "valibot";
import { itemFrames, type Json, ofOtherType, placesOf, serverFrames, translationServerFrames } from "../_frames.ts";

/** Fields with arbitrary content. */
const FREE = /\b(parameters|input_schema|annotations|tracing\.metadata)\b|\bvariables\./;

function addedWith(item: Json): Json {
  return { type: "conversation.item.added", event_id: "event_1", item } as unknown as Json;
}

const subjects = [
  {
    name: "ServerEventSchema",
    schema: ServerEventSchema,
    tables: [
      ...Object.values(serverFrames),
      ...Object.values(itemFrames).map(({ minimal, full }) => ({ minimal: addedWith(minimal), full: addedWith(full) })),
    ],
  },
  {
    name: "TranslationServerEventSchema",
    schema: TranslationServerEventSchema,
    tables: Object.values(translationServerFrames),
  },
];

for (const { name, schema, tables } of subjects) {
  const frames = tables.flatMap(({ minimal, full }) => [minimal, full]);

  /** The path of the first issue, or undefined for an event as documented. */
  const faultOf = (frame: Json): string | undefined => {
    const { issues } = v.safeParse(schema, frame);
    return issues?.[0].path?.map(({ key }) => typeof key === "number" ? `[${key}]` : `.${key}`).join("").slice(1);
  };

  Deno.test(`${name} accepts every type of event and item, and unknown fields`, () => {
    for (const frame of frames) {
      assertEquals(faultOf(frame), undefined, frame.type);
      assertEquals(faultOf({ ...frame, brand_new: 1 } as unknown as Json), undefined, frame.type);
    }
  });

  Deno.test(`${name} names a missing field`, () => {
    for (const { minimal } of tables) {
      for (const { path, isField, remove } of placesOf(minimal)) {
        if (isField) assertEquals(faultOf(remove()), path, `${minimal.type} without ${path}`);
      }
    }
  });

  Deno.test(`${name} names a field of the wrong type`, () => {
    for (const frame of frames) {
      for (const { path, value, replace } of placesOf(frame)) {
        if (FREE.test(path)) continue;
        assertEquals(faultOf(replace(ofOtherType(value))), path, `${frame.type} with a wrong ${path}`);
      }
    }
  });

  Deno.test(`${name} accepts an optional field that is null or absent`, () => {
    for (const { minimal, full } of tables) {
      const wanted = new Set(placesOf(minimal).map(({ path }) => path));
      for (const { path, isField, remove, replace } of placesOf(full)) {
        if (!isField || wanted.has(path) || FREE.test(path) || /(metadata|headers)\./.test(path)) continue;
        const fault = faultOf(remove());
        assertEquals(faultOf(replace(null)), fault, `${full.type} with a null ${path}`);
        assert(fault === undefined || fault === path, `${full.type} without ${path}: ${fault}`);
      }
    }
  });
}

Deno.test("ServerEventSchema does not accept an array as an object", () => {
  assert(!v.is(ServerEventSchema, { type: "response.done", event_id: "e", response: [] }));
});
