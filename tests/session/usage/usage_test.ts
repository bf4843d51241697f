import { assertEquals } from "@std/assert";
import { UsageMeter } from "../../../src/session/_parts/usage_meter.ts";
import { costOf, type UsageLine, usageLines } from "../../../src/session/usage.ts";
import { type Frame, open, responseDone } from "../_fake_server.ts";

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

Deno.test("usageLines() separates tokens by direction, modality and cache", () => {
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

Deno.test("usageLines() counts tokens without details as text", () => {
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

Deno.test("usageLines() assigns cached tokens without details", () => {
  const cached = (details: Frame) =>
    brief(usageLines(
      {
        input_tokens: 30,
        input_token_details: { text_tokens: 10, audio_tokens: 20, cached_tokens: 15, cached_tokens_details: details },
      },
      MODEL,
    ));
  const expected = [["cached text input", 10], ["cached audio input", 5], ["audio input", 15]] as const;
  assertEquals(cached({}), [...expected]);
  assertEquals(cached({ text_tokens: 0 }), [...expected]);
  assertEquals(cached({ audio_tokens: 5 }), [...expected]);
  assertEquals(cached({ text_tokens: 3, audio_tokens: 12 }).map(([, tokens]) => tokens), [3, 7, 12, 8]);
});

Deno.test("usageLines() ignores invalid counts", () => {
  for (const value of [-5, Infinity, NaN, "5", {}, null]) {
    const details = { text_tokens: value, audio_tokens: 4, cached_tokens: value, cached_tokens_details: value };
    const lines = usageLines({ input_tokens: value, input_token_details: details, seconds: value }, MODEL);
    assertEquals(brief(lines), [["audio input", 4]]);
  }
  for (const nothing of [5, "usage", [], { input_token_details: 5 }]) assertEquals(usageLines(nothing, MODEL), []);
});

const CONFIG = { model: MODEL, audio: { input: { transcription: { model: "scribe" } } } };

function transcribed(itemId: string | undefined, usage: Frame | undefined, fields: Frame = {}): Frame {
  const type = "conversation.item.input_audio_transcription.completed";
  return { type, item_id: itemId, content_index: 0, transcript: "Hi", usage, ...fields };
}

function metered(...events: readonly Frame[]): { meter: UsageMeter } {
  const meter = new UsageMeter();
  for (const event of events) meter.receive(event as never, CONFIG);
  return { meter };
}

function sums({ meter }: { meter: UsageMeter }): number[] {
  return ["tokens", "seconds"].map((unit) => meter.total.reduce((sum, line) => sum + line[unit as "tokens"], 0));
}

Deno.test("UsageMeter counts transcriptions under their own model, in seconds or tokens", () => {
  const line = { model: "scribe", direction: "input", modality: "audio", cached: false } as const;
  const seconds = metered(transcribed("a", { type: "duration", seconds: 3 }));
  assertEquals(seconds.meter.total, [{ ...line, tokens: 0, seconds: 3 }]);
  const usage = { type: "tokens", input_tokens: 8, output_tokens: 2, input_token_details: { audio_tokens: 8 } };
  const { total } = metered(transcribed("a", usage)).meter;
  assertEquals([total[0]?.model, brief(total)], ["scribe", [["audio input", 8], ["text output", 2]]]);
  const beta = new UsageMeter();
  beta.receive(transcribed("a", usage) as never, { input_audio_transcription: { model: "whisper-1" } });
  assertEquals(beta.total[0]?.model, "whisper-1");
});

Deno.test("UsageMeter adds up equal kinds, and returns immutable totals", () => {
  const { meter } = metered(responseDone("resp_1", { usage: USAGE }));
  const once = meter.total;
  meter.receive(responseDone("resp_2", { usage: USAGE }) as never, CONFIG);
  meter.receive(responseDone("resp_3", { usage: USAGE }) as never, { model: "other" });
  assertEquals(meter.total.length, 2 * once.length);
  assertEquals(brief(meter.total)[1], ["text input", 112]);
  assertEquals(brief(once)[1], ["text input", 56]);
});

Deno.test("UsageMeter counts a repeated end once", () => {
  const response = responseDone("resp_1", { usage: USAGE });
  const duration = { type: "duration", seconds: 3 };
  const end = transcribed("a", duration);
  assertEquals(sums(metered(response, response, end, end, end, transcribed("a", undefined), response)), [360, 3]);
  // Another item, another part of it, another response.
  const others = [transcribed("b", duration), transcribed("a", duration, { content_index: 1 })];
  assertEquals(sums(metered(end, ...others, response, responseDone("resp_2", { usage: USAGE }))), [720, 9]);
  // A growing transcript is counted by its latest usage, not by the sum.
  const growing = metered(
    end,
    transcribed("a", { ...duration, seconds: 5 }),
    transcribed("a", { ...duration, seconds: 7 }),
  );
  assertEquals([growing.meter.total.length, ...sums(growing)], [1, 0, 7]);
});

Deno.test("UsageMeter counts every end that has neither a response id nor an item id", () => {
  const response = { type: "response.done", response: { id: "", usage: USAGE } };
  const transcriptions = [undefined, "", ""].map((id) => transcribed(id, { seconds: 2 }));
  assertEquals(sums(metered(response, response, ...transcriptions)), [720, 6]);
});

Deno.test("UsageMeter reads usage next to the response, where xAI puts it", () => {
  const response = { id: "resp_1", status: "completed", output: [], usage: {} };
  const event = { type: "response.done", response, usage: { ...USAGE, input_token_details: undefined } };
  assertEquals(sums(metered(event, event)), [360, 0]);
  const nameless = { type: "response.done", response_id: "resp_1", response: { usage: null }, usage: USAGE };
  assertEquals(sums(metered(nameless, nameless)), [360, 0]);
  assertEquals(sums(metered({ type: "response.done" }, responseDone("resp_1"), { type: "response.created" })), [0, 0]);
});

Deno.test("UsageMeter remembers the latest 256 responses and items only", () => {
  const meter = new UsageMeter();
  for (let turn = 0; turn <= 256; turn++) meter.receive(transcribed(`${turn}`, { seconds: 1 }) as never, CONFIG);
  for (const turn of ["256", "1", "0"]) meter.receive(transcribed(turn, { seconds: 1 }) as never, CONFIG);
  assertEquals(sums({ meter }), [0, 258]);
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

Deno.test("Session.usage is the sum over all responses and transcriptions", async () => {
  const { server, session } = await open();
  assertEquals(session.usage, []);
  server.emit({ type: "session.updated", session: { type: "realtime", model: MODEL } });
  server.emit(responseDone("resp_1", { usage: USAGE }), responseDone("resp_2", { usage: USAGE, status: "cancelled" }));
  await server.settle();
  assertEquals([session.usage[0]?.model, brief(session.usage)[6]], [MODEL, ["audio output", 260]]);
});
