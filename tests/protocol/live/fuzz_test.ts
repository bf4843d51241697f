import { assert, assertEquals } from "@std/assert";
import {
  checkLiveClientEvent,
  InvalidEventError,
  type LiveOutgoingEvent,
  parseLiveServerEvent,
  safeParseLiveClientEvent,
  safeParseLiveServerEvent,
  safeParseLiveWebhookEvent,
  stringifyLiveClientEvent,
} from "../../../src/protocol/mod.ts";
import { type Frames, framesOf, type Json, placesOf } from "../_frames.ts";
import { liveClientFrames, liveServerFrames, liveWebhookFrames } from "./_frames.ts";
import { randomFrom, testSeed } from "../../_random.ts";

const FRAMES = 40_000;
const CONNECTIONS = ["primary", "sideband", "fork"] as const;
const seed = testSeed();
const random = randomFrom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;

const real = [liveServerFrames, liveWebhookFrames, ...Object.values(liveClientFrames)].flatMap(framesOf);
const texts = real.map((frame) => JSON.stringify(frame));
const places = real.map(placesOf);
const values = [null, true, -1, 0.5, 1e21, "", "type", "__proto__", [], [null], {}, { type: "x" }, { type: 1 }];

function nextFrame(): string {
  if (random() < 0.5) return JSON.stringify(pick(pick(places)).replace(pick(values)));
  let text = pick(texts);
  for (let change = below(4); change >= 0; change--) {
    const from = below(text.length);
    text = text.slice(0, from) + String.fromCharCode(32 + below(96)) + text.slice(from + below(3));
  }
  return text;
}

Deno.test("no function of the Live protocol throws on 40,000 random frames", () => {
  let events = 0;
  for (let index = 0; index < FRAMES; index++) {
    const frame = nextFrame();
    const connection = pick(CONNECTIONS);
    try {
      const result = safeParseLiveServerEvent(frame);
      if (result.ok) events++;
      else assert(result.issues.length > 0);
      assert(typeof parseLiveServerEvent(frame).type === "string");
      safeParseLiveWebhookEvent(frame);
      const client = safeParseLiveClientEvent(frame, connection);
      tryToSend(client.ok ? client.event : client.raw, connection);
    } catch (error) {
      throw new Error(`Cannot survive frame ${index} of seed ${seed}: ${frame}`, { cause: error });
    }
  }
  assert(events > FRAMES / 20 && events < FRAMES * 0.9, `${events} of ${FRAMES} frames were events`);
});

/** Sending throws its own error or none, and exactly for the events in which checking finds issues. */
function tryToSend(event: unknown, connection: (typeof CONNECTIONS)[number]): void {
  const isRight = checkLiveClientEvent(event, connection).length === 0;
  try {
    stringifyLiveClientEvent(event as never, { connection });
    assert(isRight);
  } catch (error) {
    assert(error instanceof InvalidEventError && !isRight);
  }
}

const CHARACTERS = ["a", " ", "\n", "\u0000", `"`, "\\", "\u2028", "é", "漢", "😀", "\ud800", "</script>"];

/** A frame with some of its optional fields, and with other texts where no rule applies. */
function vary({ minimal, full }: Frames): Json {
  let frame = full;
  for (const { path } of placesOf(full)) {
    const now = placesOf(frame).find((place) => place.path === path);
    if (!now) continue;
    const isOptional = !path.includes(".") && now.isField && !(path in minimal);
    const text = `x${Array.from({ length: below(20) }, () => pick(CHARACTERS)).join("")}`;
    if (isOptional && random() < 0.5) frame = now.remove();
    else if (/^(client_)?event_id$|content$|delta$|message$|\.text$|instructions$/.test(path)) {
      if (typeof now.value === "string") frame = now.replace(text);
    }
  }
  return frame;
}

Deno.test("every event of the Live API survives a round trip, whatever texts it contains", () => {
  for (let round = 0; round < 20; round++) {
    for (const frames of Object.values(liveServerFrames)) {
      const frame = vary(frames);
      const result = safeParseLiveServerEvent(JSON.stringify(frame));
      assert(result.ok, JSON.stringify(result));
      assertEquals<unknown>(result.event, frame);
    }
    for (const connection of CONNECTIONS) {
      for (const frames of Object.values(liveClientFrames[connection])) {
        const frame = vary(frames);
        const text = stringifyLiveClientEvent(frame as unknown as LiveOutgoingEvent, { connection });
        const result = safeParseLiveClientEvent(text, connection);
        assert(result.ok, JSON.stringify(result));
        assertEquals<unknown>(result.event, frame);
      }
    }
  }
});
