/**
 * What it costs to send the user's audio: 100 ms at a time through `voice.input`, to `send` of a frame that was written
 * beforehand. A round is a thousand of them over loopback, from the first call until the server, in another process, has
 * taken the last. The bare loop that does write its frames is the least that anybody can do.
 *
 * ```sh
 * deno run -A tests/bench/voice_bench.ts
 * ```
 */
import { connectVoice } from "../../mod.ts";
import type { PcmChunk } from "../../src/audio/mod.ts";
import { startBenchServer } from "./_bench_server.ts";
import { compareWays, spanOf } from "./_ways.ts";

/** Appends in a round. */
const COUNT = 1000;
/** Most that `voice.input` may take, as a multiple of `send`. */
const MOST = 1.5;

const COMMIT = JSON.stringify({ type: "input_audio_buffer.commit" });

await using server = await startBenchServer(0);
const url = `http://127.0.0.1:${server.port}`;
// More waits than in a conversation, since the audio is not sent at the pace of speech.
await using voice = await connectVoice({ apiKey: "sk-test", baseUrl: url, maxLagMs: 1e6 });
const socket = new WebSocket(url);
await new Promise((resolve) => socket.onopen = resolve);

const pieces = Array.from({ length: 64 }, () => crypto.getRandomValues(new Uint8Array(4800)));
const samples = pieces.map((bytes) => new Int16Array(bytes.buffer));
const write = (bytes: Uint8Array) => JSON.stringify({ type: "input_audio_buffer.append", audio: bytes.toBase64() });
const frames = pieces.map(write);
const input = voice.input.getWriter();

async function viaInput(chunks: readonly PcmChunk[]): Promise<void> {
  for (let index = 0; index < COUNT; index++) await input.write(chunks[index % chunks.length]);
  await voice.session.commitAudio();
}

async function viaSocket(frameOf: (index: number) => string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => void (JSON.parse(data).type === "input_audio_buffer.committed" && resolve());
  for (let index = 0; index < COUNT; index++) socket.send(frameOf(index % frames.length));
  socket.send(COMMIT);
  await promise;
}

await compareWays("100 ms of the user's audio, to send of a frame written beforehand", [
  { name: "send of a frame written beforehand", run: () => spanOf(() => viaSocket((index) => frames[index]!)) },
  { name: "voice.input, bytes", run: () => spanOf(() => viaInput(pieces)), atMost: MOST },
  { name: "voice.input, samples", run: () => spanOf(() => viaInput(samples)), atMost: MOST },
  {
    name: "bare loop: toBase64, JSON.stringify, send",
    run: () => spanOf(() => viaSocket((index) => write(pieces[index]!))),
  },
], { times: COUNT, rounds: 100, warmUp: 20 });
socket.close();
