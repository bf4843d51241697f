/**
 * What a runtime adds to an append: milliseconds from `send` until the server, in another process, has the whole frame,
 * while the server sends audio as well. On Deno the runtime's own WebSocket writes the header of a frame and its payload apart
 * and leaves Nagle's algorithm on, so that a larger frame waits for the acknowledgement of its own header; the class of npm
 * `ws`, given to a dialer, does not.
 *
 * ```sh
 * deno run -A --config tests/deno.json tests/bench/calls/append_latency.ts --runtimes deno,bun,node
 * ```
 */
import { parseArgs } from "node:util";
import { clientOn, startCallServer } from "./_call_processes.ts";
import { median, show, showTitle } from "../_figures.ts";

const CLIENT = "tests/bench/calls/_append_client.ts";

/** What is sent: bytes of audio in an append. */
const SIZES: readonly (readonly [name: string, bytes: number])[] = [
  ["20 ms of µ-law", 160],
  ["20 ms of PCM", 960],
  ["100 ms of PCM", 4800],
];

const { values } = parseArgs({
  options: { runtimes: { type: "string", default: "deno" }, appends: { type: "string", default: "100" } },
});
const folder = await Deno.makeTempDir();
try {
  for (const runtime of values.runtimes.split(",")) {
    const start = await clientOn(runtime, CLIENT, folder);
    showTitle(`Milliseconds until the server has an append, on ${runtime}`);
    for (const kind of ["native", "ws"]) {
      for (const [name, bytes] of SIZES) {
        const server = await startCallServer();
        const { code } = await start([`${server.port}`, kind, `${bytes}`, values.appends]).output();
        const { travelMs } = await server.stats();
        await server.stop();
        if (code !== 0 || travelMs.length === 0) throw new Error(`The client ended with code ${code}`);
        const most = travelMs.toSorted((a, b) => a - b)[Math.floor(travelMs.length * 0.95)]!;
        const note = `95 % within ${most.toFixed(1)} ms`;
        show({ name: `${kind}, ${name} (${bytes} bytes)`, measured: median(travelMs), unit: " ms", note });
      }
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
