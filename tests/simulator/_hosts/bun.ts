import {
  type BunServerUpgrade,
  bunUpgrade,
  type BunWebSocketHandlers,
} from "../../../src/simulator/upgrade/bun_upgrade.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";

/** The used part of Bun. */
declare const Bun: {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly fetch: (request: Request) => Promise<Response>;
    readonly websocket: BunWebSocketHandlers;
  }): { readonly port: number; readonly upgrade: BunServerUpgrade; stop(): Promise<void> };
  readonly stdin: { stream(): ReadableStream<Uint8Array> };
};

// Serves the simulator until its input ends.
const { upgrade, websocket } = bunUpgrade((request, options) => server.upgrade(request, options));
const simulator = createSimulator({ upgrade, pace: "fast" });
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: simulator.fetch, websocket });
console.log(`Listening on http://127.0.0.1:${server.port}/v1`);
await Bun.stdin.stream().pipeTo(new WritableStream());
await simulator.close();
await server.stop();
