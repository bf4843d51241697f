import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Hono } from "hono";
import { RealtimeRest } from "../../src/rest/mod.ts";
import { readRepository, ROOT } from "../_tools/repository.ts";
import { assertErrorWithout, assertRequestWithout, CANARY, searched, searchedApp, searchedRest } from "./_canary.ts";
import { createEdge } from "./_edge.ts";

/** Tests without a key: of a hash, a timer, a socket, a document, and of other secrets, which they search themselves. */
const WITHOUT_KEY = [
  "tests/hono/auth/call_token_test.ts",
  "tests/hono/auth/hmac_test.ts",
  "tests/hono/auth/pseudonyms_test.ts",
  "tests/hono/live/rules_test.ts",
  "tests/hono/live/usage_meter_test.ts",
  "tests/hono/routes/shared_timers_test.ts",
  "tests/hono/sockets/realtime_socket_test.ts",
  "tests/hono/stores/stores_test.ts",
  "tests/hono/threats_test.ts",
  "tests/rest/paste_fault_test.ts",
  "tests/rest/verify_webhook_test.ts",
];

const GIVEN_AWAY = "was given away";

/** Sources of the tests that work with the marked key, by their paths. */
async function sources(): Promise<ReadonlyMap<string, string>> {
  const { files } = await readRepository(ROOT);
  return new Map([...files].filter(([path]) => /^tests\/(?:hono|rest)\/(?:\w+\/)?\w+\.ts$/.test(path)));
}

Deno.test("the canary is found in any part of an answer", async () => {
  const answers = [
    new Response(`{"key":"${CANARY}"}`),
    new Response(null, { headers: { "x-debug": `Bearer ${CANARY}` } }),
    new Response(null, { status: 302, headers: { location: `/?key=${encodeURIComponent(CANARY)}` } }),
    new Response(null, { statusText: CANARY }),
    new Response(btoa(CANARY)),
  ];
  for (const answer of answers) {
    const app = searchedApp(new Hono().get("/", () => answer));
    await assertRejects(async () => await app.request("/"), Error, GIVEN_AWAY);
  }
});

Deno.test("the canary is found in an error, its properties and causes, and in a client's rejections", async () => {
  const deep = new Error("outer", { cause: new Error("inner", { cause: { key: CANARY } }) });
  const errors = [new Error(CANARY), Object.assign(new Error("x"), { url: `https://a.test/?key=${CANARY}` }), deep];
  for (const error of errors) assertThrows(() => assertErrorWithout(error), Error, GIVEN_AWAY);
  const fetch = () => Promise.reject(new Error("x"));
  const leaking = new RealtimeRest({ apiKey: "sk-other", baseUrl: `https://a.test/${CANARY}`, fetch, maxRetries: 0 });
  await assertRejects(() => searchedRest(leaking).createClientSecret(), Error, GIVEN_AWAY);
});

Deno.test("the canary is found in every log", () => {
  for (const level of ["debug", "error", "info", "log", "warn"] as const) {
    assertThrows(() => console[level]("Request failed:", new Error("x", { cause: CANARY })), Error, GIVEN_AWAY);
  }
});

Deno.test("the canary is found in a request, except in the header that carries it", () => {
  const authorization = `Bearer ${CANARY}`;
  assertRequestWithout(new Request("https://a.test/", { headers: { authorization } }), "");
  const leaks: [string, HeadersInit, string][] = [
    [`https://a.test/?api_key=${CANARY}`, {}, ""],
    ["https://a.test/", { "x-key": CANARY }, ""],
    ["https://a.test/", {}, `{"key":"${CANARY}"}`],
  ];
  for (const [url, headers, body] of leaks) {
    assertThrows(() => assertRequestWithout(new Request(url, { headers }), body), Error, GIVEN_AWAY);
  }
});

Deno.test("every answer, error, log and request of the hono and rest tests is searched for the canary", async () => {
  const before = { ...searched };
  const edge = createEdge({ apiKey: () => undefined });
  await edge.post("/client_secrets");
  await createEdge().post("/client_secrets");
  const more = Object.entries(searched).map(([what, count]) => [what, count - before[what as keyof typeof before]]);
  assertEquals(Object.fromEntries(more), { answers: 4, errors: 1, logs: 0, requests: 1 });

  const files = await sources();
  assert(files.size > 20);
  const reaches = (path: string): boolean =>
    path === "tests/hono/_canary.ts" ||
    Array.from(files.get(path)?.matchAll(/from "(\.{1,2}\/[^"]+)"/g) ?? [], ([, to]) =>
      new URL(to!, `file:///${path}`).pathname.slice(1)).some(reaches);
  const goAround = [...files].flatMap(([path, text]) => {
    const isSearched = !path.endsWith("_test.ts") || WITHOUT_KEY.includes(path) || reaches(path);
    const makesApp = /import \{[^}]*\bcreateRealtimeApp\b[^}]*\} from "[^"]*src\/hono/.test(text);
    const makesClient = text.split("\n").some((line) =>
      line.includes("new RealtimeRest(") && !/searchedRest\(new|\(\) => new/.test(line)
    );
    const isCanary = path.startsWith("tests/hono/_canary") || path.startsWith("tests/hono/canary_test");
    return isSearched && (isCanary || !makesApp && !makesClient) ? [] : [path];
  });
  assertEquals(goAround, []);
});
