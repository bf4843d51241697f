import { assert } from "@std/assert";
import {
  checkClientEvent,
  InvalidEventError,
  parseServerEvent,
  safeParseClientEvent,
  safeParseServerEvent,
  safeParseTranslationClientEvent,
  safeParseTranslationServerEvent,
  safeParseWebhookEvent,
  stringifyClientEvent,
} from "../../src/protocol/mod.ts";
import {
  clientFrames,
  framesOf,
  itemFrames,
  placesOf,
  serverFrames,
  translationClientFrames,
  translationServerFrames,
} from "./_frames.ts";
import { randomFrom, testSeed } from "../_random.ts";

const FRAMES = 100_000;

const seed = testSeed();
const random = randomFrom(seed);
const below = (limit: number) => Math.floor(random() * limit);

const real = [clientFrames, serverFrames, translationClientFrames, translationServerFrames, itemFrames].flatMap(
  framesOf,
);
const realTexts = real.map((frame) => JSON.stringify(frame));
const realPlaces = real.map(placesOf);
const words = [
  "type",
  "event_id",
  "item",
  "content",
  "session",
  "response",
  "error",
  "message",
  "__proto__",
  "toString",
];

function pick<Value>(values: readonly Value[]): Value {
  return values[below(values.length)] as Value;
}

function randomBytes(): string {
  return String.fromCharCode(...Array.from({ length: below(60) }, () => below(256)));
}

function randomJson(depth = 0): unknown {
  switch (below(depth > 4 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return (random() - 0.5) * 10 ** below(20);
    case 3:
      return pick(words);
    case 4:
      return pick(real).type;
    case 5:
      return Array.from({ length: below(4) }, () => randomJson(depth + 1));
    default:
      return Object.fromEntries(Array.from({ length: below(5) }, () => [pick(words), randomJson(depth + 1)]));
  }
}

/** A real frame with some characters changed, removed or doubled. */
function mutatedText(): string {
  let text = pick(realTexts);
  for (let change = below(4); change >= 0; change--) {
    const from = below(text.length);
    const to = from + below(12);
    text = pick([
      text.slice(0, from) + text.slice(to),
      text.slice(0, to) + text.slice(from),
      text.slice(0, from) + String.fromCharCode(32 + below(96)) + text.slice(from + 1),
    ]);
  }
  return text;
}

/** A real frame with one of its values replaced. */
function mutatedValue(): string {
  return JSON.stringify(pick(pick(realPlaces)).replace(randomJson()));
}

function nextFrame(): string {
  const kind = random();
  if (kind < 0.1) return randomBytes();
  if (kind < 0.3) return JSON.stringify(randomJson());
  return kind < 0.7 ? mutatedText() : mutatedValue();
}

Deno.test("no function of the protocol throws on 100,000 random frames", () => {
  let events = 0;
  for (let index = 0; index < FRAMES; index++) {
    const frame = nextFrame();
    try {
      const result = safeParseServerEvent(frame);
      if (result.ok) events++;
      else assert(result.issues.length > 0);
      assert(typeof parseServerEvent(frame).type === "string");
      const client = safeParseClientEvent(frame);
      if (!client.ok) assert(client.issues.length > 0);
      if (index % 10 === 0) {
        safeParseTranslationServerEvent(frame);
        safeParseTranslationClientEvent(frame);
        safeParseWebhookEvent(frame);
        tryToSend(client.ok ? client.event : client.raw);
      }
    } catch (error) {
      throw new Error(`Cannot survive frame ${index} of seed ${seed}: ${frame}`, { cause: error });
    }
  }
  assert(events > FRAMES / 20 && events < FRAMES * 0.9, `${events} of ${FRAMES} frames were events`);
});

/** Sending throws its own error or none, and exactly for the events in which checking finds issues. */
function tryToSend(event: unknown): void {
  const isRight = checkClientEvent(event).length === 0;
  try {
    stringifyClientEvent(event as never);
    assert(isRight);
  } catch (error) {
    assert(error instanceof InvalidEventError && !isRight);
  }
}
