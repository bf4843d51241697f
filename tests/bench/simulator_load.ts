/**
 * Says how many sessions the simulator holds at the pace of heard audio: how many of its audio deltas came later than
 * 50 ms behind schedule, over real sockets to the command in a process of its own.
 *
 * ```sh
 * deno run -A tests/bench/simulator_load.ts --sessions 500 --seconds 30
 * ```
 *
 * Each session gets one answer aloud after the other, and streams a microphone all the time: 100 ms of sound every
 * 100 ms, too soft to be speech, to which the voice activity detection listens. Sessions begin evenly spread over five
 * seconds, and are measured from then on. The first audio of a response is due 80 ms after `response.created`, every
 * burst of 400 ms when the one before it has been heard. The lag of this process, which plays all the clients, is told as
 * well: what is late by it is not the simulator's doing.
 *
 * `--voice recorded` (the default) lets a scenario answer with a recording, `--voice made` the echo model, whose voice is
 * made anew for every answer; `--no-microphone` leaves the microphones out.
 */
import { parseArgs } from "node:util";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { show, showTitle } from "./_figures.ts";
import { LoadClient, type LoadNotes } from "./_load_client.ts";
import { readUsage } from "./_usage.ts";

/** Milliseconds behind schedule from which on a delta is late. */
const LATE_MS = 50;
/** Share of late deltas allowed, in percent, on a machine that does nothing else. */
const MOST_LATE = 0.2;
/** Milliseconds over which the sessions begin. */
const RAMP_MS = 5000;
/** Milliseconds between two looks at how far this process lags. */
const LOOK_MS = 20;

/** As many answers of 15 seconds as anybody waits for. */
const RECORDED_ANSWERS = {
  turns: Array.from({ length: 100 }, () => ({
    responses: [{
      outputs: [{ type: "message", text: "It was a dark night.", audio: `${ROOT}/examples/assets/story.wav` }],
    }],
  })),
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts the simulator with the requested voice. */
async function start(voice: string) {
  if (voice === "made") return await startSimulator(ROOT, ["--pace", "realtime"]);
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(RECORDED_ANSWERS));
    return await startSimulator(ROOT, ["--pace", "realtime", "--scenario", file]);
  } finally {
    await Deno.remove(file);
  }
}

/** Waits, and returns the maximum delay of this process meanwhile. */
async function watch(ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let mostLag = 0;
  for (let now = performance.now(); now < endMs; now = performance.now()) {
    await sleep(LOOK_MS);
    mostLag = Math.max(mostLag, performance.now() - now - LOOK_MS);
  }
  return mostLag;
}

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "500" },
    seconds: { type: "string", default: "30" },
    voice: { type: "string", default: "recorded" },
    "no-microphone": { type: "boolean", default: false },
  },
});
const [count, seconds] = [Number(values.sessions), Number(values.seconds)];
await using simulator = await start(values.voice);
const notes: LoadNotes = { lateness: [], responses: 0, errors: 0, lost: 0 };
const clients: LoadClient[] = [];
for (let index = 0; index < count; index++) {
  clients.push(new LoadClient(simulator.url, notes, !values["no-microphone"]));
  await sleep(RAMP_MS / count);
}
notes.lateness.length = 0;
const before = await readUsage(simulator.pid);
const startMs = performance.now();
const mostLag = await watch(seconds * 1000);
const after = await readUsage(simulator.pid);
const elapsed = (performance.now() - startMs) / 1000;
const lateness = notes.lateness.toSorted((a, b) => a - b);
for (const client of clients) client.stop();

const late = lateness.filter((ms) => ms > LATE_MS).length;
const at = (part: number) => lateness[Math.floor((lateness.length - 1) * part)] ?? NaN;
const share = (seconds: number) => 100 * seconds / elapsed;
const [ours, theirs] = [after.process - before.process, after.self - before.self];
showTitle(
  `Simulator, ${count} sessions for ${elapsed.toFixed(0)} s, voice ${values.voice}, ${lateness.length} audio deltas`,
);
show({
  name: `deltas later than ${LATE_MS} ms`,
  measured: 100 * late / lateness.length,
  unit: " %",
  // Delays caused by these clients' own lag are not the simulator's.
  ...mostLag < LATE_MS ? { atMost: MOST_LATE } : {},
  note: `${late}; median ${at(0.5).toFixed(1)} ms behind schedule, most ${at(1).toFixed(1)} ms`,
});
show({ name: "99 % of deltas behind schedule by less than", measured: at(0.99), unit: " ms" });
show({ name: "lag of the clients, at most", measured: mostLag, unit: " ms" });
show({
  name: "errors and lost connections",
  measured: notes.errors + notes.lost,
  unit: "",
  atMost: 0,
  note: `${notes.responses} responses`,
});
show({ name: "of one processor: simulator", measured: share(ours), unit: " %" });
show({ name: "of one processor: clients", measured: share(theirs), unit: " %" });
show({
  name: "of one processor: everything else",
  measured: share(after.machine - before.machine - ours - theirs),
  unit: " %",
});
show({
  name: "memory of the simulator",
  measured: after.memory,
  unit: " MiB",
  note: `${before.memory.toFixed(0)} MiB at first`,
});
await sleep(500);
