import { assert, assertEquals } from "@std/assert";
import {
  type ClientEvent,
  isKnownServerEvent,
  safeParseClientEvent,
  safeParseServerEvent,
  stringifyClientEvent,
} from "../../src/protocol/mod.ts";
import { clientFrames, type Frames, type Json, placesOf, serverFrames } from "./_frames.ts";
import { randomFrom, testSeed } from "../_random.ts";

// Events survive a round trip in both directions, whatever texts, numbers and optional fields they contain.

const CHARACTERS = [
  "a",
  "Z",
  "7",
  " ",
  "\n",
  "\u0000",
  `"`,
  "\\",
  "/",
  "\u2028",
  "é",
  "漢",
  "😀",
  "\ud800",
  "</script>",
];

/** Free texts: no rule applies to their characters. */
const TEXTS =
  /(^event_id|instructions|text|transcript|delta|prompt|language|arguments|output|description|speaker|message|metadata\.\w+)$/;

function randomText(random: () => number): string {
  const pick = () => CHARACTERS[Math.floor(random() * CHARACTERS.length)] ?? "";
  return Array.from({ length: Math.floor(random() * 40) }, pick).join("");
}

/** A frame with some of its optional fields and with other texts. */
function vary({ minimal, full }: Frames, random: () => number): Json {
  const wanted = new Set(placesOf(minimal).map(({ path }) => path));
  let frame = full;
  for (const place of placesOf(full)) {
    const { path, isField, value } = place;
    const now = placesOf(frame).find((candidate) => candidate.path === path);
    if (!now) continue;
    // Only the frame's own fields: which fields of an item are optional depends on its kind.
    const optional = isField && !path.includes(".") && !wanted.has(path);
    if (optional && random() < 0.5) frame = now.remove();
    else if (typeof value === "string" && TEXTS.test(path)) frame = now.replace(randomText(random));
  }
  return frame;
}

Deno.test("safeParseServerEvent() returns any serialized event unchanged", () => {
  const next = randomFrom(testSeed());
  for (const frames of Object.values(serverFrames)) {
    for (let round = 0; round < 20; round++) {
      const frame = vary(frames, next);
      const result = safeParseServerEvent(JSON.stringify(frame));
      assert(result.ok, JSON.stringify(result));
      assert(isKnownServerEvent(result.event));
      assertEquals<unknown>(result.event, frame);
    }
  }
});

Deno.test("safeParseClientEvent() returns any event of stringifyClientEvent() unchanged", () => {
  const next = randomFrom(testSeed());
  for (const frames of Object.values(clientFrames)) {
    for (let round = 0; round < 40; round++) {
      const frame = vary(frames, next);
      const result = safeParseClientEvent(stringifyClientEvent(frame as unknown as ClientEvent));
      assert(result.ok, JSON.stringify(result));
      assertEquals<unknown>(result.event, frame);
    }
  }
});
