import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConnectionError } from "../../../../src/errors.ts";
import { Api, OFFER, OWNER } from "../../_api.ts";
import { errorOf } from "../../_client.ts";

Deno.test("fetch of an address rejects when its signal is aborted, and has no effect if it was aborted before", async () => {
  const api = new Api({ latency: { restMs: 1000 } });
  const url = "https://simulator/v1/realtime/calls?model=gpt-realtime";
  const post = (signal?: AbortSignal | null) =>
    api.simulator.fetch(url, {
      method: "POST",
      headers: { ...OWNER, "content-type": "application/sdp" },
      body: OFFER,
      signal,
    });
  const controller = new AbortController();
  const waiting = post(controller.signal);
  controller.abort(new Error("Enough"));
  await assertRejects(() => waiting, Error, "Enough");
  await assertRejects(() => post(AbortSignal.abort()), DOMException);
  for (const signal of [undefined, null, new AbortController().signal]) {
    const answer = post(signal);
    await api.clock.advance(1000);
    assertEquals((await answer).status, 201);
  }
  // The first one reached the server.
  assertEquals(api.simulator.calls.length, 4);
});

Deno.test("An unknown endpoint or method is refused in the API's format", async () => {
  const api = new Api();
  const cases = [
    ["GET", "/realtime/nothing", 404, "Invalid URL (GET /v1/realtime/nothing)", null],
    ["POST", "/realtime/calls/rtc_1", 404, "Invalid URL (POST /v1/realtime/calls/rtc_1)", null],
    ["GET", "/realtime/calls", 405, "Not allowed to GET on /v1/realtime/calls.", "method_not_supported"],
    ["POST", "/realtime", 405, "Not allowed to POST on /v1/realtime.", "method_not_supported"],
    ["DELETE", "/realtime/client_secrets", 405, undefined, "method_not_supported"],
    ["GET", "/realtime", 426, "This endpoint speaks WebSocket: send a request to upgrade", null],
    ["GET", "/realtime/translations", 426, "This endpoint speaks WebSocket: send a request to upgrade", null],
  ] as const;
  for (const [method, path, status, message, code] of cases) {
    const response = await api.request(path, { method, headers: OWNER });
    const { error } = await response.json();
    assertEquals([response.status, error.type, error.code, error.param], [status, "invalid_request_error", code, null]);
    if (message) assertEquals(error.message, message);
    assertMatch(response.headers.get("x-request-id") ?? "", /^req_\w{21}$/);
  }
  const elsewhere = await api.simulator.fetch(new Request("https://simulator/v2/realtime"));
  assertEquals([elsewhere.status, (await elsewhere.json()).error.message], [404, "Invalid URL (GET /v2/realtime)"]);
  const upgrade = await api.request("/realtime", { headers: { upgrade: "websocket" } });
  assertEquals([upgrade.status, (await upgrade.json()).error.message], [
    501,
    "Cannot upgrade to a WebSocket as the simulator was created without upgrade",
  ]);
  const { headers } = await api.request("/realtime/calls");
  assertEquals(headers.get("allow"), "POST");
  assertEquals((await api.request("/realtime")).headers.get("upgrade"), "websocket");
});

Deno.test("A request without a valid key gets 401", async () => {
  const api = new Api();
  const paths = [
    "/realtime/client_secrets",
    "/realtime/translations/client_secrets",
    "/realtime/calls",
    "/realtime/translations/calls",
    ...["accept", "reject", "refer", "hangup"].map((verb) => `/realtime/calls/rtc_1/${verb}`),
  ];
  for (const path of paths) {
    const [missing, { code, message }] = await api.refusal(path, {}, {});
    assertEquals([missing, code, message], [401, null, "Missing bearer or basic authentication in header"]);
    const [bad, error] = await api.refusal(path, {}, { authorization: `Bearer sk-invalid-${"x".repeat(12)}wxyz` });
    assertEquals([bad, error.code], [401, "invalid_api_key"]);
    assertMatch(error.message, /^Incorrect API key provided: sk-inval\*\*\*wxyz\. /);
    // Azure's header is accepted at its addresses only.
    assertEquals((await api.refusal(path, {}, { "api-key": "sk-test" }))[0], 401);
  }
});

Deno.test("A body that is not a JSON object is refused", async () => {
  const api = new Api();
  const post = async (body: string) => {
    const response = await api.request("/realtime/client_secrets", { method: "POST", headers: OWNER, body });
    return [response.status, (await response.json()).error?.message];
  };
  assertEquals(await post("{"), [400, "We could not parse the JSON body of your request."]);
  assertEquals(await post("[]"), [400, "Invalid body: expected a JSON object."]);
  assertEquals(await post("null"), [400, "Invalid body: expected a JSON object."]);
  assertEquals(await post(""), [200, undefined]);
});

Deno.test("A browser page may send requests and read every answer", async () => {
  const api = new Api();
  const preflight = await api.request("/realtime/calls", {
    method: "OPTIONS",
    headers: {
      origin: "https://page.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,openai-safety-identifier",
    },
  });
  assertEquals([preflight.status, await preflight.text()], [204, ""]);
  assertEquals(preflight.headers.get("access-control-allow-origin"), "*");
  assertEquals(preflight.headers.get("access-control-allow-methods"), "POST");
  assertEquals(
    preflight.headers.get("access-control-allow-headers"),
    "authorization,content-type,openai-safety-identifier",
  );
  for (const path of ["/realtime/client_secrets", "/realtime/calls", "/nothing"]) {
    const { headers } = await api.post(path, {}, { ...OWNER, origin: "https://page.test" });
    assertEquals(headers.get("access-control-allow-origin"), "*");
    assertEquals(headers.get("access-control-expose-headers"), "Location, X-Request-Id");
  }
});

Deno.test("A request that does not come from a browser page gets no CORS headers", async () => {
  const api = new Api();
  const { headers } = await api.post("/realtime/client_secrets", {});
  assertEquals(headers.get("access-control-allow-origin"), null);
});

Deno.test("An Azure address accepts any deployment name, and the key in its header", async () => {
  const api = new Api();
  const azure = "https://my-resource.openai.azure.com/openai/v1/realtime";
  const key = { "api-key": "azure-key" };
  const session = { type: "realtime", model: "my-deployment" };
  const body = JSON.stringify({ session });
  const minted = await api.simulator.fetch(
    new Request(`${azure}/client_secrets`, { method: "POST", headers: key, body }),
  );
  assertEquals([minted.status, (await minted.json()).session.model], [200, "my-deployment"]);
  const socket = `${azure.replace("https", "wss")}?model=my-deployment`;
  const client = await api.connect(socket, key);
  assertEquals(client.received.map(({ type }) => type), ["session.created"]);
  const entra = await api.connect(socket, { authorization: "Bearer entra-token" });
  assertEquals(entra.closed, undefined);
  assertEquals((await api.connect(socket, {})).closed?.code, 3000);
});

Deno.test("A createModel that throws fails its session, and is reported", async () => {
  const api = new Api({
    createModel: () => {
      throw new Error("no mind");
    },
  });
  const response = await api.offer();
  assertEquals([response.status, (await response.json()).error.message], [500, "The simulator failed: no mind"]);
  const client = await api.connect("?model=gpt-realtime");
  assertEquals(errorOf(client.take()), {
    type: "server_error",
    code: null,
    message: "The simulator failed: no mind",
    param: null,
    event_id: null,
  });
  assertEquals(client.closed?.code, 1011);
});

Deno.test("A closed simulator answers no requests", async () => {
  const api = new Api();
  await api.simulator.close();
  const [status, error] = await api.refusal("/realtime/client_secrets", {});
  assertEquals([status, error.type], [503, "server_error"]);
  assert(error.message.includes("closed"));
  const options = { webhookUrl: "https://app.test", secret: "secret", fetch: () => new Response() };
  await assertRejects(
    () => api.simulator.ringSipCall(options),
    ConnectionError,
    "Cannot ring as the simulator is closed",
  );
});
