import { assert, assertEquals, assertRejects } from "@std/assert";
import { connectTranscription } from "../../src/connect_transcription.ts";
import { ConnectionError } from "../../src/errors.ts";
import { toBytes } from "../../src/audio/mod.ts";
import { createSimulator, synthesizeSpeech } from "../../src/simulator/mod.ts";
import { tone } from "../simulator/_sound.ts";
import { ended, openRecovering } from "./_recovering.ts";

const SPEECH = synthesizeSpeech("My order number is twelve, and I would like to know where it is.");
const MINUTE_MS = 60_000;

Deno.test("a transcription continues after a drop with the last confirmed configuration", async () => {
  const { clock, end, events, failure, sent, simulator, transcription, until, utterances } = await openRecovering({
    language: "en",
  });
  const writer = transcription.input.getWriter();
  await until(writer.write(SPEECH));
  await until(transcription.drain());
  assertEquals(ended(utterances).length, 1);
  await until(transcription.session.update({ noiseReduction: { type: "near_field" } }));
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(0);
  assertEquals(transcription.state, "reconnecting");
  await clock.advance(1000);
  assertEquals([transcription.state, simulator.sessions.length], ["open", 1]);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const recovered = events[1]!;
  assert(recovered.type === "recovered");
  assertEquals([recovered.restored, recovered.lost, recovered.replayedTokens], [[], [], 0]);
  const { audio } = simulator.sessions[0]!.session as unknown as {
    readonly audio: { readonly input: Record<string, { readonly language?: string; readonly type?: string }> };
  };
  assertEquals(audio.input.transcription?.language, "en");
  assertEquals(audio.input.noise_reduction?.type, "near_field");
  await until(writer.write(SPEECH));
  assertEquals(await until(transcription.drain()), { missing: [], complete: true });
  assertEquals(ended(utterances).map(([status]) => status), ["completed", "completed"]);
  assertEquals(sent.filter(({ type }) => type === "conversation.item.create"), []);
  await end();
  assertEquals([failure.error, clock.pending], [undefined, 0]);
});

Deno.test("speech cut by a drop is transcribed once, as a whole", async () => {
  for (const model of ["gpt-transcribe", "gpt-live-transcribe"]) {
    const words = "My order number is twelve";
    const heard: number[] = [];
    const hear = (audio: Int16Array) => {
      heard.push(audio.length);
      return words;
    };
    const { clock, end, events, simulator, transcription, until, utterances } = await openRecovering(
      { model },
      { createModel: () => ({ hear, reply: () => ({ outputs: [] }) }) },
    );
    const writer = transcription.input.getWriter();
    const half = Math.floor(SPEECH.length / 2);
    await until(writer.write(SPEECH.subarray(0, half)));
    simulator.sessions[0]!.fault({ type: "drop" });
    await clock.advance(0);
    // Audio sent without a connection is queued.
    await until(writer.write(SPEECH.subarray(half)));
    assertEquals(await until(transcription.drain()), { missing: [], complete: true }, model);
    assertEquals(ended(utterances).filter(([status]) => status === "completed"), [["completed", words]], model);
    assertEquals(events.flatMap((event) => event.type === "recovered" ? event.lost : []), []);
    const longest = Math.max(...heard);
    assert(longest > SPEECH.length * 0.8, `${model} heard ${longest} of ${SPEECH.length}`);
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("a segment without a transcript is incomplete, and reported lost with its time", async () => {
  const { clock, end, events, simulator, transcription, until, utterances } = await openRecovering({
    turnDetection: null,
  });
  const server = simulator.sessions[0]!;
  server.fault({ type: "drop", at: "conversation.item.input_audio_transcription.delta" });
  const writer = transcription.input.getWriter();
  await until(writer.write(SPEECH));
  const before = Date.now();
  const itemId = await until(transcription.commit());
  await clock.advance(1000);
  assertEquals(ended(utterances), [["incomplete", ""]]);
  assertEquals(utterances.at(-1)?.itemId, itemId);
  const recovered = events.find(({ type }) => type === "recovered");
  assert(recovered?.type === "recovered");
  const [lost, ...rest] = recovered.lost;
  assertEquals([lost?.kind, lost?.id, rest.length], ["utterance", itemId, 0]);
  assert(lost!.atMs >= before && lost!.atMs <= Date.now());
  assertEquals(await until(transcription.drain()), { missing: [itemId], complete: false });
  // The report is not repeated.
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(1000);
  assertEquals(events.flatMap((event) => event.type === "recovered" ? event.lost : []).length, 1);
  await end();
});

Deno.test("a commit cut off by a drop is sent on the next connection with its audio", async () => {
  const { clock, end, events, simulator, transcription, until, utterances } = await openRecovering({
    model: "gpt-live-transcribe",
  });
  const writer = transcription.input.getWriter();
  await until(writer.write(SPEECH));
  simulator.sessions[0]!.fault({ type: "drop", at: "input_audio_buffer.committed" });
  const itemId = await until(transcription.commit());
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await until(transcription.drain());
  assertEquals(ended(utterances).filter(([status]) => status === "completed").length, 1);
  assertEquals(utterances.findLast(({ final }) => final)?.itemId, itemId);
  // Nothing is left to commit.
  await assertRejects(() => until(transcription.commit()), RangeError);
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("a commit on a dead line goes to the next connection with its audio, unless its caller has had enough", async () => {
  for (const enough of ["never", "timeout", "abort", "abort while the line is probed"] as const) {
    const { clock, end, events, sent, simulator, transcription, until, utterances } = await openRecovering({
      model: "gpt-live-transcribe",
    });
    const writer = transcription.input.getWriter();
    await until(writer.write(SPEECH));
    simulator.sessions[0]!.fault({ type: "silence" });
    const controller = new AbortController();
    const { signal } = controller;
    const committing = transcription.commit(enough === "timeout" ? { timeoutMs: 500 } : { signal });
    committing.catch(() => {});
    const isProbed = enough.endsWith("probed");
    await clock.advance(isProbed ? 12_000 : 500);
    if (enough.startsWith("abort")) controller.abort(new Error("Enough"));
    if (enough === "never") {
      const itemId = await until(committing);
      assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
      await until(transcription.drain());
      assertEquals(utterances.filter(({ status }) => status === "completed").map((item) => item.itemId), [itemId]);
    } else {
      const startMs = clock.now();
      await assertRejects(() => until(committing), Error, enough === "timeout" ? "longer than 500 ms" : "Enough");
      assertEquals([clock.now() - startMs <= 50, events], [true, []]);
      // The server may have received it, so it is not repeated.
      await until(writer.close());
      assertEquals([clock.now() - startMs <= 100, sent.some(({ type }) => type.endsWith("commit"))], [true, false]);
    }
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("turns that are committed one after the other remain separate when their line drops or is dead", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.committed" }, { type: "silence" }] as const) {
    const { clock, end, simulator, transcription, until } = await openRecovering({ model: "gpt-live-transcribe" });
    const writer = transcription.input.getWriter();
    await until(writer.write(tone(1000)));
    simulator.sessions[0]!.fault(fault);
    const commits = [transcription.commit()];
    const writing = writer.write(tone(50));
    await clock.advance(0);
    commits.push(transcription.commit());
    const controller = new AbortController();
    const given = [
      transcription.commit({ signal: controller.signal }),
      transcription.commit({ timeoutMs: 10 }),
    ].map((commit) => assertRejects(() => commit));
    controller.abort();
    await until(writing);
    const closing = writer.write(tone(500)).then(() => writer.close());
    const [first, second] = await until(Promise.all(commits));
    await until(Promise.all([...given, closing]));
    const server = simulator.sessions.at(-1)!;
    assertEquals([first!, second!].map((id) => server.audioMsOf(id)), [1000, 100]);
    assertEquals(server.items.map(({ id }) => server.audioMsOf(id!)), [1000, 100, 500]);
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("the end of the input is committed on the next connection when its line drops or is dead", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.committed" }, { type: "silence" }] as const) {
    const { clock, end, events, simulator, transcription, until } = await openRecovering({
      model: "gpt-live-transcribe",
    });
    const writer = transcription.input.getWriter();
    await until(writer.write(tone(1000)));
    simulator.sessions[0]!.fault(fault);
    await until(writer.close());
    assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
    const server = simulator.sessions.at(-1)!;
    assertEquals(server.items.map(({ id }) => server.audioMsOf(id!)), [1000]);
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("drain() survives a drop", async () => {
  const { clock, end, events, simulator, transcription, until, utterances } = await openRecovering();
  const writer = transcription.input.getWriter();
  await until(writer.write(SPEECH.subarray(0, SPEECH.length / 2)));
  simulator.sessions[0]!.fault({ type: "drop", at: "input_audio_buffer.committed" });
  assertEquals(await until(transcription.drain()), { missing: [], complete: true });
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  assertEquals(ended(utterances).filter(([status]) => status === "completed").length, 1);
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("audio is kept for 30 seconds while disconnected, and the rest is reported lost with its length", async () => {
  let isDown = false;
  const { clock, end, events, sent, simulator, transcription } = await openRecovering(
    { turnDetection: null, maxLagMs: 60_000 },
    {},
    () => {
      if (isDown) throw new TypeError("no network");
    },
  );
  isDown = true;
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(0);
  const before = sent.length;
  for (let second = 0; second < 40; second++) {
    transcription.session.appendAudio(toBytes(tone(1000)));
    await clock.advance(1000);
  }
  assertEquals(transcription.state, "reconnecting");
  isDown = false;
  await clock.advance(30_000);
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals(recovered.lost.map(({ kind, durationMs }) => [kind, Math.round(durationMs!)]), [["audio", 10_000]]);
  assert(recovered.gapMs >= 40_000);
  assertEquals(sent.slice(before).filter(({ type }) => type === "input_audio_buffer.append").length, 30);
  await end();
});

Deno.test("a transcription is renewed during silence before its 60 minutes end", async () => {
  const { clock, end, events, simulator, transcription, until, utterances } = await openRecovering();
  const writer = transcription.input.getWriter();
  await until(writer.write(SPEECH));
  await until(transcription.drain());
  await clock.advance(56 * MINUTE_MS);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  assert(events[0]?.type === "renewed" && events[0].lost.length === 0);
  await clock.advance(3 * 60 * MINUTE_MS);
  assertEquals(new Set(events.map(({ type }) => type)), new Set(["renewed"]));
  await until(writer.write(SPEECH));
  assertEquals(await until(transcription.drain()), { missing: [], complete: true });
  assertEquals(ended(utterances).map(([status]) => status), ["completed", "completed"]);
  assertEquals(simulator.sessions.length, 1);
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("an early expiry is handled like a drop", async () => {
  const { clock, end, events, simulator, transcription } = await openRecovering();
  simulator.sessions[0]!.fault({ type: "expire" });
  await clock.advance(1000);
  assertEquals([transcription.state, ...events.map(({ type }) => type)], ["open", "reconnecting", "recovered"]);
  await end();
});

Deno.test("a transcription ends with recovery_failed when its attempts are used up", async () => {
  let isRefused = false;
  const { clock, events, failure, simulator, transcription } = await openRecovering(
    { recovery: { maxAttempts: 2 } },
    {},
    () => {
      if (isRefused) throw new Error("no network");
    },
  );
  isRefused = true;
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(60_000);
  assertEquals((await transcription.closed).clean, false);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "reconnecting", "recovery_failed"]);
  assert(failure.error instanceof ConnectionError);
  assertEquals([transcription.state, clock.pending], ["closed", 0]);
});

Deno.test("a transcription ends with its connection if recovery is impossible or disabled", async () => {
  const simulator = createSimulator();
  const { value } = await (await simulator.fetch(
    new Request("https://api.openai.com/v1/realtime/client_secrets", {
      method: "POST",
      headers: { authorization: "Bearer sk-test", "content-type": "application/json" },
      body: JSON.stringify({ session: { type: "transcription" } }),
    }),
  )).json();
  assert(String(value).startsWith("ek_"));
  for (const options of [{ recovery: false as const }, { apiKey: value as string, dial: simulator.dial }]) {
    const { clock, events, simulator: other, transcription } = await openRecovering(options);
    (options.dial ? simulator : other).sessions[0]!.fault({ type: "drop" });
    await clock.advance(1000);
    assertEquals([(await transcription.closed).code, events], [1006, []]);
  }
});

Deno.test("close() ends the recovery of a transcription", async () => {
  let isDown = false;
  const { clock, end, events, failure, simulator } = await openRecovering({}, {}, () => {
    if (isDown) throw new Error("no network");
  });
  isDown = true;
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(5000);
  await end();
  assert(events.every(({ type }) => type === "reconnecting"));
  assertEquals([failure.error, clock.pending], [undefined, 0]);
});

Deno.test("connectTranscription() rejects unknown recovery options", async () => {
  const options = { apiKey: "sk-test", dial: createSimulator().dial };
  await assertRejects(
    () => connectTranscription({ ...options, recovery: { replay: {} } as never }),
    TypeError,
    "there is no option recovery.replay",
  );
  await assertRejects(
    () => connectTranscription({ ...options, recovery: { renewBefore: 1 } as never }),
    TypeError,
    "did you mean recovery.renewBeforeMs?",
  );
  await assertRejects(() => connectTranscription({ ...options, recovery: { renewBeforeMs: NaN } }), RangeError);
});
