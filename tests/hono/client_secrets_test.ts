import { assertEquals, assertMatch } from "@std/assert";
import { CANARY } from "./_canary.ts";
import { createEdge, POLICY, problemOf, withoutVariable } from "./_edge.ts";

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("POST /client_secrets mints a secret for the policy, and returns only the fields that the page needs", async () => {
  const edge = createEdge();
  const response = await edge.post("/client_secrets");
  assertEquals(response.status, 200);
  assertEquals(await response.json(), { value: "ek_test", expires_at: 1_790_000_060 });
  const { body, call, headers } = edge.requests[0]!;
  assertEquals(edge.requests.length, 1);
  assertEquals([call, headers.get("authorization")], ["POST /realtime/client_secrets", `Bearer ${CANARY}`]);
  assertEquals(JSON.parse(body), { expires_after: { anchor: "created_at", seconds: 60 }, session: POLICY });
});

Deno.test("POST /client_secrets uses the configured lifetime", async () => {
  const edge = createEdge({ expiresAfterSeconds: 600 });
  await edge.post("/client_secrets");
  assertEquals(JSON.parse(edge.requests[0]!.body).expires_after.seconds, 600);
});

Deno.test("POST /client_secrets resolves the policy per caller", async () => {
  const edge = createEdge({
    session: (c) =>
      Promise.resolve({ type: "realtime", instructions: `Serve ${c.get("caller")} in ${c.req.query("in")}.` }),
  });
  await edge.post("/client_secrets?in=Dutch", null, { authorization: "Bearer bob" });
  assertEquals(JSON.parse(edge.requests[0]!.body).session.instructions, "Serve bob in Dutch.");
});

Deno.test("POST /client_secrets accepts transcription sessions", async () => {
  const session = { type: "transcription", audio: { input: { transcription: { model: "gpt-transcribe" } } } } as const;
  const edge = createEdge({ session });
  assertEquals((await edge.post("/client_secrets")).status, 200);
  assertEquals(JSON.parse(edge.requests[0]!.body).session, session);
});

Deno.test("POST /client_secrets applies permitted overrides, and leaves the rest of the policy unchanged", async () => {
  const edge = createEdge({
    clientMayOverride: ["audio.output.voice", "audio.input.turn_detection", "reasoning.effort", "max_output_tokens"],
  });
  const changes = {
    type: "realtime",
    max_output_tokens: 200,
    reasoning: { effort: "low" },
    audio: { input: { turn_detection: null }, output: { voice: "cedar" } },
  };
  const response = await edge.post("/client_secrets", JSON.stringify({ session: changes }), JSON_TYPE);
  assertEquals(response.status, 200);
  assertEquals(JSON.parse(edge.requests[0]!.body).session, {
    ...POLICY,
    max_output_tokens: 200,
    reasoning: { effort: "low" },
    audio: { input: { transcription: null, turn_detection: null }, output: { voice: "cedar" } },
  });
});

Deno.test("POST /client_secrets does not carry overrides over to the next page", async () => {
  const edge = createEdge({ clientMayOverride: ["audio.output.voice"] });
  await edge.post("/client_secrets", `{"session":{"audio":{"output":{"voice":"cedar"}}}}`, JSON_TYPE);
  await edge.post("/client_secrets");
  assertEquals(edge.requests.map(({ body }) => JSON.parse(body).session.audio.output.voice), ["cedar", "marin"]);
});

Deno.test("POST /client_secrets rejects invalid bodies", async () => {
  const edge = createEdge({ clientMayOverride: ["instructions"] });
  const post = async (body: string, type = "application/json") =>
    await problemOf(await edge.post("/client_secrets", body, { "content-type": type }));
  assertEquals(await post("{"), "400 invalid_request");
  assertEquals(await post("[]"), "400 invalid_request");
  assertEquals(await post("null"), "400 invalid_request");
  assertEquals(await post(`{"session":[]}`), "400 invalid_request session");
  assertEquals(await post(`{"session":null}`), "400 invalid_request session");
  assertEquals(await post(`{"session":{},"expires_after":{"seconds":7200}}`), "400 invalid_request expires_after");
  assertEquals(await post(`{"session":{}}`, "text/plain"), "415 unsupported_media_type");
  assertEquals(await post("session=1", "application/x-www-form-urlencoded"), "415 unsupported_media_type");
  assertEquals(edge.requests.length, 0);
});

Deno.test("POST /client_secrets sends a stable hash of the caller's id as the safety identifier", async () => {
  const edge = createEdge();
  for (const user of ["alice", "bob", "alice"]) {
    await edge.post("/client_secrets", null, { authorization: `Bearer ${user}` });
  }
  const [first = "", second, third] = edge.requests.map(({ headers }) => headers.get("openai-safety-identifier"));
  assertMatch(`${first}`, /^[\da-f]{40}$/);
  assertEquals([first === second, first === third], [false, true]);
  const nobody = createEdge({ authorize: () => true });
  await nobody.post("/client_secrets");
  assertEquals(nobody.requests[0]!.headers.has("openai-safety-identifier"), false);
});

Deno.test("POST /client_secrets reads its key from the environment of the request", async () => {
  const edge = createEdge({ apiKey: undefined });
  const init = { method: "POST", headers: { authorization: "Bearer alice" } };
  assertEquals((await edge.request("/client_secrets", init, { OPENAI_API_KEY: "sk-bound" })).status, 200);
  assertEquals(edge.requests[0]!.headers.get("authorization"), "Bearer sk-bound");
});

Deno.test("POST /client_secrets accepts functions of the request for key and base URL", async () => {
  const edge = createEdge({
    apiKey: (c) => Promise.resolve(`sk-of-${c.get("caller")}`),
    baseUrl: (c) => `https://${c.req.header("x-region")}.example.com/v1`,
  });
  const askers = [["alice", "eu"], ["alice", "us"], ["bob", "us"], ["bob", "us"], ["alice", "eu"]] as const;
  for (const [caller, region] of askers) {
    await edge.post("/client_secrets", null, { "authorization": `Bearer ${caller}`, "x-region": region });
    const { call, headers } = edge.requests.at(-1)!;
    assertEquals(call, `POST https://${region}.example.com/v1/realtime/client_secrets`);
    assertEquals(headers.get("authorization"), `Bearer sk-of-${caller}`);
  }
});

Deno.test("POST /client_secrets reports a missing key as a server problem, and logs the reason", async () => {
  using _ = withoutVariable("OPENAI_API_KEY");
  const init = { method: "POST", headers: { authorization: "Bearer alice" } };
  const missing = [
    [undefined, "Cannot answer as there is no apiKey: pass the option, or set OPENAI_API_KEY"],
    [() => undefined, "Cannot answer as the function apiKey returned nothing"],
    [() => "", "Cannot answer as the function apiKey returned nothing"],
  ] as const;
  for (const [apiKey, message] of missing) {
    const edge = createEdge({ apiKey });
    const response = await edge.request("/client_secrets", init, { OPENAI_API_KEY: apiKey ? "sk-bound" : "" });
    assertEquals(await problemOf(response), "500 internal_error");
    assertEquals((edge.errors[0] as Error).message, message);
  }
});
