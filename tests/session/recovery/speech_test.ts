import { assert, assertEquals } from "@std/assert";
import { toBytes } from "../../../src/audio/mod.ts";
import { synthesizeSpeech } from "../../../src/simulator/mod.ts";
import { testSeed } from "../../_random.ts";
import { runSpeech } from "./_speech_run.ts";
import { openWorld } from "./_world.ts";

Deno.test("speech sent on a dead or stalled connection reaches the next one", async () => {
  const speech = synthesizeSpeech("My order number is twelve, and I would like to know where it is.");
  for (const fault of [{ type: "silence" }, { type: "stall", ms: 8000 }] as const) {
    const heard: number[] = [];
    const hear = (audio: Int16Array) => {
      heard.push(audio.length);
      return "words";
    };
    const { clock, end, events, server, session } = await openWorld(
      { turnDetection: { type: "server_vad" } },
      { createModel: () => ({ hear, reply: () => ({ outputs: [] }) }) },
    );
    const stream = async (samples: Int16Array) => {
      for (let start = 0; start < samples.length; start += 2400) {
        session.appendAudio(toBytes(samples.subarray(start, start + 2400)));
        await clock.advance(100);
      }
    };
    await stream(new Int16Array(24 * 3000));
    server().fault(fault);
    await stream(speech);
    if (fault.type === "stall") {
      // The connection drops as soon as it works again.
      await stream(new Int16Array(24 * 3900));
      server().fault({ type: "drop" });
    }
    await stream(new Int16Array(24 * 55_000));
    assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
    assertEquals(heard.length, 1, fault.type);
    assert(heard[0]! >= speech.length, `${heard}`);
    await end();
  }
});

Deno.test("every utterance reaches the conversation once or is reported lost, under random connection faults", async () => {
  const seed = testSeed();
  for (let run = 0; run < 8; run++) assertEquals(await runSpeech(seed + run, 10), [], `seed ${seed + run}`);
});
