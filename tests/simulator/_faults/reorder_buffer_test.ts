import { assertEquals } from "@std/assert";
import { toFrame } from "../../../src/simulator/_faults/frame.ts";
import { ReorderBuffer } from "../../../src/simulator/_faults/reorder_buffer.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";

const WORD = "response.output_audio_transcript.delta";
const AUDIO = "response.output_audio.delta";
const HEARD = "conversation.item.input_audio_transcription.delta";

/** A buffer and its output: each event as its type's last word and its item. */
function buffer(frames: number) {
  const clock = createVirtualClock();
  const out: string[] = [];
  const reorder = new ReorderBuffer(clock, frames, ({ event }) => out.push(nameOf(event!.type, event!.item_id)));
  const push = (...events: readonly (readonly [type: string, itemId?: string])[]) => {
    for (const [type, item_id] of events) reorder.push(toFrame(JSON.stringify({ type, item_id })));
  };
  return { clock, out, push, reorder };
}

function nameOf(type: string, itemId: unknown): string {
  const name = { [WORD]: "word", [AUDIO]: "audio", [HEARD]: "heard" }[type] ?? type;
  return itemId === undefined ? name : `${name} ${itemId}`;
}

Deno.test("ReorderBuffer lets the given number of frames overtake", () => {
  const { out, push } = buffer(2);
  push([WORD, "a"], [WORD, "a"], [AUDIO, "a"], [HEARD, "b"], [AUDIO, "a"], ["rate_limits.updated"], [AUDIO, "a"], [
    AUDIO,
    "a",
  ]);
  assertEquals(out, [
    "audio a",
    "audio a",
    "word a",
    "word a",
    "audio a",
    "heard b",
    "audio a",
    "rate_limits.updated",
  ]);
});

Deno.test("ReorderBuffer releases words at the latest when their message continues or their response ends", () => {
  const { out, push } = buffer(50);
  push([WORD, "a"], [WORD, "b"], [HEARD, "c"], [AUDIO, "a"], ["response.output_audio.done", "a"], ["response.done"]);
  assertEquals(out, ["audio a", "word a", "response.output_audio.done a", "word b", "response.done"]);
});

Deno.test("ReorderBuffer holds frames for at most 250 ms, and releases all when flushed", async () => {
  const { clock, out, push, reorder } = buffer(50);
  push([HEARD, "a"]);
  await clock.advance(100);
  push([HEARD, "b"]);
  await clock.advance(150);
  assertEquals(out, ["heard a"]);
  reorder.flush();
  assertEquals([out, clock.pending], [["heard a", "heard b"], 0]);
  push([HEARD, "c"]);
  reorder.clear();
  assertEquals([out.length, clock.pending], [2, 0]);
});
