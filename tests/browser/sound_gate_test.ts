import { assertEquals, assertThrows } from "@std/assert";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import { SoundGate } from "../../src/browser/_audio/sound_gate.ts";
import { FakeContext, FakeNode, FakeTrack, streamOf } from "./_fakes.ts";

const frame = (type: string, text = "") => JSON.stringify({ event_id: "e1", type, text });

function setting() {
  const context = new FakeContext();
  const gains: FakeNode[] = [];
  context.createGain = () => {
    const node = new FakeNode();
    gains.push(node);
    return node;
  };
  const element = {
    srcObject: undefined as unknown,
    muted: false,
    plays: 0,
    play: () => Promise.resolve(),
    pause() {},
  };
  const clock = createVirtualClock();
  const gate = new SoundGate(context, element, clock);
  return { clock, context, element, gate, isOpen: () => gains[0]!.gain.value === 1 };
}

Deno.test("SoundGate closes when the page or the server interrupts, until the next answer", async () => {
  const { clock, gate, isOpen } = setting();
  gate.watch(frame("output_audio_buffer.started"));
  assertEquals(isOpen(), true);
  gate.watch(frame("output_audio_buffer.clear"));
  assertEquals(isOpen(), false);
  gate.watch(frame("output_audio_buffer.cleared"));
  await clock.advance(5000);
  assertEquals(isOpen(), false);
  gate.watch(frame("output_audio_buffer.started"));
  assertEquals(isOpen(), true);
  gate.watch(frame("output_audio_buffer.cleared"));
  assertEquals(isOpen(), false);
  assertEquals(clock.pending, 0);
});

Deno.test("SoundGate reopens if the server does not answer within a second, and ignores other text", async () => {
  const { clock, gate, isOpen } = setting();
  gate.watch(frame("output_audio_buffer.started"));
  gate.watch(frame("output_audio_buffer.clear"));
  await clock.advance(999);
  assertEquals(isOpen(), false);
  await clock.advance(1);
  assertEquals(isOpen(), true);
  gate.watch(frame("response.output_audio_transcript.delta", '"type":"output_audio_buffer.cleared"'));
  gate.watch(frame("output_audio_buffer.stopped"));
  assertEquals(isOpen(), true);
});

Deno.test("SoundGate keeps the stream flowing in a muted element, and releases everything", async () => {
  const { clock, context, element, gate } = setting();
  const stream = streamOf(new FakeTrack());
  await gate.play(stream);
  assertEquals([element.muted, element.srcObject, context.sources[0]?.isConnected], [true, stream, true]);
  gate.watch(frame("output_audio_buffer.clear"));
  gate.close();
  assertEquals([element.srcObject, context.sources[0]?.isConnected, clock.pending], [null, false, 0]);
});

Deno.test("SoundGate rejects an invalid volume", () => {
  const { gate } = setting();
  gate.volume = 0.5;
  for (const volume of [2, -0.1, NaN, Infinity]) assertThrows(() => gate.volume = volume, RangeError, "volume");
  assertEquals(gate.volume, 0.5);
});
