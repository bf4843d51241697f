import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { Api } from "../_api.ts";
import { errorOf, only } from "../_client.ts";

const SHAPE = 4000;

Deno.test("An address may carry only one of model, intent and call_id", async () => {
  const api = new Api();
  const cases = [
    ["?model=gpt-realtime&call_id=rtc_1", "'model', 'intent', 'call_id', but got 'model', 'call_id'."],
    ["?intent=transcription&call_id=rtc_1", "'model', 'intent', 'call_id', but got 'intent', 'call_id'."],
    ["/translations?intent=transcription", "'model', but got 'intent'."],
    ["/translations?call_id=rtc_1", "'model', but got 'call_id'."],
  ] as const;
  for (const [target, words] of cases) {
    const client = await api.connect(`wss://simulator/v1/realtime${target}`);
    assertEquals(errorOf(client.take()), {
      type: "invalid_request_error",
      code: "mutually_exclusive_parameters",
      message: `Expected one parameter of ${words}`,
      param: null,
      event_id: null,
    });
    assertEquals([client.closed?.code, client.closed?.reason], [
      SHAPE,
      "invalid_request_error.mutually_exclusive_parameters",
    ]);
  }
  // Empty parameters count as absent.
  const client = await api.connect("?model=gpt-realtime&intent=&call_id=");
  only(client.take(), "session.created");
});

Deno.test("A transcription session accepts no model in its address", async () => {
  const client = await new Api().connect("wss://simulator/v1/realtime?model=gpt-realtime&intent=transcription");
  assertEquals(errorOf(client.take()), {
    type: "invalid_request_error",
    code: "invalid_model",
    message: "You must not provide a model parameter for transcription sessions.",
    param: null,
    event_id: null,
  });
  assertEquals([client.closed?.code, client.closed?.reason], [SHAPE, "invalid_request_error.invalid_model"]);
});

Deno.test("The only supported intent is transcription", async () => {
  const api = new Api();
  const client = await api.connect("?intent=conversation");
  assertObjectMatch(errorOf(client.take()) as Record<string, unknown>, {
    code: "invalid_value",
    message: "Invalid value: 'conversation'. Supported values are: 'transcription'.",
    param: "intent",
  });
  assertEquals(client.closed?.code, SHAPE);
});

Deno.test("An address without a suitable model is refused", async () => {
  const api = new Api();
  const translations = "wss://simulator/v1/realtime/translations";
  const cases = [
    ["?model=", "missing_model", /wss:\/\/api\.openai\.com\/v1\/realtime\?model=gpt-realtime-2\.1$/],
    ["?model=gpt-realtime-whisper", "invalid_model", /^Model "gpt-realtime-whisper" is not supported in realtime mode/],
    ["?model=gpt-realtime-translate", "invalid_model", /not supported in realtime mode/],
    [translations, "missing_model", /\/v1\/realtime\/translations\?model=gpt-realtime-translate$/],
    [`${translations}?model=gpt-realtime`, "invalid_model", /not supported in translation mode/],
    [
      `${translations}?model=gpt-realtime-translate&intent=transcription`,
      "mutually_exclusive_parameters",
      /^Expected one parameter of 'model', but got 'model', 'intent'\.$/,
    ],
  ] as const;
  for (const [target, code, message] of cases) {
    const client = await api.connect(target);
    const error = errorOf(client.take()) as { code: string; message: string };
    assertEquals([error.code, client.closed?.code], [code, SHAPE]);
    assertMatch(error.message, message);
  }
});

Deno.test("The beta API's subprotocol is refused like its header", async () => {
  const api = new Api();
  const protocols = ["realtime", "openai-insecure-api-key.sk-test", "openai-beta.realtime-v1"];
  const client = await api.connect("?model=gpt-realtime", {}, protocols);
  assertEquals(client.closed?.reason, "invalid_request_error.beta_api_shape_disabled");
});

Deno.test("A transcription intent opens a transcription session, and the server reports that type", async () => {
  const api = new Api();
  const client = await api.connect("?intent=transcription");
  const { session } = only(client.take(), "session.created");
  assertObjectMatch(session as Record<string, unknown>, {
    type: "transcription",
    object: "realtime.transcription_session",
  });
  await using transport = api.simulator.transport({ intent: "transcription" });
  const reading = transport.events.getReader().read();
  await api.clock.advance(10);
  assertObjectMatch((await reading).value ?? {}, { type: "session.created", session: { type: "transcription" } });
});

Deno.test("A client secret opens the transcription session that it was minted for", async () => {
  const api = new Api();
  const transcription = { model: "gpt-4o-transcribe", language: "de" };
  const session = { type: "transcription", audio: { input: { transcription } } };
  const minted = await (await api.post("/realtime/client_secrets", { session })).json();
  assertObjectMatch(minted.session, {
    type: "transcription",
    object: "realtime.transcription_session",
    expires_at: 0,
    audio: { input: { transcription } },
  });
  const holder = { authorization: `Bearer ${minted.value}` };
  for (const target of ["wss://simulator/v1/realtime", "?intent=transcription"]) {
    const client = await api.connect(target, holder);
    assertObjectMatch(only(client.take(), "session.created").session as Record<string, unknown>, {
      type: "transcription",
      audio: { input: { transcription } },
    });
  }
  assertEquals((await api.connect("?model=gpt-realtime", holder)).closed?.code, SHAPE);
});

Deno.test("Translation has its own address and client secrets", async () => {
  const api = new Api();
  const address = "wss://simulator/v1/realtime/translations";
  const client = await api.connect(`${address}?model=gpt-realtime-translate`);
  const created = { type: "translation", model: "gpt-realtime-translate" };
  assertObjectMatch(only(client.take(), "session.created").session as Record<string, unknown>, created);

  const session = { model: "gpt-realtime-translate", audio: { output: { language: "es" } } };
  const minted = await (await api.post("/realtime/translations/client_secrets", { session })).json();
  assertObjectMatch(minted.session, { ...created, audio: { output: { language: "es" } } });
  const holder = { authorization: `Bearer ${minted.value}` };
  const page = await api.connect(address, holder);
  assertObjectMatch(only(page.take(), "session.created").session as Record<string, unknown>, {
    ...created,
    audio: { output: { language: "es" } },
  });
  assertEquals((await api.connect("wss://simulator/v1/realtime", holder)).closed?.code, SHAPE);

  const response = await api.offer("/realtime/translations/calls", holder);
  assertEquals(response.status, 201, await response.text());
  const [call] = api.simulator.calls;
  assert(call);
  assertEquals(response.headers.get("location"), `/v1/realtime/translations/calls/${call.id}`);
  assertEquals((await api.post(`/realtime/translations/calls/${call.id}/hangup`)).status, 200);
});
