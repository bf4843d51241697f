import { assert, assertEquals } from "@std/assert";
import { type AudioChunk, connectVoice, type VoiceSession } from "../../mod.ts";
import type { InterruptedEvent } from "../../src/voice/mod.ts";
import { createSimulator, createVirtualClock, type SimulatorPace, type VirtualClock } from "../../src/simulator/mod.ts";
import { settled, tone, until } from "./_conversation.ts";
import { randomFrom, testSeed } from "../_random.ts";

/** Number of interruptions at each of the three paces. */
const INTERRUPTIONS = 334;
const LEAD_MS = 200;
/** Longest piece that the output emits. */
const CHUNK_MS = 40;

/** A loudspeaker that plays its queue in order, and tracks how much of it has sounded. */
class Loudspeaker {
  readonly #clock: VirtualClock;
  #pieces: { readonly itemId: string; readonly startsAt: number; readonly durationMs: number }[] = [];
  /** Items of which audio was taken since they were interrupted. */
  staleMs = 0;
  readonly #stopped = new Set<string>();

  constructor(clock: VirtualClock, output: ReadableStream<AudioChunk>) {
    this.#clock = clock;
    (async () => {
      for await (const { itemId, durationMs } of output) this.#take(itemId, durationMs);
    })();
  }

  /** How much of an item has sounded, in milliseconds. */
  heardMs(itemId: string): number {
    const now = this.#clock.now();
    return this.#pieces.filter((piece) => piece.itemId === itemId)
      .reduce((sum, { startsAt, durationMs }) => sum + Math.max(0, Math.min(durationMs, now - startsAt)), 0);
  }

  /** Stops playback; audio that it has taken and not played is stale. */
  stop(itemIds: readonly string[]): void {
    for (const itemId of itemIds) {
      this.#stopped.add(itemId);
      const takenMs = this.#pieces.reduce((sum, piece) => sum + (piece.itemId === itemId ? piece.durationMs : 0), 0);
      this.staleMs += takenMs - this.heardMs(itemId);
    }
  }

  /** Forgets earlier items. */
  reset(): void {
    this.#pieces = [];
    this.staleMs = 0;
  }

  #take(itemId: string, durationMs: number): void {
    if (this.#stopped.has(itemId)) this.staleMs += durationMs;
    const last = this.#pieces.at(-1);
    const startsAt = Math.max(this.#clock.now(), last ? last.startsAt + last.durationMs : 0);
    this.#pieces.push({ itemId, startsAt, durationMs });
  }
}

/** Interrupts by speech, or manually; resolves when the model is silent. */
async function interrupt(voice: VoiceSession, clock: VirtualClock, bySpeech: boolean): Promise<void> {
  if (!bySpeech) return void await settled(clock, voice.bargeIn());
  const writer = voice.input.getWriter();
  await writer.write(tone(100));
  await clock.advance(0);
  await writer.write(new Int16Array(24 * 800));
  writer.releaseLock();
  await until(clock, () => voice.session.activeResponse === undefined);
}

async function interruptAtRandom(pace: SimulatorPace, random: () => number): Promise<void> {
  const clock = createVirtualClock();
  const speech = tone(1500);
  const message = () => ({
    type: "message" as const,
    text: "Words.",
    audio: speech.subarray(0, 24 * Math.floor(40 + 1460 * random())),
  });
  const simulator = createSimulator({
    clock,
    pace,
    createModel: () => ({
      hear: () => "Stop.",
      reply: () => ({ outputs: Array.from({ length: 1 + Math.floor(4 * random()) }, message) }),
    }),
  });
  const turnDetection = { type: "server_vad", create_response: false } as const;
  const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, leadMs: LEAD_MS, turnDetection });
  const voice = await settled(clock, connecting);
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  const loudspeaker = new Loudspeaker(clock, voice.output);
  let cuts: (readonly [cut: InterruptedEvent, heardMs: number])[] = [];
  voice.on("interrupted", (cut) => cuts.push([cut, loudspeaker.heardMs(cut.itemId)]));
  voice.on("interrupted", ({ itemId }) => loudspeaker.stop([itemId]));
  const actions = new Map<string, number>();
  for (let i = 0; i < INTERRUPTIONS; i++) {
    const response = voice.session.respond();
    await clock.advance(Math.floor(4000 * random() ** 2));
    await interrupt(voice, clock, random() < 0.3);
    await settled(clock, response.done);
    await clock.advance(300);
    for (const [{ heardMs, receivedMs, action }, truthMs] of cuts) {
      assert(Math.abs(heardMs - truthMs) <= CHUNK_MS, `cut at ${heardMs} ms, heard ${truthMs} ms`);
      assert(Number.isInteger(heardMs) && heardMs <= receivedMs);
      actions.set(action, (actions.get(action) ?? 0) + 1);
    }
    assert(loudspeaker.staleMs <= LEAD_MS, `${loudspeaker.staleMs} ms were stale`);
    assertEquals(errors, []);
    assertEquals(voice.playback.unheardMs, 0);
    cuts = [];
    loudspeaker.reset();
  }
  assert((actions.get("truncate") ?? 0) > INTERRUPTIONS / 3, `${[...actions]}`);
  await settled(clock, voice.close());
  await simulator.close();
}

for (const pace of ["realtime", 4, "fast"] as const) {
  Deno.test(`VoiceSession cuts at the heard position in ${INTERRUPTIONS} random interruptions, with audio at pace ${pace}`, async () => {
    const seed = testSeed();
    try {
      await interruptAtRandom(pace, randomFrom(seed));
    } catch (error) {
      throw new Error(`The seed was ${seed}`, { cause: error });
    }
  });
}
