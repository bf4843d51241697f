import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import { Api } from "../../_api.ts";
import { only } from "../../_client.ts";
import { fieldsOf } from "../../recording/_recording.ts";

const EXCHANGE = new URL("../../../../../shared/traces/create_client_secret.http.json", import.meta.url);

interface Exchange {
  readonly request: { readonly parsed_body: { readonly session: Record<string, unknown> } };
  readonly response: { readonly parsed_body: { readonly session: Record<string, unknown> } };
}

async function readExchange(): Promise<Exchange | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(EXCHANGE))[0];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("A client secret response shows its session as the real server does", async () => {
  const exchange = await readExchange();
  if (!exchange) return;
  const api = new Api();
  const response = await api.post("/realtime/client_secrets", exchange.request.parsed_body);
  assertEquals(response.status, 200);
  const body = await response.json();
  const { id: _id, ...expected } = exchange.response.parsed_body.session;
  const { id, ...session } = body.session;
  assertMatch(id, /^sess_\w{21}$/);
  assertEquals(session, expected);
  assertEquals(fieldsOf(body), fieldsOf(exchange.response.parsed_body));
  assertMatch(body.value, /^ek_\w{21}$/);
  assert(Math.abs(body.expires_at - 60 - Date.now() / 1000) < 60);
});

Deno.test("A client secret opens sessions with its settings until it expires", async () => {
  const api = new Api();
  const session = { type: "realtime", model: "gpt-realtime", instructions: "Be brief.", output_modalities: ["text"] };
  const minted = await (await api.post("/realtime/client_secrets", { expires_after: { seconds: 10 }, session })).json();
  const holder = { authorization: `Bearer ${minted.value}` };
  const client = await api.connect("?model=gpt-realtime", holder);
  const created = only(client.take(), "session.created").session as Record<string, unknown>;
  assertObjectMatch(created, session);
  assert(created.id !== minted.session.id);
  assertEquals(created.expires_at, minted.expires_at - 10 + 3600);

  // As a subprotocol, without a model, and a second time.
  const protocols = ["realtime", `openai-insecure-api-key.${minted.value}`];
  const page = await api.connect("wss://simulator/v1/realtime", {}, protocols);
  assertObjectMatch(only(page.take(), "session.created"), { session });

  // Its model takes precedence over the address.
  const other = await api.connect("?model=gpt-realtime-2.1", holder);
  assertObjectMatch(only(other.take(), "session.created"), { session: { model: "gpt-realtime" } });

  await api.clock.advance(10_000);
  const late = await api.connect("?model=gpt-realtime", holder);
  assertEquals(late.closed?.reason, "invalid_request_error.invalid_api_key");
  // The session that it started continues.
  assertEquals(client.closed, undefined);
});

Deno.test("A client secret is valid for ten minutes, and need not fix the model", async () => {
  const api = new Api();
  const minted = await (await api.post("/realtime/client_secrets", {})).json();
  assertEquals(minted.session.model, "gpt-realtime-2.1");
  const holder = { authorization: `Bearer ${minted.value}` };
  await api.clock.advance(599_900);
  const client = await api.connect("?model=gpt-realtime-mini", holder);
  assertObjectMatch(only(client.take(), "session.created"), { session: { model: "gpt-realtime-mini" } });
  assertEquals((await api.connect("?model=gpt-nope", holder)).closed?.reason, "invalid_request_error.invalid_model");
  const plain = await api.connect("wss://simulator/v1/realtime", holder);
  assertObjectMatch(only(plain.take(), "session.created"), { session: { model: "gpt-realtime-2.1" } });
  await api.clock.advance(100);
  assertEquals((await api.connect("?model=gpt-realtime", holder)).closed?.code, 3000);
});

Deno.test("A client secret that was not minted here is an invalid key", async () => {
  const api = new Api();
  const client = await api.connect("?model=gpt-realtime", { authorization: "Bearer ek_elsewhere" });
  assertEquals(client.closed?.code, 3000);
});

Deno.test("A client secret is refused when the request contradicts it", async () => {
  const api = new Api();
  const { value } = await (await api.post("/realtime/client_secrets", {})).json();
  const holder = { authorization: `Bearer ${value}` };
  for (const address of ["?intent=transcription", "wss://simulator/v1/realtime/translations"]) {
    const client = await api.connect(address, holder);
    assertEquals([client.closed?.code, client.closed?.reason], [4000, "invalid_request_error.invalid_session_type"]);
  }
});

Deno.test("A client secret can neither mint secrets nor control calls", async () => {
  const api = new Api();
  const { value } = await (await api.post("/realtime/client_secrets", {})).json();
  for (const path of ["/realtime/client_secrets", "/realtime/calls/rtc_1/hangup"]) {
    const [status, error] = await api.refusal(path, {}, { authorization: `Bearer ${value}` });
    assertEquals([status, error.code], [401, "invalid_api_key"]);
  }
});

Deno.test("An invalid client secret request is refused with the field at fault", async () => {
  const api = new Api();
  const realtime = (fields: object) => ({ session: { type: "realtime", ...fields } });
  const server_vad = { type: "server_vad" };
  const cases = [
    [{ expires_after: { seconds: 9 } }, "integer_below_min_value", "expires_after.seconds"],
    [{ expires_after: { seconds: 7201 } }, "integer_above_max_value", "expires_after.seconds"],
    [{ sessions: {} }, "unknown_parameter", "sessions"],
    [{ session: { model: "gpt-realtime" } }, "missing_required_parameter", "session.type"],
    [{ session: { type: "chat" } }, "invalid_value", "session.type"],
    [realtime({ model: "gpt-nope" }), "invalid_model", "session.model"],
    [realtime({ temperature: 1 }), "unknown_parameter", "session.temperature"],
    [
      realtime({ audio: { input: { turn_detection: { ...server_vad, threshold: 2 } } } }),
      "decimal_above_max_value",
      "session.audio.input.turn_detection.threshold",
    ],
  ] as const;
  for (const [body, code, param] of cases) {
    const [status, error] = await api.refusal("/realtime/client_secrets", body);
    assertEquals([status, error.code, error.param, error.type], [400, code, param, "invalid_request_error"]);
  }
  const unnamed = await api.refusal("/realtime/translations/client_secrets", { session: {} });
  assertEquals([unnamed[0], unnamed[1].code, unnamed[1].param], [400, "missing_required_parameter", "session.model"]);
  const wrong = await api.refusal("/realtime/translations/client_secrets", { session: { model: "gpt-realtime" } });
  assertEquals([wrong[0], wrong[1].code, wrong[1].param], [400, "invalid_model", "session.model"]);
  assertEquals(api.simulator.sessions, []);
});

Deno.test("A client secret response has a null description for functions without one, and omits the transcription delay", async () => {
  const api = new Api();
  const tools = [{ type: "function", name: "look", parameters: { type: "object" } }];
  const audio = { input: { transcription: { model: "gpt-live-transcribe", delay: "low" } } };
  const response = await api.post("/realtime/client_secrets", { session: { type: "realtime", tools, audio } });
  const { session } = await response.json();
  assertEquals(session.tools, [{ type: "function", name: "look", description: null, parameters: { type: "object" } }]);
  assertEquals(session.audio.input.transcription, { model: "gpt-live-transcribe", language: null, prompt: null });
  assertEquals(response.headers.get("access-control-expose-headers"), "CF-Ray");
});
