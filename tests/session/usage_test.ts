import { assertEquals } from "@std/assert";
import { addUsage, costOf, type UsageLine, usageLines, usageOfEvent } from "../../src/session/usage.ts";
import { open, responseDone } from "./_fake_server.ts";

const MODEL = "gpt-realtime-2.1";

/** A response with cached audio, as the API counts it. */
const USAGE = {
  total_tokens: 360,
  input_tokens: 200,
  output_tokens: 160,
  input_token_details: {
    text_tokens: 120,
    audio_tokens: 70,
    image_tokens: 10,
    cached_tokens: 90,
    cached_tokens_details: { text_tokens: 64, audio_tokens: 26, image_tokens: 0 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 130 },
};

function brief(lines: readonly UsageLine[]): (readonly [string, number])[] {
  return lines.map((
    { cached, modality, direction, tokens },
  ) => [`${cached ? "cached " : ""}${modality} ${direction}`, tokens]);
}

Deno.test("usageLines() tells tokens apart by direction, modality and cache", () => {
  assertEquals(brief(usageLines(USAGE, MODEL)), [
    ["cached text input", 64],
    ["text input", 56],
    ["cached audio input", 26],
    ["audio input", 44],
    ["image input", 10],
    ["text output", 30],
    ["audio output", 130],
  ]);
});

Deno.test("usageLines() counts as text what is not broken down", () => {
  assertEquals(brief(usageLines({ input_tokens: 10, output_tokens: 5 }, MODEL)), [["text input", 10], [
    "text output",
    5,
  ]]);
  const cached = { input_tokens: 30, input_token_details: { text_tokens: 10, audio_tokens: 20, cached_tokens: 15 } };
  assertEquals(brief(usageLines(cached, MODEL)), [["cached text input", 10], ["cached audio input", 5], [
    "audio input",
    15,
  ]]);
  for (const nothing of [null, undefined, { type: "new_count" }]) assertEquals(usageLines(nothing, MODEL), []);
});

Deno.test("usageOfEvent() counts transcriptions by their own model, in seconds or tokens", () => {
  const config = { model: MODEL, audio: { input: { transcription: { model: "scribe" } } } };
  const type = "conversation.item.input_audio_transcription.completed";
  const seconds = usageOfEvent({ type, usage: { type: "duration", seconds: 3 } } as never, config);
  const line = { model: "scribe", direction: "input", modality: "audio", cached: false } as const;
  assertEquals(seconds, [{ ...line, tokens: 0, seconds: 3 }]);
  const usage = { type: "tokens", input_tokens: 8, output_tokens: 2, input_token_details: { audio_tokens: 8 } };
  const tokens = usageOfEvent({ type, usage } as never, config);
  assertEquals([tokens[0]?.model, brief(tokens)], ["scribe", [["audio input", 8], ["text output", 2]]]);
  assertEquals(usageOfEvent({ type: "response.created" }, config), []);
});

Deno.test("addUsage() sums what is of the same kind, and changes nothing", () => {
  const once = usageLines(USAGE, MODEL);
  const total = addUsage(addUsage(once, once), usageLines(USAGE, "other"));
  assertEquals(total.length, 2 * once.length);
  assertEquals(brief(total)[1], ["text input", 112]);
  assertEquals(brief(once)[1], ["text input", 56]);
});

Deno.test("costOf() multiplies by the price of each kind", () => {
  const lines = [...usageLines(USAGE, MODEL), ...usageLines({ seconds: 90 }, "scribe")];
  const prices = {
    [MODEL]: {
      "text input": 1,
      "cached text input": 10,
      "audio input": 100,
      "cached audio input": 1000,
      "image input": 10_000,
      "text output": 100_000,
      "audio output": 1_000_000,
    },
    scribe: { minute: 0.5 },
  };
  const tokens = 56 + 640 + 4400 + 26_000 + 100_000 + 3_000_000 + 130_000_000;
  assertEquals(Math.round(costOf(lines, prices) * 1e6), tokens + 750_000);
  assertEquals(costOf(lines, { ...prices, scribe: {} }), NaN);
  assertEquals(costOf([], {}), 0);
});

Deno.test("Session.usage is the sum of all responses and transcriptions", async () => {
  const { server, session } = await open();
  assertEquals(session.usage, []);
  server.emit({ type: "session.updated", session: { type: "realtime", model: MODEL } });
  server.emit(responseDone("resp_1", { usage: USAGE }), responseDone("resp_2", { usage: USAGE, status: "cancelled" }));
  await server.settle();
  assertEquals([session.usage[0]?.model, brief(session.usage)[6]], [MODEL, ["audio output", 260]]);
});
