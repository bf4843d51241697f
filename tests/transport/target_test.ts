import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { realtimeHeaders, realtimeUrl, type TargetOptions, translationUrl } from "../../src/transport/target.ts";

const CANARY = "sk-canary";

function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(headers);
}

Deno.test("realtimeUrl() uses the default model of OpenAI", () => {
  assertEquals(realtimeUrl({}).href, "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1");
});

Deno.test("realtimeUrl() accepts a model, a call or a transcription session", () => {
  const query = (options: TargetOptions) => realtimeUrl(options).search;
  assertEquals(query({ model: "gpt-realtime-mini" }), "?model=gpt-realtime-mini");
  assertEquals(query({ callId: "rtc_1" }), "?call_id=rtc_1");
  assertEquals(query({ intent: "transcription" }), "?intent=transcription");
  assertEquals(query({ model: undefined, callId: "rtc_1", intent: undefined }), "?call_id=rtc_1");
});

Deno.test("realtimeUrl() escapes special characters in model names and call ids", () => {
  assertEquals(realtimeUrl({ model: "a&b=c d#e" }).search, "?model=a%26b%3Dc+d%23e");
  assertEquals(realtimeUrl({ callId: "../x?y" }).pathname, "/v1/realtime");
  assertEquals(realtimeUrl({ callId: "../x?y" }).searchParams.get("call_id"), "../x?y");
});

Deno.test("realtimeUrl() rejects more than one of model, callId and intent", () => {
  const refused: [TargetOptions, string][] = [
    [{ model: "m", callId: "c" }, "model and callId"],
    [{ model: "m", intent: "transcription" }, "model and intent"],
    [{ callId: "c", intent: "transcription" }, "callId and intent"],
    [{ model: "m", callId: "c", intent: "transcription" }, "model and callId and intent"],
  ];
  for (const [options, names] of refused) {
    assertThrows(() => realtimeUrl(options), TypeError, `Cannot connect as only one of ${names} may be given`);
  }
});

Deno.test("realtimeUrl() accepts base URLs of every scheme, with or without a slash, a path and a query", () => {
  const urlOf = (baseUrl: string | URL) => realtimeUrl({ baseUrl, model: "m" }).href;
  assertEquals(urlOf("https://eu.api.openai.com/v1"), "wss://eu.api.openai.com/v1/realtime?model=m");
  assertEquals(urlOf("http://127.0.0.1:8787/v1/"), "ws://127.0.0.1:8787/v1/realtime?model=m");
  assertEquals(urlOf("ws://localhost/v1//"), "ws://localhost/v1/realtime?model=m");
  assertEquals(urlOf("wss://host"), "wss://host/realtime?model=m");
  assertEquals(urlOf("https://host/a/b?tenant=t#part"), "wss://host/a/b/realtime?tenant=t&model=m");
  assertEquals(urlOf(new URL("http://host/v1")), "ws://host/v1/realtime?model=m");
});

Deno.test("realtimeUrl() does not change the caller's URL", () => {
  const baseUrl = new URL("http://host/v1");
  realtimeUrl({ baseUrl });
  assertEquals(baseUrl.href, "http://host/v1");
});

Deno.test("realtimeUrl() rejects an invalid base URL, or one of another scheme", () => {
  for (const baseUrl of ["", "api.openai.com/v1", "ftp://host/v1", "file:///v1"]) {
    const message = `must be an http(s) or ws(s) address without credentials: current value is ${baseUrl}`;
    assertThrows(() => realtimeUrl({ baseUrl }), TypeError, message);
  }
  const azure = { endpoint: "my-resource", deployment: "d", apiKey: "k" };
  assertThrows(() => realtimeUrl({ azure }), TypeError, "current value is my-resource");
});

Deno.test("realtimeUrl() rejects a base URL with credentials, and does not repeat them", () => {
  for (const baseUrl of [`https://user:${CANARY}@host/v1`, `https://${CANARY}@host/v1`, `ftp://u:${CANARY}@host`]) {
    const error = assertThrows(() => realtimeUrl({ baseUrl }), TypeError, "without credentials");
    assert(!error.message.includes(CANARY));
  }
});

Deno.test("realtimeUrl() uses an Azure deployment", () => {
  const azure = { endpoint: "https://my-resource.openai.azure.com", deployment: "voice", apiKey: CANARY };
  const url = "wss://my-resource.openai.azure.com/openai/v1/realtime?model=voice";
  assertEquals(realtimeUrl({ azure }).href, url);
  assertEquals(realtimeUrl({ azure: { ...azure, endpoint: `${azure.endpoint}/` } }).href, url);
  assertEquals(realtimeUrl({ azure, baseUrl: "https://elsewhere/v1", model: "m" }).href, url);
  assertEquals(realtimeUrl({ azure, callId: "rtc_1" }).search, "?call_id=rtc_1");
});

Deno.test("realtimeHeaders() contains the key, and only the given options", async () => {
  assertEquals(headersOf(await realtimeHeaders({ apiKey: CANARY })), { authorization: `Bearer ${CANARY}` });
  const options = { apiKey: CANARY, organization: "org", project: "proj", safetyIdentifier: "user-7" };
  assertEquals(headersOf(await realtimeHeaders(options)), {
    "authorization": `Bearer ${CANARY}`,
    "openai-organization": "org",
    "openai-project": "proj",
    "openai-safety-identifier": "user-7",
  });
});

Deno.test("realtimeHeaders() sends Azure its key as api-key, or a bearer token", async () => {
  const azure = { endpoint: "https://host", deployment: "d" };
  const apiKey = "sk-openai";
  assertEquals(headersOf(await realtimeHeaders({ apiKey, azure: { ...azure, apiKey: CANARY } })), {
    "api-key": CANARY,
  });
  const token = () => Promise.resolve("token");
  assertEquals(headersOf(await realtimeHeaders({ apiKey, azure: { ...azure, token } })), {
    authorization: "Bearer token",
  });
  const error = await assertRejects(() => realtimeHeaders({ apiKey, azure }), ConnectionError);
  assertEquals(error.kind, "configuration");
  await assertRejects(() => realtimeHeaders({ azure: { ...azure, apiKey, token } }), TypeError, "only one of");
});

Deno.test("realtimeHeaders() calls the key provider once, and awaits it", async () => {
  let calls = 0;
  const providers = [() => `key-${++calls}`, () => Promise.resolve(` key-${++calls}\n`)];
  for (const apiKey of providers) {
    const headers = await realtimeHeaders({ apiKey });
    assertEquals(headers.get("authorization"), `Bearer key-${calls}`);
  }
  assertEquals(calls, 2);
});

Deno.test("realtimeHeaders() rejects a missing key", async () => {
  const keys = [undefined, "", " \n", () => undefined, () => "", () => Promise.resolve(undefined)];
  for (const apiKey of keys) {
    const error = await assertRejects(() => realtimeHeaders({ apiKey }), ConnectionError, "there is no API key");
    assertEquals(error.kind, "configuration");
  }
});

Deno.test("realtimeHeaders() rejects a key that is not a valid header value, and does not repeat it", async () => {
  for (const apiKey of [`${CANARY}\r\nX-Evil: 1`, `${CANARY}é`, `${CANARY} x`, `${CANARY}\0`, `“${CANARY}”`]) {
    const error = await assertRejects(
      () => realtimeHeaders({ apiKey }),
      ConnectionError,
      "without quotes, blanks and labels",
    );
    assertEquals(error.kind, "configuration");
    assert(!`${error.message}${Deno.inspect(error)}`.includes(CANARY));
  }
});

Deno.test("realtimeHeaders() passes on errors of the key provider", async () => {
  const error = new Error("vault is sealed");
  assertEquals(await assertRejects(() => realtimeHeaders({ apiKey: () => Promise.reject(error) })), error);
});

Deno.test("realtimeUrl() names the function for models that do not work on the conversation socket", () => {
  const openers: Readonly<Record<string, string>> = {
    "gpt-live-1": "./live",
    "gpt-live-1-mini": "./live",
    "gpt-realtime-translate": "connectTranslation",
    "gpt-realtime-translate-2026-05-07": "connectTranslation",
    "gpt-live-transcribe": "connectTranscription",
    "gpt-realtime-whisper": "connectTranscription",
    "gpt-4o-mini-transcribe": "connectTranscription",
    "whisper-1": "connectTranscription",
  };
  for (const [model, opener] of Object.entries(openers)) {
    const error = assertThrows(
      () => realtimeUrl({ model }),
      TypeError,
      `Cannot connect as ${model} is not a conversation model`,
    );
    assert(error.message.includes(opener), error.message);
  }
  for (const model of ["gpt-realtime", "gpt-4o-realtime-preview", "grok-voice", "gpt-live"]) realtimeUrl({ model });
  // A deployment may have any name, and `model` does not describe it.
  const azure = { endpoint: "https://r.openai.azure.com", deployment: "gpt-live-1", apiKey: CANARY };
  assertEquals(realtimeUrl({ azure, model: "whisper-1" }).search, "?model=gpt-live-1");
});

Deno.test("translationUrl() has its own path, below any base URL", () => {
  const path = "/realtime/translations?model=";
  assertEquals(translationUrl({}).href, `wss://api.openai.com/v1${path}gpt-realtime-translate`);
  assertEquals(translationUrl({ baseUrl: "http://host/v1/", model: "a&b" }).href, `ws://host/v1${path}a%26b`);
  const azure = { endpoint: "https://r.openai.azure.com", deployment: "interpreter", apiKey: CANARY };
  assertEquals(translationUrl({ azure }).href, `wss://r.openai.azure.com/openai/v1${path}interpreter`);
  assertThrows(() => translationUrl({ baseUrl: "https://u:p@host" }), TypeError, "without credentials");
});
