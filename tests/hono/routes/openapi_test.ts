import { assert, assertEquals } from "@std/assert";
import { hc } from "hono/client";
import { Hono } from "hono";
import type { RealtimeApp } from "../../../src/hono/mod.ts";
import { LIVE_OVERRIDABLE_FIELDS } from "../../../src/hono/live_overridable_field.ts";
import { OVERRIDABLE_FIELDS } from "../../../src/hono/overridable_field.ts";
import { ROOT } from "../../_tools/repository.ts";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { answerAsTheApi, OFFER, POLICY } from "../_edge.ts";
import { openApiModule, PATH } from "./_openapi.ts";

function app() {
  return createRealtimeApp({
    apiKey: CANARY,
    authorize: () => "alice",
    session: POLICY,
    live: { session: { model: "gpt-live-1" } },
    fetch: (url) => Promise.resolve(answerAsTheApi({ call: `POST ${url.replace("https://api.openai.com/v1", "")}` })),
    upgradeWebSocket: (() => () => Promise.resolve(new Response())) as never,
    onIncomingCall: () => ({ action: "ignore" }),
    onError: () => {},
  });
}

Deno.test("the OpenAPI document is up to date with the routes and the schemas", async () => {
  // Not compared by assertEquals(), whose message would contain the whole document twice.
  assert(
    await Deno.readTextFile(`${ROOT}/${PATH}`) === await openApiModule(),
    `${PATH} is stale: run deno task openapi`,
  );
});

Deno.test("GET /openapi.json describes every route, every problem and every overridable field", async () => {
  const document = await (await app().request("/openapi.json")).json();
  const routes = new Set(
    app().routes.map(({ path }) => path.replace(/:(\w+)/g, "{$1}")).filter((path) => path !== "/*"),
  );
  assertEquals(Object.keys(document.paths).sort(), [...routes].sort());
  const { LiveSession, Problem, Session } = document.components.schemas;
  for (const [fields, root] of [[OVERRIDABLE_FIELDS, Session], [LIVE_OVERRIDABLE_FIELDS, LiveSession]]) {
    for (const field of fields) {
      const schema = field.split(".").reduce((parent: typeof root, name: string) => parent.properties[name], root);
      assert(schema.type !== undefined && schema.type.length > 0, field);
    }
  }
  const problem = await (await app().request("/nowhere")).json();
  assertEquals(Object.keys(problem.error).sort(), Problem.properties.error.required.toSorted());
  assert(Problem.properties.error.properties.code.enum.includes(problem.error.code));
  for (const operation of Object.values<{ responses: object }>(document.paths).flatMap(Object.values)) {
    assert(Object.keys(operation.responses).length > 0);
  }
});

Deno.test("hc() of hono infers the routes, their bodies and their responses", async () => {
  const host = new Hono().route("/realtime", app());
  const client = hc<RealtimeApp>("http://localhost/realtime", { fetch: host.request });
  const minted = await client.client_secrets.$post({ json: {} });
  if (minted.status !== 200) throw new Error(`Cannot mint: ${(await minted.json()).error.code}`);
  const { expires_at, value } = await minted.json();
  const types: [string, number] = [value, expires_at];
  assertEquals(types, ["ek_test", 1_790_000_060]);
  const headers = { accept: "application/json" };
  const started = await client.calls.$post({ json: { sdp: OFFER } }, { headers });
  if (started.status !== 201) throw new Error(`Cannot call: ${(await started.json()).error.code}`);
  const { call_id: callId, call_token } = await started.json();
  const header = { "X-Realtime-Call-Token": call_token };
  assertEquals((await client.calls[":callId"].hangup.$post({ param: { callId }, header })).status, 204);
  const forged = await client.calls[":callId"].hangup.$post({
    param: { callId },
    header: { ...header, "X-Realtime-Call-Token": "x" },
  });
  assertEquals(forged.ok ? "" : (await forged.json()).error.code, "invalid_call_token");
  const forgedLive = await client.live.sessions[":callId"].hangup.$post({ param: { callId: "live_1" }, header });
  assertEquals(forgedLive.ok ? "" : (await forgedLive.json()).error.code, "invalid_call_token");
  assertEquals(client.live.relay.$url().pathname, "/realtime/live/relay");
  assertEquals(client.health.$url().pathname, "/realtime/health");
});
