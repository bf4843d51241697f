import { assertEquals } from "@std/assert";
import { PLAYER, type PlayerCommand, type PlayerReport } from "../../src/browser/_worklets/messages.ts";
import { WORKLET_SOURCE } from "../../src/browser/_worklets/source.ts";

/** Samples of a render quantum. */
const QUANTUM = 128;
/** Samples until a cut is silent. */
const FADE = 106;

interface Processor {
  readonly port: { onmessage(event: { data: PlayerCommand }): void };
  process(inputs: unknown, outputs: Float32Array[][]): boolean;
}

/** Runs the generated code as the audio thread does, without one. */
function createPlayer() {
  const reports: PlayerReport[] = [];
  const processors = new Map<string, new () => Processor>();
  const scope = {
    sampleRate: 48_000,
    AudioWorkletProcessor: class {
      readonly port = { onmessage: null, postMessage: (report: PlayerReport) => void reports.push(report) };
    },
    registerProcessor: (name: string, processor: new () => Processor) => void processors.set(name, processor),
  };
  new Function("globalThis", WORKLET_SOURCE)(scope);
  const player = new (processors.get(PLAYER)!)();
  return {
    reports,
    /** Pushes this many samples of a value, as a fraction of full scale. */
    push(key: number, length: number, value: number) {
      const samples = new Int16Array(length).fill(value * 32768);
      player.port.onmessage({ data: { type: "push", key, samples } });
    },
    flush: () => player.port.onmessage({ data: { type: "flush" } }),
    /** Plays this many quanta. */
    play(quanta: number): number[] {
      return Array.from({ length: quanta }, () => {
        const output = new Float32Array(QUANTUM);
        player.process([], [[output]]);
        return [...output];
      }).flat();
    },
  };
}

Deno.test("Samples pushed after a flush are played even if both arrive at once", () => {
  const { flush, play, push, reports } = createPlayer();
  push(1, 4800, 0.5);
  play(1);
  flush();
  push(2, 256, 0.25);
  const samples = play(4);
  assertEquals(samples[0]! < 0.5 && samples[0]! > 0.49, true);
  assertEquals(samples.slice(FADE, FADE + 256), new Array(256).fill(0.25));
  assertEquals(samples.slice(FADE + 256).every((sample) => sample === 0), true);
  assertEquals(reports.filter(({ type }) => type === "flushed"), [
    { type: "flushed", key: 1, played: QUANTUM + FADE },
  ]);
  // Every sample was played or dropped.
  assertEquals(reports.at(-1), { type: "progress", key: 2, played: 256, level: 0.25, done: 4800 + 256 });
});

Deno.test("A flush of an empty queue is answered at once, and does not fade what follows", () => {
  const { flush, play, push, reports } = createPlayer();
  push(1, QUANTUM, 0.5);
  play(1);
  flush();
  assertEquals(reports.at(-1), { type: "flushed", key: 1, played: QUANTUM });
  push(2, QUANTUM, 0.25);
  assertEquals(play(1), new Array(QUANTUM).fill(0.25));
});

Deno.test("A cut ends with the audio that it cuts, and both of two flushes are answered", () => {
  const { flush, play, push, reports } = createPlayer();
  push(1, QUANTUM + 20, 0.5);
  play(1);
  flush();
  push(2, 300, 0.25);
  // The second one cuts those samples, too.
  flush();
  push(3, 64, 0.125);
  const samples = play(4);
  assertEquals(samples.slice(FADE, FADE + 64), new Array(64).fill(0.125));
  assertEquals(reports.filter(({ type }) => type === "flushed").length, 2);

  const short = createPlayer();
  short.push(1, QUANTUM + 20, 0.5);
  short.play(1);
  short.flush();
  short.push(2, 64, 0.25);
  // 20 samples fade, then the next ones begin at full volume.
  assertEquals(short.play(1).slice(20, 84), new Array(64).fill(0.25));
});
