import { assertEquals, assertMatch } from "@std/assert";
import { Hono } from "hono";
import { defineWebSocketHelper } from "hono/ws";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { createEdge, OFFER, POLICY, problemOf } from "../_edge.ts";

const upgradeWebSocket = defineWebSocketHelper(() => new Response());
const live = { session: { model: "gpt-live-1" } } as const;

Deno.test("a route that requires an option is a 404 that names this option", async () => {
  const cases = [
    ["/relay", {}, "options session and upgradeWebSocket"],
    ["/live/relay", { upgradeWebSocket }, "options live and upgradeWebSocket"],
    ["/live/relay", { live }, "options live and upgradeWebSocket"],
    ["/live/sessions", {}, "option live"],
    ["/webhooks", { upgradeWebSocket, live }, "option onIncomingCall or live.onIncomingCall"],
    ["/client_secrets", { live, session: undefined }, "option session"],
    ["/calls", { live, session: undefined }, "option session"],
    ["/relay", { live, session: undefined, upgradeWebSocket }, "options session and upgradeWebSocket"],
  ] as const;
  for (const [path, options, words] of cases) {
    const edge = createEdge(options);
    for (const method of ["GET", "POST"]) {
      const response = await edge.request(path, { method, headers: { upgrade: "websocket" } });
      const { error } = await response.clone().json();
      assertEquals(await problemOf(response), "404 not_found", path);
      assertEquals(error.message, `The route requires the ${words} of createRealtimeApp()`);
    }
    assertEquals(edge.errors, []);
  }
});

Deno.test("a route of an app with its options, and an unknown route, are not confused with it", async () => {
  const edge = createEdge({ upgradeWebSocket, live });
  for (const path of ["/relay", "/live/relay"]) {
    const headers = { authorization: "Bearer alice" };
    assertEquals(await problemOf(await edge.request(path, { headers })), "426 upgrade_required");
  }
  for (const path of ["/relays", "/relay/x", "/calls/rtc_1", "/live", "/live/sessions/live_1"]) {
    const { error } = await (await edge.post(path, OFFER)).json();
    assertEquals([error.code, error.message], ["not_found", "The route does not exist"], path);
  }
  const host = new Hono().route(
    "/realtime",
    createRealtimeApp({ apiKey: CANARY, authorize: () => true, session: POLICY }),
  );
  const { error } = await (await host.request("/realtime/relay")).json();
  assertMatch(error.message, /upgradeWebSocket/);
});

Deno.test("HEAD is allowed where GET only describes the app, and nowhere else", async () => {
  const edge = createEdge({ upgradeWebSocket });
  const head = async (path: string) => {
    const response = await edge.request(path, { method: "HEAD", headers: { authorization: "Bearer alice" } });
    assertEquals(await response.text(), "");
    return response.status;
  };
  assertEquals([await head("/health"), await head("/openapi.json")], [200, 200]);
  assertEquals([await head("/relay"), await head("/calls/rtc_1/events"), await head("/client_secrets")], [
    405,
    405,
    405,
  ]);
  const refused = await edge.request("/health", { method: "POST" });
  assertEquals([await problemOf(refused), refused.headers.get("allow")], ["405 method_not_allowed", "GET, HEAD"]);
  await edge.close();
  assertEquals(await head("/health"), 503);
});
