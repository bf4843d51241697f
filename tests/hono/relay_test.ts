import { assertEquals, assertMatch } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { memoryStore, type RealtimeAppOptions, type RealtimeStore } from "../../src/hono/mod.ts";
import { assertErrorWithout, CANARY } from "./_canary.ts";
import { POLICY, problemOf } from "./_edge.ts";
import { createMemorySocketPair, type Socket, type SocketListener } from "../../src/transport/mod.ts";
import { type Api, createSetting, EFFECTIVE } from "./_relay.ts";

const SHOWN = { object: "realtime.session", id: "sess_1", type: "realtime", model: POLICY.model, audio: POLICY.audio };

Deno.test("GET /relay opens a session with the key, applies the policy, and shows the page neither", async () => {
  const { api, open } = createSetting();
  const { page } = await open();
  const { headers, protocols, url } = api.dialled[0]!;
  assertEquals(url.href, "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1");
  assertEquals([headers.get("authorization"), protocols.length], [`Bearer ${CANARY}`, 0]);
  assertMatch(headers.get("openai-safety-identifier")!, /^[\da-f]{40}$/);
  const [update] = api.received;
  const { model: _, ...settings } = POLICY;
  assertEquals([update?.type, update?.session], ["session.update", settings]);
  assertEquals(page.received, [{ type: "session.created", event_id: "event_1", session: SHOWN }]);
});

Deno.test("GET /relay opens transcription sessions for their intent", async () => {
  const { api, open } = createSetting({ session: { type: "transcription" } });
  await open();
  assertEquals(api.dialled[0]!.url.search, "?intent=transcription");
  assertEquals(api.received[0]?.session, { type: "transcription" });
});

Deno.test("GET /relay holds the page's events until the policy is in force", async () => {
  let begin = () => {};
  const { api, clock, open } = createSetting({
    onDial: (api) => {
      begin = () => {
        api.send({ type: "session.created", event_id: "event_1", session: {} });
        api.send({ type: "conversation.created", event_id: "event_3", conversation: { id: "conv_1" } });
        api.send({ type: "session.updated", event_id: "event_2", session: EFFECTIVE });
      };
    },
  });
  const { page } = await open();
  page.send({ type: "input_audio_buffer.clear" });
  page.send({ type: "response.create" });
  await clock.advance(0);
  assertEquals([api.received.map(({ type }) => type), page.received], [["session.update"], []]);
  begin();
  await clock.advance(0);
  assertEquals(api.received.map(({ type }) => type), ["session.update", "input_audio_buffer.clear", "response.create"]);
  // Events of the API wait, too.
  assertEquals(page.received.map(({ event_id }) => event_id), ["event_1", "event_3"]);
});

Deno.test("GET /relay forwards API frames unchanged, and page frames reserialized", async () => {
  const { api, clock, open } = createSetting();
  const { page } = await open();
  const append = `{ "audio":"AAAA",  "type":"input_audio_buffer.append" }`;
  const delta = `{ "type":"response.output_audio.delta","newer":1.0, "delta":"AAAA","event_id":"event_3"}`;
  page.send(append);
  api.send(delta);
  api.send(`{"type":"something.newer","a":1e2}`);
  await clock.advance(0);
  assertEquals(api.frames.at(-1), `{"audio":"AAAA","type":"input_audio_buffer.append"}`);
  assertEquals(page.frames.slice(1), [delta, `{"type":"something.newer","a":1e2}`]);
});

Deno.test("GET /relay requires authorization and a WebSocket", async () => {
  const { api, open } = createSetting();
  const refusal = async (headers: Record<string, string>) => await problemOf((await open(headers)).response);
  assertEquals(await refusal({ origin: "https://evil.test" }), "403 origin_not_allowed");
  assertEquals(await refusal({ upgrade: "h2c" }), "426 upgrade_required");
  assertEquals((await open({ origin: "http://localhost" })).response.status, 200);
  const strangers = createSetting({ authorize: () => false });
  assertEquals(await problemOf((await strangers.open()).response), "403 not_authorized");
  assertEquals([api.dialled.length, strangers.api.dialled.length], [1, 0]);
});

Deno.test("GET /relay reports that it cannot upgrade", async () => {
  const upgradeWebSocket =
    (() => Promise.reject(new Error("no upgrade"))) as unknown as RealtimeAppOptions["upgradeWebSocket"];
  const { errors, open } = createSetting({ upgradeWebSocket, limits: { total: { concurrentRelays: 1 } } });
  const handshake = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
  assertEquals(await problemOf((await open(handshake)).response), "500 internal_error");
  assertMatch(`${errors[0]}`, /basePath/);
  // A request that lacks a handshake is the caller's fault, and is not logged.
  const malformed = [
    {},
    { ...handshake, connection: "keep-alive" },
    { "sec-websocket-key": "short" },
    { ...handshake, "sec-websocket-version": "8" },
  ];
  for (const headers of malformed) {
    assertEquals(await problemOf((await open(headers)).response), "426 upgrade_required");
  }
  assertEquals(errors.length, 1);
});

Deno.test("GET /relay closes the page when the API is unreachable, and reports the reason to the server only", async () => {
  const cause = new ConnectionError("Cannot connect to wss://secret.internal", { kind: "unreachable" });
  const { errors, open } = createSetting({ dial: () => Promise.reject(cause) });
  const { page } = await open();
  assertEquals(errors, [cause]);
  assertEquals(page.received.map(({ error, type }) => [type, (error as { code: string }).code]), [[
    "error",
    "upstream_unavailable",
  ]]);
  assertEquals(page.closed, { code: 1011, reason: "The voice service is not available" });
  assertEquals(page.frames[0]!.includes("secret.internal"), false);
});

Deno.test("GET /relay closes the page when the API is unreachable and onError throws", async () => {
  const { error } = console;
  const logged: unknown[] = [];
  console.error = (...words) => void logged.push(words);
  try {
    const { open } = createSetting({
      dial: () => Promise.reject(new ConnectionError("Cannot connect", { kind: "unreachable" })),
      onError: () => {
        throw new Error("no log today");
      },
    });
    const { page } = await open();
    assertEquals([page.closed?.code, logged.length], [1011, 1]);
  } finally {
    console.error = error;
  }
  assertErrorWithout(logged);
});

Deno.test("GET /relay closes the page when the API refuses the session, or the policy", async () => {
  const refusals: readonly ((api: Api) => void)[] = [
    (api) => {
      api.send({
        type: "error",
        error: {
          type: "invalid_request_error",
          code: "invalid_api_key",
          message: "Incorrect API key of org-secret",
          event_id: null,
        },
      });
      api.close(3000, "invalid_request_error.invalid_api_key");
    },
    (api) => {
      api.send({ type: "session.created", session: {} });
      api.send({
        type: "error",
        error: { type: "invalid_request_error", code: "invalid_value", message: "No voice of org-secret" },
      });
    },
    (api) => api.close(1006),
    (api) => {
      api.send("no JSON");
      api.close(4000, "of org-secret");
    },
  ];
  for (const onDial of refusals) {
    const { api, clock, errors, open } = createSetting({ onDial });
    const { page } = await open();
    await clock.advance(0);
    assertEquals([page.closed?.code, errors.length], [1011, 1]);
    assertEquals(page.received.length, 1);
    assertEquals(api.closed !== undefined, true);
  }
});

Deno.test("GET /relay times out on an API that does not confirm the policy", async () => {
  const { api, clock, errors, open } = createSetting({ onDial: () => {}, timeoutMs: 5000 });
  const { page } = await open();
  await clock.advance(4999);
  assertEquals(page.closed, undefined);
  await clock.advance(1);
  assertEquals([page.closed?.code, (errors[0] as DOMException).name, api.closed?.code], [1011, "TimeoutError", 1000]);
});

Deno.test("GET /relay disconnects from the API when the page leaves before the session exists", async () => {
  // A dialer may connect although it was aborted.
  for (const isHeeded of [true, false]) {
    const dialling = Promise.withResolvers<Socket>();
    const [ours, theirs] = createMemorySocketPair();
    const reached: unknown[] = [];
    theirs.listen({ message: (frame) => reached.push(frame), close: ({ code }) => reached.push(code) });
    let aborted = false;
    const { clock, errors, open } = createSetting({
      relay: { resumeMs: 60_000 },
      dial: ({ signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          if (isHeeded) dialling.reject(signal.reason);
        });
        return dialling.promise;
      },
    });
    const { page } = await open();
    page.close(1006);
    await clock.advance(0);
    dialling.resolve(ours);
    await clock.advance(0);
    assertEquals([aborted, errors, clock.pending, reached], [true, [], 0, isHeeded ? [] : [1000]]);
  }
});

Deno.test("GET /relay forwards close codes that can be sent", async () => {
  const fromApi: Record<number, number> = {
    1000: 1000,
    1001: 1001,
    1005: 1000,
    1006: 1011,
    1011: 1011,
    1013: 1013,
    1015: 1011,
    3000: 3000,
    4999: 4999,
  };
  for (const [sent, wanted] of Object.entries(fromApi)) {
    const { api, clock, open } = createSetting();
    const { page } = await open();
    api.close(Number(sent), "Your session hit the maximum duration of 60 minutes.");
    await clock.advance(0);
    assertEquals(page.closed?.code, wanted, `${sent}`);
    if (wanted !== 1011 || sent === "1011") assertMatch(page.closed!.reason, /60 minutes/);
  }
  const fromPage: Record<number, number> = {
    1000: 1000,
    1001: 1000,
    1005: 1000,
    1006: 1000,
    1009: 1000,
    2999: 1000,
    3000: 3000,
    4321: 4321,
    4999: 4999,
    5000: 1000,
  };
  for (const [sent, wanted] of Object.entries(fromPage)) {
    const { api, clock, open } = createSetting();
    const { page } = await open();
    // The platform's own event would not take codes that no frame can have.
    page.close(Number(sent), "bye");
    await clock.advance(0);
    assertEquals(api.closed, { code: wanted, reason: "bye" }, sent);
  }
});

Deno.test("GET /relay cuts a close reason that is too long between two characters", async () => {
  const { api, clock, open } = createSetting();
  const { page } = await open();
  api.close(4001, "é".repeat(100));
  await clock.advance(0);
  assertEquals(page.closed, { code: 4001, reason: "é".repeat(61) });
});

Deno.test("GET /relay forwards nothing after its end", async () => {
  const { api, clock, open } = createSetting();
  const { page } = await open();
  page.close(1000);
  page.send({ type: "response.create" });
  api.send({ type: "response.created" });
  await clock.advance(0);
  assertEquals([api.received.length, page.received.length], [1, 1]);
});

Deno.test("GET /relay ends when a frame of the page is too long", async () => {
  const { api, clock, open } = createSetting({ relayLimits: { maxFrameCharacters: 100 } });
  const { page } = await open();
  const frame = (length: number) => `{"type":"response.cancel"}`.padEnd(length);
  page.send(frame(100));
  assertEquals(page.closed, undefined);
  page.send(frame(101));
  await clock.advance(0);
  assertEquals([page.closed?.code, api.closed?.code, api.received.length], [1009, 1000, 2]);
});

Deno.test("GET /relay ends when a page sends too many frames, and not when it sends them slowly", async () => {
  const { clock, open } = createSetting({ relayLimits: { framesPerSecond: 10 } });
  const { page } = await open();
  const send = (count: number) => Array.from({ length: count }, () => page.send({ type: "response.cancel" }));
  send(20);
  for (let second = 0; second < 5; second++) {
    await clock.advance(1000);
    send(10);
  }
  assertEquals(page.closed, undefined);
  send(1);
  assertEquals(page.closed, { code: 1008, reason: "Too much data at a time" });
});

Deno.test("GET /relay does not allow a larger burst after a long silence", async () => {
  for (const relayLimits of [{ framesPerSecond: 10 }, { charactersPerSecond: 1000 }]) {
    const { clock, open } = createSetting({ relayLimits });
    const { page } = await open();
    await clock.advance(60_000);
    const burst = relayLimits.framesPerSecond ? 20 : 8;
    for (let count = 0; count < burst; count++) page.send(`{"type":"response.cancel"}`.padEnd(1000));
    assertEquals(page.closed, undefined);
    page.send({ type: "response.cancel" });
    assertEquals(page.closed?.code, 1008);
  }
});

Deno.test("GET /relay ends when a page sends too many characters", async () => {
  const { clock, open } = createSetting({ relayLimits: { charactersPerSecond: 1000 } });
  const { page } = await open();
  const send = (length: number) => page.send(`{"type":"response.cancel"}`.padEnd(length));
  send(8000);
  await clock.advance(1000);
  send(1000);
  assertEquals(page.closed, undefined);
  send(26);
  assertEquals(page.closed?.code, 1008);
});

Deno.test("GET /relay also counts binary frames and frames that are not forwarded", async () => {
  for (const frame of [new ArrayBuffer(1), new Blob(["a"]), "no JSON", { type: "session.avatar" }]) {
    const { api, open } = createSetting({ relayLimits: { framesPerSecond: 10 } });
    const { page } = await open();
    for (let count = 0; count < 20; count++) page.send(frame);
    assertEquals([page.closed, page.received.length, api.received.length], [undefined, 21, 1]);
    page.send(frame);
    assertEquals([page.closed?.code, page.received.length], [1008, 21]);
  }
  for (const frame of [new ArrayBuffer(101), new Blob(["a".repeat(101)])]) {
    const { open } = createSetting({ relayLimits: { maxFrameCharacters: 100 } });
    const { page } = await open();
    page.send(frame);
    assertEquals(page.closed?.code, 1009);
  }
});

Deno.test("GET /relay ends with 1013 when a page does not read the errors about its own frames", async () => {
  const { api, clock, open } = createSetting({ relayLimits: { maxBufferedBytes: 1000 } });
  const { page } = await open();
  page.bufferedAmount = 1000;
  page.send("no JSON");
  assertEquals(page.closed, undefined);
  page.bufferedAmount = 1001;
  page.send("no JSON");
  await clock.advance(0);
  assertEquals([page.closed?.code, api.closed?.code], [1013, 1000]);
});

Deno.test("GET /relay ends with 1013 when a side is too slow", async () => {
  const slowPage = createSetting({ relayLimits: { maxBufferedBytes: 1000 } });
  const { page } = await slowPage.open();
  page.bufferedAmount = 1000;
  slowPage.api.send({ type: "response.created" });
  await slowPage.clock.advance(0);
  assertEquals(page.closed, undefined);
  page.bufferedAmount = 1001;
  slowPage.api.send({ type: "response.created" });
  await slowPage.clock.advance(0);
  assertEquals([page.closed?.code, slowPage.api.closed?.code], [1013, 1000]);
});

Deno.test("GET /relay ends with 1013 when too many bytes wait for the API or for the policy", async () => {
  const slowApi = createSetting({ relayLimits: { maxBufferedBytes: 1000 }, onDial: () => {} });
  const { page } = await slowApi.open();
  const send = (length: number) => page.send(`{"type":"response.cancel"}`.padEnd(length));
  send(1000);
  assertEquals(page.closed, undefined);
  send(26);
  await slowApi.clock.advance(0);
  assertEquals([page.closed?.code, slowApi.api.received.length], [1013, 1]);
});

Deno.test("GET /relay ends with 1013 when too many bytes wait for a slow store, over several of its answers", async () => {
  const answers: (() => void)[] = [];
  const store: RealtimeStore = {
    ...memoryStore(),
    add: () => new Promise((resolve) => answers.push(() => resolve({ ok: true, value: 1, resetMs: 1 }))),
  };
  const { api, clock, open } = createSetting({
    store,
    limits: { perCaller: { responsesPerMinute: 99 } },
    relayLimits: { maxBufferedBytes: 1000 },
  });
  const { page } = await open();
  let rounds = 0;
  // Each request waits for the store, and so does everything after it.
  const round = async () => {
    const event_id = `${++rounds}`.padEnd(200, "x");
    for (const event of [{ type: "response.create" }, { type: "input_audio_buffer.clear", event_id }]) page.send(event);
    await clock.advance(0);
  };
  for (let i = 0; i < 3; i++) await round();
  for (let i = 0; i < 2; i++) {
    answers.shift()!();
    await clock.advance(0);
  }
  // Two of three requests were forwarded, with the frames before the next one: there is room for two more rounds.
  const forwarded = api.received.slice(1).map(({ event_id, type }) => `${event_id}`.replaceAll("x", "") + type);
  assertEquals(forwarded, [
    "undefinedresponse.create",
    "1input_audio_buffer.clear",
    "undefinedresponse.create",
    "2input_audio_buffer.clear",
  ]);
  for (let i = 0; i < 2; i++) await round();
  assertEquals(page.closed, undefined);
  await round();
  assertEquals(page.closed?.code, 1013);
  assertEquals(api.closed?.code, 1000);
});

Deno.test("GET /relay ends with 1013 when the API stops accepting data", async () => {
  const sent: string[] = [];
  let listener: SocketListener | undefined;
  const api = {
    bufferedAmount: 0,
    send: (frame: string) => void sent.push(frame),
    close: (code: number) => void sent.push(`closed ${code}`),
    listen: (given: SocketListener) => void (listener = given),
  };
  const { clock, open } = createSetting({ dial: () => Promise.resolve(api), relayLimits: { maxBufferedBytes: 1000 } });
  const { page } = await open();
  listener!.message(`{"type":"session.updated","session":{}}`);
  await clock.advance(0);
  api.bufferedAmount = 1000;
  page.send({ type: "response.cancel" });
  assertEquals(page.closed, undefined);
  api.bufferedAmount = 1001;
  page.send({ type: "response.cancel" });
  assertEquals([page.closed?.code, sent.length, sent.at(-1)], [1013, 4, "closed 1000"]);
});
