import { assertEquals } from "@std/assert";
import type { Fault, SimulatedSession } from "../../src/simulator/mod.ts";
import { randomFrom, testSeed } from "../_random.ts";
import { withPauses } from "../session/recovery/_world.ts";
import { converse, settled, tone } from "./_conversation.ts";

const TURNS = 12;

const MOMENTS = [
  "input_audio_buffer.committed",
  "input_audio_buffer.cleared",
  "session.updated",
  "session.created",
  "conversation.item.added",
] as const;

/**
 * Talks in turns of different lengths, without waiting for the last one, while connections drop, stall and die by
 * chance. Returns everything that is wrong: turns that are not exactly one item, or out of order, and what is left over.
 */
async function run(random: () => number): Promise<readonly string[]> {
  const below = (end: number) => Math.floor(random() * end);
  const wrong: string[] = [];
  await using conversation = await converse({ turnDetection: null }, {
    pace: "fast",
    latency: below(2) ? "none" : { ackMs: below(200) },
  });
  const { clock, simulator, voice } = conversation;
  const servers = new Set<SimulatedSession>();
  // After a longer stall, also of several that follow each other, a commit has timed out.
  let stallsMs = 9000;
  const fault = (): Fault => {
    const timing = below(2) ? { at: MOMENTS[below(MOMENTS.length)]!, skip: below(2) } : { afterMs: below(500) };
    const type = (["drop", "drop", "silence", "stall"] as const)[below(4)]!;
    const ms = type === "stall" ? below(stallsMs) : 0;
    stallsMs -= ms;
    return type === "stall" ? { type, ms, ...timing } : { type, ...timing };
  };
  const collect = () => simulator.sessions.forEach((server) => servers.add(server));
  voice.session.on("session.created", collect);
  collect();
  const committed: number[] = [];
  const pending = new Set<number>();
  for (let index = 0; index < TURNS; index++) {
    if (below(3) === 0) simulator.sessions.at(-1)?.fault(fault());
    const lengthMs = 100 + 20 * index + 10 * below(2);
    const turn = voice.talk();
    turn.append(tone(lengthMs));
    if (below(3) === 0) await clock.advance(below(300));
    const check = (itemId: string) => {
      const found = Array.from(servers, (server) => server.audioMsOf(itemId)).filter((ms) => ms > 0);
      if (found.join() !== `${lengthMs}`) wrong.push(`turn ${index} of ${lengthMs} ms has ${found} ms`);
      committed.push(index);
    };
    const ending = below(6) === 0 ? turn.cancel() : turn.commit().then(check);
    pending.add(index);
    ending.catch((error) => wrong.push(`turn ${index} failed: ${error}`)).then(() => pending.delete(index));
    if (below(2)) await clock.advance(below(2000));
  }
  await clock.advance(200_000);
  if (pending.size > 0) wrong.push(`${[...pending]} are pending`);
  if (`${committed}` !== `${[...committed].sort((a, b) => a - b)}`) wrong.push(`the order is ${committed}`);
  await settled(clock, voice.close());
  if (clock.pending > 0) wrong.push(`${clock.pending} timers are left`);
  return wrong;
}

Deno.test("every push-to-talk turn is one item, in order, whatever happens to its connection", async () => {
  const first = testSeed();
  for (let seed = first; seed < first + 12; seed++) {
    const random = randomFrom(seed);
    assertEquals(await withPauses(random, () => run(random)), [], `seed ${seed}`);
  }
});
