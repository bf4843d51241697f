import { ConnectionError } from "../../src/errors.ts";
import { createEchoModel } from "../../src/simulator/model/echo_model.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { assert, assertEquals, assertMatch, assertObjectMatch, assertRejects, assertThrows } from "@std/assert";
import { Client, errorOf, only, typesOf, userText } from "./_client.ts";
import { tone } from "./_sound.ts";

const KEY = { Authorization: "Bearer sk-test" };
const REALTIME = "wss://simulator/v1/realtime";

Deno.test("The session is announced a few milliseconds after the socket opens", async () => {
  const client = new Client({});
  await client.dial();
  assertEquals(await client.wait(1), []);
  const { session } = only(await client.wait(10), "session.created") as unknown as {
    session: { id: string; instructions: string; expires_at: number };
  };
  assertMatch(session.id, /^sess_\w{21}$/);
  assert(session.instructions.length > 100);
  assert(Math.abs(session.expires_at - Date.now() / 1000 - 3600) < 60);
});

Deno.test("Default settings depend on the model, as recorded", async () => {
  const expected = [
    ["gpt-realtime", "alloy", 200],
    ["gpt-realtime-2025-08-28", "alloy", 200],
    ["gpt-realtime-2.1", "marin", 500],
  ] as const;
  for (const [model, voice, silence_duration_ms] of expected) {
    const client = await Client.connect({ url: `${REALTIME}?model=${model}` });
    assertObjectMatch(only(client.take(), "session.created"), {
      session: { model, audio: { input: { turn_detection: { silence_duration_ms } }, output: { voice } } },
    });
  }
});

Deno.test("A refused connection receives an error, and a close code with the reason", async () => {
  const model = `${REALTIME}?model=gpt-realtime`;
  const cases = [
    [
      model,
      {},
      3000,
      "invalid_request_error",
      null,
      "Missing bearer or basic authentication in header",
    ],
    [
      model,
      { Authorization: `Bearer sk-invalid-${"x".repeat(12)}cdef` },
      3000,
      "invalid_request_error.invalid_api_key",
      "invalid_api_key",
      "Incorrect API key provided: sk-inval***cdef. " +
      "You can find your API key at https://platform.openai.com/account/api-keys.",
    ],
    [
      REALTIME,
      KEY,
      4000,
      "invalid_request_error.missing_model",
      "missing_model",
      "You must provide a model parameter, for example wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1",
    ],
    [
      `${REALTIME}?model=gpt-nope`,
      KEY,
      4000,
      "invalid_request_error.invalid_model",
      "invalid_model",
      'Model "gpt-nope" is not supported in realtime mode.',
    ],
    [
      model,
      { ...KEY, "OpenAI-Beta": "realtime=v1" },
      4000,
      "invalid_request_error.beta_api_shape_disabled",
      "beta_api_shape_disabled",
      "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.",
    ],
  ] as const;
  for (const [url, headers, closeCode, reason, code, message] of cases) {
    const client = await Client.connect({ url, headers });
    assertEquals(errorOf(client.take()), { type: "invalid_request_error", code, message, param: null, event_id: null });
    assertEquals(client.closed, { code: closeCode, reason });
    assertEquals(client.simulator.sessions, []);
  }
});

Deno.test("A refused short key is not shown", async () => {
  const client = await Client.connect({ headers: { Authorization: "Bearer sk-invalid-12" } });
  assertMatch(JSON.stringify(errorOf(client.take())), /provided: \*\*\*\. You/);
});

Deno.test("The key can be sent as a subprotocol", async () => {
  const protocols = ["realtime", "openai-insecure-api-key.sk-browser"];
  assertEquals(typesOf((await Client.connect({ headers: {}, protocols })).take()), ["session.created"]);
  const refused = await Client.connect({ headers: {}, protocols: ["realtime", "openai-insecure-api-key.sk-invalid"] });
  assertEquals(refused.closed?.code, 3000);
});

Deno.test("acceptsApiKey and acceptsModel decide which connections are accepted", async () => {
  const options = { acceptsApiKey: (key: string) => key === "sk-mine", acceptsModel: (model: string) => model === "x" };
  const url = `${REALTIME}?model=x`;
  assertEquals((await Client.connect({ ...options, url })).closed?.code, 3000);
  const headers = { Authorization: "Bearer sk-mine" };
  assertEquals((await Client.connect({ ...options, url, headers })).closed, undefined);
  const other = await Client.connect({ ...options, headers, url: `${REALTIME}?model=gpt-realtime` });
  assertEquals(other.closed?.code, 4000);
});

Deno.test("A session ends after an hour", async () => {
  const client = await Client.open();
  assertEquals(await client.wait(3_600_000 - 11), []);
  assertEquals(client.closed, undefined);
  await client.clock.advance(1);
  assertEquals(client.closed, {
    code: 1001,
    reason: "Your session hit the maximum duration of 60 minutes.",
  });
  assertEquals(client.simulator.sessions, []);
});

Deno.test("A session whose client has gone leaves nothing scheduled", async () => {
  const client = await Client.open();
  const input = { transcription: { model: "whisper-1" }, turn_detection: null };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
  await client.speak(tone(1000));
  await client.ask({ type: "input_audio_buffer.commit" });
  client.send({ type: "response.create" }, { type: "response.create", response: { conversation: "none" } });
  await client.clock.advance(0);
  // The end of the hour, the transcription and two responses.
  assertEquals(client.clock.pending, 4);
  client.close();
  await client.clock.advance(0);
  assertEquals(client.clock.pending, 0);
});

Deno.test("A simulated session can be inspected, sent to and closed from the server's side", async () => {
  const client = await Client.open({ ids: counting() });
  await client.ask(userText("Hello!", { id: "hello" }));
  const [session] = client.simulator.sessions;
  assert(session);
  assertEquals(session.id, "sess_1");
  assertObjectMatch(session.items[0]!, { id: "hello", role: "user" });
  assertEquals(session.activeResponseId, undefined);
  await client.ask({ type: "response.create" });
  assertEquals(session.activeResponseId, "resp_1");
  client.take();
  session.send('{"type":"from.the.future"}');
  session.close(4711, "Enough");
  assertEquals(typesOf(await client.wait(0)), ["from.the.future"]);
  assertEquals(client.closed?.code, 4711);
  assertEquals((await session.closed).reason, "Enough");
});

function counting(): (prefix: string) => string {
  const counts = new Map<string, number>();
  return (prefix) => {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    return `${prefix}_${count}`;
  };
}

Deno.test("transport() uses the protocol in memory, with the model and key of its options", async () => {
  const clock = createVirtualClock();
  await using simulator = createSimulator({ clock });
  await using transport = simulator.transport({ model: "gpt-realtime-mini" });
  await clock.advance(10);
  const { value } = await transport.events.getReader().read();
  assertObjectMatch(value ?? {}, { type: "session.created", session: { model: "gpt-realtime-mini" } });
  assertEquals((await simulator.transport({ apiKey: "" }).closed).code, 3000);
  assertEquals((await simulator.transport({ model: "" }).closed).code, 4000);
  assertEquals((await simulator.transport({ headers: { "OpenAI-Beta": "realtime=v1" } }).closed).code, 4000);
});

Deno.test("A closed simulator ends its sessions and refuses new ones", async () => {
  const client = await Client.open();
  await client.simulator.close();
  assertEquals(client.closed?.code, 1001);
  await assertRejects(() => client.dial(), ConnectionError, "as the simulator is closed");
  assertThrows(() => client.simulator.transport(), ConnectionError, "as the simulator is closed");
  await client.simulator.close();
});

Deno.test("dial() accepts the Realtime path under any base URL, and no other path", async () => {
  const client = await Client.connect({ url: "wss://my.openai.azure.com/openai/v1/realtime?model=gpt-realtime" });
  assertEquals(typesOf(client.take()), ["session.created"]);
  const error = await assertRejects(() => client.dial("wss://simulator/v1/other"), ConnectionError);
  assertEquals([error.kind, error.status], ["refused", 404]);
});

Deno.test("dial() rejects with its signal's reason", async () => {
  const { dial } = createSimulator();
  const request = { url: new URL(REALTIME), headers: new Headers(), protocols: [], signal: AbortSignal.abort("why") };
  assertEquals(await dial(request).catch((reason) => reason), "why");
});

Deno.test("createSimulator() rejects invalid options", () => {
  for (const pace of [0, -1, NaN, "slow", "4", null]) {
    const message = `pace must be realtime, fast or a number > 0: current value is ${pace}`;
    assertThrows(() => createSimulator({ pace: pace as number }), RangeError, message);
  }
  assertThrows(
    () => createSimulator({ createModel: createEchoModel, scenario: { turns: [] } }),
    TypeError,
    "scenario and createModel exclude each other",
  );
});

Deno.test("onFrame receives every frame in both directions", async () => {
  const seen: string[] = [];
  const client = await Client.connect({
    onFrame: ({ data, from, sessionId }) =>
      seen.push(`${sessionId?.slice(0, 5)} ${from} ${JSON.parse(String(data)).type}`),
  });
  await client.ask({ type: "input_audio_buffer.clear" });
  assertEquals(seen, [
    "sess_ server session.created",
    "sess_ client input_audio_buffer.clear",
    "sess_ server input_audio_buffer.cleared",
  ]);
});

Deno.test("A command sent before session.created is answered after it", async () => {
  const client = new Client({});
  await client.dial();
  const frames = await client.ask({ type: "input_audio_buffer.clear" }, 10);
  assertEquals(typesOf(frames), ["session.created", "input_audio_buffer.cleared"]);
});
