import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { connect } from "../../../src/connect.ts";
import type { EdgeCall, RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { createSimulator, type Simulator } from "../../../src/simulator/mod.ts";
import { createTransport } from "../../../src/transport/mod.ts";
import { CANARY } from "../_canary.ts";
import { createEdge, POLICY, problemOf, WHOLE_OFFER } from "../_edge.ts";
import { createSimulatedEdge, openRelay } from "../_simulated_edge.ts";
import { WEBHOOK_SECRET } from "../_webhook.ts";

const AZURE = { endpoint: "https://us.openai.azure.com", deployment: "voices", apiKey: CANARY };
const SDP = { "content-type": "application/sdp" };

/** An app at a deployment that the simulator imitates, and what it asked with which credentials. */
function createAzure(options: Partial<RealtimeAppOptions> = {}, target: RealtimeAppOptions["azure"] = AZURE) {
  const simulator = createSimulator({
    server: "azure",
    pace: "fast",
    acceptsApiKey: (key) => key === CANARY || key === "entra-token",
  });
  const asked: string[] = [];
  const keys: (readonly (string | null)[])[] = [];
  const note = (words: string, headers: Headers) => {
    asked.push(words);
    keys.push([headers.get("api-key"), headers.get("authorization")]);
  };
  const reach: Partial<RealtimeAppOptions> = {
    apiKey: undefined,
    azure: target,
    fetch: (url, init) => {
      note(`${init.method} ${url}`, new Headers(init.headers));
      return simulator.fetch(url, init);
    },
    dial: (request) => {
      note(`${request.url}`, request.headers);
      return simulator.dial(request);
    },
    ...options,
  };
  return { simulator, reach, edge: createSimulatedEdge(simulator, reach), asked, keys };
}

const HTTP = "POST https://us.openai.azure.com/openai/v1/realtime";
const SOCKET = "wss://us.openai.azure.com/openai/v1/realtime";

/** The model of a session, as the server reports it. */
function modelOf(simulator: Simulator): unknown {
  return simulator.sessions.map(({ session }) => "model" in session && session.model);
}

Deno.test("azure: a client secret opens a session of the deployment with the policy", async () => {
  const { asked, edge, keys, simulator } = createAzure();
  await using _ = simulator;
  const { value } = await (await edge.request("/client_secrets", { method: "POST" })).json();
  assertEquals([asked, keys], [[`${HTTP}/client_secrets`], [[CANARY, null]]]);
  await using session = await connect({ azure: { ...AZURE, apiKey: value }, dial: simulator.dial });
  assertEquals(session.config?.type === "realtime" && session.config.instructions, POLICY.instructions);
  assertEquals(modelOf(simulator), ["voices"]);
});

Deno.test("azure: each request goes to the deployment of its region, also with one key for all", async () => {
  const regions = {
    us: AZURE,
    eu: { ...AZURE, endpoint: "https://eu.openai.azure.com" },
  };
  const { asked, edge, simulator } = createAzure({}, (c) => regions[c.req.query("region") as keyof typeof regions]);
  await using _ = simulator;
  for (const region of ["us", "eu", "eu", "us"]) {
    assertEquals((await edge.request(`/client_secrets?region=${region}`, { method: "POST" })).status, 200);
  }
  assertEquals(asked.map((address) => new URL(address.slice("POST ".length)).hostname.split(".")[0]), [
    "us",
    "eu",
    "eu",
    "us",
  ]);
});

Deno.test("azure: a call uses the deployment, and is controlled with the key in the api-key header", async () => {
  let instructions: unknown;
  const onCall = async (call: EdgeCall) => {
    await using session = await call.attach();
    instructions = session.config?.type === "realtime" && session.config.instructions;
  };
  const { asked, edge, keys, simulator } = createAzure({ onCall });
  await using _ = simulator;
  const response = await edge.request("/calls", { method: "POST", headers: SDP, body: WHOLE_OFFER });
  assertEquals([response.status, instructions], [201, POLICY.instructions], await response.clone().text());
  assertMatch(await response.text(), /^v=0\r\n/);
  assertEquals(modelOf(simulator), ["voices"]);
  const [call] = simulator.calls;
  const id = call!.id;
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await edge.request(`/calls/${id}/hangup`, { method: "POST", headers: token })).status, 204);
  assertEquals((await call!.ended).reason, "hangup");
  assertEquals(asked, [`${HTTP}/calls`, `${SOCKET}?call_id=${id}`, `${HTTP}/calls/${id}/hangup`]);
  assertEquals(keys, asked.map(() => [CANARY, null]));
});

Deno.test("azure: a telephone call is accepted with the deployment", async () => {
  const { asked, edge, keys, simulator } = createAzure({
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: () => ({ action: "accept", session: POLICY }),
  });
  await using _ = simulator;
  const outcome = await simulator.ringSipCall({
    webhookUrl: "https://edge.test/webhooks",
    secret: WEBHOOK_SECRET,
    fetch: (request) => edge.fetch(request),
  });
  assertEquals([outcome.status, modelOf(simulator)], ["accepted", ["voices"]]);
  assertEquals([asked.length, keys], [1, [[CANARY, null]]]);
  assertMatch(asked[0]!, /^POST https:\/\/us\.openai\.azure\.com\/openai\/v1\/realtime\/calls\/rtc_\w+\/accept$/);
});

Deno.test("azure: a page uses the relay without seeing its address and key", async () => {
  for (const azure of [AZURE, () => AZURE]) {
    const { asked, keys, reach, simulator } = createAzure({}, azure);
    await using _ = simulator;
    const session = { ...POLICY, output_modalities: ["text"] } as const;
    await using page = await connect({
      transport: createTransport(await openRelay(simulator, { ...reach, session })),
    });
    await page.sendMessage("Good morning!");
    assertEquals((await page.respond().done).status, "completed");
    assertEquals([asked, keys], [[`${SOCKET}?model=voices`], [[CANARY, null]]]);
  }
});

Deno.test("azure: a token is sent as authorization, and signs no call tokens", async () => {
  const { apiKey: _, ...resource } = AZURE;
  const { edge, keys, simulator } = createAzure({ tokenSecret: "a secret of 16 characters" }, {
    ...resource,
    token: () => "entra-token",
  });
  await using _simulator = simulator;
  assertEquals((await edge.request("/calls", { method: "POST", headers: SDP, body: WHOLE_OFFER })).status, 201);
  assertEquals(keys, [[null, "Bearer entra-token"]]);
});

Deno.test("azure: a refused key is reported to the host only", async () => {
  const errors: unknown[] = [];
  const { edge, simulator } = createAzure({ onError: (error) => void errors.push(error) }, {
    ...AZURE,
    apiKey: "a-key-of-another-resource",
  });
  await using _ = simulator;
  const response = await edge.request("/client_secrets", { method: "POST" });
  assertEquals(await problemOf(response), "502 upstream_refused");
  assertEquals(errors.length, 1);
});

Deno.test("azure: a deployment without an address, a name or a key is rejected at the start", () => {
  const { apiKey: _, ...keyless } = AZURE;
  for (const azure of [keyless, { ...AZURE, apiKey: "" }, { ...AZURE, deployment: "" }, { ...AZURE, endpoint: "us" }]) {
    const error = assertThrows(() => createEdge({ azure }), RangeError, "as endpoint, deployment, and apiKey or token");
    assert(!error.message.includes(CANARY));
  }
  createEdge({ azure: { ...keyless, token: () => undefined }, tokenSecret: "0123456789abcdef" });
});

Deno.test("azure: a misspelt setting, or one of the wrong type, is named at the start", () => {
  const wrong: readonly [Record<string, unknown>, string][] = [
    [{ ...AZURE, apiVersion: "2025-04-01-preview" }, "as there is no option apiVersion"],
    [{ ...AZURE, deployment: 5 }, "as deployment must be a non-empty string: current value is 5"],
    [{ ...AZURE, apiKey: 5 }, "as apiKey must be a function, or a string of at least 1 characters"],
  ];
  for (const [azure, words] of wrong) {
    const message = `Cannot create the app with these azure options ${words}`;
    assertThrows(() => createEdge({ azure: azure as never }), TypeError, message);
  }
});

Deno.test("azure: a function that returns no deployment does not lead to OpenAI", async () => {
  const { endpoint, ...homeless } = AZURE;
  const { deployment: _, ...nameless } = AZURE;
  const unusable = [undefined, null, "voices", homeless, nameless, { ...AZURE, endpoint: "us" }, { endpoint }];
  for (const azure of unusable) {
    const edge = createEdge({ azure: () => azure as never });
    assertEquals(await problemOf(await edge.post("/client_secrets")), "500 internal_error");
    assertStringIncludes(`${edge.errors}`, "the function azure must return an object with an address as endpoint");
    assertEquals(edge.requests, []);
  }
});
