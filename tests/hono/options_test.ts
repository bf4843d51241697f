import { assertEquals, assertThrows } from "@std/assert";
import type { RealtimeAppOptions } from "../../src/hono/mod.ts";
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

Deno.test("createRealtimeApp() checks every option", () => {
  const wrong: Record<string, readonly unknown[]> = {
    session: [null, [], "text", { type: "realtime", voice: "marin" }, {}],
    clientMayOverride: ["instructions", ["voice"], ["tools"], ["prompt"], ["type"], ["audio"], ["__proto__"]],
    apiKey: ["", 1, null],
    baseUrl: ["api.openai.com", "", 1],
    organization: ["", 1],
    project: ["", 1],
    fetch: ["", {}],
    dial: [1],
    basePath: ["realtime", ""],
    allowedOrigins: ["https://a.test", ["*"], ["null"], ["https://a.test/"], ["https://a.test/path"], ["a.test"], [1]],
    maxBodyBytes: [0, 1.5, "1", Infinity, NaN],
    timeoutMs: [0, -1, 2 ** 31, Infinity, "1", NaN],
    expiresAfterSeconds: [9, 7201, 10.5, "60"],
    tokenSecret: ["fifteen letters", 1],
    webhookSecret: ["", [], [1], {}],
    replayGuard: [{}, { claim: () => true }, () => true],
    onCall: [{}],
    calls: [1, [], { watch: 1 }, { reattachMs: -1 }, { reattachMs: Infinity }, { reattachMs: 1.5 }, {
      dataChannel: "",
    }],
    relay: [1, { resumeMs: -1 }, { heartbeatMs: 999 }, { toolRounds: -1 }],
    tools: [{}, [{}], [1]],
    onToolApproval: [{}, true],
    onIncomingCall: [1],
    upgradeWebSocket: [{}],
    relayFilter: [{}],
    relayLimits: [1, [], { framesPerSecond: 0 }, { maxFrameCharacters: 0.5 }, { maxBufferedBytes: -1 }],
    onError: [1],
    now: [1],
    clock: [{}, { now: Date.now }],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const message = refusalOf({ [name]: value });
      assertEquals(/^(Type|Range)Error: /.test(message) && message.includes(name), true, `${name}: ${message}`);
    }
  }
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
  for (const name of ["apiKey", "tokenSecret", "webhookSecret", "baseUrl"]) {
    assertEquals(refusalOf({ [name]: { secret: CANARY } }).includes(CANARY), false);
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
