import { createRealtimeApp, type RealtimeAppOptions } from "@oai-rt/edge/hono";
import { createSimulator, denoUpgrade, type Simulator } from "@oai-rt/edge/simulator";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/deno";
import { listen } from "../simulator/command.ts";
import { createMediaPeer } from "../simulator/media/mod.ts";
import type { DemoOptions } from "./options.ts";
import { LIVE_POLICY, PAGE_MAY_SET, POLICY } from "./policy.ts";
import { pageFiles } from "./page_files.ts";

/** Only this machine is served: whoever can open the page can talk at your expense. */
const HOST = "127.0.0.1";

/** A demo that runs. */
export interface Demo {
  /** Address of the page. */
  readonly url: string;
  /** The simulator, unless the real API answers. */
  readonly simulator: Simulator | undefined;
  /** Resolves when it has ended. */
  readonly closed: Promise<void>;
  /** Ends all calls, and stops serving. */
  close(): Promise<void>;
}

/** Serves the page, the edge app and, without a key, the simulator. */
export async function serveDemo({ apiKey, pace, port }: DemoOptions): Promise<Demo> {
  const media = apiKey ? undefined : await createMediaPeer();
  const simulator = media && createSimulator({
    answerSdp: media.answerSdp,
    answerLiveSdp: media.answerLiveSdp,
    pace,
    upgrade: denoUpgrade(Deno.upgradeWebSocket),
  });
  const files = pageFiles();
  const app = new Hono();
  app.route("/realtime", createRealtimeApp(appOptions(apiKey, simulator)));
  // The page asks which API accepts its client secrets, as its WebSocket goes there directly.
  app.get("/api.json", (c) => c.json({ baseUrl: simulator ? `${new URL(c.req.url).origin}/v1` : undefined }));
  if (simulator) app.all("/v1/*", (c) => simulator.fetch(c.req.raw));
  app.get("*", (c) => files.answer(new URL(c.req.url).pathname));
  const server = listen(() => Deno.serve({ hostname: HOST, port, onListen() {} }, app.fetch), port);
  return {
    url: `http://${HOST}:${server.addr.port}/`,
    simulator,
    closed: server.finished,
    async close() {
      await simulator?.close();
      await media?.close();
      await server.shutdown();
    },
  };
}

function appOptions(apiKey: string | undefined, simulator: Simulator | undefined): RealtimeAppOptions {
  const options: RealtimeAppOptions = {
    // This demo serves only your own machine. Your app must identify its user here.
    authorize: () => "you",
    session: POLICY,
    clientMayOverride: PAGE_MAY_SET,
    live: { session: LIVE_POLICY },
    // Here the user chooses who controls a call. Use "forbid" in an app in which only the server does.
    calls: { dataChannel: "allow", watch: true },
    relay: { resumeMs: 15_000 },
    upgradeWebSocket,
  };
  if (!simulator) return { ...options, apiKey: apiKey ?? "" };
  return { ...options, apiKey: "sk-simulator", fetch: simulator.fetch, dial: simulator.dial };
}
