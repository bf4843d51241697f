import { assertEquals } from "@std/assert";
import { type LiveFragment, TurnMaker, type TurnMakerOptions } from "../../src/live/_core/turn_maker.ts";
import type { LiveTurn } from "../../src/live/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/mod.ts";

interface Made {
  readonly clock: VirtualClock;
  readonly maker: TurnMaker;
  readonly done: LiveTurn[];
  say(role: LiveFragment["role"], text: string, startMs: number, endMs?: number): void;
}

function make(options: Partial<TurnMakerOptions> = {}): Made {
  const clock = createVirtualClock();
  const done: LiveTurn[] = [];
  const maker = new TurnMaker({ clock, onDelta() {}, onDone: (turn) => done.push(turn), ...options });
  return {
    clock,
    maker,
    done,
    say: (role, text, startMs, endMs = startMs + 200) => maker.push({ role, text, startMs, endMs }),
  };
}

Deno.test("TurnMaker joins fragments until the other party speaks after a pause", () => {
  const { done, say } = make();
  say("user", "Where", 0);
  say("user", " is it?", 200);
  say("assistant", "On its", 1_000);
  say("assistant", " way.", 1_200);
  assertEquals(done, [{
    id: "turn_1",
    role: "user",
    text: "Where is it?",
    startMs: 0,
    endMs: 400,
    status: "completed",
    isBackchannel: false,
  }]);
});

Deno.test("TurnMaker puts a space between sentences, but not into numbers or words", async () => {
  const { clock, done, say } = make();
  for (const [index, text] of ["One moment.", "It is 3", ".5 de", "grees.", " Fine."].entries()) {
    say("assistant", text, index * 200);
  }
  await clock.advance(2_000);
  assertEquals(done[0]?.text, "One moment. It is 3.5 degrees. Fine.");
});

Deno.test("TurnMaker starts a turn without a space, though its fragment continues the track", async () => {
  const { clock, done, say } = make();
  for (const [index, text] of [" ", " Good", " morning", " "].entries()) say("assistant", text, index * 200);
  await clock.advance(2_000);
  assertEquals([done[0]?.text, done[0]?.startMs], ["Good morning ", 0]);
});

Deno.test("TurnMaker supports simultaneous speech, and detects a backchannel", async () => {
  const { clock, done, say } = make();
  say("user", "I ordered it", 0);
  say("assistant", "Mhm.", 200);
  say("user", " on Monday,", 400);
  say("user", " at noon.", 800);
  await clock.advance(2_000);
  assertEquals(done.map(({ isBackchannel, role, text }) => [role, text, isBackchannel]), [
    ["assistant", "Mhm.", true],
    ["user", "I ordered it on Monday, at noon.", false],
  ]);
});

Deno.test("TurnMaker takes only a short word within the other party's turn for a backchannel", async () => {
  const words = [[500, 700, true], [500, 1_499, true], [2_100, 2_150, true]] as const;
  const turns = [[500, 1_500, false], [100, 300, false], [50, 250, false], [2_100, 2_200, false]] as const;
  for (const [startMs, endMs, isBackchannel] of [...words, ...turns]) {
    const { clock, done, say } = make({ separationMs: 60_000 });
    say("user", "I ordered it", 100, 300);
    say("assistant", "Mhm.", startMs, endMs);
    say("user", " on Monday.", 2_000, 2_200);
    await clock.advance(2_000);
    assertEquals(done.map((turn) => [turn.role, turn.isBackchannel]), [["assistant", isBackchannel], ["user", false]]);
  }
});

Deno.test("TurnMaker separates a reply from the turn that a short word has interrupted", () => {
  const { done, maker, say } = make();
  say("assistant", "It leaves at noon and", 0);
  say("user", "Stop.", 300);
  say("assistant", "OK.", 1_400);
  maker.end();
  assertEquals(done.map(({ role, text }) => [role, text]), [
    ["assistant", "It leaves at noon and"],
    ["user", "Stop."],
    ["assistant", "OK."],
  ]);
});

Deno.test("TurnMaker continues a turn shortly after a word of the other party", () => {
  const { done, maker, say } = make();
  say("assistant", "It leaves", 0);
  say("user", "Yes.", 300);
  say("assistant", " at", 900);
  say("assistant", " noon.", 1_100);
  maker.end();
  assertEquals(done.map(({ text }) => text).toSorted(), ["It leaves at noon.", "Yes."]);
});

Deno.test("TurnMaker ends a turn after a long pause, by the clock or by the session's time", async () => {
  const { clock, done, say } = make({ silenceMs: 1_500 });
  say("assistant", "Hello.", 0);
  await clock.advance(1_499);
  assertEquals(done.length, 0);
  await clock.advance(1);
  assertEquals(done.length, 1);
  say("assistant", "One.", 5_000);
  say("assistant", "Two.", 6_700);
  assertEquals(done.map(({ text }) => text), ["Hello.", "One."]);
  // The session's time has restarted.
  say("assistant", "Three.", 0);
  assertEquals(done.map(({ text }) => text), ["Hello.", "One.", "Two."]);
});

Deno.test("TurnMaker marks turns cut by the end of the session, and leaves no timer behind", () => {
  const { clock, done, maker, say } = make();
  say("user", "And", 150);
  say("assistant", "Yes", 100);
  assertEquals(maker.end(), ["turn_2", "turn_1"]);
  assertEquals(done.map(({ role, status }) => [role, status]), [["assistant", "incomplete"], ["user", "incomplete"]]);
  assertEquals(clock.pending, 0);
  say("user", "", 900);
  assertEquals(maker.end(), []);
});

Deno.test("TurnMaker ends a turn where its last fragment ends, in whichever order they arrive", () => {
  const { done, maker, say } = make();
  say("user", "One two", 200, 800);
  say("user", " three", 400, 600);
  maker.end();
  assertEquals(done.map(({ endMs, startMs }) => [startMs, endMs]), [[200, 800]]);
});

Deno.test("TurnMaker accepts custom gaps", () => {
  const { done, say } = make({ separationMs: 100 });
  say("user", "Go.", 0);
  say("assistant", "Going.", 300);
  assertEquals(done.length, 1);
});
