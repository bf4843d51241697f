import type { Clock } from "../../../../src/_internal/clock.ts";
import { assertEquals } from "@std/assert";
import { Conversation, ConversationEntry } from "../../../../src/simulator/_session/conversation/conversation.ts";
import type { Outgoing } from "../../../../src/simulator/_session/outbox.ts";
import { Playback } from "../../../../src/simulator/_session/output/playback.ts";
import { createVirtualClock, type VirtualClock } from "../../../../src/simulator/virtual_clock.ts";
import { tone } from "../../_sound.ts";

interface World {
  readonly clock: VirtualClock;
  readonly conversation: Conversation;
  readonly playback: Playback;
  /** Sent events, with the time in milliseconds. */
  readonly events: readonly unknown[];
  /** Played audio. */
  readonly heard: readonly Int16Array[];
}

function world(...itemIds: readonly string[]): World {
  const clock = createVirtualClock();
  return { ...worldOn(clock, clock, itemIds), clock };
}

/** @param timers the clock of the playback. */
function worldOn(clock: Clock, timers: Clock, itemIds: readonly string[]): Omit<World, "clock"> {
  const conversation = new Conversation("conv");
  for (const id of itemIds) {
    const item = { id, type: "message", role: "assistant", content: [{ type: "output_audio", transcript: "Hi" }] };
    conversation.insert(new ConversationEntry(item as ConversationEntry["item"], [tone(1000)]));
  }
  const events: unknown[] = [];
  const heard: Int16Array[] = [];
  const emit = (event: Outgoing) => {
    const { type, ...fields } = event;
    const id = "response_id" in fields ? fields.response_id : "item_id" in fields ? fields.item_id : undefined;
    events.push([clock.now(), type, id, ..."audio_end_ms" in fields ? [fields.audio_end_ms] : []]);
  };
  const playback = new Playback({ clock: timers, conversation, emit, play: (samples) => heard.push(samples) });
  return { conversation, playback, events, heard };
}

const STARTED = "output_audio_buffer.started";
const STOPPED = "output_audio_buffer.stopped";
const CLEARED = "output_audio_buffer.cleared";
const TRUNCATED = "conversation.item.truncated";

Deno.test("Playback runs in real time, and stops when the response has ended and all of it was heard", async () => {
  const { clock, events, heard, playback } = world("a");
  const speech = tone(100);
  playback.add("r1", "a", speech.subarray(0, 1000));
  playback.add("r1", "a", speech.subarray(1000));
  playback.finish("r1");
  await clock.advance(100);
  assertEquals(heard.length, 5);
  assertEquals(heard.flatMap((frame) => [...frame]), [...speech]);
  assertEquals(events, [[0, STARTED, "r1"]]);
  await clock.advance(1000);
  assertEquals(events, [[0, STARTED, "r1"], [120, STOPPED, "r1"]]);
  assertEquals(clock.pending, 0);
});

Deno.test("Playback waits for a model that falls behind, and pads the last frame with silence", async () => {
  const { clock, events, heard, playback } = world("a");
  playback.add("r1", "a", tone(30));
  await clock.advance(500);
  assertEquals(heard.length, 2);
  assertEquals([...heard[1]!.subarray(240)], Array(240).fill(0));
  assertEquals(clock.pending, 0);
  playback.add("r1", "a", tone(20));
  await clock.advance(100);
  playback.finish("r1");
  await clock.advance(100);
  assertEquals(heard.length, 3);
  assertEquals(events, [[0, STARTED, "r1"], [620, STOPPED, "r1"]]);
});

Deno.test("Playback makes up for the time for which its process was held up", async () => {
  const clock = createVirtualClock();
  // Between 1 s and 3 s, no timer runs.
  const held: Clock = {
    now: () => clock.now(),
    schedule: (callback, ms) => {
      const atMs = clock.now() + ms;
      return clock.schedule(callback, (atMs > 1000 && atMs < 3000 ? 3000 : atMs) - clock.now());
    },
  };
  const { events, heard, playback } = worldOn(clock, held, ["a"]);
  // A model in the same process sends 5 s of speech in real time.
  let sentMs = 0;
  const send = () => {
    playback.add("r1", "a", tone(400));
    sentMs += 400;
    if (sentMs < 5200) held.schedule(send, Math.max(0, sentMs - 400 - clock.now()));
    else playback.finish("r1");
  };
  send();
  await clock.advance(20_000);
  assertEquals(heard.length, 260);
  assertEquals(events, [[0, STARTED, "r1"], [5220, STOPPED, "r1"]]);
});

Deno.test("Playback plays one response after the other", async () => {
  const { clock, events, heard, playback } = world("a", "b");
  playback.add("r1", "a", tone(40));
  playback.add("r2", "b", tone(20));
  playback.add("r1", "a", tone(20));
  playback.finish("r2");
  playback.finish("r1");
  await clock.advance(1000);
  assertEquals(heard.length, 4);
  assertEquals(events, [[0, STARTED, "r1"], [80, STOPPED, "r1"], [80, STARTED, "r2"], [120, STOPPED, "r2"]]);
});

Deno.test("clear() discards unheard audio, and truncates the messages to the heard part", async () => {
  const { clock, conversation, events, heard, playback } = world("a", "b", "c");
  playback.add("r1", "a", tone(60));
  playback.add("r1", "b", tone(100));
  playback.finish("r1");
  playback.add("r2", "c", tone(100));
  await clock.advance(110);
  playback.clear();
  assertEquals(events, [
    [0, STARTED, "r1"],
    [110, CLEARED, "r1"],
    [110, TRUNCATED, "b", 40],
    [110, TRUNCATED, "c", 0],
  ]);
  assertEquals(["a", "b", "c"].map((id) => conversation.find(id)?.audioMs), [1000, 40, 0]);
  assertEquals(
    conversation.find("b")?.item,
    {
      id: "b",
      type: "message",
      role: "assistant",
      content: [{ type: "output_audio", transcript: "" }],
    } as ConversationEntry["item"],
  );

  // Later audio of a cut response is not played, but that of the next response is.
  const before = heard.length;
  playback.add("r2", "c", tone(100));
  playback.finish("r2");
  await clock.advance(1000);
  assertEquals(heard.length, before);
  playback.add("r3", "a", tone(20));
  await clock.advance(20);
  assertEquals([heard.length, events.at(-1)], [before + 1, [1110, STARTED, "r3"]]);
  playback.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("clear() of fully heard audio truncates nothing", async () => {
  const { clock, events, playback } = world("a");
  playback.add("r1", "a", tone(40));
  await clock.advance(100);
  playback.clear();
  assertEquals(events, [[0, STARTED, "r1"], [100, CLEARED, "r1"]]);
  playback.clear();
  assertEquals(events.length, 2);
});

Deno.test("clearOnDemand() is answered even when playback has stopped, unless nothing was ever played", async () => {
  const { clock, events, playback } = world("a");
  playback.clearOnDemand();
  assertEquals(events, []);
  playback.add("r1", "a", tone(20));
  playback.finish("r1");
  await clock.advance(100);
  playback.clearOnDemand();
  assertEquals(events.slice(2), [[100, CLEARED, "r1"]]);
  playback.add("r2", "a", tone(100));
  playback.clearOnDemand();
  assertEquals(events.slice(3), [[100, STARTED, "r2"], [100, CLEARED, "r2"], [100, TRUNCATED, "a", 0]]);
});

Deno.test("Playback ignores a response without audio", async () => {
  const { clock, events, playback } = world();
  playback.finish("r1");
  await clock.advance(100);
  assertEquals([events, clock.pending], [[], 0]);
});
