/**
 * What a session costs beyond the bare loop: 20,000 audio deltas of 4,800 bytes from a loopback server in another process,
 * received by `WebSocket` → `JSON.parse` → native base64, and by a session that checks every event and decodes as much.
 */
import { connect } from "../../mod.ts";
import { decodeBase64 } from "../../src/audio/mod.ts";

const COUNT = 20_000;
const ROUNDS = 5;

async function bare(port: number): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((resolve) => socket.onopen = resolve);
  let bytes = 0;
  const done = new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "response.output_audio.delta") bytes += Uint8Array.fromBase64(event.delta).length;
      if (event.type === "response.output_audio.done") resolve(undefined);
    };
  });
  const startedAt = performance.now();
  socket.send(JSON.stringify({ type: "response.create" }));
  await done;
  const elapsed = performance.now() - startedAt;
  socket.close();
  if (bytes !== COUNT * 4800) throw new Error(`Only ${bytes} bytes came`);
  return elapsed;
}

async function withSession(port: number): Promise<number> {
  await using session = await connect({ apiKey: "sk-test", baseUrl: `http://127.0.0.1:${port}` });
  let bytes = 0;
  session.on("response.output_audio.delta", (event) => void (bytes += decodeBase64(event.delta).length));
  const done = new Promise((resolve) => session.on("response.output_audio.done", resolve));
  const startedAt = performance.now();
  session.send({ type: "response.create" });
  await done;
  const elapsed = performance.now() - startedAt;
  if (bytes !== COUNT * 4800) throw new Error(`Only ${bytes} bytes came`);
  return elapsed;
}

const server = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "--no-check", new URL("./_delta_server.ts", import.meta.url).pathname, `${COUNT}`],
  stdout: "piped",
}).spawn();
const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
const port = Number((await reader.read()).value);
const times = { bare: [] as number[], session: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  times.bare.push(await bare(port));
  times.session.push(await withSession(port));
}
server.kill();
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const ratio = median(times.session) / median(times.bare);
console.log(`${COUNT} audio deltas of 4,800 bytes, median of ${ROUNDS} rounds`);
console.log(`bare loop ${median(times.bare).toFixed(0)} ms, session ${median(times.session).toFixed(0)} ms`);
console.log(`ratio ${ratio.toFixed(2)} (at most 1.3)`);
