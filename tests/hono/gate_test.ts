import { assertEquals, assertMatch } from "@std/assert";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/deno";
import { HTTPException } from "hono/http-exception";
import type { RealtimeAppOptions } from "../../src/hono/mod.ts";
import { assertErrorWithout, CANARY, createRealtimeApp, searchedApp } from "./_canary.ts";
import { answerAsTheApi, apiError, createEdge, OFFER, POLICY, problemOf, type React, TIMEOUT_MS } from "./_edge.ts";

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("authorize rejects, accepts, names the caller, or returns its own answer", async () => {
  const answers: Record<string, unknown> = {
    no: false,
    none: undefined,
    empty: "",
    object: { id: 1 },
    number: 7,
    yes: true,
    name: "alice",
  };
  const edge = createEdge({ authorize: (c) => answers[c.req.query("as") ?? ""] as boolean });
  const statuses: Record<string, number> = {};
  for (const as of Object.keys(answers)) statuses[as] = (await edge.post(`/client_secrets?as=${as}`)).status;
  assertEquals(statuses, { no: 403, none: 403, empty: 403, object: 403, number: 403, yes: 200, name: 200 });
  assertEquals(edge.requests.length, 2);
  assertEquals(edge.errors.map((error) => `${error}`.replace(/.*: it/, "it")), [
    "it returned a value of type object",
    "it returned a value of type number",
  ]);
  const login = createEdge({ authorize: (c) => c.redirect("/login") });
  const response = await login.post("/calls", OFFER, { "content-type": "application/sdp" });
  assertEquals([response.status, response.headers.get("location")], [302, "/login"]);
  // The headers of this response are immutable.
  const elsewhere = createEdge({ authorize: () => Response.redirect("https://login.test/", 303) });
  const { headers, status } = await elsewhere.post("/calls", OFFER, { "content-type": "application/sdp" });
  assertEquals([status, headers.get("location"), headers.get("cache-control")], [
    303,
    "https://login.test/",
    "no-store",
  ]);
  assertEquals(elsewhere.errors, []);
});

Deno.test("a response from the host has the standard headers once, however it was created", async () => {
  const init = { status: 401, headers: { "Cache-Control": "public", "Vary": "Cookie", "X-Powered-By": "host" } };
  const ways: RealtimeAppOptions["authorize"][] = [
    () => new Response("Log in", init),
    (c) => c.text("Log in", 401, { "Cache-Control": "no-store" }),
    () => {
      throw new HTTPException(401, { res: new Response("Log in", init) });
    },
  ];
  for (const authorize of ways) {
    const edge = createEdge({ allowedOrigins: ["https://page.test"], authorize });
    const response = await edge.post("/client_secrets", null, { "origin": "https://page.test", "x-request-id": "t-1" });
    const { headers } = response;
    const names = ["cache-control", "access-control-allow-origin", "x-request-id", "x-content-type-options"];
    const values = names.map((name) => headers.get(name));
    assertEquals(values, ["no-store", "https://page.test", "t-1", "nosniff"]);
    assertEquals(headers.get("vary")?.match(/Origin/g)?.length, 1);
    assertEquals([await response.text(), response.status, headers.has("x-powered-by")], ["Log in", 401, false]);
  }
});

Deno.test("headers that the host sets before the app are kept in its responses", async () => {
  const app = createRealtimeApp({
    apiKey: CANARY,
    authorize: () => true,
    session: POLICY,
    fetch: () => Promise.resolve(Response.json({ value: "ek_1", expires_at: 1, session: { type: "realtime" } })),
  });
  const host = new Hono().use(async (c, next) => {
    c.header("X-Served-By", "host");
    c.header("Vary", "Cookie");
    await next();
  }).route("/realtime", app);
  const { headers, status } = await host.request("/realtime/client_secrets", { method: "POST" });
  assertEquals([status, headers.get("x-served-by"), headers.get("vary")], [200, "host", "Cookie, Origin"]);
});

Deno.test("authorize may throw Hono's own response, and any other error is hidden from the page", async () => {
  const own = createEdge({
    authorize: () => {
      throw new HTTPException(401, { res: new Response("Log in", { headers: { "www-authenticate": "Basic" } }) });
    },
  });
  const response = await own.post("/client_secrets");
  assertEquals([response.status, await response.text(), own.errors.length], [401, "Log in", 0]);
  const broken = createEdge({ authorize: () => Promise.reject(new Error("no database of users at 10.0.0.1")) });
  const answer = await broken.post("/client_secrets");
  assertEquals((await answer.clone().text()).includes("10.0.0.1"), false);
  assertEquals(await problemOf(answer), "500 internal_error");
  assertMatch(`${broken.errors}`, /10\.0\.0\.1/);
  assertEquals(broken.requests.length, 0);
  for (const body of [null, new Blob(["{}"]).stream()]) {
    const odd = createEdge({
      authorize: () => {
        throw "no database at 10.0.0.1";
      },
    });
    assertEquals(await problemOf(await odd.post("/client_secrets", body, JSON_TYPE)), "500 internal_error");
    assertMatch(Deno.inspect(odd.errors), /10\.0\.0\.1/);
  }
});

Deno.test("allowedOrigins allows only the app's own pages by default", async () => {
  const edge = createEdge();
  assertEquals((await edge.post("/client_secrets", null, { origin: "http://localhost" })).status, 200);
  for (
    const origin of [
      "https://localhost",
      "http://localhost:8080",
      "http://evil.test",
      "null",
      "http://localhost.evil.test",
    ]
  ) {
    const response = await edge.post("/client_secrets", null, { origin });
    assertEquals(response.headers.get("access-control-allow-origin"), null);
    assertEquals(await problemOf(response), "403 origin_not_allowed");
  }
  assertEquals(edge.requests.length, 1);
});

Deno.test("allowedOrigins allows exactly the listed origins, with credentials", async () => {
  const edge = createEdge({ allowedOrigins: ["https://page.test"] });
  const allowed = await edge.post("/client_secrets", null, { origin: "https://page.test" });
  assertEquals(allowed.headers.get("access-control-allow-origin"), "https://page.test");
  assertEquals(allowed.headers.get("access-control-allow-credentials"), "true");
  const withoutOrigin = await edge.post("/client_secrets");
  for (const { headers } of [allowed, withoutOrigin]) assertMatch(headers.get("vary")!, /Origin/);
  assertEquals([withoutOrigin.status, withoutOrigin.headers.has("access-control-allow-credentials")], [200, false]);
  assertEquals(
    await problemOf(await edge.post("/client_secrets", null, { origin: "http://localhost" })),
    "403 origin_not_allowed",
  );
});

Deno.test("allowedOrigins that never answers, or fails, is answered as any request, on every route", async () => {
  const upgradeWebSocket = () => Promise.reject(new Error("upgraded"));
  for (
    const [status, allowedOrigins] of [[504, () => new Promise<never>(() => {})], [
      500,
      () => Promise.reject(),
    ]] as const
  ) {
    const edge = createEdge({ allowedOrigins, timeoutMs: 1, upgradeWebSocket: upgradeWebSocket as never });
    const headers = { origin: "https://page.test", authorization: "Bearer alice" };
    for (const [method, path] of [["POST", "/client_secrets"], ["OPTIONS", "/calls"], ["GET", "/relay"]] as const) {
      const response = await edge.request(path, { method, headers: { ...headers, upgrade: "websocket" } });
      assertEquals(response.status, status, `${method} ${path}`);
    }
    assertEquals([edge.errors.length, edge.requests.length], [3, 0]);
  }
});

Deno.test("allowedOrigins as a function must return true to allow an origin", async () => {
  const edge = createEdge({
    allowedOrigins: (origin, c) => Promise.resolve(origin === `https://${c.req.query("tenant")}.test`),
  });
  const post = async (tenant: string) =>
    (await edge.post(`/client_secrets?tenant=${tenant}`, null, { origin: "https://a.test" })).status;
  assertEquals([await post("a"), await post("b")], [200, 403]);
  const sloppy = createEdge({ allowedOrigins: (() => "yes") as unknown as () => boolean });
  assertEquals((await sloppy.post("/client_secrets", null, { origin: "https://a.test" })).status, 403);
});

Deno.test("a preflight is answered without authorize, and not for other origins", async () => {
  const edge = createEdge({ allowedOrigins: ["https://page.test"], authorize: () => false });
  const preflight = (origin: string) =>
    edge.request("/calls/rtc_1/hangup", {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-realtime-call-token",
      },
    });
  const { headers, status } = await preflight("https://page.test");
  assertEquals([status, headers.get("access-control-allow-methods")], [204, "POST"]);
  assertEquals(headers.get("access-control-allow-headers"), "x-realtime-call-token");
  assertEquals(await problemOf(await preflight("https://evil.test")), "403 origin_not_allowed");
  const ofNoPage = await edge.request("/calls/rtc_1/hangup", { method: "OPTIONS" });
  assertEquals([ofNoPage.headers.get("allow"), await problemOf(ofNoPage)], ["POST", "405 method_not_allowed"]);
});

Deno.test("every response has a request id, and forbids caching, framing and sniffing", async () => {
  const edge = createEdge();
  for (
    const response of [
      await edge.post("/client_secrets"),
      await edge.post("/client_secrets", "{"),
      await edge.post("/calls"),
    ]
  ) {
    const { headers } = response;
    assertMatch(headers.get("x-request-id")!, /^[\w-]{36}$/);
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertMatch(headers.get("content-security-policy")!, /default-src 'none'; frame-ancestors 'none'/);
    assertEquals(headers.has("strict-transport-security"), false);
  }
});

Deno.test("a problem contains its request id, the caller's own if it is well-formed", async () => {
  const edge = createEdge();
  const idOf = async (given: string) => {
    const response = await edge.post("/client_secrets", "{", { ...JSON_TYPE, "x-request-id": given });
    const { error } = await response.json();
    return [error.request_id, response.headers.get("x-request-id")];
  };
  assertEquals(await idOf("trace-1"), ["trace-1", "trace-1"]);
  const [id, header] = await idOf("<script>");
  assertEquals([id === header, /^[\w-]{36}$/.test(id)], [true, true]);
});

Deno.test("a rejection by the relay has its request id, too", async () => {
  const { request } = createEdge({ upgradeWebSocket });
  const response = await request("/relay", { headers: { "x-request-id": "trace-1" } });
  const { error } = await response.json();
  assertEquals([response.status, error.request_id, response.headers.get("x-request-id")], [403, "trace-1", "trace-1"]);
});

Deno.test("maxBodyBytes bounds a body whose length is declared, wrong or unknown", async () => {
  const edge = createEdge({ maxBodyBytes: OFFER.length });
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    edge.post("/calls", body, { "content-type": "application/sdp", ...headers });
  assertEquals((await post(OFFER)).status, 201);
  assertEquals(await problemOf(await post(`${OFFER}a`)), "413 body_too_large");
  assertEquals(await problemOf(await post(OFFER, { "content-length": `${OFFER.length + 1}` })), "413 body_too_large");
  for (const length of ["3", "-1", "1e1", "", "3, 3"]) {
    const more = await post(`${OFFER}a=1\r\n`, { "content-length": length });
    assertEquals(await problemOf(more), "413 body_too_large", length);
  }
  for (const headers of [{}, { "content-length": "3", "transfer-encoding": "chunked" }]) {
    let pulled = 0;
    const long = new ReadableStream({
      pull(controller) {
        if (pulled++ < 1000) controller.enqueue(new Uint8Array(64));
        else controller.close();
      },
    });
    assertEquals(await problemOf(await post(long, headers)), "413 body_too_large");
    assertEquals(pulled < 10, true);
  }
  assertEquals(edge.requests.length, 1);
});

Deno.test("a missing body and a silent API take timeoutMs at most", async () => {
  const slow = createEdge({ timeoutMs: 5 });
  const never = new ReadableStream();
  assertEquals(
    await problemOf(await slow.post("/calls", never, { "content-type": "application/sdp" })),
    "504 timed_out",
  );
  assertEquals(slow.requests.length, 0);
  let signal: AbortSignal | null | undefined;
  const silent = createEdge({
    timeoutMs: TIMEOUT_MS,
    fetch: (_input, init) => {
      signal = init?.signal;
      return new Promise(() => {});
    },
  });
  assertEquals(await problemOf(await silent.post("/client_secrets")), "504 timed_out");
  assertEquals(signal?.aborted, true);
  await silent.clock.advance(0);
  assertEquals(silent.errors.map((error) => (error as Error).message), ["The request timed out"]);
});

Deno.test("an incomplete body is not a server error, on any route, whatever length it declares", async () => {
  const edge = createEdge({ onIncomingCall: () => ({ action: "ignore" }), webhookSecret: "whsec_c2VjcmV0" });
  for (const path of ["/client_secrets", "/calls", "/webhooks"]) {
    for (const length of [{}, { "content-length": "100" }]) {
      const body = new ReadableStream({
        pull: (controller) => controller.error(new Error("connection to 10.0.0.3 reset")),
      });
      const headers = { "content-type": path === "/calls" ? "application/sdp" : "application/json", ...length };
      const response = await edge.post(path, body, headers);
      assertEquals((await response.clone().text()).includes("10.0.0.3"), false);
      assertEquals(await problemOf(response), "400 invalid_request");
    }
  }
  assertEquals([edge.errors, edge.requests], [[], []]);
});

Deno.test("a body that breaks off at the timeout is reported once", async () => {
  for (const length of [{}, { "content-length": "100" }]) {
    const edge = createEdge({ timeoutMs: 5 });
    let breakOff = () => {};
    const body = new ReadableStream({
      start: (controller) => void (breakOff = () => controller.error(new Error("reset"))),
    });
    const response = await edge.post("/calls", body, { "content-type": "application/sdp", ...length });
    assertEquals(await problemOf(response), "504 timed_out");
    breakOff();
    await edge.clock.advance(0);
    assertEquals(edge.errors.length, 1);
  }
});

Deno.test("cleanup of a request does not run when it is answered in time", async () => {
  let signal: AbortSignal | undefined;
  const edge = createEdge({
    authorize: (c) => {
      signal = c.get("signal");
      return true;
    },
  });
  assertEquals((await edge.post("/client_secrets")).status, 200);
  assertEquals(signal?.aborted, false);
});

Deno.test("other methods and paths are rejected", async () => {
  const edge = createEdge();
  const headers = { authorization: "Bearer alice" };
  for (const path of ["/client_secrets", "/calls", "/calls/rtc_1/hangup"]) {
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const response = await edge.request(path, { method, headers });
      assertEquals([response.headers.get("allow"), await problemOf(response)], ["POST", "405 method_not_allowed"]);
    }
  }
  for (
    const path of ["/", "/calls/", "/calls/rtc_1", "/calls/rtc_1/accept", "/relay", "/client_secrets/1", "//calls"]
  ) {
    assertEquals(await problemOf(await edge.post(path)), "404 not_found");
  }
});

Deno.test("the API's message is passed on only if it is about a value of the page", async () => {
  const tell = async (react: React, body = `{"session":{"audio":{"output":{"voice":"nobody"}}}}`) => {
    const edge = createEdge({ clientMayOverride: ["audio.output.voice"] }, react);
    const response = await edge.post("/client_secrets", body, JSON_TYPE);
    const { error } = await response.clone().json();
    return [await problemOf(response), error.message, edge.errors.length];
  };
  const generic = "The voice service is not available";
  const about = (param: string) => () => apiError(400, { param, message: "Invalid value: 'nobody'." });
  assertEquals(await tell(about("session.audio.output.voice")), [
    "400 invalid_override session.audio.output.voice",
    "Invalid value: 'nobody'.",
    0,
  ]);
  assertEquals(await tell(about("session.audio.output.voice"), "{}"), ["502 upstream_refused", generic, 1]);
  assertEquals(await tell(about("session.instructions")), ["502 upstream_refused", generic, 1]);
  assertEquals(await tell(about("session.audio.output.voices")), ["502 upstream_refused", generic, 1]);
  assertEquals(await tell(() => apiError(401)), ["502 upstream_refused", generic, 1]);
  assertEquals(await tell(() => apiError(403)), ["502 upstream_refused", generic, 1]);
  const busy = "The voice service is busy: try again later";
  assertEquals(await tell(() => apiError(429, { code: "insufficient_quota" })), ["502 upstream_refused", generic, 1]);
  assertEquals(await tell(() => new Response("<html>", { status: 200 })), ["502 upstream_refused", generic, 1]);
  const patient = createEdge({}, () => {
    const response = apiError(429);
    // Too long for another attempt before the timeout.
    response.headers.set("retry-after", "600");
    return response;
  });
  const answer = await patient.post("/client_secrets");
  assertEquals((await answer.clone().json()).error.message, busy);
  assertEquals(await problemOf(answer), "503 upstream_busy");
});

Deno.test("an offer that the API rejects is reported as the page's error", async () => {
  for (const error of [{ code: "invalid_offer" }, { param: "sdp" }]) {
    const edge = createEdge({}, () => apiError(400, error));
    const response = await edge.post("/calls", OFFER, { "content-type": "application/sdp" });
    assertEquals(await problemOf(response), "400 invalid_sdp");
  }
});

Deno.test("an unreachable API is reported as a server problem", async () => {
  const edge = createEdge({ timeoutMs: TIMEOUT_MS }, () => new TypeError("connection to 10.0.0.2 refused"));
  const response = await edge.post("/calls", OFFER, { "content-type": "application/sdp" });
  assertEquals((await response.clone().text()).includes("10.0.0.2"), false);
  assertEquals(await problemOf(response), "502 upstream_unreachable");
});

Deno.test("createRealtimeApp() can be mounted with or without its path prefix, and routed", async () => {
  const options: RealtimeAppOptions = {
    apiKey: CANARY,
    authorize: () => true,
    session: POLICY,
    fetch: () => Promise.resolve(answerAsTheApi({ call: "POST /realtime/client_secrets" })),
  };
  const mounted = new Hono().mount("/realtime", createRealtimeApp(options).fetch);
  const left = new Hono().mount("/realtime", createRealtimeApp({ ...options, basePath: "/realtime" }).fetch, {
    replaceRequest: false,
  });
  const routed = searchedApp(new Hono().route("/realtime", createRealtimeApp(options)));
  routed.get("/page", (c) => c.text("page"));
  for (const app of [mounted, left, routed]) {
    assertEquals((await app.request("/realtime/client_secrets", { method: "POST" })).status, 200);
    assertEquals(await problemOf(await app.request("/realtime/client_secrets")), "405 method_not_allowed");
    assertEquals((await app.request("/client_secrets", { method: "POST" })).status, 404);
  }
  const page = await routed.request("/page");
  assertEquals([await page.text(), page.headers.has("content-security-policy")], ["page", false]);
});

Deno.test("a host function that rejects without a reason is still a failure", async () => {
  const nothing = () => Promise.reject();
  const routes: readonly [Partial<RealtimeAppOptions>, string][] = [
    [{ authorize: nothing }, "/client_secrets"],
    [{ session: nothing }, "/client_secrets"],
    [{ onCall: nothing }, "/calls"],
  ];
  for (const [options, path] of routes) {
    const edge = createEdge(options);
    const response = await edge.post(path, path === "/calls" ? OFFER : null, { "content-type": "application/sdp" });
    assertEquals([await problemOf(response), edge.errors.length], ["500 internal_error", 1]);
  }
});

Deno.test("onError may throw or reject: the page receives its answer, and the log the reason", async () => {
  const { error } = console;
  const logged: string[] = [];
  console.error = (...words) => void logged.push(words.join(" "));
  const failure = new Error("no log today");
  const onErrors = [
    () => {
      throw failure;
    },
    () => Promise.reject(failure),
  ];
  try {
    for (const onError of onErrors) {
      const edge = createEdge({ onError, session: () => Promise.reject(new Error("no policy")) });
      const response = await edge.post("/client_secrets", null, { "x-request-id": "trace-1" });
      assertEquals(await problemOf(response), "500 internal_error");
    }
  } finally {
    console.error = error;
  }
  assertErrorWithout(logged);
  assertEquals(logged, Array(2).fill("Request trace-1 failed: Error: no log today"));
});

Deno.test("createRealtimeApp() logs a failure with its request id if there is no onError", async () => {
  const { error } = console;
  const logged: unknown[][] = [];
  console.error = (...words) => void logged.push(words);
  try {
    const edge = createEdge({ onError: undefined, session: () => Promise.reject(new Error("no policy")) });
    await edge.post("/client_secrets", null, { "x-request-id": "trace-1" });
  } finally {
    console.error = error;
  }
  assertErrorWithout(logged);
  assertEquals(logged.map(([words, thrown]) => [words, `${thrown}`]), [[
    "Request trace-1 failed:",
    "Error: no policy",
  ]]);
});
