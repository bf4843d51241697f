import { assertAlmostEquals, assertEquals, assertObjectMatch } from "@std/assert";
import { Api } from "../../_api.ts";
import { scripted, spoken, written } from "../../_simulated_model.ts";
import { Client, type Frame, only, typesOf } from "../../_client.ts";
import { silence, tone } from "../../_sound.ts";

const TIMEOUT_MS = 6000;

/** Events after the timeout, up to the response. */
const TIMED_OUT = [
  "input_audio_buffer.timeout_triggered",
  "input_audio_buffer.committed",
  "conversation.item.added",
  "conversation.item.done",
  "response.created",
];

/** A client whose model speaks for two seconds each time, and whose server waits six. */
async function waiting(
  detection: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ client: Client; contexts: ReturnType<typeof scripted>["contexts"] }> {
  const { createModel, contexts } = scripted([spoken("One two three.", 2000)]);
  const client = await Client.open({ createModel, pace: "fast" });
  const turn_detection = { type: "server_vad", idle_timeout_ms: TIMEOUT_MS, ...detection };
  await client.ask({
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection } }, ...more },
  });
  return { client, contexts };
}

/** Types of the received events, without those within a response. */
function outline(frames: readonly Frame[]): string[] {
  return typesOf(frames).filter((type) => type.includes("buffer") || /response\.(created|done)/.test(type));
}

Deno.test("The idle timeout triggers a response after idle_timeout_ms of silence since the model was heard", async () => {
  const { client, contexts } = await waiting();
  await client.ask({ type: "response.create" });
  await client.speak(silence(3000));
  // The response takes 2 s to hear, though it was sent at once.
  await client.wait(2000);
  await client.speak(silence(5500));
  client.take();
  assertEquals(await client.wait(TIMEOUT_MS - 1), []);
  const frames = await client.wait(1);
  assertEquals(typesOf(frames).slice(0, 5), TIMED_OUT);
  const { audio_end_ms, audio_start_ms, item_id } = only(frames, "input_audio_buffer.timeout_triggered");
  assertEquals([audio_start_ms, audio_end_ms], [3000, 8500]);
  assertObjectMatch(only(frames, "input_audio_buffer.committed"), { item_id });
  assertEquals(client.simulator.sessions[0]?.audioMsOf(String(item_id)), 5500);
  assertEquals(contexts.map(({ idle }) => idle), [false, true]);
  assertEquals(contexts[1]?.items.at(-1)?.id, item_id);
});

Deno.test("The idle timeout repeats each time after its answer was heard", async () => {
  const { client } = await waiting();
  const frames = await client.ask({ type: "response.create" }, 3 * (2000 + TIMEOUT_MS) + 1000);
  assertEquals(outline(frames), [
    "response.created",
    "response.done",
    ...Array(3).fill([
      "input_audio_buffer.timeout_triggered",
      "input_audio_buffer.committed",
      "response.created",
      "response.done",
    ]).flat(),
  ]);
});

Deno.test("The idle timeout starts with the first response, and ends on speech, another response or a new setting", async () => {
  const { client } = await waiting();
  assertEquals(await client.wait(60_000), []);
  await client.ask({ type: "response.create" }, 2000);
  await client.wait(5000);
  await client.speak(tone(96));
  const spoken = await client.wait(60_000);
  assertEquals(outline(spoken), ["input_audio_buffer.speech_started"]);
  // The end of the turn is answered, and then the timeout restarts.
  await client.speak(silence(320));
  const answered = await client.wait(2000 + TIMEOUT_MS - 100);
  assertEquals(outline(answered).slice(-2), ["response.created", "response.done"]);
  await client.ask({ type: "response.create" }, 2000 + TIMEOUT_MS - 100);
  assertEquals(outline(client.take()), []);
  const turn_detection = { type: "server_vad", idle_timeout_ms: null };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } });
  assertEquals(await client.wait(60_000), []);
});

Deno.test("The idle timeout does not trigger during a response, nor restart after an out-of-band one", async () => {
  const slow = { outputs: [spoken("One.", 100)], delayMs: 5000 };
  const { createModel } = scripted([spoken("One.", 100)], slow, [written("Aside.")]);
  const client = await Client.open({ createModel, pace: "fast" });
  const turn_detection = { type: "server_vad", idle_timeout_ms: 5000 };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } });
  await client.ask({ type: "response.create" }, 3000);
  const frames = await client.ask({ type: "response.create" }, 10_000);
  assertEquals(outline(frames), ["response.created", "response.done"]);
  // Five seconds are complete after another 100 ms, regardless of out-of-band responses.
  const aside = { type: "response.create", response: { conversation: "none" } };
  assertEquals(outline(await client.ask(aside, 99)), ["response.created", "response.done"]);
  assertEquals(outline(await client.wait(1))[0], "input_audio_buffer.timeout_triggered");
});

Deno.test("The idle timeout commits the silence without a response if create_response is false", async () => {
  const { client } = await waiting({ create_response: false });
  await client.ask({ type: "response.create" });
  assertEquals(typesOf(await client.wait(60_000)).slice(-4), TIMED_OUT.slice(0, 4));
});

Deno.test("The idle timeout commits silence with an empty transcript, which the model does not hear", async () => {
  const heard: string[] = [];
  const client = await Client.open({
    pace: "fast",
    createModel: () => ({
      hear(_audio, itemId) {
        heard.push(itemId);
        return "Hi";
      },
      reply: () => ({ outputs: [{ type: "message", text: "Yes." }] }),
    }),
  });
  const input = {
    turn_detection: { type: "server_vad", idle_timeout_ms: 5000, create_response: false },
    transcription: { model: "gpt-4o-transcribe" },
  };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
  await client.ask({ type: "response.create" });
  await client.speak(silence(1000));
  const frames = await client.wait(60_000);
  assertObjectMatch(only(frames, "conversation.item.input_audio_transcription.completed"), { transcript: "" });
  assertEquals(heard, []);
});

Deno.test("Semantic turn detection has no idle timeout", async () => {
  const { createModel } = scripted([written("Yes.")]);
  const client = await Client.open({ createModel, pace: "fast" });
  const turn_detection = { type: "semantic_vad", idle_timeout_ms: 5000 };
  const refused = await client.ask({
    type: "session.update",
    session: { type: "realtime", audio: { input: { turn_detection } } },
  });
  assertObjectMatch(only(refused, "error"), {
    error: { code: "unknown_parameter", param: "session.audio.input.turn_detection.idle_timeout_ms" },
  });
});

Deno.test("The idle timeout of a call starts when the caller has heard the model", async () => {
  const { createModel } = scripted([spoken("One two three.", 2000)]);
  const api = new Api({ createModel, pace: "realtime" });
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  const turn_detection = { type: "server_vad", idle_timeout_ms: 5000 };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection } } } });
  const times = new Map<string, number>();
  client.onFrame = ({ type }) => void (times.has(type) || times.set(type, api.clock.now()));
  await client.ask({ type: "response.create" }, 8000);
  const heardMs = times.get("output_audio_buffer.stopped") ?? NaN;
  assertAlmostEquals(times.get("input_audio_buffer.timeout_triggered") ?? NaN, heardMs + 5000, 40);
});
