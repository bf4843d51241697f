import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { decodeBase64, encodeBase64, float32ToPcm16, resample, toBytes } from "../../../src/audio/mod.ts";
import type { ServerName } from "../../../src/simulator/server_profile.ts";
import { Client, errorOf, type Frame, only } from "../_client.ts";
import { spoken } from "../_simulated_model.ts";
import { joined, silence, tone } from "../_sound.ts";

const CREATE = { type: "response.create" };
const SPEECH = joined(silence(640), tone(960), silence(800));

/** A client of a server, and the milliseconds of the turns that its model hears; the model answers with 300 ms. */
async function listening(server: ServerName): Promise<readonly [client: Client, heardMs: number[]]> {
  const heardMs: number[] = [];
  const client = await Client.open({
    server,
    pace: "fast",
    createModel: () => ({
      hear(audio) {
        heardMs.push(audio.length / 24);
        return "Hi";
      },
      reply: () => ({ outputs: [spoken("Yes.", 300)] }),
    }),
  });
  return [client, heardMs];
}

/** Audio at another rate, as an event carries it. */
function append(samples: Int16Array, rate: number): Readonly<Record<string, unknown>> {
  const audio = encodeBase64(toBytes(float32ToPcm16(resample(samples, { from: 24_000, to: rate }))));
  return { type: "input_audio_buffer.append", audio };
}

/** Bytes of the model's audio. */
function bytesOf(frames: readonly Frame[]): number {
  const deltas = frames.filter(({ type }) => /^response\.(?:output_)?audio\.delta$/.test(type));
  return deltas.reduce((sum, { delta }) => sum + decodeBase64(String(delta)).length, 0);
}

Deno.test("xAI takes linear PCM of other rates, from the user and from the model", async () => {
  for (const rate of [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]) {
    const [client, heardMs] = await listening("xai");
    const format = { type: "audio/pcm", rate };
    const session = { turn_detection: { type: "server_vad" }, audio: { input: { format }, output: { format } } };
    const updated = only(await client.ask({ type: "session.update", session }), "session.updated").session as Frame;
    assertObjectMatch(updated, { audio: { input: { format }, output: { format } } });
    // Settings that are absent stay.
    const later = await client.ask({ type: "session.update", session: { instructions: "Be brief." } });
    assertObjectMatch(only(later, "session.updated"), { session: { audio: { input: { format } } } });
    const frames = await client.ask(append(SPEECH, rate), 5000);
    const { audio_start_ms } = only(frames, "input_audio_buffer.speech_started");
    assert(Math.abs(Number(audio_start_ms) - 340) <= 32, `${rate}: ${audio_start_ms}`);
    assert(Math.abs(heardMs[0]! - 1500) <= 64, `${rate}: ${heardMs}`);
    assertEquals(bytesOf(frames), 300 * 2 * rate / 1000, `${rate}`);
    assertEquals(frames.filter(({ audio_duration_ms }) => audio_duration_ms !== undefined).length, 2);
  }
});

Deno.test("xAI refuses rates that it does not have, as do other servers those of xAI", async () => {
  for (const [server, rate] of [["xai", 12_000], ["xai", "16000"], ["openai", 16_000], ["azure", 16_000]] as const) {
    const [client] = await listening(server);
    const audio = { input: { format: { type: "audio/pcm", rate } } };
    const type = server === "xai" ? {} : { type: "realtime" };
    const error = errorOf(await client.ask({ type: "session.update", session: { ...type, audio } })) as Frame;
    assertEquals(error.param, "session.audio.input.format.rate", server);
  }
});

Deno.test("Voice Live takes pcm16 at 8 and 16 kHz, and sends both", async () => {
  for (const [rate, output] of [[8000, "pcm16_8000hz"], [16_000, "pcm16_16000hz"]] as const) {
    const [client, heardMs] = await listening("voice-live");
    const settings = {
      input_audio_format: "pcm16",
      input_audio_sampling_rate: rate,
      output_audio_format: output,
      turn_detection: { type: "server_vad" },
    };
    const updated = await client.ask({ type: "session.update", session: settings });
    assertObjectMatch(only(updated, "session.updated"), { session: settings });
    const frames = await client.ask(append(SPEECH, rate), 5000);
    assert(Math.abs(heardMs[0]! - 1880) <= 64, `${rate}: ${heardMs}`);
    assertEquals(bytesOf(frames), 300 * 2 * rate / 1000);
    assertObjectMatch(only(frames, "response.done"), { response: { output_audio_format: output } });
    // A response may have another format than its session.
    const other = await client.ask({ ...CREATE, response: { output_audio_format: "pcm16" } }, 5000);
    assertEquals(bytesOf(other), 300 * 48);
  }
});

Deno.test("Voice Live reports the rate of the user's audio", async () => {
  const [client] = await listening("voice-live");
  const rateOf = async (session: Readonly<Record<string, unknown>>) => {
    const frames = await client.ask({ type: "session.update", session });
    return (only(frames, "session.updated").session as Frame).input_audio_sampling_rate;
  };
  assertEquals(await rateOf({ input_audio_sampling_rate: 16_000 }), 16_000);
  assertEquals(await rateOf({ instructions: "Be brief." }), 16_000);
  assertEquals(await rateOf({ input_audio_format: "g711_ulaw" }), 8000);
  assertEquals(await rateOf({ input_audio_format: "pcm16", input_audio_sampling_rate: 24_000 }), 24_000);
  const refused = await client.ask({ type: "session.update", session: { output_audio_format: "pcm16_48000hz" } });
  assertMatch(String((errorOf(refused) as Frame).message), /^Invalid value: 'pcm16_48000hz'/);
});
