import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { apiHeaders, type ApiTarget, apiUrl, withoutKey } from "../../src/_internal/api_target.ts";
import { ConnectionError } from "../../src/errors.ts";

const CANARY = "sk-canary";
const ACTION = "do it";

function urlOf(target: ApiTarget): string {
  return apiUrl(target, "/realtime/calls", ACTION).href;
}

async function headersOf(target: ApiTarget): Promise<Headers> {
  return new Headers(await apiHeaders(target, ACTION));
}

Deno.test("apiUrl() uses OpenAI by default, or the given base URL", () => {
  assertEquals(urlOf({}), "https://api.openai.com/v1/realtime/calls");
  const bases: Record<string, string> = {
    "https://eu.api.openai.com/v1": "https://eu.api.openai.com/v1/realtime/calls",
    "http://127.0.0.1:8787/v1/": "http://127.0.0.1:8787/v1/realtime/calls",
    "wss://host/v1//": "https://host/v1/realtime/calls",
    "ws://localhost:1": "http://localhost:1/realtime/calls",
    "https://host/a@b": "https://host/a@b/realtime/calls",
    "https://host/a/b?tenant=t#part": "https://host/a/b/realtime/calls?tenant=t",
  };
  for (const [baseUrl, url] of Object.entries(bases)) assertEquals(urlOf({ baseUrl }), url);
  const baseUrl = new URL("wss://host/v1");
  assertEquals([urlOf({ baseUrl }), baseUrl.href], ["https://host/v1/realtime/calls", "wss://host/v1"]);
});

Deno.test("apiUrl() uses the Azure resource if one is given", () => {
  for (const endpoint of ["https://me.openai.azure.com", "https://me.openai.azure.com/"]) {
    const url = "https://me.openai.azure.com/openai/v1/realtime/calls";
    assertEquals(urlOf({ azure: { endpoint, deployment: "d" }, baseUrl: "https://elsewhere/v1" }), url);
  }
});

Deno.test("apiUrl() rejects an invalid base URL with the reason, and repeats no credentials", () => {
  for (const baseUrl of ["", "api.openai.com/v1", "ftp://host/v1", "file:///v1"]) {
    const rule = "an http(s) or ws(s) address without credentials";
    const message = `Cannot do it as the base URL must be ${rule}: current value is ${baseUrl}`;
    assertThrows(() => urlOf({ baseUrl }), TypeError, message);
  }
  // Slashes may be missing, others, or interrupted by what URLs ignore.
  const named = ["https://user:k@host/v1", "https://k@host/v1", "https://:k@host/v1"];
  const forms = [...named, "ftp://u:k@host", "https:u:k@host", "https:/u:k@host"];
  for (const form of [...forms, "https:\\\\u:k@host", "https://u\ns:k@host", "https:/\t/u:k@host", "u:k@host"]) {
    const baseUrl = form.replace("k", CANARY);
    const error = assertThrows(() => urlOf({ baseUrl }), TypeError, "address without credentials: current value is ");
    assert(!error.message.includes(CANARY));
  }
});

Deno.test("apiHeaders() contain the key, and only the given options", async () => {
  assertEquals([...await headersOf({ apiKey: () => Promise.resolve(` ${CANARY}\n`) })], [
    ["authorization", `Bearer ${CANARY}`],
  ]);
  const options = { apiKey: CANARY, organization: "org", project: "proj", safetyIdentifier: "user-7" };
  assertEquals([...await headersOf(options)], [
    ["authorization", `Bearer ${CANARY}`],
    ["openai-organization", "org"],
    ["openai-project", "proj"],
    ["openai-safety-identifier", "user-7"],
  ]);
  await assertRejects(() => headersOf({ ...options, project: "proj\r\nX-Evil: 1" }), TypeError);
});

Deno.test("apiHeaders() contain Azure's key or token instead", async () => {
  const azure = { endpoint: "https://host", deployment: "d" };
  const apiKey = "sk-openai";
  assertEquals([...await headersOf({ apiKey, azure: { ...azure, apiKey: CANARY } })], [["api-key", CANARY]]);
  assertEquals([...await headersOf({ apiKey, azure: { ...azure, token: () => "token" } })], [
    ["authorization", "Bearer token"],
  ]);
  const hint = "Cannot do it as there is no API key: pass azure.apiKey or azure.token";
  await assertRejects(() => headersOf({ apiKey, azure }), ConnectionError, hint);
  await assertRejects(() => headersOf({ azure: { ...azure, apiKey: "" } }), ConnectionError, hint);
  await assertRejects(
    () => headersOf({ azure: { ...azure, apiKey, token: "token" } }),
    TypeError,
    "Cannot do it as only one of azure.apiKey and azure.token may be given",
  );
});

Deno.test("apiHeaders() require a key that is a valid header value", async () => {
  for (const apiKey of [undefined, "", " \n", () => undefined, () => Promise.resolve("")]) {
    const error = await assertRejects(
      () => headersOf({ apiKey }),
      ConnectionError,
      "Cannot do it as there is no API key",
    );
    assertEquals(error.kind, "configuration");
  }
  for (const apiKey of [`${CANARY}\r\nX-Evil: 1`, `${CANARY}é`, `${CANARY} x`, `${CANARY}\0`]) {
    const error = await assertRejects(() => headersOf({ apiKey }), ConnectionError, "without quotes, blanks and");
    assert(!Deno.inspect(error).includes(CANARY));
  }
});

Deno.test("apiHeaders() name characters pasted with a key, and do not repeat it", async () => {
  const azure = { endpoint: "https://host", deployment: "d" };
  const faults: readonly (readonly [key: string, found: string])[] = [
    [`"${CANARY}"`, '"'],
    [`"${CANARY}`, '"'],
    [`${CANARY}'`, "'"],
    [`\`${CANARY}\``, "`"],
    [`“${CANARY}”`, "“"],
    [`${CANARY}\n${CANARY}`, "\n"],
    [`${CANARY} x`, " "],
    [`${CANARY}\0`, "\0"],
    [`${CANARY}é`, "é"],
    [`Bearer ${CANARY}`, "Bearer "],
    [`v1,${CANARY}`, "v1,"],
    [`OPENAI_API_KEY=${CANARY}`, "OPENAI_API_KEY="],
    [`KEY = "${CANARY}"`, "KEY = "],
  ];
  for (const [key, found] of faults) {
    const message = `as the API key must be without quotes, blanks and labels: it contains ${JSON.stringify(found)}`;
    for (const target of [{ apiKey: key }, { azure: { ...azure, apiKey: key } }, { azure: { ...azure, token: key } }]) {
      const error = await assertRejects(() => headersOf(target), ConnectionError, message);
      assertEquals(error.kind, "configuration");
      assert(!Deno.inspect(error).includes(CANARY));
    }
  }
});

Deno.test("apiHeaders() accept the keys of other servers", async () => {
  for (const apiKey of ["test", "a=b", "eyJh.eyJz.c2ln==", "it's", "pk:1/2+3", "v1x"]) {
    assertEquals([...await headersOf({ apiKey })], [["authorization", `Bearer ${apiKey}`]]);
  }
});

Deno.test("apiHeaders() name an option that is not a valid header value", async () => {
  for (const option of ["organization", "project", "safetyIdentifier"]) {
    for (const value of ["a\nb", "a\0b", "\x7f", "10 €", "🙂"]) {
      const message = `Cannot do it as ${option} contains characters that are invalid in a header`;
      await assertRejects(() => headersOf({ apiKey: CANARY, [option]: value }), TypeError, message);
    }
    const headers = await headersOf({ apiKey: CANARY, [option]: "Zoë\t~" });
    assertEquals([...headers.values()].includes("Zoë\t~"), true);
  }
});

Deno.test("apiHeaders() reject a key that is not a string", async () => {
  for (const key of [5, { key: CANARY }, true]) {
    const apiKey = () => key as unknown as string;
    const error = await assertRejects(() => headersOf({ apiKey }), TypeError, "the API key must be a string");
    assert(!Deno.inspect(error).includes(CANARY));
  }
  const none = () => null as unknown as string;
  await assertRejects(() => headersOf({ apiKey: none }), ConnectionError, "there is no API key");
});

Deno.test("withoutKey() removes every occurrence of the key, and nothing else", () => {
  for (const headers of [{ Authorization: `Bearer ${CANARY}` }, { "api-key": CANARY }]) {
    const text = `${CANARY} is no key, ${CANARY}!`;
    assertEquals(withoutKey(text, new Headers(headers)), "[API key] is no key, [API key]!");
  }
  assertEquals(withoutKey("a text", new Headers()), "a text");
});
