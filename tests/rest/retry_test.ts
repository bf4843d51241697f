import { assert, assertEquals, assertRejects } from "@std/assert";
import { RealtimeApiError, type RealtimeRest } from "../../src/rest/mod.ts";
import { apiError, createStub, type Reaction, SDP, sdpAnswer, SECRET, type Stub } from "./_stub.ts";

type Act = (rest: RealtimeRest) => Promise<unknown>;

const mint: Act = (rest) => rest.createClientSecret();

/** Calls that can be repeated safely, and those that cannot. */
const REPEATABLE: readonly Act[] = [
  mint,
  (rest) => rest.createTranslationClientSecret({ session: { model: "m" } }),
  (rest) => rest.rejectCall("rtc_1"),
  (rest) => rest.hangUpCall("rtc_1"),
];
const SINGLE: readonly Act[] = [
  (rest) => rest.createCall({ sdp: SDP }),
  (rest) => rest.createTranslationCall({ sdp: SDP }),
  (rest) => rest.acceptCall("rtc_1", { type: "realtime" }),
  (rest) => rest.referCall("rtc_1", "tel:+1"),
];

/** Runs a call to its end, and returns the number of requests and the outcome. */
async function outcomeOf(act: Act, { rest, requests, clock }: Stub): Promise<[number, "ok" | number | string]> {
  const settled = act(rest).then(() => "ok" as const, (error) => error.status ?? error.kind ?? error.name);
  await clock.advance(120_000);
  return [requests.length, await settled];
}

function success(url: string): Response {
  return url.endsWith("/calls") ? sdpAnswer() : Response.json(SECRET);
}

/** A stub that fails once and then succeeds. */
function failingOnce(failure: () => Reaction): Stub {
  return createStub((index, { url }) => index === 0 ? failure() : success(url));
}

Deno.test("idempotent calls are retried after no answer, 408, 429 and 5xx", async () => {
  const failures: (() => Reaction)[] = [
    () => new TypeError("connection reset"),
    ...[408, 429, 500, 502, 503, 504, 529].map((status) => () => apiError(status)),
  ];
  for (const act of REPEATABLE) {
    for (const failure of failures) assertEquals(await outcomeOf(act, failingOnce(failure)), [2, "ok"]);
  }
  const broken = () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) }));
  // The status alone says that a call was rejected or hung up.
  const attempts = await Promise.all(REPEATABLE.map((act) => outcomeOf(act, failingOnce(broken))));
  assertEquals(attempts, [[2, "ok"], [2, "ok"], [1, "ok"], [1, "ok"]]);
});

Deno.test("calls that may have been accepted are retried after 429 only", async () => {
  for (const act of SINGLE) {
    assertEquals(await outcomeOf(act, failingOnce(() => apiError(429))), [2, "ok"]);
    assertEquals(await outcomeOf(act, failingOnce(() => new TypeError("reset"))), [1, "unreachable"]);
    for (const status of [408, 500, 502, 503, 504]) {
      assertEquals(await outcomeOf(act, failingOnce(() => apiError(status))), [1, status]);
    }
  }
});

Deno.test("a call that succeeds with an unexpected answer is not repeated, as it may have had an effect", async () => {
  const odd = () => Response.json({}, { headers: { "x-should-retry": "true" } });
  assertEquals(await outcomeOf(mint, failingOnce(odd)), [1, 200]);
});

Deno.test("a call is retried by the system clock", async () => {
  const { rest, requests } = createStub(
    (index) => index ? Response.json(SECRET) : apiError(503, { "retry-after": "0" }),
    {
      clock: undefined,
    },
  );
  assertEquals((await mint(rest) as typeof SECRET).value, SECRET.value);
  assertEquals(requests.length, 2);
});

Deno.test("no call is retried after a permanent refusal", async () => {
  for (const act of [...REPEATABLE, ...SINGLE]) {
    for (const status of [301, 400, 401, 403, 404, 409, 422]) {
      assertEquals(await outcomeOf(act, failingOnce(() => apiError(status))), [1, status]);
    }
    for (const field of ["code", "type"]) {
      const error = { message: "You exceeded your current quota", [field]: "insufficient_quota" };
      assertEquals(await outcomeOf(act, failingOnce(() => Response.json({ error }, { status: 429 }))), [1, 429]);
    }
  }
});

Deno.test("maxRetries limits the retries, and the last error is thrown", async () => {
  for (const [maxRetries, attempts] of [[undefined, 3], [0, 1], [1, 2], [5, 6]] as const) {
    const stub = createStub((index) => apiError(500 + index), { maxRetries, timeoutMs: Infinity });
    assertEquals(await outcomeOf(mint, stub), [attempts, 500 + attempts - 1]);
  }
});

Deno.test("delays double from 250 to 500 ms up to 8 s, with jitter", async () => {
  const bounds = [[250, 500], [500, 1000], [1000, 2000], [2000, 4000], [4000, 8000], [4000, 8000], [4000, 8000]];
  const firsts = new Set<number>();
  for (let run = 0; run < 20; run++) {
    const times: number[] = [];
    const stub: Stub = createStub(() => {
      times.push(stub.clock.now());
      return apiError(503);
    }, { maxRetries: bounds.length, timeoutMs: Infinity });
    await outcomeOf(mint, stub);
    bounds.forEach(([low = 0, high = 0], i) => {
      const pauseMs = times[i + 1]! - times[i]!;
      assert(pauseMs >= low && pauseMs <= high, `pause ${i} of ${pauseMs} ms`);
    });
    firsts.add(times[1]!);
  }
  assert(firsts.size > 1);
});

/** The delay before a client retries, or `undefined` when it does not. */
async function pauseAfter(headers: HeadersInit, timeoutMs = 60_000): Promise<number | undefined> {
  let pauseMs: number | undefined;
  const stub: Stub = createStub((index) => {
    if (index === 0) return apiError(429, headers);
    pauseMs = stub.clock.now();
    return Response.json(SECRET);
  }, { timeoutMs });
  await outcomeOf(mint, stub);
  return pauseMs;
}

Deno.test("Retry-After is honoured in seconds or as a date, by the server's clock", async () => {
  assertEquals(await pauseAfter({ "retry-after": "7" }), 7_000);
  assertEquals(await pauseAfter({ "retry-after": " 0.5 " }), 500);
  assertEquals(await pauseAfter({ "retry-after": "1.1000000000000001" }), 1_100);
  assertEquals(await pauseAfter({ "retry-after": "0" }), 0);
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  assertEquals(await pauseAfter({ date, "retry-after": "Wed, 21 Oct 2026 07:28:12 GMT" }), 12_000);
  assertEquals(await pauseAfter({ date, "retry-after": "Wed, 21 Oct 2026 07:27:00 GMT" }), 0);
  const byOwnClock = await pauseAfter({ "retry-after": new Date(Date.now() + 20_000).toUTCString() });
  // No number of seconds: the pause is the client's own.
  const nonsense = await pauseAfter({ "retry-after": "9".repeat(400) });
  assert(nonsense !== undefined && nonsense <= 500, `${nonsense}`);
  assert(byOwnClock !== undefined && byOwnClock > 15_000 && byOwnClock <= 20_000, `${byOwnClock}`);
});

Deno.test("retry-after-ms takes precedence over Retry-After if it is valid", async () => {
  assertEquals(await pauseAfter({ "retry-after-ms": "900" }), 900);
  assertEquals(await pauseAfter({ "retry-after-ms": " 20.5 ", "retry-after": "7" }), 20.5);
  assertEquals(await pauseAfter({ "retry-after-ms": "0", "retry-after": "7" }), 0);
  for (const value of ["", "soon", "-1", "1e3", "9".repeat(400)]) {
    assertEquals(await pauseAfter({ "retry-after-ms": value, "retry-after": "7" }), 7_000);
  }
});

Deno.test("x-should-retry decides about a retry, for every call and status", async () => {
  for (const act of [...REPEATABLE, ...SINGLE]) {
    for (const status of [400, 409, 429, 500, 503]) {
      const answer = (value: string) => failingOnce(() => apiError(status, { "x-should-retry": value }));
      assertEquals(await outcomeOf(act, answer("true")), [2, "ok"]);
      assertEquals(await outcomeOf(act, answer("false")), [1, status]);
    }
  }
  const unclear = failingOnce(() => apiError(503, { "x-should-retry": "perhaps" }));
  assertEquals(await outcomeOf(mint, unclear), [2, "ok"]);
});

Deno.test("x-should-retry does not override an exhausted quota or maxRetries", async () => {
  const headers = { "x-should-retry": "true" };
  const error = { message: "You exceeded your current quota", code: "insufficient_quota" };
  assertEquals(await outcomeOf(mint, failingOnce(() => Response.json({ error }, { status: 429, headers }))), [1, 429]);
  assertEquals(await outcomeOf(mint, createStub(() => apiError(409, headers), { maxRetries: 1 })), [2, 409]);
});

Deno.test("the error of a refusal contains the delay that the server requests", async () => {
  const retryAfter = async (headers: HeadersInit, status = 429): Promise<number | undefined> => {
    const { rest } = createStub(() => apiError(status, headers), { maxRetries: 0 });
    return (await assertRejects(() => rest.acceptCall("rtc_1", { type: "realtime" }), RealtimeApiError)).retryAfterMs;
  };
  assertEquals(await retryAfter({ "retry-after": "33" }), 33_000);
  assertEquals(await retryAfter({ "retry-after-ms": "250" }), 250);
  assertEquals(await retryAfter({ "retry-after": "2" }, 503), 2_000);
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  assertEquals(await retryAfter({ date, "retry-after": "Wed, 21 Oct 2026 07:27:00 GMT" }), 0);
  assertEquals(await retryAfter({}), undefined);
  assertEquals(await retryAfter({ "retry-after": "soon" }), undefined);
});

Deno.test("an invalid Retry-After is ignored", async () => {
  for (const value of ["", "soon", "-5", "1e9", "GMT", "99999999999999999999 GMT"]) {
    const pauseMs = await pauseAfter({ "retry-after": value });
    assert(pauseMs !== undefined && pauseMs >= 250 && pauseMs <= 500, `${value}: ${pauseMs} ms`);
  }
});

Deno.test("no delay is started that would exceed timeoutMs, and the refusal is thrown at once", async () => {
  assertEquals(await pauseAfter({ "retry-after": "9" }, 10_000), 9_000);
  assertEquals(await pauseAfter({ "retry-after": "10" }, 10_000), undefined);
  for (const seconds of ["30", "3600"]) {
    const { rest, clock } = createStub(() => apiError(429, { "retry-after": seconds }));
    await assertRejects(() => mint(rest), RealtimeApiError, "No such thing.");
    assertEquals([clock.now(), clock.pending], [0, 0]);
  }
});

Deno.test("timeoutMs covers attempts and delays together", async () => {
  const stub: Stub = createStub(
    (index) => index === 0 ? apiError(503, { "retry-after": "6" }) : new Promise(() => {}),
    {
      timeoutMs: 10_000,
    },
  );
  const rejected = assertRejects(() => mint(stub.rest), DOMException);
  await stub.clock.advance(9_999);
  assertEquals(stub.requests.length, 2);
  await stub.clock.advance(1);
  assertEquals((await rejected).name, "TimeoutError");
});

Deno.test("a signal ends a delay, and leaves no timer behind", async () => {
  let asked = 0;
  const apiKey = () => `key-${asked++}`;
  const { rest, requests, clock } = createStub(() => apiError(503, { "retry-after": "5" }), { apiKey });
  const controller = new AbortController();
  const rejected = assertRejects(() => rest.createClientSecret({}, { signal: controller.signal }), DOMException);
  await clock.advance(1_000);
  assertEquals(clock.pending, 2);
  controller.abort();
  assertEquals((await rejected).name, "AbortError");
  assertEquals(clock.pending, 0);
  await clock.advance(60_000);
  assertEquals([requests.length, asked], [1, 1]);
});

Deno.test("a signal that ends a request starts no delay", async () => {
  const controller = new AbortController();
  const { rest, requests, clock } = createStub(() => (controller.abort(), controller.signal.reason));
  const rejected = await assertRejects(() => rest.createClientSecret({}, { signal: controller.signal }), DOMException);
  assertEquals(rejected.name, "AbortError");
  await clock.advance(0);
  assertEquals([requests.length, clock.pending], [1, 0]);
});
