/**
 * What a session costs beyond the bare loop: 20,000 audio deltas of 4,800 bytes from a loopback server in another process,
 * received by `WebSocket` → `JSON.parse` → native base64, by a session that checks every event and decodes as much, and
 * by other people's clients, which are told and not judged.
 *
 * ```sh
 * deno run -A tests/bench/session_bench.ts
 * ```
 */
import { startBenchServer } from "./_bench_server.ts";
import { openAgents, openBareLoop, openOpenai, openOpenaiWs, type OpenReader, openSession } from "./_delta_readers.ts";
import { compareWays, type Span, spanOf } from "./_ways.ts";

/** Deltas in a round, and bytes of audio in a delta. */
const COUNT = 20_000;
const BYTES = 4800;
/** Most time and processor time that our session may take, as a multiple of the bare loop. */
const MOST = { atMost: 1.2, processorAtMost: 1.25 };

/** How long it takes from asking for the deltas until the last of them has been read. */
async function read(open: OpenReader, port: number): Promise<Span> {
  let bytes = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const reader = await open(port, { heard: (length) => void (bytes += length), done: resolve });
  const span = await spanOf(() => {
    reader.request();
    return promise;
  });
  await reader.close();
  if (bytes !== COUNT * BYTES) throw new Error(`Only ${bytes} bytes came`);
  return span;
}

await using server = await startBenchServer(COUNT);
const by = (open: OpenReader) => () => read(open, server.port);
await compareWays(`${COUNT} audio deltas of ${BYTES} bytes over loopback, to the bare loop`, [
  { name: "bare loop: JSON.parse, fromBase64", run: by(openBareLoop) },
  { name: "our session, checks and decodes", run: by(openSession), ...MOST },
  { name: "openai, WebSocket, neither checks nor decodes", run: by(openOpenai) },
  { name: "openai, package ws, neither checks nor decodes", run: by(openOpenaiWs) },
  { name: "@openai/agents-realtime, checks and decodes", run: by(openAgents) },
], { times: COUNT, rounds: 11, warmUp: 3 });
