import { assertEquals } from "@std/assert";
import { encodeBase64, toBytes } from "../../src/audio/mod.ts";
import { UntranslatedTail } from "../../src/translation/untranslated_tail.ts";

/** A second of audio in which every sample has this value. */
const second = (sample: number) => encodeBase64(toBytes(new Int16Array(24_000).fill(sample)));

function open() {
  const tail = new UntranslatedTail(() => 0);
  /** Sends seconds of audio with these samples. */
  const send = (...samples: number[]) => samples.forEach((sample) => tail.send(second(sample)));
  /** The audio that is sent again, and the losses in milliseconds. */
  const take = (nowMs = 0) => {
    const { again, lost } = tail.take(nowMs);
    return [
      again.map((event) => "audio" in event ? event.audio : ""),
      lost.map(({ durationMs }) => durationMs),
    ] as const;
  };
  return { send, tail, take };
}

Deno.test("UntranslatedTail sends again what follows the translated position, in order, from its first sound", () => {
  const { send, tail, take } = open();
  send(1_000, 2_000, 0, 3_000, 0, 4_000);
  tail.receive({ type: "session.output_transcript.delta", elapsed_ms: 2_000 }, 0);
  assertEquals(take(), [[second(3_000), second(0), second(4_000)], []]);
  assertEquals(tail.startMs, 3_000);
  // It forgets both.
  assertEquals(take(), [[], []]);
  send(5_000);
  assertEquals(take(), [[second(5_000)], []]);
});

Deno.test("UntranslatedTail takes samples of up to 200 for silence", () => {
  const { send, take } = open();
  send(200, -200, 201);
  assertEquals(take(), [[second(201)], []]);
  send(-201);
  assertEquals(take(), [[second(-201)], []]);
  send(200);
  assertEquals(take(), [[], []]);
});

Deno.test("UntranslatedTail is not moved by the transcript of the input", () => {
  const { send, tail, take } = open();
  send(1_000);
  tail.receive({ type: "session.input_transcript.delta", elapsed_ms: 1_000 }, 0);
  assertEquals(tail.isQuiet(0), true);
  assertEquals(take(), [[second(1_000)], []]);
});

Deno.test("UntranslatedTail keeps 30 seconds, and reports sound that it dropped before it was translated", () => {
  const { send, tail, take } = open();
  const minute = Array.from({ length: 60 }, (_, index) => index % 2 === 0 ? 1_000 : 0);
  send(...minute);
  const [again, lost] = take();
  assertEquals([again.length, lost], [30, [15_000]]);
  assertEquals(take(), [[], []]);
  // What is translated later is not lost, and its position is never taken back.
  send(...minute);
  tail.receive({ type: "session.output_audio.delta", elapsed_ms: 60_000 }, 0);
  tail.receive({ type: "session.output_audio.delta", elapsed_ms: 1_000 }, 0);
  assertEquals(take(), [[], []]);
  assertEquals(tail.startMs, 30_000 + 60_000);
});

Deno.test("UntranslatedTail reports a loss of unknown length while a server without positions is translating", () => {
  for (const [afterMs, lost] of [[2_999, [undefined]], [3_000, []]] as const) {
    const { send, tail, take } = open();
    send(1_000);
    tail.receive({ type: "session.output_audio.delta" }, 0);
    assertEquals(tail.isQuiet(afterMs), lost.length === 0);
    // All that was sent before counts as translated.
    assertEquals(take(afterMs), [[], [...lost]]);
  }
});

Deno.test("UntranslatedTail counts waiting audio that was dropped as lost, and as a part of the session", () => {
  const { send, tail, take } = open();
  assertEquals(tail.leaveOut(64_000).map(({ durationMs }) => durationMs), [1_000]);
  assertEquals(tail.leaveOut(0), []);
  send(1_000, 2_000);
  tail.receive({ type: "session.output_audio.delta", elapsed_ms: 1_000 }, 0);
  assertEquals([take()[0].length, tail.startMs], [1, 2_000]);
});
