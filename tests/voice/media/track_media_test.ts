import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { RealtimeRest } from "../../../src/rest/mod.ts";
import { createSimulator, createVirtualClock } from "../../../src/simulator/mod.ts";
import { connectVoice, type VoiceEvent, type VoiceOptions, VoiceSession } from "../../../mod.ts";
import {
  CANCELLED,
  FakeServer,
  open,
  output,
  responseCreated,
  responseDone,
  stateOf,
} from "../../session/_fake_server.ts";
import { OFFER } from "../../simulator/_api.ts";
import { settled, tone, until } from "../_conversation.ts";
import { randomFrom, testSeed } from "../../_random.ts";

/** A voice session whose scripted server plays the audio, and the playback events. */
async function openVoice(options: VoiceOptions = {}) {
  const { server, session } = await open();
  const track = { enabled: true };
  const voice = new VoiceSession(session, { playbackSource: "server", clock: server.clock, track, ...options });
  const events: VoiceEvent[] = [];
  voice.on("*", (event) => void (/^(playback_|interrupted)/.test(event.type) && events.push(event)));
  return { server, voice, events, track };
}

function words(responseId: string, delta: string, fields: Record<string, unknown> = {}) {
  return output("response.output_audio_transcript.delta", responseId, { delta, ...fields });
}

const buffer = (state: "started" | "stopped" | "cleared", response_id: string) => ({
  type: `output_audio_buffer.${state}`,
  response_id,
});
const truncated = (item_id: string, audio_end_ms: number) => ({
  type: "conversation.item.truncated",
  item_id,
  content_index: 0,
  audio_end_ms,
});

/** 30 letters: two seconds of English. */
const TWO_SECONDS = "One two three four five six se";

Deno.test("TrackMedia reports when playback starts and stops, which is long after response.done", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"), responseDone("r"));
  await server.clock.advance(1500);
  assertEquals(events, [{ type: "playback_started", responseId: "r" }]);
  assertEquals([voice.playback.get("r_item")?.heardMs, voice.playback.unheardMs > 0], [1500, true]);
  const playout = voice.waitForPlayout();
  assertEquals(await stateOf(playout), "pending");
  server.emit(buffer("stopped", "r"));
  await server.settle();
  assertEquals(events.slice(1), [{ type: "playback_stopped", responseId: "r", interrupted: false }]);
  const { heardMs, receivedMs, complete, state } = voice.playback.get("r_item")!;
  assertEquals([heardMs, heardMs === receivedMs, complete, state], [2000, true, true, "playing"]);
  assertEquals([await stateOf(playout), voice.playback.unheardMs], ["resolved", 0]);
  await voice.close();
  assertEquals(server.clock.pending, 0);
});

Deno.test("TrackMedia waits for a response that the server plays after the current one", async () => {
  for (const end of ["stopped", "cleared", "close", "nothing"] as const) {
    const { server, voice, track } = await openVoice({ halfDuplex: true, echoTailMs: 0 });
    server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"), responseDone("r"));
    server.emit(responseCreated("s"), words("s", TWO_SECONDS), responseDone("s"));
    await server.clock.advance(2000);
    const playout = voice.waitForPlayout();
    server.emit(buffer("stopped", "r"));
    await server.settle();
    assertEquals([await stateOf(playout), track.enabled], ["pending", false]);
    if (end === "stopped") {
      server.emit(buffer("started", "s"));
      await server.clock.advance(2000);
      assertEquals([await stateOf(playout), track.enabled], ["pending", false]);
    }
    if (end === "close") await voice.close();
    else if (end === "nothing") await server.clock.advance(5000);
    else server.emit(buffer(end, "s"));
    await server.settle();
    assertEquals([await stateOf(playout), track.enabled, server.clock.pending], ["resolved", true, 0]);
    await voice.close();
  }
});

Deno.test("TrackMedia waits for every response that the server plays later, but does not keep waiting for one that it skips", async () => {
  for (const isSkipped of [false, true]) {
    const { server, voice, track } = await openVoice({ halfDuplex: true, echoTailMs: 0 });
    const speak = (id: string, response = {}) =>
      server.emit(responseCreated(id), words(id, TWO_SECONDS), responseDone(id, response));
    const isOnAfter = async (id: string) => {
      server.emit(buffer("started", id));
      await server.clock.advance(2000);
      server.emit(buffer("stopped", id));
      await server.settle();
      return track.enabled;
    };
    server.emit(buffer("started", "r"));
    speak("r");
    speak("s", isSkipped ? CANCELLED : {});
    if (!isSkipped) speak("t");
    assertEquals(await isOnAfter("r"), false);
    if (!isSkipped) assertEquals(await isOnAfter("s"), false);
    else speak("t");
    assertEquals([await isOnAfter("t"), await stateOf(voice.waitForPlayout())], [true, "resolved"]);
    await voice.close();
  }
});

Deno.test("TrackMedia reports where the server has cut, and which words were heard", async () => {
  for (const isClearedFirst of [true, false]) {
    const { server, voice, events } = await openVoice();
    server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
    await server.clock.advance(1000);
    const ends = [buffer("cleared", "r"), truncated("r_item", 987)];
    server.emit(...isClearedFirst ? ends : ends.toReversed(), responseDone("r", CANCELLED));
    await server.clock.advance(5000);
    const cuts = events.filter((event) => event.type === "interrupted");
    assertEquals(cuts.length, 1);
    const { heardMs, heardText, itemId, responseId, action, text } = cuts[0]!;
    assertEquals([itemId, responseId, heardMs, action, text], ["r_item", "r", 987, "truncate", TWO_SECONDS]);
    assertEquals(heardText, "One two three");
    const stops = events.filter((event) => event.type === "playback_stopped");
    assertEquals(stops, [{ type: "playback_stopped", responseId: "r", interrupted: true }]);
    assertEquals(voice.playback.get("r_item")?.state, "truncated");
    assertEquals(server.sentOf("conversation.item.truncate"), []);
    await voice.close();
    assertEquals(server.clock.pending, 0);
  }
});

Deno.test("TrackMedia uses the clock if the server does not report where it has cut", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
  await server.clock.advance(700);
  server.emit(buffer("cleared", "r"), responseDone("r", CANCELLED));
  await server.clock.advance(999);
  assertEquals(events.filter(({ type }) => type === "interrupted"), []);
  await server.clock.advance(1);
  const cuts = events.filter((event) => event.type === "interrupted");
  assertEquals(cuts.map(({ heardMs, itemId }) => [itemId, heardMs]), [["r_item", 700]]);
  // The server reports it nevertheless.
  server.emit(truncated("r_item", 700));
  await server.settle();
  assertEquals(events.filter(({ type }) => type === "interrupted").length, 1);
  await voice.close();
});

Deno.test("TrackMedia sends no command about items, even if the app reports playback, or audio arrives", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
  await server.clock.advance(1000);
  voice.playback.report("r_item", 500);
  server.emit(buffer("cleared", "r"), truncated("r_item", 987), responseDone("r", CANCELLED));
  await server.settle();
  voice.playback.report("r_item", 500);
  server.emit(responseCreated("s"));
  await server.settle();
  void voice.bargeIn();
  server.emit(output("response.output_audio.delta", "s", { delta: "AAAA" }), responseDone("s", CANCELLED));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.cancel", "output_audio_buffer.clear"]);
  await voice.close();
});

Deno.test("TrackMedia never moves the heard position back, even if late words or a second start change the estimate", async () => {
  const { server, voice } = await openVoice();
  const later = (delta: string) => words("r", delta, { item_id: "later", output_index: 1 });
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), later(TWO_SECONDS), buffer("started", "r"));
  await server.clock.advance(3000);
  assertEquals(voice.playback.items.map(({ heardMs }) => heardMs), [2000, 1000]);
  server.emit(words("r", "ven eight nine"));
  await server.settle();
  assertEquals(voice.playback.get("later")?.heardMs, 1000);
  server.emit(buffer("stopped", "r"), later(" ten"), buffer("started", "r"));
  await server.clock.advance(100);
  assertEquals(voice.playback.get("later")?.heardMs, 2000);
  await voice.close();
});

Deno.test("TrackMedia reports every item that the server has cut, including unheard ones", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
  server.emit(words("r", TWO_SECONDS, { item_id: "second", output_index: 1 }));
  await server.clock.advance(500);
  assertEquals(voice.playback.items.map(({ heardMs }) => heardMs), [500, 0]);
  server.emit(buffer("cleared", "r"), truncated("r_item", 500), truncated("second", 0), responseDone("r", CANCELLED));
  await server.settle();
  const cuts = events.filter((event) => event.type === "interrupted");
  assertEquals(cuts.map(({ heardMs, heardText, itemId }) => [itemId, heardMs, heardText]), [
    ["r_item", 500, "One two"],
    ["second", 0, ""],
  ]);
  await voice.close();
});

Deno.test("TrackMedia ignores the truncation of fully heard and unknown items", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"), responseDone("r"));
  await server.clock.advance(2000);
  server.emit(buffer("stopped", "r"), truncated("r_item", 100), truncated("item_unknown", 100), buffer("cleared", "r"));
  server.emit(buffer("stopped", "resp_unknown"));
  await server.clock.advance(5000);
  assertEquals(events.map(({ type }) => type), ["playback_started", "playback_stopped"]);
  await voice.close();
});

Deno.test("TrackMedia counts the cut of an item that is still heard, although all of it was generated", async () => {
  for (const isClearedFirst of [true, false]) {
    const { server, voice, events } = await openVoice();
    server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"), responseDone("r"));
    await server.clock.advance(2_500);
    assertEquals(voice.playback.get("r_item")?.heardMs, 2_500);
    const ends = [buffer("cleared", "r"), truncated("r_item", 2_400)];
    server.emit(...isClearedFirst ? ends : ends.toReversed());
    await server.settle();
    const cuts = events.filter((event) => event.type === "interrupted");
    assertEquals(cuts.map(({ heardMs, itemId }) => [itemId, heardMs]), [["r_item", 2_400]]);
    await voice.close();
  }
});

Deno.test("TrackMedia uses the clock for the items of a cut that the server does not report", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
  server.emit(words("r", TWO_SECONDS, { item_id: "second", output_index: 1 }));
  await server.clock.advance(500);
  server.emit(buffer("cleared", "r"), truncated("r_item", 480), responseDone("r", CANCELLED));
  await server.clock.advance(999);
  const cuts = () => events.flatMap((event) => event.type === "interrupted" ? [[event.itemId, event.heardMs]] : []);
  assertEquals(cuts(), [["r_item", 480]]);
  await server.clock.advance(1);
  assertEquals([cuts(), server.clock.pending], [[["r_item", 480], ["second", 0]], 0]);
  await voice.close();
});

Deno.test("TrackMedia follows the response that is heard, whatever is repeated, lost, or about another one", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"), buffer("started", "r"));
  await server.clock.advance(500);
  server.emit(buffer("stopped", "other"), buffer("cleared", "other"));
  await server.settle();
  assertEquals(events.splice(0), [{ type: "playback_started", responseId: "r" }]);
  // Its end is lost.
  server.emit(responseDone("r"), responseCreated("s"), words("s", TWO_SECONDS), buffer("started", "s"));
  await server.settle();
  assertEquals(events.splice(0), [
    { type: "playback_stopped", responseId: "r", interrupted: false },
    { type: "playback_started", responseId: "s" },
  ]);
  await server.clock.advance(700);
  // The next one begins before the server has reported where it cut this one.
  server.emit(buffer("cleared", "s"), responseDone("s", CANCELLED), responseCreated("t"), buffer("started", "t"));
  await server.settle();
  assertEquals(events.map(({ type }) => type), ["playback_stopped", "interrupted", "playback_started"]);
  assertEquals(events.flatMap((event) => event.type === "interrupted" ? [event.heardMs] : []), [700]);
  server.emit({ type: "output_audio_buffer.stopped" });
  await server.settle();
  assertEquals(events.at(-1), { type: "playback_stopped", responseId: "t", interrupted: false });
  await voice.close();
  assertEquals(server.clock.pending, 0);
});

Deno.test("TrackMedia learns the speaking rate of the voice", async () => {
  const { server, voice, events } = await openVoice();
  // 300 letters in 70 seconds: with the assumed 150 in ten, 450 in 80.
  const slow = "One two three ".repeat(22).slice(0, 300);
  server.emit(responseCreated("r"), words("r", slow), buffer("started", "r"), responseDone("r"));
  await server.clock.advance(70_000);
  server.emit(buffer("stopped", "r"), responseCreated("s"), words("s", TWO_SECONDS), buffer("started", "s"));
  await server.clock.advance(2000);
  server.emit(buffer("cleared", "s"), truncated("s_item", 2000), responseDone("s", CANCELLED));
  await server.settle();
  const [cut] = events.filter((event) => event.type === "interrupted");
  assertEquals([cut?.heardText, Math.round(cut?.receivedMs ?? 0)], ["One two", 5333]);
  await voice.close();
});

Deno.test("TrackMedia adapts little to one short answer, whose silence counts as speech", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("r"), words("r", "Some speech, 2.9s"), buffer("started", "r"), responseDone("r"));
  await server.clock.advance(2900);
  const story =
    "Once upon a time there was a king who had three daughters, and each of them was more beautiful than another.";
  server.emit(buffer("stopped", "r"), responseCreated("s"), words("s", story), buffer("started", "s"));
  await server.clock.advance(1200);
  server.emit(buffer("cleared", "s"), truncated("s_item", 1200), responseDone("s", CANCELLED));
  await server.settle();
  const [cut] = events.filter((event) => event.type === "interrupted");
  assertEquals(cut?.heardText, "Once upon a");
  await voice.close();
});

Deno.test("TrackMedia in half duplex disables the track during playback and its echo", async () => {
  const { server, voice, track } = await openVoice({ halfDuplex: true });
  server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
  await server.settle();
  assertEquals(track.enabled, false);
  server.emit(responseDone("r"));
  await server.clock.advance(2000);
  server.emit(buffer("stopped", "r"));
  await server.clock.advance(149);
  assertEquals(track.enabled, false);
  await server.clock.advance(1);
  assertEquals([track.enabled, server.clock.pending], [true, 0]);
  // Nothing was playing.
  server.emit(buffer("cleared", "r"));
  await server.settle();
  assertEquals(track.enabled, true);
  await voice.close();
});

Deno.test("TrackMedia in half duplex enables the track some time after the words end, even if no stop is reported", async () => {
  const [spoken, started, done] = [words("r", TWO_SECONDS), buffer("started", "r"), responseDone("r")];
  for (const events of [[spoken, started, done], [spoken, done, started], [started, spoken, done], [started, spoken]]) {
    const { server, voice, track } = await openVoice({ halfDuplex: true });
    server.emit(responseCreated("r"), ...events);
    await server.clock.advance(1000);
    const playout = voice.waitForPlayout();
    await server.clock.advance(60_000);
    assertEquals([track.enabled, await stateOf(playout)], [false, "pending"]);
    await server.clock.advance(5000);
    assertEquals([track.enabled, await stateOf(playout), server.clock.pending], [true, "resolved", 0]);
    await voice.close();
  }
});

Deno.test("TrackMedia disables and enables the track for mute(), also in half duplex", async () => {
  const { server, voice, track } = await openVoice({ halfDuplex: true, echoTailMs: 0 });
  voice.mute();
  assertEquals([track.enabled, voice.muted], [false, true]);
  server.emit(responseCreated("r"), buffer("started", "r"), responseDone("r"), buffer("stopped", "r"));
  await server.settle();
  assertEquals(track.enabled, false);
  server.emit(responseCreated("s"), buffer("started", "s"));
  await server.settle();
  voice.unmute();
  assertEquals([track.enabled, voice.muted], [false, false]);
  server.emit(responseDone("s"), buffer("stopped", "s"));
  await server.settle();
  assertEquals(track.enabled, true);
  await voice.close();
});

Deno.test("TrackMedia leaves the track enabled when the session ends during playback, and counts what was heard", async () => {
  for (const isClosedByServer of [true, false]) {
    const { server, voice, track, events } = await openVoice({ halfDuplex: true });
    server.emit(responseCreated("r"), words("r", TWO_SECONDS), buffer("started", "r"));
    await server.clock.advance(700);
    if (isClosedByServer) server.close(1000);
    else await voice.close();
    await server.settle();
    assertEquals([track.enabled, server.clock.pending], [true, 0]);
    assertEquals(events.map(({ type }) => type), ["playback_started", "playback_stopped"]);
    assertEquals(voice.playback.get("r_item")?.heardMs, 700);
  }
});

Deno.test("VoiceSession without a track rejects half duplex and mute() with server-side playback", async () => {
  const { server, session } = await open();
  const options = { playbackSource: "server", clock: server.clock } as const;
  assertThrows(() => new VoiceSession(session, { ...options, halfDuplex: true }), TypeError, "Cannot be half-duplex");
  const voice = new VoiceSession(session, options);
  assertThrows(() => voice.mute(), TypeError, "Cannot mute");
  assertEquals(voice.muted, false);
  await voice.close();
});

Deno.test("connectVoice() takes the playback source from the transport unless playbackSource is set", async () => {
  for (const playback of ["client", "server", undefined] as const) {
    for (const playbackSource of ["paced", undefined] as const) {
      const server = new FakeServer();
      const transport = Object.assign(server.transport, { playback });
      const connecting = connectVoice({ transport, clock: server.clock, playbackSource });
      server.emit({ type: "session.created", session: { type: "realtime", id: "sess_1" } });
      await server.settle();
      server.emit({ type: "session.updated", session: { type: "realtime", id: "sess_1" } });
      const voice = await connecting;
      if (playback === "server" && !playbackSource) assertThrows(() => voice.mute(), TypeError);
      else voice.mute();
      await voice.close();
    }
  }
});

/** Interrupts a caller's playback repeatedly; returns how often something was cut and compared with what was heard. */
async function interruptAtRandom(times: number, random: () => number) {
  const clock = createVirtualClock();
  const speech = tone(1500);
  /** Number of messages of the active response. */
  let messages = 0;
  const message = () => ({
    type: "message" as const,
    text: "Words that are said.",
    audio: speech.subarray(0, 24 * Math.floor(40 + 1460 * random())),
  });
  const simulator = createSimulator({
    clock,
    createModel: () => ({
      hear: () => "Stop.",
      reply: () => ({ outputs: Array.from({ length: messages = 1 + Math.floor(3 * random()) }, message) }),
    }),
  });
  const rest = new RealtimeRest({ apiKey: "sk-test", fetch: simulator.fetch });
  const turn_detection = { type: "server_vad", create_response: false } as const;
  const session = { type: "realtime", model: "gpt-realtime-2.1", audio: { input: { turn_detection } } } as const;
  const { callId } = await settled(clock, rest.createCall({ sdp: OFFER, session }));
  const voice = await settled(clock, connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, callId: callId! }));
  const [caller] = simulator.calls;
  /** How much of the current playback the caller has heard, in milliseconds. */
  let heardMs = 0;
  caller!.onAudio((samples) => heardMs += samples.length / 24);
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  voice.on("playback_started", () => heardMs = 0);
  let cuts = 0;
  let compared = 0;
  /** The reported duration of each response, in milliseconds. */
  const told = new Map<string, number>();
  voice.on("interrupted", ({ heardMs, heardText, receivedMs, responseId, text }) => {
    cuts++;
    told.set(responseId, (told.get(responseId) ?? 0) + heardMs);
    assert(heardMs <= receivedMs && text.startsWith(heardText));
  });
  let playing = 0;
  voice.on("playback_started", () => playing++);
  voice.on("playback_stopped", () => playing--);
  for (let i = 0; i < times; i++) {
    const response = voice.respond();
    await clock.advance(Math.floor(2500 * random() ** 2));
    const wasPlaying = playing > 0;
    if (random() < 0.3) await settled(clock, voice.bargeIn());
    else {
      caller!.hear(tone(100));
      await clock.advance(0);
      caller!.hear(new Int16Array(24 * 800));
      await until(clock, () => voice.session.activeResponse === undefined);
    }
    await settled(clock, response.done);
    await clock.advance(200);
    assertEquals([errors, playing], [[], 0], `interruption ${i}`);
    // Messages that were fully heard before are not reported.
    const toldMs = told.get(response.id!);
    if (wasPlaying && toldMs !== undefined && messages === 1) {
      assertAlmostEquals(toldMs, heardMs, 40, `interruption ${i}`);
      compared++;
    }
  }
  await settled(clock, voice.close());
  await simulator.close();
  return { compared, cuts };
}

Deno.test("VoiceSession knows what the caller heard in 1,000 random interruptions of calls, and the server refuses nothing", async () => {
  const seed = testSeed();
  const random = randomFrom(seed);
  let cuts = 0;
  let compared = 0;
  try {
    for (let call = 0; call < 10; call++) {
      const result = await interruptAtRandom(100, random);
      cuts += result.cuts;
      compared += result.compared;
    }
  } catch (error) {
    throw new Error(`The seed was ${seed}`, { cause: error });
  }
  assert(cuts > 300 && compared > 100, `only ${cuts} cuts, of which ${compared} were compared`);
});
