import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { decodeBase64, readWav, toInt16 } from "../../../src/audio/mod.ts";
import { ConnectionError } from "../../../src/errors.ts";
import { createSimulator, denoUpgrade } from "../../../src/simulator/mod.ts";
import { Client, errorOf, type Frame, only, typesOf } from "../_client.ts";
import { dialSocket } from "../_socket.ts";
import { joined, silence, tone } from "../_sound.ts";
import { LIVE_URL, LiveClient, post, transcriptOf } from "./_live_client.ts";

const OFFER = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "c=IN IP4 0.0.0.0",
  "a=mid:0",
  "a=rtpmap:111 opus/48000/2",
  "a=sendrecv",
  "",
].join("\r\n");

Deno.test("a sideband receives the audio of both sides, sends commands, and leaves without side effects", async () => {
  const client = await LiveClient.started();
  const id = client.session.id;
  const sideband = await LiveClient.beside(client, `${LIVE_URL}/${id}/attach`);
  assertEquals(typesOf(sideband.take()), ["session.started"]);
  const spoken = tone(200);
  await client.hear(joined(spoken, silence(200)));
  const frames = sideband.take();
  const reflected = frames.filter(({ type }) => type === "session.input_audio.append");
  assertEquals(Object.keys(reflected[0]!), ["type", "audio"]);
  assertEquals([...toInt16(decodeBase64(String(reflected[0]!.audio)))], [...spoken.slice(0, 2_400)]);
  const outputs = frames.filter(({ type }) => type === "session.output_audio.delta");
  assertEquals(outputs.map(({ end_ms, start_ms }) => [start_ms, end_ms]), [[0, 100], [100, 200], [200, 300], [
    300,
    400,
  ]]);
  assertEquals(
    (errorOf(await sideband.ask({ type: "session.input_audio.append", audio: "AAAA" })) as Frame).param,
    "type",
  );
  assertEquals(client.take(), [], "an error is seen by the one who caused it");
  sideband.send({ type: "session.commentary.append", event_id: "s", content: "Hi.", delegation_id: null });
  assertEquals(only(await client.hear(400), "session.commentary.appended").client_event_id, "s");
  sideband.close();
  assertEquals((await client.hear(100)).length, 1);
  const graceful = await LiveClient.beside(client, `${LIVE_URL}/${id}/attach?graceful_close=true`);
  await client.ask({ type: "session.close" });
  assertEquals(only(graceful.take(), "session.closed").reason, "close_requested");
  assertEquals(graceful.closed?.code, 1000);
  await assertRejects(() => LiveClient.beside(client, `${LIVE_URL}/${id}/attach`), ConnectionError, "status 404");
});

Deno.test("a lost primary socket ends the session, and observers are notified", async () => {
  const client = await LiveClient.started();
  const sideband = await LiveClient.beside(client, `${LIVE_URL}/${client.session.id}/attach`);
  sideband.take();
  client.close();
  assertEquals(only(await sideband.wait(0), "session.closed").reason, "connection_lost");
  assertEquals(client.simulator.liveSessions, []);
});

Deno.test("a stored session can be downloaded and forked once it has ended", async () => {
  const voice = { store: true, instructions: "Be brief.", audio: { output: { voice: "willow" } } };
  const client = await LiveClient.started({}, voice);
  const { id } = client.session;
  const get = () =>
    client.simulator.fetch(`https://simulator/v1/live/sessions/${id}/content`, {
      headers: { authorization: "Bearer sk-test" },
    });
  const said = joined(tone(600), silence(2_400));
  const frames = await client.hear(said);
  // The last step is not complete, and nothing is said in it.
  const rest = tone(30);
  await client.hear(rest);
  assertEquals((await get()).status, 409);
  await assertRejects(() => LiveClient.beside(client, `${LIVE_URL}/${id}/fork`), ConnectionError, "status 409");
  await client.ask({ type: "session.close" });
  const response = await get();
  assertEquals([response.status, response.headers.get("content-type")], [200, "audio/wav"]);
  const { channels, samples, sampleRate } = wav(new Uint8Array(await response.arrayBuffer()));
  assertEquals([channels, sampleRate, samples.length], [2, 24_000, (said.length + rest.length) * 2]);
  const output = frames.filter(({ type }) => type === "session.output_audio.delta")
    .flatMap(({ delta }) => [...toInt16(decodeBase64(String(delta)))]);
  for (let index = 0; index < said.length; index++) {
    assert(samples[2 * index] === said[index] && samples[2 * index + 1] === output[index], `sample ${index}`);
  }
  for (let index = 0; index < rest.length; index++) {
    const [input, output] = samples.slice(2 * (said.length + index));
    assert(input === rest[index] && output === 0, `sample ${said.length + index}`);
  }
  const fork = await LiveClient.beside(client, `${LIVE_URL}/${id}/fork`);
  const changes = { audio: { format: { type: "audio/pcmu", rate: 8_000 } } };
  const [started] = await fork.ask({ type: "session.start", session: changes });
  const forked = started!.session as Frame;
  assert(forked.id !== id);
  assertEquals([forked.instructions, forked.store, forked.audio], ["Be brief.", true, {
    output: { voice: "willow" },
    ...changes.audio,
  }]);
  const bad = await LiveClient.beside(client, `${LIVE_URL}/${id}/fork`);
  const [error] = await bad.ask({ type: "session.start", session: { instructions: "New." } });
  assertEquals((error!.error as Frame).code, "unknown_parameter");
});

Deno.test("only a fork over WebRTC inherits permissions of its page, and may change them", async () => {
  const data_channel = { allowed_client_events: ["session.close"], allowed_server_events: [] };
  const client = await LiveClient.started({}, { store: true, client: { data_channel } });
  const { id } = client.session;
  await client.ask({ type: "session.close" });
  const forkOf = async (session: object) => {
    const transport = { type: "webrtc", sdp: OFFER };
    const { body } = await post(client, `/sessions/${id}/fork`, { session, transport });
    return client.simulator.liveSessions.find((each) => each.id === (body.session as Frame).id)!.session!;
  };
  const inherited = await forkOf({});
  assertEquals([inherited.client, inherited.store], [{ data_channel }, true]);
  const changed = { data_channel: { ...data_channel, allowed_client_events: "all" } };
  const own = await forkOf({ client: changed, store: false });
  assertEquals([own.client, own.store], [changed, false]);
  const startOn = async (session: object) => {
    const fork = await LiveClient.beside(client, `${LIVE_URL}/${id}/fork`);
    return (await fork.ask({ type: "session.start", session }))[0]!;
  };
  const [socket, refused] = [await startOn({}), await startOn({ client: changed })];
  assertEquals((socket.session as Frame).client, undefined);
  const { code, param } = refused.error as Frame;
  assertEquals([code, param], ["unknown_parameter", "session.client"]);
});

Deno.test("an id in an address may be escaped", async () => {
  const client = await LiveClient.connect({ ids: (prefix) => `${prefix}:${crypto.randomUUID()}` });
  await client.ask({ type: "session.start", session: { model: "gpt-live-1", store: true } });
  const { id } = client.session;
  const observer = await LiveClient.beside(client, `${LIVE_URL}/${encodeURIComponent(id)}/attach`);
  only(observer.take(), "session.started");
  await client.ask({ type: "session.close" });
  const fork = await LiveClient.beside(client, `${LIVE_URL}/${encodeURIComponent(id)}/fork`);
  only(await fork.ask({ type: "session.start", session: {} }), "session.started");
});

Deno.test("an address that is not valid UTF-8 is that of no session", async () => {
  const client = await LiveClient.started();
  for (const verb of ["attach", "fork"]) {
    await assertRejects(() => LiveClient.beside(client, `${LIVE_URL}/live_%E0%A4%A/${verb}`), ConnectionError, "404");
  }
});

function wav(bytes: Uint8Array): { channels: number; samples: Int16Array; sampleRate: number } {
  const { channels = 1, sampleRate = 0, samples } = readWav(bytes);
  return { channels, sampleRate, samples };
}

Deno.test("a session that is not stored has no recording and no fork", async () => {
  const client = await LiveClient.started();
  const { id } = client.session;
  await client.hear(200);
  await client.ask({ type: "session.close" });
  const response = await client.simulator.fetch(`https://simulator/v1/live/sessions/${id}/content`, {
    headers: { authorization: "Bearer sk-test" },
  });
  assertEquals(response.status, 404);
  assertEquals((await response.json()).error.code, "session_not_found");
  await assertRejects(() => LiveClient.beside(client, `${LIVE_URL}/${id}/fork`), ConnectionError, "status 404");
});

Deno.test("an offer is answered with a session whose page has only its permitted events", async () => {
  const client = await LiveClient.started();
  const data_channel = {
    allowed_client_events: ["session.close"],
    allowed_server_events: [{ type: "session.started" }, { type: "info" }, { type: "error" }, {
      type: "session.output_transcript.delta",
    }, { type: "session.closed" }],
  };
  const created = await post(client, "/sessions", {
    session: { model: "gpt-live-1", client: { data_channel } },
    transport: { type: "webrtc", sdp: OFFER },
  });
  assertEquals(created.status, 201);
  const { session, transport } = created.body as Record<string, Frame>;
  assertEquals([typeof session!.id, transport!.type, String(transport!.sdp).startsWith("v=0")], [
    "string",
    "webrtc",
    true,
  ]);
  assertMatch(String(transport!.sdp), /\r\ni=Simulated formally: .* Pass createSimulator an answerLiveSdp/);
  const live = client.simulator.liveSessions.find(({ id }) => id === session!.id)!;
  assertEquals(live.session?.audio?.format, undefined);
  const page = new Client({}, client);
  page.join(live.openChannel());
  await page.wait(0);
  assertEquals(typesOf(page.received), ["session.started", "info"]);
  page.send({ type: "session.commentary.append", content: "Hi.", delegation_id: null, event_id: "p" });
  await page.wait(0);
  assertEquals((page.received.at(-1)!.error as Frame).code, "event_not_allowed");
  const heard: Int16Array[] = [];
  live.onAudio((samples) => heard.push(samples));
  live.hear(joined(tone(800), silence(4_000)));
  await page.wait(0);
  assertEquals(transcriptOf(page.received, "output"), "You said: Some speech, 0.8s");
  assertEquals(transcriptOf(page.received, "input"), "");
  assert(heard.length === 48 && heard.some((samples) => samples.some((sample) => sample !== 0)));
  page.send({ type: "session.close" });
  await page.wait(0);
  assertEquals(page.received.at(-1)!.type, "session.closed");
});

Deno.test("a page sends no audio, and receives only the nested events that it may", async () => {
  const client = await LiveClient.started();
  const tools = [{ type: "function", name: "get_order", parameters: {} }];
  const data_channel = {
    allowed_client_events: "all",
    allowed_server_events: [
      { type: "error" },
      { type: "response.event", response_event: "response.completed" },
      { type: "session.input_audio.muted" },
    ],
  };
  await post(client, "/sessions", {
    session: {
      model: "gpt-live-1",
      delegation: { type: "responses", responses: { model: "gpt-5.2", tools } },
      client: { data_channel },
    },
    transport: { type: "webrtc", sdp: OFFER },
  });
  const live = client.simulator.liveSessions.at(-1)!;
  const page = new Client({}, client);
  page.join(live.openChannel());
  const audio = btoa("\0".repeat(4_800));
  for (
    const event of [
      { type: "session.start", session: { model: "gpt-live-1" } },
      { type: "session.input_audio.append", audio },
      { type: "session.output_audio.fixture.play", audio },
    ]
  ) assertEquals((errorOf(await page.ask(event)) as Frame).type, "invalid_request_error", event.type);
  assertEquals(typesOf(await page.ask({ type: "session.input_audio.mute" })), ["session.input_audio.muted"]);
  await page.ask({ type: "session.input_audio.unmute" });
  const heard: Int16Array[] = [];
  const stop = live.onAudio((samples) => heard.push(samples));
  live.hear(joined(tone(800), silence(1_000)));
  stop();
  live.hear(silence(1_000));
  assertEquals(heard.length, 18);
  assertEquals((await page.wait(0)).map(({ event, type }) => [type, (event as Frame).type]), [
    ["response.event", "response.completed"],
  ]);
});

Deno.test("only telephones have keys, and only they and pages hear audio from outside", async () => {
  const client = await LiveClient.started();
  client.session.pressKey("1");
  client.session.hear(silence(1_000));
  assertEquals([await client.wait(0), client.session.inputMs], [[], 0]);
  const sideband = await LiveClient.beside(client, `${LIVE_URL}/${client.session.id}/attach`);
  sideband.take();
  const refused = errorOf(await sideband.ask({ type: "transport.dtmf.send", event: "1", event_id: "k" })) as Frame;
  assertEquals(refused.client_event_id, "k");
});

Deno.test("the close code of an observer that did not ask for one is that of no code", async () => {
  for (const [query, code] of [["", 1005], ["?graceful_close=false", 1005], ["?graceful_close=true", 1000]] as const) {
    const client = await LiveClient.started();
    const sideband = await LiveClient.beside(client, `${LIVE_URL}/${client.session.id}/attach${query}`);
    client.session.end("content");
    await client.wait(0);
    assertEquals([sideband.closed?.code, client.closed?.code], [code, 1000]);
  }
});

Deno.test("the end of the simulator ends the sessions without session.closed", async () => {
  const client = await LiveClient.started();
  const page = await LiveClient.beside(client, `${LIVE_URL}/${client.session.id}/attach`);
  page.take();
  await client.simulator.close();
  for (const { closed } of [client, page]) {
    assertEquals(closed, { code: 1001, reason: "The simulator is shutting down." });
  }
  assertEquals([client.take(), page.take(), client.clock.pending], [[], [], 0]);
});

Deno.test("a page whose channel opens before session.started receives the same events as one after it", async () => {
  const client = await LiveClient.connect({ live: { latency: "recorded" } });
  const data_channel = { allowed_client_events: [], allowed_server_events: "all" };
  await post(client, "/sessions", {
    session: { model: "gpt-live-1", client: { data_channel } },
    transport: { type: "webrtc", sdp: OFFER },
  });
  const live = client.simulator.liveSessions.at(-1)!;
  for (const waitMs of [2_000, 0]) {
    const page = new Client({}, client);
    page.join(live.openChannel());
    await page.wait(waitMs);
    assertEquals(typesOf(page.received), ["session.started", "info"]);
  }
});

Deno.test("invalid REST calls of the Live API are refused as by the real server", async () => {
  const client = await LiveClient.started();
  const { id } = client.session;
  const status = async (path: string, body?: unknown) => (await post(client, path, body)).status;
  assertEquals(await status("/client_secrets", {}), 404);
  assertEquals(await status("/sessions/client_secrets", {}), 404);
  const session = { model: "gpt-live-1" };
  assertEquals(await status("/sessions", { session, transport: { type: "webrtc", sdp: "nonsense" } }), 400);
  const format = { ...session, audio: { format: { type: "audio/pcm", rate: 24_000 } } };
  const refused = await post(client, "/sessions", { session: format, transport: { type: "webrtc", sdp: OFFER } });
  assertEquals((refused.body.error as Frame).param, "session.audio.format");
  assertEquals(await status(`/sessions/${id}/refer`, { target_uri: "tel:+1" }), 400);
  assertEquals(await status(`/sessions/${id}/reject`, { status_code: 200 }), 400);
  assertEquals(await status(`/sessions/${id}/accept`, { session: { type: "live", ...session } }), 409);
  assertEquals(await status("/sessions/live_none/hangup"), 404);
  assertEquals(await status(`/sessions/${id}/hangup`), 200);
  assertEquals(only(await client.wait(0), "session.closed").reason, "close_requested");
  assertEquals(client.simulator.liveSessions, []);
});

Deno.test("keys, addresses and models of the Realtime API are refused", async () => {
  await assertRejects(() => LiveClient.connect({ headers: {} }), ConnectionError, "status 401");
  await assertRejects(() => LiveClient.connect({ headers: { authorization: "Bearer ek_1" } }), ConnectionError, "401");
  const protocols = ["realtime", "openai-insecure-api-key.sk-test"];
  await assertRejects(() => LiveClient.connect({ headers: {}, protocols }), ConnectionError, "status 401");
  await assertRejects(() => LiveClient.connect({ url: `${LIVE_URL}/x/y` }), ConnectionError, "status 404");
  const realtime = await Client.connect({ url: "wss://simulator/v1/realtime?model=gpt-live-1" });
  assertEquals(
    (realtime.received[0]!.error as Frame).message,
    `Model "gpt-live-1" is not supported in realtime mode.`,
  );
});

Deno.test("a deployment at an address of Azure may have any name", async () => {
  for (const [url, type] of [["wss://r/openai/v1/live/sessions", "session.started"], [LIVE_URL, "error"]] as const) {
    const client = await LiveClient.connect({ url });
    client.send({ type: "session.start", session: { model: "our-voice" } });
    await client.clock.advance(0);
    assertEquals(client.received.map(({ type }) => type), [type]);
    await client.simulator.close();
  }
});

Deno.test("the Live API is served over real sockets", async () => {
  const simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ port: 0, onListen() {} }, simulator.fetch);
  try {
    await using client = dialSocket(`http://localhost:${server.addr.port}/v1/live/sessions`);
    await new Promise((resolve) => client.socket.addEventListener("open", resolve));
    client.send({ type: "session.start", session: { model: "gpt-live-1" } });
    await client.first("session.started");
    client.send({ type: "session.input_audio.append", audio: btoa("\0".repeat(4_800)) });
    await client.first("session.output_audio.delta");
    client.send({ type: "session.close" });
    assertEquals((await client.first("session.closed")).reason, "close_requested");
    assertEquals((await client.closed).code, 1000);
  } finally {
    await simulator.close();
    await server.shutdown();
  }
});
