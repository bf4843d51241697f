/**
 * What it costs to receive the model's audio over the Live API: 100 ms at a time through `pipe`, to a bare loop that
 * parses the frames and decodes them. A round is a thousand of them over a socket in memory.
 *
 * ```sh
 * deno run -A tests/bench/live_bench.ts
 * ```
 */
import { createMemorySocketPair, type Socket } from "../../mod.ts";
import { connectLive } from "../../src/live/mod.ts";
import { compareWays, spanOf } from "./_ways.ts";

/** Deltas in a round. */
const COUNT = 1000;
/** Most that `pipe` may take, as a multiple of the bare loop. */
const MOST = 2;

const STARTED = JSON.stringify({
  type: "session.started",
  event_id: "event_1",
  session: { id: "live_1", expires_at: 0, model: "gpt-live-1", status: "active" },
});
const frames = Array.from({ length: 64 }, () => {
  const delta = crypto.getRandomValues(new Uint8Array(4800)).toBase64();
  return JSON.stringify({ type: "session.output_audio.delta", delta });
});

/** A server that starts sessions, and sends deltas on request. */
let server: Socket | undefined;
const dial = () => {
  const [client, end] = createMemorySocketPair();
  server = end;
  end.listen({ message: (data) => void (String(data).includes("session.start") && end.send(STARTED)), close() {} });
  return Promise.resolve(client);
};

let heard = 0;
let wake = () => {};
const count = (bytes: Uint8Array) => {
  heard += bytes.length;
  if (heard >= COUNT * 4800) wake();
};

const session = await connectLive({ apiKey: "sk-test", dial, keeper: false });
void session.pipe({ to: count });
const live = server!;

const [client, bare] = createMemorySocketPair();
client.listen({
  message(data) {
    const event = JSON.parse(String(data));
    if (event.type === "session.output_audio.delta") count(Uint8Array.fromBase64(event.delta));
  },
  close() {},
});

async function receive(from: Socket): Promise<void> {
  heard = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  wake = resolve;
  // As much as a reader keeps up with: more than 10 s of unread audio is dropped.
  for (let index = 0; index < COUNT; index++) {
    from.send(frames[index % frames.length]!);
    if (index % 50 === 49) await new Promise((resume) => setTimeout(resume, 0));
  }
  await promise;
}

await compareWays("100 ms of the model's audio, to a bare loop", [
  { name: "bare loop: JSON.parse, fromBase64", run: () => spanOf(() => receive(bare)) },
  { name: "connectLive, pipe", run: () => spanOf(() => receive(live)), atMost: MOST },
], { times: COUNT, rounds: 40, warmUp: 10 });
live.close(1000);
