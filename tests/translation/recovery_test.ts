import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeBase64, toBytes } from "../../src/audio/mod.ts";
import { connectTranslation } from "../../src/connect_translation.ts";
import { ConnectionError } from "../../src/errors.ts";
import { createSimulator } from "../../src/simulator/mod.ts";
import { openRecovering, PAUSE, said, SPEECH } from "./_recovering.ts";

const MINUTE_MS = 60_000;

Deno.test("a translation continues after a drop with the last confirmed configuration", async () => {
  const { clock, end, events, failure, output, say, server, translation, until, words } = await openRecovering();
  await say(SPEECH, PAUSE);
  assertEquals(said(words), "Guten Tag.");
  await until(translation.update({ language: "it", noiseReduction: { type: "near_field" } }));
  // Half a sample: it must not shift the following audio.
  server().send(
    JSON.stringify({
      type: "session.output_audio.delta",
      event_id: "e",
      delta: encodeBase64(new Uint8Array(3)),
      elapsed_ms: 1400,
    }),
  );
  server().fault({ type: "drop" });
  await clock.advance(0);
  assertEquals(translation.state, "reconnecting");
  await clock.advance(1000);
  assertEquals(translation.state, "open");
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const recovered = events[1]!;
  assert(recovered.type === "recovered");
  assertEquals([recovered.restored, recovered.lost, recovered.replayedTokens], [[], [], 0]);
  const { audio } = server().session as { audio: { input: { transcription: unknown }; output: { language: string } } };
  assertEquals([audio.output.language, audio.input.transcription], ["it", { model: "gpt-realtime-whisper" }]);
  assertEquals(translation.config?.audio?.output?.language, "it");
  await say(SPEECH, PAUSE);
  assertEquals(said(words), "Guten Tag.Buongiorno.");
  assertEquals(said(words, "input"), "Good day.Good day.");
  assertEquals(await end(), true);
  const speech = [...toBytes(SPEECH)];
  assertEquals(output.flatMap((bytes) => [...bytes]), [...speech, 0, 0, ...speech]);
  assertEquals([failure.error, clock.pending], [undefined, 0]);
});

Deno.test("speech cut by a drop is translated once, as a whole, and its words keep their times", async () => {
  const { clock, end, events, heard, say, server, words } = await openRecovering();
  await say(SPEECH, PAUSE);
  await say(SPEECH);
  server().fault({ type: "drop" });
  await clock.advance(0);
  await say(SPEECH, PAUSE);
  await clock.advance(1000);
  // The simulator notices the beginning late without preceding silence.
  assert(heard.length === 2 && heard[0] === 1 && heard[1]! >= 1.9, `${heard}`);
  assertEquals(said(words), "Guten Tag.Guten Tag.");
  assertEquals(events.flatMap((event) => event.type === "recovered" ? event.lost : []), []);
  const times = words.map(({ elapsedMs }) => elapsedMs!);
  assert(times.every((ms, index) => ms >= (times[index - 1] ?? 0)), `${times}`);
  // A second, a pause, two seconds, and the pause that ends them.
  assert(times.at(-1)! >= 3500 && times.at(-1)! <= 4000, `${times.at(-1)}`);
  assertEquals(await end(), true);
  assertEquals(clock.pending, 0);
});

Deno.test("silence is not resent", async () => {
  const sent: number[] = [];
  const { clock, end, say, server } = await openRecovering({}, {
    onFrame: ({ data, from }) => {
      const { audio, type } = JSON.parse(String(data));
      if (from === "client" && type === "session.input_audio_buffer.append") sent.push(audio.length);
    },
  });
  await say(SPEECH, PAUSE);
  await say(new Int16Array(240_000));
  const before = sent.length;
  server().fault({ type: "drop" });
  await clock.advance(1000);
  assertEquals(sent.length, before);
  await end();
});

Deno.test("a server that reports no progress receives the audio after its last words, and that is reported", async () => {
  const { clock, end, events, heard, say, server } = await openRecovering();
  await say(SPEECH);
  server().send(
    JSON.stringify({ type: "session.output_transcript.delta", event_id: "e", delta: "Gut", elapsed_ms: null }),
  );
  await clock.advance(0);
  await say(SPEECH);
  server().fault({ type: "drop" });
  await clock.advance(1000);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals(recovered.lost.map(({ durationMs, kind }) => [kind, durationMs]), [["audio", undefined]]);
  await say(PAUSE);
  assertEquals(heard, [1]);
  await end();
});

Deno.test("audio is kept for 30 seconds while disconnected, and the rest is reported lost", async () => {
  let isDown = false;
  const { clock, end, events, say, server, translation } = await openRecovering({ maxLagMs: 90_000 }, {}, () => {
    if (isDown) throw new TypeError("no network");
  });
  isDown = true;
  server().fault({ type: "drop" });
  await clock.advance(0);
  for (let second = 0; second < 40; second++) await say(SPEECH);
  assertEquals(translation.state, "reconnecting");
  isDown = false;
  await clock.advance(30_000);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals(recovered.lost.map(({ durationMs, kind }) => [kind, Math.round(durationMs!)]), [["audio", 10_000]]);
  assert(recovered.lost[0]!.atMs <= Date.now());
  await end();
});

Deno.test("a translation is renewed during silence before its 60 minutes end", async () => {
  const { clock, end, events, say, words } = await openRecovering();
  await clock.advance(54 * MINUTE_MS + 50_000);
  for (let second = 0; second < 20; second++) {
    await say(SPEECH, PAUSE);
    await clock.advance(900);
  }
  assertEquals(events, []);
  await clock.advance(20_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  assert(events[0]?.type === "renewed" && events[0].lost.length === 0 && events[0].gapMs < 1000);
  await clock.advance(3 * 60 * MINUTE_MS);
  assertEquals(new Set(events.map(({ type }) => type)), new Set(["renewed"]));
  const before = said(words).length;
  await say(SPEECH, PAUSE);
  assert(said(words).length > before);
  assertEquals(await end(), true);
  assertEquals(clock.pending, 0);
});

Deno.test("a dead connection of a translation is detected, and an expiry is survived", async () => {
  const { clock, end, events, say, server, words } = await openRecovering();
  server().fault({ type: "silence" });
  await clock.advance(52_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  server().fault({ type: "expire" });
  await clock.advance(1000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered", "reconnecting", "recovered"]);
  await say(SPEECH, PAUSE);
  assertEquals(said(words), "Guten Tag.");
  await end();
});

Deno.test("updates in flight reject on a drop, and later ones wait for the next connection", async () => {
  const { clock, end, server, translation, until } = await openRecovering();
  server().fault({ type: "silence" });
  const lost = translation.update({ language: "fr" });
  const rejection = assertRejects(() => lost, ConnectionError);
  await clock.advance(0);
  server().close(1011);
  await clock.advance(0);
  await rejection;
  assertEquals(translation.state, "reconnecting");
  const session = await until(translation.update({ language: "it" }));
  assertEquals(session.audio?.output?.language, "it");
  const { audio } = server().session as { audio: { output: { language: string } } };
  assertEquals(audio.output.language, "it");
  await end();
});

Deno.test("an update waits for the next connection however long, unless its caller has set a timeout", async () => {
  let isDown = false;
  const { clock, end, server, translation, until } = await openRecovering({}, {}, () => {
    if (isDown) throw new TypeError("no network");
  });
  isDown = true;
  server().fault({ type: "drop" });
  await clock.advance(0);
  const updating = translation.update({ language: "it" });
  const late = assertRejects(() => translation.update({}, { timeoutMs: 500 }), DOMException, "longer than 500 ms");
  await clock.advance(30_000);
  await late;
  isDown = false;
  assertEquals((await until(updating, 60_000)).audio?.output?.language, "it");
  // On a connection, the default timeout counts again.
  server().fault({ type: "silence" });
  const unanswered = assertRejects(() => translation.update({}), DOMException, "longer than 10000 ms");
  const own = assertRejects(() => translation.update({}, { timeoutMs: 12_000 }), DOMException, "longer than 12000 ms");
  await clock.advance(10_000);
  await unanswered;
  await clock.advance(2_000);
  await own;
  await end();
});

Deno.test("a fatal error ends the translation with recovery_failed", async () => {
  const { clock, events, failure, server, translation } = await openRecovering();
  server().fault({ type: "drop", code: 3000 });
  await clock.advance(60_000);
  assertEquals((await translation.closed).code, 3000);
  await assertRejects(() => translation.update({ language: "it" }), ConnectionError);
  assertEquals(events.map(({ type }) => type), ["recovery_failed"]);
  assert(failure.error instanceof ConnectionError);
  assertEquals([translation.state, clock.pending], ["closed", 0]);
});

Deno.test("a closing translation ends with its connection", async () => {
  for (const isFirst of [true, false]) {
    const { clock, end, events, say, server } = await openRecovering({}, { pace: 1 });
    await say(SPEECH);
    if (isFirst) server().fault({ type: "drop" });
    await clock.advance(0);
    const ending = end();
    await clock.advance(10);
    if (!isFirst) server().fault({ type: "drop" });
    const startedAt = clock.now();
    assertEquals(await ending, false);
    assert(clock.now() - startedAt < 1000);
    assertEquals(events.map(({ type }) => type), isFirst ? ["reconnecting"] : []);
    assertEquals(clock.pending, 0);
  }
});

Deno.test("recovery: false ends a translation with its connection, and unknown options are rejected", async () => {
  const { clock, events, server, translation } = await openRecovering({ recovery: false });
  server().fault({ type: "drop" });
  await clock.advance(1000);
  assertEquals([(await translation.closed).code, events], [1006, []]);
  const options = { apiKey: "sk-test", dial: createSimulator().dial };
  await assertRejects(
    () => connectTranslation({ ...options, recovery: { onDrop: "flush" } as never }),
    TypeError,
    "there is no option recovery.onDrop",
  );
  await assertRejects(() => connectTranslation({ ...options, recovery: { maxAttempts: 0 } }), RangeError);
});
