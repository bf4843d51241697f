import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { type ApiKey, ConnectionError, RealtimeApiError, RealtimeRest } from "../../src/rest/mod.ts";
import { CANARY, searchedRest } from "../hono/_canary.ts";
import { apiError, createStub, SDP, SECRET } from "./_stub.ts";

const offer = { sdp: SDP };

/** A body that ends in an error after this much. */
function breakingOff(text: string): ReadableStream<Uint8Array> {
  let isFirst = true;
  return new ReadableStream({
    pull(controller) {
      if (isFirst) controller.enqueue(new TextEncoder().encode(text));
      else controller.error(new Error("connection reset"));
      isFirst = false;
    },
  });
}

Deno.test("an unreachable host is a ConnectionError with URL and cause", async () => {
  const cause = new TypeError("error sending request");
  const { rest } = createStub(() => cause);
  const message = "Cannot create a call as there was no answer from api.openai.com";
  const error = await assertRejects(() => rest.createCall(offer), ConnectionError, message);
  assertEquals([error.kind, error.url], ["unreachable", "https://api.openai.com/v1/realtime/calls"]);
  assertStrictEquals(error.cause, cause);
});

Deno.test("the error for an unreachable host contains the code of its deepest cause", async () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const { rest } = createStub(() => new TypeError("fetch failed", { cause: refused }));
  const message = "as there was no answer from api.openai.com (ECONNREFUSED)";
  await assertRejects(() => rest.createCall(offer), ConnectionError, message);
});

Deno.test("a closed port is a ConnectionError", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const baseUrl = `http://127.0.0.1:${listener.addr.port}/v1`;
  listener.close();
  const rest = searchedRest(new RealtimeRest({ apiKey: CANARY, baseUrl, maxRetries: 0 }));
  const error = await assertRejects(() => rest.createClientSecret(), ConnectionError, "no answer from 127.0.0.1");
  assertEquals(error.kind, "unreachable");
});

Deno.test("an answer that breaks off is a ConnectionError, and a refusal remains one", async () => {
  const broken = (status: number) => createStub(() => new Response(breakingOff("v=0"), { status }));
  const message = "Cannot create a call as the answer from api.openai.com broke off";
  const error = await assertRejects(() => broken(201).rest.createCall(offer), ConnectionError, message);
  assertEquals([error.kind, error.status, `${error.cause}`], ["closed", 201, "Error: connection reset"]);
  const refused = await assertRejects(() => broken(403).rest.createCall(offer), RealtimeApiError);
  assertEquals(refused.status, 403);
});

Deno.test("a call of which only the status matters succeeds even if its answer breaks off or never ends", async () => {
  let cancelled = 0;
  const endless = () => new ReadableStream({ cancel: () => void cancelled++ });
  for (const body of [() => breakingOff("{"), endless]) {
    const { requests, rest } = createStub(() => new Response(body(), { status: 200 }));
    await rest.acceptCall("rtc_1", { type: "realtime", model: "gpt-realtime-2.1" });
    await rest.referCall("rtc_1", "tel:+14155550123");
    await rest.rejectCall("rtc_1");
    await rest.hangUpCall("rtc_1");
    assertEquals(requests.length, 4);
  }
  assertEquals(cancelled, 4);
});

Deno.test("the key provider is called once per attempt", async () => {
  let asked = 0;
  const { rest, requests, clock } = createStub((index) => index === 0 ? apiError(500) : Response.json(SECRET), {
    apiKey: () => Promise.resolve(`key-${asked++}`),
  });
  const secret = rest.createClientSecret();
  await clock.advance(500);
  await secret;
  assertEquals(asked, 2);
  assertEquals(requests.map(({ headers }) => headers.authorization), ["Bearer key-0", "Bearer key-1"]);
});

Deno.test("a key that is not a valid header value prevents the request, without a retry", async () => {
  let asked = 0;
  for (const key of [undefined, "", " \n", `${CANARY}\r\nX-Evil: 1`, `${CANARY}é`]) {
    const { rest, requests } = createStub(() => Response.json(SECRET), { apiKey: () => (asked++, key) });
    const error = await assertRejects(
      () => rest.createClientSecret(),
      ConnectionError,
      "Cannot create a client secret",
    );
    assertEquals([error.kind, requests.length], ["configuration", 0]);
  }
  assertEquals(asked, 5);
  const sealed = new Error("vault is sealed");
  const { rest } = createStub(() => Response.json(SECRET), { apiKey: () => Promise.reject(sealed) });
  assertStrictEquals(await assertRejects(() => rest.createClientSecret()), sealed);
});

Deno.test("an aborted signal ends the request, and the call rejects with its reason", async () => {
  const { rest, requests, clock } = createStub(() => new Promise(() => {}));
  const controller = new AbortController();
  const reason = new Error("enough");
  const rejected = assertRejects(() => rest.createClientSecret({}, { signal: controller.signal }));
  await clock.advance(0);
  assertEquals(requests[0]?.init.signal?.aborted, false);
  controller.abort(reason);
  assertStrictEquals(await rejected, reason);
  assertEquals([requests[0]?.init.signal?.aborted, clock.pending], [true, 0]);
});

Deno.test("a signal that is already aborted prevents the request", async () => {
  const { rest, requests } = createStub(() => Response.json(SECRET));
  const error = await assertRejects(() => rest.createClientSecret({}, { signal: AbortSignal.abort() }), DOMException);
  assertEquals([error.name, requests.length], ["AbortError", 0]);
});

Deno.test("a signal aborted during the key lookup prevents the request", async () => {
  const key = Promise.withResolvers<string>();
  const { rest, requests, clock } = createStub(() => Response.json(SECRET), { apiKey: () => key.promise });
  const controller = new AbortController();
  const rejected = assertRejects(() => rest.createClientSecret({}, { signal: controller.signal }), DOMException);
  controller.abort();
  await rejected;
  key.resolve("late");
  await clock.advance(0);
  assertEquals(requests.length, 0);
});

Deno.test("a call rejects with a TimeoutError after its own or the client's timeoutMs, and ends the request", async () => {
  const times: [number | undefined, number | undefined, number][] = [
    [undefined, undefined, 30_000],
    [5_000, undefined, 5_000],
    [5_000, 100, 100],
  ];
  for (const [ofClient, ofCall, timeoutMs] of times) {
    const { rest, requests, clock } = createStub(() => new Promise(() => {}), { timeoutMs: ofClient });
    const rejected = assertRejects(() => rest.createCall(offer, { timeoutMs: ofCall }), DOMException);
    await clock.advance(timeoutMs - 1);
    assertEquals(requests[0]?.init.signal?.aborted, false);
    await clock.advance(1);
    const { name, message } = await rejected;
    assertEquals([name, message], ["TimeoutError", `Cannot create a call as it took longer than ${timeoutMs} ms`]);
    assertEquals([requests[0]?.init.signal?.aborted, requests.length], [true, 1]);
  }
  const { rest } = createStub(() => Response.json(SECRET));
  await assertRejects(
    () => rest.createClientSecret({}, { timeoutMs: -1 }),
    RangeError,
    "timeoutMs must be a number >= 0",
  );
});

Deno.test("a body that never ends times out", async () => {
  const { rest, clock } = createStub(() => new Response(new ReadableStream()));
  const rejected = assertRejects(() => rest.createCall(offer, { timeoutMs: 1_000 }), DOMException);
  await clock.advance(1_000);
  assertEquals((await rejected).name, "TimeoutError");
});

/** Characters as HTML may escape them. */
function toEntities(text: string): string {
  return Array.from(text, (character) => `&#${character.charCodeAt(0)};`).join("");
}

/** JSON as PHP, Go and .NET write it: they escape characters that are special in HTML or URLs. */
function escapedJson(value: unknown): string {
  const escape = (found: string) => `\\u00${found.charCodeAt(0).toString(16)}`;
  return JSON.stringify(value).replaceAll("/", "\\/").replaceAll(/[%&+<>]/g, escape);
}

Deno.test("no error contains the key, whatever the server or the runtime reports", async () => {
  const canary = `${CANARY}/${"x".repeat(20)}"\\`;
  const encodedKeys = [btoa(canary), encodeURIComponent(canary), toEntities(canary)];
  const echo = { error: { message: `Incorrect API key: ${canary}`, code: canary, type: `t ${canary}`, param: canary } };
  const reactions: (() => Response | Error)[] = [
    () => Response.json(echo, { status: 401 }),
    () => new Response(JSON.stringify(echo).replaceAll("/", "\\/"), { status: 401 }),
    ...encodedKeys.map((key) => () => new Response(escapedJson({ error: `${key} is wrong` }), { status: 401 })),
    () => Response.json(echo),
    () => Response.json({ error: `${canary} is wrong` }, { status: 500 }),
    () => new Response(`Bearer ${canary} is not known`, { status: 403 }),
    () => Response.json({ ...SECRET, value: 5, echo: canary }),
    () => new TypeError(`Cannot send Authorization: Bearer ${canary}`),
    () => new TypeError("fetch failed", { cause: new Error("refused", { cause: `Authorization: Bearer ${canary}` }) }),
    () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error(`lost ${canary}`)) })),
  ];
  const keys: ApiKey[] = [canary, () => ` ${canary}\n`];
  for (const react of reactions) {
    for (const apiKey of keys) {
      const azure = { endpoint: "https://azure", deployment: "d" };
      const targets = [{ apiKey }, { azure: { ...azure, apiKey } }, { azure: { ...azure, token: apiKey } }];
      for (const target of targets) {
        const { rest, requests } = createStub(react, { ...target, maxRetries: 0 });
        for (const act of [() => rest.createClientSecret(), () => rest.createCall(offer)]) {
          const error = await assertRejects(act, Error);
          const seen = `${error.message} ${error.stack} ${Deno.inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
          for (const part of [canary, CANARY, ...encodedKeys]) assert(!seen.includes(part), seen);
        }
        for (const { url, body } of requests) assert(!url.includes(CANARY) && !body.includes(CANARY));
        assert(!Deno.inspect(rest, { depth: 9 }).includes(CANARY));
      }
    }
  }
});

Deno.test("a key that is also a word of the answer does not spoil its error", async () => {
  const { rest } = createStub(() => Response.json({ error: { message: "no null", code: null } }, { status: 401 }), {
    apiKey: "null",
  });
  const error = await assertRejects(() => rest.createClientSecret(), RealtimeApiError);
  assertEquals([error.message, error.code], ["no [API key]", undefined]);
});
