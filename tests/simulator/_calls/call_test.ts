import { assert, assertEquals, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { synthesizeSpeech } from "../../../src/simulator/speech.ts";
import { Api, OWNER } from "../_api.ts";
import { scripted, spoken, written } from "../_simulated_model.ts";
import { Client, errorOf, only, typesOf, userText } from "../_client.ts";
import { joined, silence, tone } from "../_sound.ts";

const TURN_DETECTION_OFF = {
  type: "session.update",
  session: { type: "realtime", audio: { input: { turn_detection: null } } },
};

Deno.test("A call sends its events to every participant, and an error only to the one who caused it", async () => {
  const { createModel } = scripted([written("Hello.")]);
  const api = new Api({ createModel });
  const call = await api.call();
  const channel = new Client({}, api);
  channel.join(call.openChannel());
  const [one, two] = [await api.connect(`?call_id=${call.id}`), await api.connect(`?call_id=${call.id}`)];
  assertObjectMatch(only(channel.take(), "session.created"), { session: { id: call.session.id } });
  assertEquals([one.take(), two.take()], [[], []]);

  one.send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
  channel.send(userText("Hello!", { id: "hello" }));
  two.send({ type: "response.create", response: { output_modalities: ["text"] } });
  two.send({ type: "conversation.item.delete", item_id: "nothing", event_id: "mine" });
  await api.clock.advance(10_000);
  const error = two.received.find(({ type }) => type === "error");
  assertObjectMatch(error ?? {}, { error: { event_id: "mine", code: "item_delete_invalid_item_id" } });
  const seen = one.take();
  assertEquals(typesOf(seen).slice(0, 4), [
    "session.updated",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
  ]);
  assertEquals(typesOf(seen).at(-1), "rate_limits.updated");
  assertEquals(channel.take(), seen);
  assertEquals(two.take().filter(({ type }) => type !== "error"), seen);
  assertEquals(call.session.items[0]?.id, "hello");
});

Deno.test("A call sends no audio in events, and reports when the caller hears the model", async () => {
  const { createModel } = scripted([spoken("One two three four five six seven.", 2000)]);
  const api = new Api({ createModel });
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  const heard: Int16Array[] = [];
  const remove = call.onAudio((samples) => void heard.push(samples));
  await client.ask({ type: "response.create" }, 5000);
  const types = client.received.map(({ type }) => type);
  assert(!types.includes("response.output_audio.delta"));
  const firstWord = types.indexOf("response.output_audio_transcript.delta");
  const started = types.indexOf("output_audio_buffer.started");
  assert(firstWord < started && started < types.indexOf("response.output_audio.done"), types.join());
  assertEquals(types.slice(-3), ["response.done", "rate_limits.updated", "output_audio_buffer.stopped"]);
  const { response } = only(client.received, "response.done") as unknown as { response: { id: string } };
  assertEquals(only(client.received, "output_audio_buffer.started").response_id, response.id);
  assertEquals(only(client.received, "output_audio_buffer.stopped").response_id, response.id);
  assertEquals(heard.flatMap((samples) => [...samples]), [...tone(2000)]);
  remove();
  await client.ask({ type: "response.create" }, 5000);
  assertEquals(heard.length, 100);
});

Deno.test("A call hears the caller, answers, and truncates unheard audio when the caller speaks again", async () => {
  const { createModel } = scripted([spoken("A long story.", 20_000)]);
  const api = new Api({ createModel });
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  const say = async (samples: Int16Array) => {
    for (let start = 0; start < samples.length; start += 480) {
      call.hear(samples.slice(start, start + 480));
      await api.clock.advance(20);
    }
  };
  await say(joined(tone(1000), silence(700)));
  const turn = client.take();
  for (const type of ["input_audio_buffer.speech_started", "input_audio_buffer.committed", "response.created"]) {
    only(turn, type);
  }
  await api.clock.advance(7000);
  const words = client.take();
  assertEquals(words.at(-1)?.type, "rate_limits.updated");
  await say(tone(200));
  const interruption = client.take();
  assertEquals(typesOf(interruption), [
    "input_audio_buffer.speech_started",
    "output_audio_buffer.cleared",
    "conversation.item.truncated",
  ]);
  const { audio_end_ms, item_id } = interruption[2] as unknown as { audio_end_ms: number; item_id: string };
  assert(audio_end_ms > 7000 && audio_end_ms < 8000, `${audio_end_ms}`);
  assertEquals(call.session.audioMsOf(item_id), audio_end_ms);
});

Deno.test("A call cancels the active response on an interruption", async () => {
  const { createModel } = scripted([spoken("A long story.", 20_000)]);
  const api = new Api({ createModel, pace: "realtime" });
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  await client.ask({ type: "response.create" }, 3000);
  client.take();
  call.hear(tone(200));
  const types = typesOf(await client.wait(0));
  assertEquals(types.slice(0, 3), [
    "input_audio_buffer.speech_started",
    "output_audio_buffer.cleared",
    "conversation.item.truncated",
  ]);
  assertEquals(types.slice(-2), ["response.done", "rate_limits.updated"]);
  assertObjectMatch(only(client.received, "response.done"), {
    response: { status: "cancelled", status_details: { reason: "turn_detected" } },
  });
});

Deno.test("output_audio_buffer.clear is accepted in calls only", async () => {
  const { createModel } = scripted([spoken("A long story.", 20_000)]);
  const api = new Api({ createModel });
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  await client.ask(TURN_DETECTION_OFF);
  await client.ask({ type: "response.create" }, 2000);
  client.take();
  assertEquals(typesOf(await client.ask({ type: "response.cancel" })).slice(-2), [
    "response.done",
    "rate_limits.updated",
  ]);
  const cleared = await client.ask({ type: "output_audio_buffer.clear" });
  assertEquals(typesOf(cleared), ["output_audio_buffer.cleared", "conversation.item.truncated"]);

  const socket = await api.connect("?model=gpt-realtime");
  socket.take();
  const refused = errorOf(await socket.ask({ type: "output_audio_buffer.clear" })) as { message: string };
  assertObjectMatch(refused, { code: "invalid_value", param: "type" });
  assert(!refused.message.slice(50).includes("output_audio_buffer.clear"), refused.message);
  const unknown = errorOf(await client.ask({ type: "nothing" })) as { message: string };
  assert(unknown.message.includes("output_audio_buffer.clear"), unknown.message);
});

Deno.test("A call outlives its participants, and ends for all of them after an hour", async () => {
  const api = new Api();
  const call = await api.call();
  const leaver = await api.connect(`?call_id=${call.id}`);
  leaver.close();
  await api.clock.advance(1000);
  assertEquals(api.simulator.calls, [call]);
  const stayer = await api.connect(`?call_id=${call.id}`);
  await api.clock.advance(3_600_000);
  assertEquals([stayer.closed?.code, stayer.closed?.reason], [
    1001,
    "Your session hit the maximum duration of 60 minutes.",
  ]);
  assertEquals(await call.ended, { reason: "closed" });
  assertEquals([api.simulator.calls, api.simulator.sessions, api.clock.pending], [[], [], 0]);
});

Deno.test("A call ends for all when the caller hangs up", async () => {
  const api = new Api();
  const call = await api.call();
  const client = await api.connect(`?call_id=${call.id}`);
  call.hangUp();
  assertEquals([api.simulator.calls, (await api.refusal(`/realtime/calls/${call.id}/hangup`))[0]], [[], 404]);
  call.hangUp();
  assertEquals(await call.ended, { reason: "caller" });
  await api.clock.advance(0);
  assertEquals(client.closed?.code, 1000);
  call.hear(synthesizeSpeech("Hello?"));
  assertEquals(typesOf(client.received), []);
});

Deno.test("A call reports the first reason why it ended", async () => {
  const api = new Api();
  const call = await api.call();
  await api.connect(`?call_id=${call.id}`);
  call.session.close(4000, "Enough");
  call.hangUp();
  await api.clock.advance(0);
  assertEquals(await call.ended, { reason: "closed" });
});

Deno.test("A call that does not exist refuses the handshake", async () => {
  const api = new Api();
  const error = await assertRejects(() => api.connect("?call_id=rtc_none"), ConnectionError);
  assertEquals([error.kind, error.status], ["refused", 404]);
  assert(error.message.endsWith("No session found for the provided call_id"), error.message);
  assertThrows(() => api.simulator.transport({ callId: "rtc_none" }), ConnectionError, "No session found");
  const response = await api.request("/realtime?call_id=rtc_none", { headers: { ...OWNER, upgrade: "websocket" } });
  assertEquals([response.status, (await response.json()).error.code], [404, "call_id_not_found"]);
  // A caller without a key does not learn that.
  assertEquals((await api.connect("?call_id=rtc_none", {})).closed?.code, 3000);
});

Deno.test("transport() joins a call by its id", async () => {
  const api = new Api();
  const call = await api.call();
  await using transport = api.simulator.transport({ callId: call.id });
  const reader = transport.events.getReader();
  transport.send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
  const { value } = await reader.read();
  assertObjectMatch(value ?? {}, { type: "session.updated", session: { id: call.session.id } });
});

Deno.test("pressKey() accepts the keys of a telephone only", async () => {
  const api = new Api();
  const outcome = await api.simulator.ringSipCall({
    webhookUrl: "https://app.test/webhooks",
    secret: "secret",
    fetch: async (request) =>
      api.post(`/realtime/calls/${(await request.json()).data.call_id}/accept`, { type: "realtime" }),
  });
  assert(outcome.status === "accepted");
  for (const key of ["0", "9", "*", "#", "A", "D"]) outcome.call.pressKey(key);
  for (const key of ["10", "E", "", "a"]) assertThrows(() => outcome.call.pressKey(key), RangeError, key);
});

Deno.test("A translated call plays the translation to the caller, and sends no audio in events", async () => {
  const said = tone(600);
  const createModel = () => ({
    hear: () => "Hello.",
    reply: () => ({ outputs: [] }),
    translate: () => ({ text: "Hola.", audio: said }),
  });
  const api = new Api({ createModel });
  const call = await api.call("/realtime/translations/calls?model=gpt-realtime-translate");
  const channel = new Client({}, api);
  channel.join(call.openChannel());
  const heard: Int16Array[] = [];
  call.onAudio((samples) => void heard.push(samples));
  for (const samples of [tone(800), silence(1000)]) call.hear(samples);
  await api.clock.advance(5000);
  assertEquals(channel.received.map(({ type }) => type), [
    "session.created",
    ...Array(2).fill("session.output_transcript.delta"),
  ]);
  assertEquals(heard.flatMap((samples) => [...samples]), [...said]);
  call.hangUp();
  await call.ended;
  assertEquals(api.clock.pending, 0);
});

Deno.test("A transcribed call transcribes the caller", async () => {
  const { createModel } = scripted([]);
  const api = new Api({ createModel });
  const session = { type: "transcription", audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } };
  const { value } = await (await api.post("/realtime/client_secrets", { session })).json();
  await (await api.offer("/realtime/calls", { authorization: `Bearer ${value}` })).text();
  const [call] = api.simulator.calls;
  assert(call);
  const sideband = await api.connect(`?call_id=${call.id}`);
  for (const samples of [tone(800), silence(1000)]) call.hear(samples);
  await api.clock.advance(5000);
  const { transcript } = only(sideband.received, "conversation.item.input_audio_transcription.completed");
  assertEquals(transcript, "Hello there.");
  assertEquals(sideband.received.some(({ type }) => type === "session.created"), false);
});
