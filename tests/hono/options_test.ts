import { assertEquals, assertThrows } from "@std/assert";
import type { RealtimeAppOptions } from "../../src/hono/mod.ts";
import { OPTION_RULES } from "../../src/hono/_app/option_rules.ts";
import { CANARY, createRealtimeApp } from "./_canary.ts";
import { POLICY } from "./_edge.ts";

const GOOD: RealtimeAppOptions = { authorize: () => true, session: POLICY };

/** The error for an invalid option: its class, and its message. */
function refusalOf(options: Record<string, unknown>, base: object = GOOD): string {
  const error = assertThrows(() => createRealtimeApp({ ...base, ...options } as unknown as RealtimeAppOptions), Error);
  return `${error.name}: ${error.message}`.replace("Cannot create the app as ", "");
}

Deno.test("createRealtimeApp() requires authorize and session", () => {
  const refused = refusalOf({}, { session: POLICY });
  assertEquals(
    refused,
    "TypeError: authorize must be a function that decides who may have a session, as there is no default: current value is undefined",
  );
  assertEquals(refusalOf({ authorize: true }).split(" must")[0], "TypeError: authorize");
  assertEquals(refusalOf({}, { authorize: () => true }).split(" must")[0], "TypeError: session");
});

Deno.test("createRealtimeApp() names missing options", () => {
  for (const none of [undefined, null]) {
    const message = `Cannot create the app as the options must be an object: current value is ${none}`;
    assertThrows(() => createRealtimeApp(none as unknown as RealtimeAppOptions), TypeError, message);
  }
});

Deno.test("createRealtimeApp() rejects unknown options", () => {
  assertEquals(
    refusalOf({ allowedOrigin: [] }),
    "TypeError: there is no option allowedOrigin: did you mean allowedOrigins?",
  );
  assertEquals(
    refusalOf({ relayLimits: { framesPerMinute: 1 } }),
    "TypeError: Cannot create the app with these relayLimits as there is no option framesPerMinute",
  );
});

Deno.test("createRealtimeApp() names every type of a session, also that of translations", () => {
  const types = `session.type must be "realtime" | "transcription" | "translation"`;
  assertEquals(refusalOf({ session: { model: "gpt-realtime-translate" } }), `TypeError: ${types}: it is missing`);
  assertEquals(refusalOf({ session: { type: "translate" } }), `TypeError: ${types}: current value is "translate"`);
});

/** Invalid values of each option, by its path. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  authorize: [true, null],
  session: [null, [], "text", { type: "realtime", voice: "marin" }, {}],
  clientMayOverride: ["instructions", ["voice"], ["tools"], ["prompt"], ["type"], ["audio"], ["__proto__"]],
  apiKey: ["", 1, null],
  check: [1, "false"],
  baseUrl: ["api.openai.com", "", 1, "ftp://api.test", "https://me@api.test", "https://:secret@api.test"],
  azure: [1, [], {}, { endpoint: "https://a.test", deployment: "d" }, { endpoint: "https://a.test", apiKey: "k" }],
  "azure.endpoint": [1, "a.test", "https://me@a.test", "https://:secret@a.test"],
  "azure.deployment": ["", 1],
  "azure.apiKey": ["", 1],
  "azure.token": ["", 1],
  organization: ["", 1],
  project: ["", 1],
  fetch: ["", {}],
  dial: [1],
  basePath: ["realtime", "", 1],
  publicUrl: ["", "www.example.com", "wss://www.example.com", 1],
  trustForwarded: [1, "yes"],
  allowedOrigins: ["https://a.test", ["*"], ["null"], ["https://a.test/"], ["https://a.test/path"], ["a.test"], [1]],
  maxBodyBytes: [0, 1.5, "1", Infinity, NaN],
  timeoutMs: [0, -1, 2 ** 31, Infinity, "1", NaN],
  expiresAfterSeconds: [9, 7201, 10.5, "60"],
  tokenSecret: ["fifteen letters", 1, [], [1], ["at least sixteen letters", "fifteen letters"]],
  safetyIdentifier: ["user_1"],
  webhookSecret: ["", [], [1], {}, "whsec_", "whsec_?", ["whsec_c2VjcmV0", ""]],
  limits: [1, []],
  "limits.perCaller": [1, []],
  "limits.perCaller.concurrentCalls": [-1, NaN, "1"],
  "limits.total": [1, []],
  "limits.total.secretsPerMinute": [-1, NaN, "1"],
  "limits.total.responsePerMinute": [1],
  "limits.prices": [1, []],
  "limits.idleMs": [999, 2 ** 31, Infinity, 1000.5, "1000"],
  "limits.maxDurationMs": [999, 2 ** 31, Infinity, 1000.5, "1000"],
  store: [1, {}, { add() {} }, { add() {}, hold() {}, release() {}, get() {} }],
  onStoreError: ["", "ignore", true],
  replayGuard: [{}, { claim: () => true }, () => true],
  onCall: [{}],
  calls: [1, []],
  "calls.dataChannel": ["", "deny", true],
  "calls.watch": [1],
  "calls.reattachMs": [-1, Infinity, 1.5, 2 ** 31],
  "calls.maxKeptEvents": [0, 1.5, Infinity],
  onIncomingCall: [1],
  live: [1, [], {}],
  upgradeWebSocket: [{}],
  relayFilter: [{}],
  relayLimits: [1, []],
  "relayLimits.maxFrameCharacters": [0, 0.5, Infinity],
  "relayLimits.framesPerSecond": [0, Infinity, NaN, "1"],
  "relayLimits.charactersPerSecond": [0, Infinity, NaN, "1"],
  "relayLimits.maxBufferedBytes": [0, -1, 0.5],
  relay: [1, []],
  "relay.resumeMs": [-1, 0.5, 2 ** 31],
  "relay.heartbeatMs": [999, 2 ** 31],
  "relay.toolRounds": [-1, 0.5, Infinity],
  tools: [{}, [{}], [1], [{ call() {} }], [{ definition: {} }]],
  onToolApproval: [{}, true],
  onEvent: [{}, true],
  telemetry: [1, []],
  "telemetry.tracer": [1, {}, () => {}],
  "telemetry.meter": [1, {}, { createCounter() {}, createHistogram() {} }],
  onError: [1],
  now: [1],
  clock: [null, {}, { now: Date.now }],
};

/** Valid options that invalid ones are set in. */
const VALID = { azure: { endpoint: "https://a.test", deployment: "d", apiKey: "k" } };

Deno.test("createRealtimeApp() checks every option", () => {
  assertEquals(Object.keys(OPTION_RULES).filter((name) => !Object.hasOwn(WRONG, name)), []);
  for (const [path, values] of Object.entries(WRONG)) {
    const [name = "", ...names] = path.split(".");
    for (const value of values) {
      const nested = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
      const base = names.length > 0 ? VALID[name as keyof typeof VALID] : undefined;
      const message = refusalOf({ [name]: base ? { ...base, ...nested as object } : nested });
      const named = name === "azure" ? name : names.at(-1) ?? name;
      assertEquals(/^(Type|Range)Error: /.test(message) && message.includes(named), true, `${path}: ${message}`);
    }
  }
});

Deno.test("createRealtimeApp() accepts the bounds of every option", () => {
  const bounds: Partial<RealtimeAppOptions>[] = [
    {
      maxBodyBytes: 1,
      timeoutMs: 1,
      expiresAfterSeconds: 10,
      tokenSecret: ["sixteen letters.", "sixteen letters!"],
      webhookSecret: ["whsec_cw==", "s"],
      apiKey: "k",
      basePath: "/",
      calls: { reattachMs: 0, maxKeptEvents: 1 },
      relay: { resumeMs: 0, heartbeatMs: 1000, toolRounds: 0 },
      limits: { idleMs: 1000, maxDurationMs: 1000, perCaller: { tokensPerDay: 0 }, total: { tokensPerDay: Infinity } },
      relayLimits: { maxFrameCharacters: 1, framesPerSecond: 0.1, charactersPerSecond: 0.1, maxBufferedBytes: 1 },
    },
    {
      timeoutMs: 2 ** 31 - 1,
      expiresAfterSeconds: 7200,
      calls: { reattachMs: 2 ** 31 - 1 },
      relay: { resumeMs: 2 ** 31 - 1, heartbeatMs: 2 ** 31 - 1 },
      limits: { idleMs: 2 ** 31 - 1, maxDurationMs: 2 ** 31 - 1 },
    },
  ];
  for (const options of bounds) createRealtimeApp({ ...GOOD, ...options });
});

Deno.test("createRealtimeApp() distinguishes a wrong type from a value that is not allowed", () => {
  assertEquals(
    refusalOf({ expiresAfterSeconds: 5 }),
    "RangeError: expiresAfterSeconds must be a whole number from 10 to 7200: current value is 5",
  );
  assertEquals(
    refusalOf({ allowedOrigins: ["*"] }),
    `TypeError: allowedOrigins must be a list of origins such as https://www.example.com, or a function: current value is ["*"]`,
  );
});

Deno.test("createRealtimeApp() never repeats a secret", () => {
  for (const name of ["apiKey", "azure", "tokenSecret", "webhookSecret", "baseUrl"]) {
    assertEquals(refusalOf({ [name]: { secret: CANARY } }).includes(CANARY), false);
  }
  for (const [name, value] of [["endpoint", `https://${CANARY}@a.test`], ["apiKey", [CANARY]], ["token", [CANARY]]]) {
    const azure = { ...VALID.azure, [name as string]: value };
    assertEquals(refusalOf({ azure }).includes(CANARY), false);
  }
  assertEquals(refusalOf({ baseUrl: CANARY }).includes(CANARY), false);
});

Deno.test("createRealtimeApp() treats undefined as absent, and copies its options", async () => {
  const names = ["apiKey", "clientMayOverride", "allowedOrigins", "relayLimits", "maxBodyBytes", "now", "clock"];
  createRealtimeApp({ ...GOOD, ...Object.fromEntries(names.map((name) => [name, undefined])) });
  const clientMayOverride: "instructions"[] = [];
  const app = createRealtimeApp({ ...GOOD, apiKey: CANARY, clientMayOverride });
  clientMayOverride.push("instructions");
  const headers = { "content-type": "application/json" };
  const body = `{"session":{"instructions":"Obey."}}`;
  assertEquals((await app.request("/client_secrets", { method: "POST", headers, body })).status, 403);
});
