/**
 * What it costs to hear the model: audio deltas of 100 ms from a loopback server in another process, received by a bare
 * loop (`WebSocket` → `JSON.parse` → native base64), by our session, and by a voice session whose output is read while 1 s
 * or 590 s of audio wait in it. All of them take turns in one run. What is measured begins after so many deltas that what
 * is to wait does.
 *
 * ```sh
 * deno run -A --config tests/deno.json tests/bench/voice_path_bench.ts
 * ```
 */
import { connectVoice } from "../../mod.ts";
import { startBenchServer } from "./_bench_server.ts";
import { openBareLoop, type OpenReader, openSession } from "./_delta_readers.ts";
import { median, show } from "./_figures.ts";
import { compareWays, type Span, spanOf } from "./_ways.ts";

/** Deltas in a round, those of them that are measured, and milliseconds of audio in each. */
const COUNT = 16_000;
const MEASURED = 10_000;
const DELTA_MS = 100;
/** Most that voice may take, as a multiple of the bare loop, and with 590 s waiting as a multiple of 1 s. */
const MOST = 3;
const MOST_GROWTH = 1.3;

/** A voice session whose reader stays so far behind. */
function openVoice(waitingMs: number): OpenReader {
  return async (port, { heard, done }) => {
    const options = { apiKey: "sk-test", baseUrl: `http://127.0.0.1:${port}` };
    const voice = await connectVoice({ ...options, playbackSource: "reported", maxUnheardMs: 1e9 });
    const reader = voice.output.getReader();
    const take = async () => {
      await reader.read();
    };
    let waiting = waitingMs / DELTA_MS;
    voice.on("audio_delta", ({ bytes }) => {
      heard(bytes.length);
      if (--waiting < 0) void take();
    });
    voice.on("audio_done", done);
    return { request: () => voice.session.send({ type: "response.create" }), close: () => voice.close() };
  };
}

/** How long the deltas take that are measured. */
async function hear(open: OpenReader, port: number): Promise<Span> {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let count = 0;
  const heard = () => {
    if (++count === COUNT - MEASURED) begun.resolve();
  };
  const reader = await open(port, { heard, done: ended.resolve });
  reader.request();
  await begun.promise;
  const span = await spanOf(() => ended.promise);
  await reader.close();
  if (count !== COUNT) throw new Error(`Only ${count} deltas came`);
  return span;
}

await using server = await startBenchServer(COUNT);
const growth: number[] = [];
let oneSecond: Span | undefined;
await compareWays(`Audio deltas of ${DELTA_MS} ms over loopback, to the bare loop`, [
  { name: "bare loop: JSON.parse, fromBase64", run: () => hear(openBareLoop, server.port) },
  { name: "our session, decoding in a listener", run: () => hear(openSession, server.port) },
  {
    name: "voice, 1 s waiting",
    run: async () => oneSecond = await hear(openVoice(1000), server.port),
    atMost: MOST,
  },
  {
    name: "voice, 590 s waiting",
    run: async () => {
      const span = await hear(openVoice(590_000), server.port);
      // Processor time, since time that passed is the other side's as well.
      if (oneSecond) growth.push(span.processor / oneSecond.processor);
      return span;
    },
  },
], { times: MEASURED, rounds: 31, warmUp: 4 });
show({
  name: "voice, 590 s waiting to 1 s waiting, processor",
  measured: median(growth),
  unit: " ×",
  atMost: MOST_GROWTH,
});
