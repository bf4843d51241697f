import { assertEquals, assertRejects } from "@std/assert";
import { RealtimeApiError, type RealtimeRest } from "../../src/rest/mod.ts";
import { API_ERROR, createStub, SDP, sdpAnswer, SECRET } from "./_stub.ts";

const offer = { sdp: SDP };

Deno.test("createCall() finds the id in every form of Location", async () => {
  const ids: Record<string, string | undefined> = {
    "/v1/realtime/calls/rtc_1": "rtc_1",
    "https://api.openai.com/v1/realtime/calls/rtc_u2_E4xw9": "rtc_u2_E4xw9",
    "//elsewhere/calls/rtc_1": "rtc_1",
    "calls/rtc_1": "rtc_1",
    "/v1/realtime/calls/rtc_1/": "rtc_1",
    "/v1/realtime/calls/rtc_1//": "rtc_1",
    "/v1/realtime/calls/rtc_1?region=eu": "rtc_1",
    "/v1/realtime/calls/rtc_1/?region=eu#part": "rtc_1",
    "/v1/realtime/calls/a%3Ab": "a:b",
    "/v1/realtime/calls/rtc%5F1%7e%2d%2E%41": "rtc_1~-.A",
    "": undefined,
    "/v1/realtime/calls": undefined,
    "/v1/realtime/calls/": undefined,
    "/v1/realtime/calls/..%2F..%2Fadmin": undefined,
    "/v1/realtime/calls/a%5Cb": undefined,
    "/v1/realtime/calls/%E0%A4%A": undefined,
    "https://": undefined,
  };
  for (const [location, callId] of Object.entries(ids)) {
    const { rest } = createStub(() => sdpAnswer(location));
    assertEquals(await rest.createCall(offer), { sdp: SDP, callId }, location);
  }
  assertEquals((await createStub(() => sdpAnswer()).rest.createCall(offer)).callId, undefined);
});

Deno.test("createCall() accepts SDP of every media type", async () => {
  for (const type of ["application/sdp", "text/plain; charset=utf-8", "application/octet-stream"]) {
    const { rest } = createStub(() => new Response(SDP, { status: 201, headers: { "content-type": type } }));
    assertEquals((await rest.createCall(offer)).sdp, SDP);
  }
});

Deno.test("createCall() rejects an answer that is not SDP, with the API's error if it contains one", async () => {
  const bodies: [string, string, Partial<RealtimeApiError>][] = [
    [JSON.stringify(API_ERROR), "No such thing.", { code: "not_found", type: "invalid_request_error" }],
    [`{"value":"ek_secret"}`, "Cannot create a call as the answer is not SDP: its type is application/sdp", {}],
    ["<html>\nv=0", "Cannot create a call as the answer is not SDP: its type is application/sdp", {}],
    ["", "Cannot create a call as the answer is not SDP: its type is application/sdp", {}],
  ];
  for (const [body, message, { code, type }] of bodies) {
    const headers = { "content-type": "application/sdp", "x-request-id": "req_1" };
    const { rest, requests } = createStub(() => new Response(body, { status: 201, headers }));
    const error = await assertRejects(() => rest.createCall(offer), RealtimeApiError);
    assertEquals([error.message, error.status, error.requestId], [message, 201, "req_1"]);
    assertEquals([error.code, error.type, requests.length], [code, type, 1]);
  }
});

Deno.test("createClientSecret() rejects an answer without a secret, and repeats none of it", async () => {
  const { value, expires_at, session } = SECRET;
  const answers: unknown[] = [
    { expires_at, session },
    { value: "", expires_at, session },
    { value: 5, expires_at, session },
    {
      value,
      session,
    },
    { value, expires_at: "soon", session },
    { value, expires_at },
    [SECRET],
    null,
    value,
  ];
  for (const answer of answers) {
    const { rest } = createStub(() => Response.json(answer));
    const error = await assertRejects(() => rest.createClientSecret(), RealtimeApiError);
    const message = "Cannot create a client secret as the answer is not a client secret: its type is application/json";
    assertEquals([error.message, error.status], [message, 200]);
  }
  await assertRejects(() => createStub(() => new Response("ek_1")).rest.createClientSecret(), RealtimeApiError);
});

Deno.test("createClientSecret() returns the session unchanged", async () => {
  const session = { type: "of the future", audio: 5, model: null };
  const { rest } = createStub(() => Response.json({ ...SECRET, session }));
  assertEquals<unknown>((await rest.createClientSecret()).session, session);
});

Deno.test("a refusal rejects with the API's own error, status and request id", async () => {
  const { rest, requests } = createStub(() =>
    Response.json(API_ERROR, { status: 400, headers: { "x-request-id": "req_1" } })
  );
  const acts: ((rest: RealtimeRest) => Promise<unknown>)[] = [
    (rest) => rest.createClientSecret(),
    (rest) => rest.createTranslationClientSecret({ session: { model: "m" } }),
    (rest) => rest.createCall(offer),
    (rest) => rest.createTranslationCall(offer),
    (rest) => rest.acceptCall("rtc_1", { type: "realtime" }),
    (rest) => rest.rejectCall("rtc_1"),
    (rest) => rest.referCall("rtc_1", "tel:+1"),
    (rest) => rest.hangUpCall("rtc_1"),
  ];
  for (const act of acts) {
    const error = await assertRejects(() => act(rest), RealtimeApiError);
    const { message, type, code, param, status, requestId, eventId } = error;
    assertEquals({ error: { message, type, code, param } }, API_ERROR);
    assertEquals([status, requestId, eventId], [400, "req_1", undefined]);
  }
  assertEquals(requests.length, acts.length);
});

Deno.test("a refusal in another format rejects with its status and the useful part of its text", async () => {
  const refusals: [BodyInit | null, string, string, string?][] = [
    [`{"error":"Model not found","code":"404"}`, "application/json", "Model not found", "404"],
    [
      `{"detail":\n "Not Found"}`,
      "application/json",
      `${"Cannot hang up a call as the server answered with status 404"}: {"detail": "Not Found"}`,
    ],
    [
      "x".repeat(1000),
      "text/plain",
      `Cannot hang up a call as the server answered with status 404: ${"x".repeat(200)}`,
    ],
    ["<!doctype html><p>Not found", "text/html", "Cannot hang up a call as the server answered with status 404"],
    [null, "text/plain", "Cannot hang up a call as the server answered with status 404"],
    [`{"error":""}`, "text/html", "Cannot hang up a call as the server answered with status 404"],
    [
      `{"error":{"message":"","code":"401"}}`,
      "application/json",
      `${"Cannot hang up a call as the server answered with status 404"}: {"error":{"message":"","code":"401"}}`,
      "401",
    ],
    [
      `{"error":{}}`,
      "application/json",
      `${"Cannot hang up a call as the server answered with status 404"}: {"error":{}}`,
    ],
  ];
  for (const [body, type, message, code] of refusals) {
    const { rest } = createStub(() => new Response(body, { status: 404, headers: { "content-type": type } }));
    const error = await assertRejects(() => rest.hangUpCall("rtc_1"), RealtimeApiError);
    assertEquals([error.message, error.status, error.code, error.requestId], [message, 404, code, undefined]);
  }
});

Deno.test("a redirect is not followed, and is an error", async () => {
  const { rest, requests } = createStub(() => Response.redirect("https://elsewhere/", 307));
  const error = await assertRejects(() => rest.hangUpCall("rtc_1"), RealtimeApiError, "with status 307");
  assertEquals([error.status, requests.length], [307, 1]);
});

Deno.test("an answer of more than 4 MiB is not read to its end, whatever length it declares", async () => {
  let pulled = 0;
  let cancelled = 0;
  const flood = () =>
    new ReadableStream<Uint8Array>({
      start: () => void (pulled = 0),
      pull: (controller) => pulled++ < 20 ? controller.enqueue(new Uint8Array(1 << 20)) : controller.close(),
      cancel: () => void cancelled++,
    });
  const message = "Cannot create a call as the answer has more than 4194304 characters";
  const lengths: HeadersInit[] = [{}, { "content-length": "20971520" }, {
    "content-length": "3",
    "content-encoding": "br",
  }];
  for (const headers of lengths) {
    const { rest } = createStub(() => new Response(flood(), { headers }));
    await assertRejects(() => rest.createCall(offer), RealtimeApiError, message);
    assertEquals(pulled < 8, true);
  }
  const refused = createStub(() => new Response(flood(), { status: 400 }));
  await assertRejects(() => refused.rest.createCall(offer), RealtimeApiError, "with status 400");
  assertEquals([pulled < 8, cancelled], [true, 4]);
});

Deno.test("an answer of 4 MiB is complete, and the beginning of a longer one is no answer", async () => {
  for (const [characters, isComplete] of [[4_194_304, true], [4_194_305, false]] as const) {
    const { rest } = createStub(() => new Response("v=0".padEnd(characters)));
    const length = await rest.createCall(offer).then(({ sdp }) => sdp.length, () => undefined);
    assertEquals(length, isComplete ? characters : undefined);
  }
});

Deno.test("an answer has the same text whether it arrives in pieces or at once", async () => {
  const bytes = new TextEncoder().encode("v=0\r\ns=Zoë €\r\n");
  const pieces = () => new Response(new Blob([bytes]).stream().pipeThrough(oneByOne())).body;
  const answers = [
    () => new Response(pieces()),
    () => new Response(bytes),
    () => new Response(bytes, { headers: { "content-length": `${bytes.length}` } }),
    () => new Response(pieces(), { headers: { "content-length": `${bytes.length}` } }),
  ];
  for (const answer of answers) {
    const { sdp } = await createStub(answer).rest.createCall(offer);
    assertEquals(sdp, "v=0\r\ns=Zoë €\r\n");
  }
});

/** Passes on every byte separately. */
function oneByOne(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(bytes, controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
    },
  });
}
