import { assert, assertEquals } from "@std/assert";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { connectVoice } from "../../../src/voice/mod.ts";
import { scripted, spoken } from "../../simulator/_simulated_model.ts";

async function dropInAnswer(onDrop: "finish" | "flush") {
  const clock = createVirtualClock();
  const sent: string[] = [];
  const simulator = createSimulator({
    clock,
    createModel: scripted([spoken("One two three four five six.", 4000)]).createModel,
    faults: [{ type: "drop", at: "response.output_audio.delta", skip: 4 }],
    onFrame: ({ from, data }) => void (from === "client" && sent.push(JSON.parse(String(data)).type)),
  });
  const connecting = connectVoice({
    apiKey: "sk-test",
    dial: simulator.dial,
    clock,
    turnDetection: null,
    recovery: { onDrop },
  });
  await clock.advance(100);
  const voice = await connecting;
  const types: string[] = [];
  voice.on("*", ({ type }) => void types.push(type));
  let receivedBytes = 0;
  let heardBytes = 0;
  voice.on("audio_delta", ({ bytes }) => void (receivedBytes += bytes.length));
  const reading = voice.output.pipeTo(
    new WritableStream({ write: ({ bytes }) => void (heardBytes += bytes.length) }),
  );
  const answer = voice.session.respond();
  await clock.advance(10_000);
  assertEquals((await answer.done).status, "lost");
  assertEquals(voice.session.state, "open");
  const texts = simulator.sessions[0]!.items.map((item) => JSON.stringify(item));
  const closing = voice.close();
  await clock.advance(10_000);
  await closing;
  await reading;
  assertEquals(clock.pending, 0);
  return { types, receivedBytes, heardBytes, texts, sent };
}

Deno.test("a drop in the middle of an answer plays the received audio once, and replays it as text", async () => {
  const { heardBytes, receivedBytes, sent, texts, types } = await dropInAnswer("finish");
  assert(receivedBytes > 0);
  assertEquals(heardBytes, receivedBytes);
  assert(types.includes("recovered") && !types.includes("interrupted"));
  assertEquals(texts.length, 1);
  assert(texts[0]!.includes("output_text") && texts[0]!.includes("One"), texts[0]);
  assert(!sent.includes("conversation.item.truncate"));
});

Deno.test("the next answer follows one that a drop has cut off without a pause", async () => {
  const clock = createVirtualClock();
  const faults = [[{ type: "drop", at: "response.output_audio.delta", skip: 12 } as const], []];
  const simulator = createSimulator({
    clock,
    createModel: scripted([spoken("One two three four five six.", 4000), spoken("Seven.", 1000)]).createModel,
    faults: () => faults.shift()!,
  });
  const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, turnDetection: null });
  await clock.advance(100);
  const voice = await connecting;
  const responses = new Set<string>();
  let endsAt: number | undefined;
  let pauseMs = 0;
  const reading = voice.output.pipeTo(
    new WritableStream({
      write({ durationMs, responseId }) {
        responses.add(responseId);
        pauseMs = Math.max(pauseMs, clock.now() - (endsAt ?? clock.now()));
        endsAt = Math.max(endsAt ?? 0, clock.now()) + durationMs;
      },
    }),
  );
  const first = voice.session.respond();
  const next = first.done.then(({ status }) => [status, voice.session.respond()] as const);
  await clock.advance(10_000);
  assertEquals((await next)[0], "lost");
  const closing = voice.close();
  await clock.advance(10_000);
  await Promise.all([closing, reading]);
  assertEquals([responses.size, pauseMs], [2, 0]);
});

Deno.test('onDrop: "flush" discards received but unheard audio, and replays only the words heard', async () => {
  const finish = await dropInAnswer("finish");
  const { heardBytes, receivedBytes, sent, texts, types } = await dropInAnswer("flush");
  assert(heardBytes < receivedBytes, `${heardBytes} of ${receivedBytes}`);
  assert(types.includes("interrupted"));
  assert((texts[0] ?? "").length < finish.texts[0]!.length, `${texts}`);
  assert(!sent.includes("conversation.item.truncate"));
});

Deno.test("a barge-in after a drop cuts what is still heard, and asks the next connection for nothing", async () => {
  for (const [laterMs, cut] of [[0, 1], [20_000, 0]] as const) {
    const clock = createVirtualClock();
    const sent: string[] = [];
    const simulator = createSimulator({
      clock,
      createModel: scripted([spoken("One two three four five six.", 16_000)]).createModel,
      faults: [{ type: "drop", at: "response.output_audio.delta", skip: 40 }],
      onFrame: ({ from, data }) => void (from === "client" && sent.push(JSON.parse(String(data)).type)),
    });
    const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, turnDetection: null });
    await clock.advance(100);
    const voice = await connecting;
    let interruptions = 0;
    let errors = 0;
    voice.on("interrupted", () => void interruptions++);
    let isRecovered = false;
    voice.on("error", () => void errors++);
    voice.on("recovered", () => void (isRecovered = true));
    const reading = voice.output.pipeTo(new WritableStream());
    voice.session.respond();
    for (let step = 0; step < 100 && !isRecovered; step++) await clock.advance(100);
    assert(isRecovered);
    await clock.advance(laterMs);
    const cuts = voice.bargeIn();
    await clock.advance(1_000);
    assertEquals([(await cuts).length, interruptions, errors], [cut, cut, 0]);
    assertEquals(sent.filter((type) => /truncate|delete/.test(type)), []);
    const closing = voice.close();
    await clock.advance(10_000);
    await closing;
    await reading;
  }
});

Deno.test("a renewal causes no pause longer than 50 ms in the played speech", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({
    clock,
    createModel: scripted([spoken("One two three four five six.", 6000)]).createModel,
  });
  const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, turnDetection: null });
  await clock.advance(100);
  const voice = await connecting;
  const renewedAt: number[] = [];
  voice.session.on("renewed", ({ gapMs, lost }) => {
    assertEquals(lost, []);
    assert(gapMs < 500, `${gapMs}`);
    renewedAt.push(clock.now());
  });
  const gaps: number[] = [];
  let last: { itemId: string | undefined; endMs: number } = { itemId: undefined, endMs: 0 };
  const reading = voice.output.pipeTo(
    new WritableStream({
      write: ({ bytes, itemId }) => {
        const now = clock.now();
        if (itemId === last.itemId) gaps.push(now - last.endMs);
        last = { itemId, endMs: Math.max(now, itemId === last.itemId ? last.endMs : now) + bytes.length / 48 };
      },
    }),
  );
  await clock.advance(54 * 60_000 + 40_000);
  // From before the renewal is due until after it, the model speaks most of the time.
  for (let answer = 0; answer < 12; answer++) {
    const response = voice.session.respond();
    for (let step = 0; step < 800; step++) await clock.advance(10);
    assertEquals((await response.done).status, "completed");
  }
  assertEquals(renewedAt.length, 1);
  assert(gaps.length > 100, `${gaps.length}`);
  assert(Math.max(...gaps) <= 50, `${Math.max(...gaps)} ms`);
  const closing = voice.close();
  await clock.advance(10_000);
  await closing;
  await reading;
  assertEquals(clock.pending, 0);
});
