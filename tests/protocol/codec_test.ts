import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type ClientEvent,
  type Codec,
  InvalidEventError,
  isMalformedServerEvent,
  isUnknownServerEvent,
  realtimeCodec,
  translationCodec,
  uncheckedRealtimeCodec,
} from "../../src/protocol/mod.ts";
import {
  clientFrames,
  framesOf,
  type Json,
  placesOf,
  serverFrames,
  translationClientFrames,
  translationServerFrames,
} from "./_frames.ts";

const codecs: readonly [name: string, codec: Codec<never, { readonly type: string }>, out: Json[], incoming: Json[]][] =
  [
    ["realtimeCodec", realtimeCodec, framesOf(clientFrames), framesOf(serverFrames)],
    ["uncheckedRealtimeCodec", uncheckedRealtimeCodec, framesOf(clientFrames), framesOf(serverFrames)],
    ["translationCodec", translationCodec, framesOf(translationClientFrames), framesOf(translationServerFrames)],
  ];

for (const [name, codec, out, incoming] of codecs) {
  Deno.test(`${name} writes every event, and reads every event from text and from bytes`, () => {
    for (const event of out) assertEquals(JSON.parse(codec.stringify(event as never)), event);
    for (const event of incoming) {
      const frame = JSON.stringify(event);
      assertEquals<unknown>(codec.read(frame), event);
      assertEquals<unknown>(codec.read(new TextEncoder().encode(frame)), event);
      assertEquals<unknown>(codec.read(new TextEncoder().encode(`..${frame}`).subarray(2)), event);
    }
  });

  Deno.test(`${name} reads an invalid frame as a malformed event`, () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0x00);
    const frames: [frame: string | Uint8Array, raw: unknown][] = [
      ["", ""],
      ["{", "{"],
      ["null", null],
      ["[]", []],
      ["7", 7],
      [`{"type":7}`, { type: 7 }],
      [`{"event_id":"e"}`, { event_id: "e" }],
      [bytes, new TextDecoder().decode(bytes)],
      [new Uint8Array(), ""],
    ];
    for (const [frame, raw] of frames) {
      const event = codec.read(frame);
      assert(isMalformedServerEvent(event), String(frame));
      assertEquals(event.raw, raw);
      assert(event.issues.length === 1);
    }
    const unknown = codec.read(`{"type":"brand.new","deep":{"er":1}}`);
    assert(isUnknownServerEvent(unknown, "brand.new"));
    assertEquals(unknown.deep, { er: 1 });
  });

  Deno.test(`${name} has functions that do not depend on this`, () => {
    const { read, stringify } = codec;
    assertEquals(read(`{"type":"x"}`).type, "x");
    assertEquals(typeof stringify(out[0] as never), "string");
  });
}

Deno.test("realtimeCodec and translationCodec validate in both directions unless check is false", () => {
  const wrong = { type: "response.create", response: { max_output_tokens: 0 } } as const;
  assertThrows(() => realtimeCodec.stringify(wrong), InvalidEventError, "max_output_tokens");
  assertEquals(JSON.parse(realtimeCodec.stringify(wrong, { check: false })), wrong);
  assertThrows(() => translationCodec.stringify(wrong as never), InvalidEventError, "as type must be");
  for (const codec of [realtimeCodec, translationCodec]) {
    const event = codec.read(`{"type":"error","error":"bad"}`);
    assert(event.type === "malformed_event");
    assertEquals(event.issues.map(({ path }) => path), ["error"]);
  }
});

Deno.test("uncheckedRealtimeCodec writes and reads anything that is an event", () => {
  for (const frame of framesOf(clientFrames)) {
    for (const { path, replace } of placesOf(frame)) {
      if (path === "type") continue;
      const event = replace({ odd: [1] });
      assertEquals(JSON.parse(uncheckedRealtimeCodec.stringify(event as unknown as ClientEvent)), event);
    }
  }
  const wrong = { type: "error", error: "bad" };
  assertEquals<unknown>(uncheckedRealtimeCodec.read(JSON.stringify(wrong)), wrong);
  const circle: Record<string, unknown> = { type: "session.update" };
  circle.session = circle;
  assertThrows(() => uncheckedRealtimeCodec.stringify(circle as unknown as ClientEvent), InvalidEventError, "JSON");
});
