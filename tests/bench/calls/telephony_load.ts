/**
 * Whether the telephone of the examples loses a frame when all its lines are busy: 100 calls at a time, each with 20 ms
 * of µ-law every 20 ms both ways, every frame numbered. The app runs on one processor alone, its API and this program,
 * which is the provider's end of all calls, beside it.
 *
 * ```sh
 * deno run -A --config tests/deno.json tests/bench/calls/telephony_load.ts --calls 100 --seconds 20
 * ```
 *
 * On a machine that is busy with other things run it by `nice -n -15`: an app that gets no processor for 5 seconds drops
 * the oldest that callers said, as a telephone does not wait (`overflow: "drop-oldest"`).
 */
import { parseArgs } from "node:util";
import { ROOT } from "../../_tools/repository.ts";
import { startServer } from "../../_tools/servers/server_process.ts";
import { twilioSign } from "../../examples/_twilio_sign.ts";
import { show, showTitle } from "../_figures.ts";
import { FRAME_MS, FrameCounter, numberedFrame, sumOf } from "./_numbered_frames.ts";

const TOKEN = "a token of the account";
const PUBLIC_URL = "https://calls.example";

/** Milliseconds in which calls begin, and most that the last frames may take. */
const RAMP_MS = 5000;
const DRAIN_MS = 30_000;

/** A call, from the side of the provider. */
interface Call {
  readonly socket: WebSocket;
  readonly heard: FrameCounter;
  readonly startedAt: number;
  said: number;
}

const { values } = parseArgs({
  options: { calls: { type: "string", default: "100" }, seconds: { type: "string", default: "20" } },
});
const calls = Number(values.calls);
const seconds = Number(values.seconds);
const wanted = calls * seconds * 1000 / FRAME_MS;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const deno = (file: string, ...args: string[]) => ["run", "-A", "--no-check", `tests/bench/calls/${file}`, ...args];

await using api = await startServer(Deno.execPath(), deno("_telephone_api.ts", `${seconds}`), { cwd: ROOT });
await using app = await startServer("taskset", ["-c", "0", Deno.execPath(), ...deno("_telephone_app.ts")], {
  cwd: ROOT,
  env: {
    OPENAI_API_KEY: "sk-load",
    OPENAI_BASE_URL: `${api.url}/v1`,
    TWILIO_AUTH_TOKEN: TOKEN,
    PUBLIC_URL,
    GREETING: "Tell a long story.",
    MAX_CALLS: `${calls}`,
  },
});

/** Rings, and opens the stream that answers. */
async function begin(sid: string): Promise<Call> {
  const ringing = { "x-twilio-signature": await twilioSign(`${PUBLIC_URL}/incomingCallSid${sid}`, TOKEN) };
  const body = new URLSearchParams({ CallSid: sid });
  const answer = await (await fetch(`${app.url}/incoming`, { method: "POST", headers: ringing, body })).text();
  const stream = /<Stream url="(.*)"\/>/.exec(answer)?.[1];
  if (stream === undefined) throw new Error(`The call was not answered: ${answer}`);
  const headers = { "x-twilio-signature": await twilioSign(stream, TOKEN) };
  const socket = new WebSocket(`${app.url.replace("http:", "ws:")}${new URL(stream).pathname}`, { headers });
  const heard = new FrameCounter();
  socket.onmessage = ({ data }) => {
    const { event, mark, media } = JSON.parse(data);
    if (event === "media") heard.push(Uint8Array.fromBase64(media.payload));
    if (event === "mark") socket.send(JSON.stringify({ event, streamSid: sid, mark }));
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("The stream was refused"));
  });
  socket.send(JSON.stringify({ event: "start", streamSid: sid, start: {} }));
  return { socket, heard, startedAt: performance.now(), said: 0 };
}

const begun: Call[] = [];
let ownLagMs = 0;
const talk = setInterval(() => {
  const now = performance.now();
  for (const call of begun) {
    const due = Math.min(Math.floor((now - call.startedAt) / FRAME_MS) + 1, seconds * 1000 / FRAME_MS);
    if (call.said < due) ownLagMs = Math.max(ownLagMs, (due - call.said - 1) * FRAME_MS);
    for (; call.said < due; call.said++) {
      const payload = numberedFrame(call.said).toBase64();
      const media = { track: "inbound", payload };
      call.socket.send(JSON.stringify({ event: "media", streamSid: "MZ", media }));
    }
  }
}, FRAME_MS);
for (let index = 0; index < calls; index++) {
  begun.push(await begin(`CA${index}`));
  await sleep(RAMP_MS / calls);
}
const cpuOf = async (): Promise<number> => await (await fetch(`${app.url}/cpu`)).json();
const arrivedOf = async () => await (await fetch(`${api.url}/stats`)).json();
const [cpuBefore, measuredFrom] = [await cpuOf(), performance.now()];
await sleep(Math.max(0, seconds * 1000 - RAMP_MS));
const load = (await cpuOf() - cpuBefore) / (performance.now() - measuredFrom);

let said = await arrivedOf();
let heard = sumOf(begun.map(({ heard }) => heard.count));
for (let waited = 0; waited < DRAIN_MS && (said.frames < wanted || heard.frames < wanted); waited += 250) {
  await sleep(250);
  said = await arrivedOf();
  heard = sumOf(begun.map(({ heard }) => heard.count));
}
clearInterval(talk);
const open = begun.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length;
for (const { socket } of begun) socket.close();

showTitle(`${calls} telephone calls on one processor, ${seconds} s, ${wanted} frames each way`);
const note = (latest: number) => `most late ${latest.toFixed(0)} ms; own lag ${ownLagMs.toFixed(0)} ms`;
show({
  name: "lost of what callers said",
  measured: wanted - said.frames + said.lost,
  unit: "",
  atMost: 0,
  note: note(said.mostLateMs),
});
show({
  name: "lost of what callers heard",
  measured: wanted - heard.frames + heard.lost,
  unit: "",
  atMost: 0,
  note: note(heard.mostLateMs),
});
show({ name: "calls that were cut off", measured: calls - open, unit: "", atMost: 0 });
show({ name: "processor of the app", measured: load * 100, unit: " %" });
if (app.output.includes("telephony:")) console.log(app.output.slice(-2000));
