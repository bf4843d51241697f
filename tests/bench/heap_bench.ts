/**
 * What a client holds: how much its heap grows in an hour of conversation, and what an idle session costs.
 *
 * ```sh
 * deno run -A --v8-flags=--expose-gc,--no-opt,--no-maglev,--no-sparkplug tests/bench/heap_bench.ts
 * ```
 *
 * The hour is virtual. The client talks with the simulator, which runs in a worker: an isolate with a heap of its own,
 * whose memory is not counted. Time passes for both in steps of 100 ms, and frames are handed over between them. The
 * conversation is by voice, with all that belongs to it, see `_conversation.ts`; it is ended just before the simulator
 * would, as the API ends sessions after an hour. Another one was had before, so that what is compiled once for all
 * sessions is not taken for growth. All growth counts, that of the conversation view too, which keeps every item without
 * its audio; how much that is shows when the items have been deleted.
 *
 * `--minutes 6` measures the growth of so many minutes, in a conversation that has gone on for six minutes: by then most
 * bounded tables have filled up. `--minutes 180` has a conversation of three hours, which no real session lasts; the
 * simulator's own hour does not end it.
 */
import { parseArgs } from "node:util";
import { connect, connectVoice } from "../../mod.ts";
import { Conversation, ROUND_MS } from "./_conversation.ts";
import { show, showTitle } from "./_figures.ts";
import { heapBytes } from "./_heap.ts";
import { bytesOfEach, dialLeastServer } from "./_idle_sessions.ts";
import { SteppedSimulator } from "./_stepped_simulator.ts";

/** Rounds of the conversation in an hour. */
const HOUR = 60;
/** Most that an hour may add, less than an hour (as the gate measures six minutes), and three hours, in MB. */
const MOST_GROWTH = 0.95;
const MOST_GROWTH_SHORT = 0.16;
const MOST_GROWTH_LONG = 3;
/**
 * Most that an idle session may take, and one with voice, in kB. Most
 * of it is the socket of the transport, the configuration, which is kept once, and the handlers and members of the parts.
 */
const MOST_IDLE = 18;
const MOST_IDLE_VOICE = 28;
/** Rounds before the growth of more or less than an hour is measured. */
const SETTLING = 6;
const IDLE_SESSIONS = 1000;
/** Events that show progress. */
const COUNTED = ["response.done", "response.output_audio.delta", "tool_call_done", "conversation.item.truncated"];

/** Result of a conversation: the growth of the heap in bytes, and the events. */
interface Talk {
  readonly growth: number;
  readonly growthWithoutItems: number;
  /** Timers of the client that are left when it has closed. */
  readonly timers: number;
  readonly note: string;
}

/** Talks for some rounds. */
async function talk(settling: number, rounds: number): Promise<Talk> {
  using simulator = new SteppedSimulator();
  const conversation = await Conversation.begin(simulator);
  for (let round = 0; round < settling; round++) await conversation.round();
  const before = await heapBytes();
  for (let round = 0; round < rounds; round++) await conversation.round();
  const growth = await heapBytes() - before;
  const items = await conversation.deleteItems();
  const growthWithoutItems = await heapBytes() - before;
  await conversation.end();
  const timers = simulator.clock.pending;
  const [responses, deltas, calls, cuts] = COUNTED.map((type) => conversation.counts.get(type));
  const note = `${items} items, ${responses} responses, ${deltas} audio deltas, ${calls} calls, ${cuts} cut short`;
  return { growth, growthWithoutItems, timers, note };
}

const { values } = parseArgs({ options: { minutes: { type: "string", default: `${HOUR}` } } });
const rounds = Number(values.minutes);
const settling = rounds === HOUR ? 0 : SETTLING;
await talk(0, rounds < HOUR ? 1 : SETTLING);
const { growth, growthWithoutItems, timers, note } = await talk(settling, rounds);
showTitle(
  `Heap of the client after ${(rounds * ROUND_MS / 60_000).toFixed(1)} virtual minutes of conversation by voice`,
);
const atMost = rounds > HOUR ? MOST_GROWTH_LONG : rounds < HOUR ? MOST_GROWTH_SHORT : MOST_GROWTH;
show({ name: "growth, everything counted", measured: growth / 1e6, unit: " MB", atMost, note });
show({ name: "growth, once the items were deleted", measured: growthWithoutItems / 1e6, unit: " MB" });
show({ name: "timers after close", measured: timers, unit: "", atMost: 0 });

const options = { apiKey: "sk-test", dial: dialLeastServer };
const idle = await bytesOfEach(IDLE_SESSIONS, () => connect(options));
const idleVoice = await bytesOfEach(IDLE_SESSIONS, () => connectVoice(options));
showTitle(`Heap of each of ${IDLE_SESSIONS} idle sessions in memory, transport included`);
show({ name: "session", measured: idle / 1e3, unit: " kB", atMost: MOST_IDLE });
show({ name: "session with voice", measured: idleVoice / 1e3, unit: " kB", atMost: MOST_IDLE_VOICE });
