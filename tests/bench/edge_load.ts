/**
 * Says what the edge app costs: requests a second beside a bare Hono route that asks the API for the same, in turns, and
 * the latency that the relay adds to frames. The API, the edge and this generator of load are a process each.
 *
 * ```sh
 * deno run -A tests/bench/edge_load.ts --requests 50000 --sessions 500 --seconds 20
 * ```
 *
 * Every session sends 100 ms of audio every 100 ms, and gets as much back. A round trip over the relay is set against
 * one to the API itself, under the same load; the difference is what the relay adds to two frames.
 *
 * `--flags=--unstable-no-legacy-abort` starts the servers with these flags of Deno. Without this one, Deno makes an error
 * for each request whose `signal` was asked for, which takes the app about 20 µs, and the bare route nothing.
 */
import { parseArgs } from "node:util";
import { ROOT } from "../_tools/repository.ts";
import { startServer } from "../_tools/servers/server_process.ts";

/** Requests that are under way at a time. */
const CONCURRENCY = 32;
/** Rounds in which the two routes take turns. */
const ROUNDS = 50;
/** Milliseconds over which sessions begin. */
const RAMP_MS = 5000;
/** Milliseconds of audio in a frame, which go out as often. */
const FRAME_MS = 100;
/** That much audio of 24 kHz in base64. */
const AUDIO = "A".repeat(FRAME_MS * 64);

const OFFER = `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${
  "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n".repeat(40)
}`;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function percentile(numbers: readonly number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)] ?? NaN;
}

/** Sends offers; tells how long that took in seconds, and how many did not succeed. */
async function offer(url: string, count: number): Promise<{ seconds: number; errors: number }> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/sdp", authorization: "Bearer load" },
    body: OFFER,
  };
  let left = count;
  let errors = 0;
  const work = async () => {
    while (left-- > 0) {
      const response = await fetch(url, init).catch(() => undefined);
      const text = await response?.text();
      if (response?.status !== 201 || !text?.startsWith("v=0")) errors++;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return { seconds: (performance.now() - start) / 1000, errors };
}

/** A frame of audio whose id is the time. */
function appendFrame(): string {
  return `{"type":"input_audio_buffer.append","event_id":"${performance.now()}","audio":"${AUDIO}"}`;
}

/** Milliseconds of the round trips of frames, over sockets that send at the pace of speech. */
async function roundTrips(url: string, sessions: number, seconds: number): Promise<number[]> {
  const trips: number[] = [];
  const sockets: WebSocket[] = [];
  const timers: ReturnType<typeof setInterval>[] = [];
  let isMeasured = false;
  for (let index = 0; index < sessions; index++) {
    const socket = new WebSocket(url, { headers: { authorization: "Bearer load" } });
    sockets.push(socket);
    socket.onmessage = ({ data }) => {
      const sentAt = /^\{"type":"response\.output_audio\.delta","event_id":"([^"]*)"/.exec(data)?.[1];
      if (sentAt === undefined) timers.push(setInterval(() => socket.send(appendFrame()), FRAME_MS));
      else if (isMeasured) trips.push(performance.now() - Number(sentAt));
    };
    await sleep(RAMP_MS / sessions);
  }
  isMeasured = true;
  await sleep(seconds * 1000);
  for (const timer of timers) clearInterval(timer);
  const closed = sockets.map((socket) => new Promise((resolve) => socket.onclose = resolve));
  for (const socket of sockets) socket.close();
  await Promise.all(closed);
  const wanted = sessions * seconds * (1000 / FRAME_MS);
  console.log(`  ${trips.length} frames of ${wanted} came back from ${timers.length} of ${sessions} sessions`);
  return trips;
}

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "50000" },
    sessions: { type: "string", default: "500" },
    seconds: { type: "string", default: "20" },
    flags: { type: "string", default: "" },
  },
});
const requests = Number(values.requests);
const sessions = Number(values.sessions);
const seconds = Number(values.seconds);
const run = ["run", "-A", "--no-check", ...values.flags.split(" ").filter(Boolean), "tests/bench/_edge_servers.ts"];
const serve = (...args: string[]) => startServer(Deno.execPath(), [...run, ...args], { cwd: ROOT });
await using upstream = await serve("upstream");
await using edge = await serve("edge", `${upstream.url}/v1`);

const routes = { bare: `${edge.url}/bare`, app: `${edge.url}/realtime/calls` };
const took = { bare: 0, app: 0 };
const failed = { bare: 0, app: 0 };
const warmUp = Math.min(2000, requests);
for (const url of Object.values(routes)) await offer(url, warmUp);
for (let round = 0; round < ROUNDS; round++) {
  for (const name of ["bare", "app"] as const) {
    const { errors, seconds } = await offer(routes[name], Math.ceil(requests / ROUNDS));
    took[name] += seconds;
    failed[name] += errors;
  }
}
for (const name of ["bare", "app"] as const) {
  const rate = Math.round(requests / took[name]);
  console.log(`${name.padEnd(4)} ${requests} requests, ${failed[name]} errors, ${rate} a second`);
}
console.log(`the app serves ${(100 * took.bare / took.app).toFixed(1)} % of what the bare route does (at least 80 %)`);

const socketUrl = (url: string) => url.replace("http:", "ws:");
console.log(`${sessions} sessions to the API itself`);
const direct = await roundTrips(`${socketUrl(upstream.url)}/v1/realtime`, sessions, seconds);
console.log(`${sessions} sessions over the relay`);
const relayed = await roundTrips(`${socketUrl(edge.url)}/realtime/relay`, sessions, seconds);
for (const [name, part] of [["p50", 0.5], ["p99", 0.99]] as const) {
  const [with_, without] = [percentile(relayed, part), percentile(direct, part)];
  console.log(
    `${name} of a round trip: ${without.toFixed(2)} ms direct, ${with_.toFixed(2)} ms relayed, ${
      ((with_ - without) / 2).toFixed(2)
    } ms added to a frame`,
  );
}
