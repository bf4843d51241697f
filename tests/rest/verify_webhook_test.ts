import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import {
  isRealtimeCallIncomingEvent,
  verifyWebhook,
  type VerifyWebhookOptions,
  WebhookVerificationError,
} from "../../src/rest/mod.ts";

const NOW_S = 1_790_000_000;
const KEY = randomBytes(24);
const SECRET = `whsec_${KEY.toString("base64")}`;
const EVENT = {
  object: "event",
  id: "evt_1",
  type: "realtime.call.incoming",
  created_at: NOW_S,
  data: { call_id: "rtc_1", sip_headers: [{ name: "From", value: "“Zoë” <sip:+14155550123@example.com>" }] },
};

interface Webhook {
  readonly id: string;
  readonly timestamp: string;
  readonly body: BodyInit;
  readonly signature: string;
}

/** The signature of Standard Webhooks, by another implementation of HMAC. */
function sign({ id, timestamp, body }: Omit<Webhook, "signature">, key: string | Uint8Array = KEY): string {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body as string).digest("base64")}`;
}

/** A webhook as OpenAI sends it, except for the changes. */
function webhook(changes: Partial<Webhook> = {}, headers: Record<string, string | undefined> = {}): Request {
  const unsigned = { id: "wh_1", timestamp: `${NOW_S}`, body: JSON.stringify(EVENT), ...changes };
  const all = {
    "content-type": "application/json",
    "webhook-id": unsigned.id,
    "webhook-timestamp": unsigned.timestamp,
    "webhook-signature": changes.signature ?? sign(unsigned),
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Request("https://example.com/webhooks", { method: "POST", headers: given, body: unsigned.body });
}

function verify(request: Request, secret: string | readonly string[] = SECRET, options: VerifyWebhookOptions = {}) {
  return verifyWebhook(request, secret, { now: () => NOW_S * 1000, ...options });
}

async function refusalOf(...args: Parameters<typeof verify>): Promise<WebhookVerificationError> {
  return await assertRejects(() => verify(...args), WebhookVerificationError);
}

Deno.test("verifyWebhook() returns the signed event", async () => {
  const event = await verify(webhook());
  assertEquals<unknown>(event, EVENT);
  assert(isRealtimeCallIncomingEvent(event));
  assertEquals(event.data.call_id, "rtc_1");
});

Deno.test("verifyWebhook() agrees with the example of the Standard Webhooks specification", async () => {
  const headers = { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330" };
  const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const init = {
    method: "POST",
    headers: { ...headers, "webhook-signature": signature },
    body: '{"test": 2432232314}',
  };
  const options = { now: () => 1_614_265_330_000 };
  const request = new Request("https://example.com/", init);
  const error = await refusalOf(request, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", options);
  // The signature is right; the body of the example has no type.
  assertEquals([error.reason, error.raw], ["body", { test: 2432232314 }]);
});

Deno.test("verifyWebhook() returns events of other types unchanged", async () => {
  const body = '{"type":"batch.completed","data":5}';
  assertEquals<unknown>(await verify(webhook({ body })), { type: "batch.completed", data: 5 });
});

Deno.test("verifyWebhook() accepts secrets in base64, plain text, and several at once", async () => {
  const plain = "a plain secret, ünicode";
  const unsigned = { id: "wh_1", timestamp: `${NOW_S}`, body: JSON.stringify(EVENT) };
  const byPlain = () => webhook({ signature: sign(unsigned, plain) });
  assertEquals((await verify(byPlain(), plain)).type, EVENT.type);
  assertEquals((await verify(byPlain(), [SECRET, plain])).type, EVENT.type);
  assertEquals((await verify(webhook(), [plain, SECRET, "another"])).type, EVENT.type);
  assertEquals((await verify(webhook(), SECRET.replace(/=+$/, ""))).type, EVENT.type);
  // The same text with and without its prefix are different keys.
  assertEquals((await refusalOf(webhook(), SECRET.slice(6))).reason, "signature");
  assertEquals((await refusalOf(webhook(), [plain, "another"])).reason, "signature");
});

Deno.test("verifyWebhook() rejects unusable secrets, and does not repeat them", async () => {
  const texts = ["", "whsec_", "whsec_canary!", "whsec_canary canary", "whsec_canary\tcanary", "whsec_canar-y_"];
  const secrets: unknown[] = [...texts, [], [""], [SECRET, ""], undefined, null, [undefined], 5];
  for (const secret of secrets) {
    const error = await assertRejects(
      () => verifyWebhook(webhook(), secret as string),
      TypeError,
      "Cannot verify a webhook",
    );
    assert(!Deno.inspect(error).includes("canary"));
  }
});

Deno.test("verifyWebhook() names characters pasted with a secret, alone or in a list", async () => {
  const faults: readonly (readonly [string, string])[] = [
    [`"${SECRET}"`, "is in quotes"],
    [` ${SECRET}`, "is surrounded by blanks"],
    [`${SECRET}\n`, "contains a line break"],
    [`v1,${SECRET}`, "begins with v1,"],
    ["'a plain secret'", "is in quotes"],
  ];
  for (const [secret, words] of faults) {
    for (const secrets of [secret, [SECRET, secret]]) {
      const message = `Cannot verify a webhook as the secret ${words}`;
      const error = await assertRejects(() => verifyWebhook(webhook(), secrets), TypeError, message);
      assert(!Deno.inspect(error).includes(SECRET.slice(6)));
    }
  }
});

Deno.test("verifyWebhook() rejects unknown options", async () => {
  const options = { toleranceMs: 1, tolerance: 300 };
  await assertRejects(
    () => verifyWebhook(webhook(), SECRET, options),
    TypeError,
    "Cannot verify a webhook as there is no option tolerance: did you mean toleranceMs?",
  );
});

Deno.test("verifyWebhook() rejects the requests of other frameworks, and tells how to convert them", async () => {
  const { headers } = webhook();
  const express = { headers: Object.fromEntries(headers), body: EVENT, get: () => "" };
  for (const request of [express, { ...express, headers: undefined }, JSON.stringify(EVENT), EVENT, null]) {
    const verifying = () => verify(request as unknown as Request);
    await assertRejects(verifying, TypeError, "it must be a Request: make one of the headers and the raw body");
  }
});

Deno.test("verifyWebhook() finds the right signature among others, and skips malformed ones", async () => {
  const right = sign({ id: "wh_1", timestamp: `${NOW_S}`, body: JSON.stringify(EVENT) });
  const bare = right.slice(3);
  const wrong = `v1,${randomBytes(32).toString("base64")}`;
  const longer = `v1,${Buffer.concat([Buffer.from(bare, "base64"), randomBytes(4)]).toString("base64")}`;
  const junk = ["v1,", "v1,!!!", "v1a,AAAA", "v2,AAAA", `v2,${bare}`, "v1,AAAA", longer, ",", "é"];
  const accepted = [
    right,
    bare,
    bare.replace(/=$/, ""),
    `${wrong} ${right}`,
    `${right} ${wrong}`,
    `  ${wrong}   ${bare}  `,
    `${right}, ${wrong}`,
    [...junk, right].join(" "),
    [...Array(500).fill(wrong), right].join(" "),
    [right, ...Array(500).fill("v1,!")].join(" "),
  ];
  for (const signature of accepted) assertEquals((await verify(webhook({ signature }))).type, EVENT.type, signature);
  const refused = [
    ...junk,
    wrong,
    `V1,${bare}`,
    `v1,v1,${bare}`,
    `v1 ${wrong}`,
    bare.slice(1),
    Array(500).fill(wrong).join(" "),
  ];
  for (const signature of refused) {
    assertEquals((await refusalOf(webhook({ signature }))).reason, "signature", signature);
  }
});

Deno.test("verifyWebhook() computes one HMAC per secret, however many signatures there are", async () => {
  const { sign } = crypto.subtle;
  let computed = 0;
  crypto.subtle.sign = (...args: Parameters<typeof sign>) => (computed++, sign.apply(crypto.subtle, args));
  try {
    const wrong = `v1,${randomBytes(32).toString("base64")}`;
    await refusalOf(webhook({ signature: Array(1000).fill(wrong).join(" ") }), [SECRET, "another"]);
  } finally {
    crypto.subtle.sign = sign;
  }
  assertEquals(computed, 2);
});

Deno.test("verifyWebhook() rejects a signature with any wrong bit", async () => {
  const right = createHmac("sha256", KEY).update(`wh_1.${NOW_S}.${JSON.stringify(EVENT)}`).digest();
  for (let bit = 0; bit < 256; bit++) {
    const bytes = Uint8Array.from(right);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    const signature = `v1,${btoa(String.fromCharCode(...bytes))}`;
    assertEquals((await refusalOf(webhook({ signature }))).reason, "signature");
  }
});

Deno.test("verifyWebhook() rejects a webhook that was changed after it was signed", async () => {
  const signature = sign({ id: "wh_1", timestamp: `${NOW_S}`, body: JSON.stringify(EVENT) });
  const changes: Partial<Webhook>[] = [
    { id: "wh_2" },
    { timestamp: `${NOW_S + 1}` },
    { timestamp: `0${NOW_S}` },
    { body: JSON.stringify(EVENT).replace("rtc_1", "rtc_2") },
    { body: `${JSON.stringify(EVENT)} ` },
    { body: "" },
  ];
  for (const change of changes) {
    const error = await refusalOf(webhook({ ...change, signature }));
    assertEquals([error.reason, error.webhookId], ["signature", change.id ?? "wh_1"]);
  }
});

Deno.test("verifyWebhook() verifies the bytes, not the text, of the body", async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x80, 0x22]);
  const content = new Uint8Array([...new TextEncoder().encode(`wh_1.${NOW_S}.`), ...bytes]);
  const signature = `v1,${createHmac("sha256", KEY).update(content).digest("base64")}`;
  assertEquals((await refusalOf(webhook({ body: bytes, signature }))).reason, "body");
});

Deno.test("verifyWebhook() accepts webhooks that are at most 300 s old or early, or within the given tolerance", async () => {
  const at = (seconds: number, options: VerifyWebhookOptions = {}) =>
    verify(webhook({ timestamp: `${NOW_S + seconds}` }), SECRET, options).then(
      () => "ok",
      (error) => error.reason,
    );
  assertEquals(await Promise.all([-301, -300, 0, 300, 301].map((s) => at(s))), [
    "timestamp",
    "ok",
    "ok",
    "ok",
    "timestamp",
  ]);
  const toleranceMs = 5_000;
  assertEquals(await Promise.all([-6, -5, 5, 6].map((s) => at(s, { toleranceMs }))), [
    "timestamp",
    "ok",
    "ok",
    "timestamp",
  ]);
  assertEquals(await at(-1e6, { toleranceMs: Infinity }), "ok");
  assertEquals(await at(0, { now: () => NaN }), "timestamp");
  for (const toleranceMs of [NaN, -1]) {
    const message = `toleranceMs must be a number >= 0: current value is ${toleranceMs}`;
    await assertRejects(() => verifyWebhook(webhook(), SECRET, { toleranceMs }), RangeError, message);
  }
  const error = await refusalOf(webhook({ timestamp: `${NOW_S - 400}` }));
  assertEquals(
    error.message,
    "Cannot verify a webhook as it must be at most 300000 ms old or early: it is 400000 ms old",
  );
});

Deno.test("verifyWebhook() uses the system clock by default", async () => {
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  assertEquals((await verifyWebhook(webhook({ timestamp }), SECRET)).type, EVENT.type);
  await assertRejects(() => verifyWebhook(webhook(), SECRET, { now: undefined }), WebhookVerificationError);
});

Deno.test("verifyWebhook() requires its three headers in the right format", async () => {
  for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
    for (const value of [undefined, "", " "]) {
      const error = await refusalOf(webhook({}, { [name]: value }));
      assertEquals([error.reason, error.message], ["headers", `Cannot verify a webhook as it has no header ${name}`]);
    }
  }
  for (const timestamp of ["now", "-1", "1.5", "1e9", "0x10", `${NOW_S} ${NOW_S}`, "9".repeat(13)]) {
    assertEquals((await refusalOf(webhook({ timestamp }))).reason, "headers", timestamp);
  }
  // With a dot, the signed text could be split differently.
  for (const id of ["wh.1", "wh 1", "é", "w".repeat(257)]) {
    assertEquals((await refusalOf(webhook({ id }))).reason, "headers", id);
  }
  assertEquals((await verify(webhook({ id: "w".repeat(256) }))).type, EVENT.type);
});

Deno.test("verifyWebhook() checks for a replayed id after everything else", async () => {
  const ids = new Set<string>();
  const asked: string[] = [];
  const seen = (id: string) => {
    asked.push(id);
    const isKnown = ids.has(id);
    ids.add(id);
    return Promise.resolve(isKnown);
  };
  await refusalOf(webhook({ signature: "v1,AAAA" }), SECRET, { seen });
  await refusalOf(webhook({ timestamp: "1" }), SECRET, { seen });
  await refusalOf(webhook({ body: "x" }), SECRET, { seen });
  assertEquals(asked, []);
  await verify(webhook(), SECRET, { seen });
  const error = await refusalOf(webhook(), SECRET, { seen });
  assertEquals([error.reason, error.webhookId], ["replayed", "wh_1"]);
  await verify(webhook({ id: "wh_2" }), SECRET, { seen: (id) => id !== "wh_2" });
  const down = new Error("store is down");
  const rejected = assertRejects(() => verify(webhook(), SECRET, { seen: () => Promise.reject(down) }));
  assertStrictEquals(await rejected, down);
});

Deno.test("verifyWebhook() explains an invalid signed body, and includes it", async () => {
  const { call_id: _, ...data } = EVENT.data;
  const incomplete = { ...EVENT, data };
  const error = await refusalOf(webhook({ body: JSON.stringify(incomplete) }));
  assertEquals([error.reason, error.webhookId, error.issues.map(({ path }) => path)], ["body", "wh_1", [
    "data.call_id",
  ]]);
  assertEquals(error.raw, incomplete);
  assertEquals(error.message, "Cannot verify a webhook as data.call_id must be a string: it is missing");
  for (const body of ["", "null", "[]", "{}", '{"type":', "x=1"]) {
    assertEquals((await refusalOf(webhook({ body }))).reason, "body", body);
  }
});

Deno.test("verifyWebhook() reads at most maxBytes bytes", async () => {
  const pad = (bytes: number) => JSON.stringify(EVENT).padEnd(bytes - 2, " "); // Two characters take two more bytes each.
  const size = (body: string) => new TextEncoder().encode(body).length;
  const fitting = pad(262_144 - (size(pad(1_000)) - 1_000));
  assertEquals(size(fitting), 262_144);
  assertEquals((await verify(webhook({ body: fitting }))).type, EVENT.type);
  const error = await refusalOf(webhook({ body: `${fitting} ` }));
  assertEquals([error.reason, error.message], [
    "too_large",
    "Cannot verify a webhook as its body must be <= 262144 bytes",
  ]);
  assertEquals((await refusalOf(webhook(), SECRET, { maxBodyBytes: 10 })).reason, "too_large");
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(65_536))),
  });
  const flood = new Request("https://example.com/", { method: "POST", headers: webhook().headers, body });
  assertEquals((await refusalOf(flood)).reason, "too_large");
  assert(pulled < 10, `${pulled} chunks`);
});

Deno.test("verifyWebhook() reads a body that arrives in pieces, or is missing", async () => {
  const bytes = new TextEncoder().encode(JSON.stringify(EVENT));
  const body = ReadableStream.from([bytes.subarray(0, 7), bytes.subarray(7, 90), bytes.subarray(90)]);
  const { headers } = webhook();
  const request = new Request("https://example.com/", { method: "POST", headers, body });
  assertEquals<unknown>(await verify(request), EVENT);
  const empty = new Request("https://example.com/", { method: "POST", headers });
  assertEquals((await refusalOf(empty)).reason, "signature");
});

Deno.test("verifyWebhook() reads nothing when its signal is already aborted", async () => {
  const reason = new Error("enough");
  let pulled = 0;
  const body = new ReadableStream({ pull: () => (pulled++, new Promise<void>(() => {})) }, { highWaterMark: 0 });
  const request = new Request("https://example.com/", { method: "POST", headers: webhook().headers, body });
  const verifying = verify(request, SECRET, { signal: AbortSignal.abort(reason) });
  assertStrictEquals(await assertRejects(() => verifying), reason);
  assertEquals(pulled, 0);
});

Deno.test("verifyWebhook() rejects a body that is already used, or that breaks off", async () => {
  const used = webhook();
  await used.text();
  await assertRejects(() => verify(used), TypeError, "its body has been read already");
  const lost = new Error("connection reset");
  const body = new ReadableStream({ pull: (controller) => controller.error(lost) });
  const broken = new Request("https://example.com/", { method: "POST", headers: webhook().headers, body });
  await assertRejects(() => verify(broken));
});

Deno.test("verifyWebhook() stops reading a slow body when its signal is aborted", async () => {
  const reason = new Error("enough");
  const controller = new AbortController();
  const { signal } = controller;
  let cancelled: unknown;
  const body = new ReadableStream({
    pull: () => {
      queueMicrotask(() => controller.abort(reason));
      return new Promise(() => {});
    },
    cancel: (reason) => void (cancelled = reason),
  }, { highWaterMark: 0 });
  const slow = new Request("https://example.com/", { method: "POST", headers: webhook().headers, body });
  assertStrictEquals(await assertRejects(() => verify(slow, SECRET, { signal })), reason);
  assertStrictEquals(cancelled, reason);
  assertStrictEquals(await assertRejects(() => verify(webhook(), SECRET, { signal })), reason);
});

Deno.test("errors of verifyWebhook() contain neither the secret nor the right signature", async () => {
  const right = sign({ id: "wh_1", timestamp: `${NOW_S}`, body: JSON.stringify(EVENT) }).slice(3);
  for (const request of [webhook({ signature: "v1,AAAA" }), webhook({ timestamp: "1" }), webhook({ body: "x" })]) {
    const seen = Deno.inspect(await refusalOf(request), { depth: 9 });
    for (const part of [SECRET, SECRET.slice(6), right]) assert(!seen.includes(part), seen);
  }
});
