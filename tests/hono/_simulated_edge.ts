import { defineWebSocketHelper, WSContext } from "hono/ws";
import type { RealtimeApp, RealtimeAppOptions } from "../../src/hono/mod.ts";
import type { Simulator } from "../../src/simulator/mod.ts";
import { createMemorySocketPair, type Socket } from "../../src/transport/mod.ts";
import { CANARY, createRealtimeApp } from "./_canary.ts";
import { POLICY } from "./_edge.ts";

/** An app whose API is the simulator. */
export function createSimulatedEdge(
  simulator: Simulator,
  options: Partial<RealtimeAppOptions> = {},
): RealtimeApp {
  return createRealtimeApp({
    apiKey: CANARY,
    authorize: () => "alice",
    session: POLICY,
    fetch: simulator.fetch,
    dial: simulator.dial,
    ...options,
  });
}

/** Opens the relay of an app, and gives the page's end of it. */
export async function openRelay(simulator: Simulator, options: Partial<RealtimeAppOptions>): Promise<Socket> {
  const [ours, theirs] = createMemorySocketPair();
  const upgradeWebSocket = defineWebSocketHelper((_c, events) => {
    const context = new WSContext({
      readyState: 1,
      send: (frame) => theirs.send(`${frame}`),
      close: (code, reason) => theirs.close(code, reason),
    });
    theirs.listen({
      message: (data) => events.onMessage?.(new MessageEvent("message", { data: data as string }), context),
      close: (info) => events.onClose?.(new CloseEvent("close", info), context),
    });
    events.onOpen?.(new Event("open"), context);
    return new Response();
  });
  await createSimulatedEdge(simulator, { upgradeWebSocket, ...options }).request("/relay", {
    headers: { upgrade: "websocket" },
  });
  return ours;
}
