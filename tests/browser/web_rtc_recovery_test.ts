import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConnectionError, RealtimeApiError } from "@oai-rt/edge";
import { type ConnectVoiceWebRtcOptions, MicrophoneError, viaApp } from "../../src/browser/mod.ts";
import { createRealtimeApp, type EdgeCall } from "../../src/hono/mod.ts";
import { callWorld, typesOf } from "./_call_world.ts";
import { OFFER } from "../simulator/_api.ts";
import { FakeTrack, streamOf } from "./_fakes.ts";

/** The ways in which a call is lost. */
const ENDS = {
  "its connection fails": ({ peers }) => void peers.at(-1)!.become("failed"),
  "it is interrupted for longer than the grace period": async ({ clock, peers }) => {
    peers.at(-1)!.become("disconnected");
    await clock.advance(10_000);
  },
  "its data channel is lost": ({ calls }) => calls.at(-1)!.session.fault({ type: "drop" }),
  "its session expires": ({ calls }) => calls.at(-1)!.session.fault({ type: "expire" }),
} satisfies Record<string, (world: ReturnType<typeof callWorld>) => void | Promise<void>>;

for (const [name, end] of Object.entries(ENDS)) {
  Deno.test(`connectVoiceWebRtc() continues in a new call when ${name}: same microphone, configuration and conversation`, async () => {
    const world = callWorld();
    const { audioContext, calls, clock, devices, events, hangUps, open, peers, track, until } = world;
    const voice = await open({ instructions: "Be brief.", turnDetection: null });
    const connection: string[] = [];
    voice.call.on("connection", ({ state }) => void connection.push(state));
    await until(voice.session.ask("My name is Ada."));
    const before = voice.session.conversation.getSnapshot().map(({ id }) => id);
    voice.call.volume = 0.5;
    voice.mute();

    const reconnecting = new Promise((resolve) => {
      voice.session.on("reconnecting", () => resolve(voice.session.state));
    });
    const recovered = new Promise((resolve) => voice.session.on("recovered", resolve));
    await end(world);
    assertEquals(await until(reconnecting), "reconnecting");
    assertEquals([peers[0]!.closes, track.readyState, audioContext.closes], [1, "live", 0]);
    await until(recovered);

    assertEquals(typesOf(events), ["reconnecting", "recovered"]);
    assert(events[1]?.type === "recovered");
    assertEquals([events[1].restored, events[1].lost], [before, []]);
    assertEquals(connection.at(-1), "connected");
    // The microphone was requested once; the new call sends it only since it has the conversation.
    assertEquals([devices.asked.length, peers.length, calls.length], [1, 2, 2]);
    assertEquals([peers[0]!.replaced, peers[1]!.replaced], [[], [track]]);
    assertEquals(peers[1]!.transceivers.flat()[0], "audio");
    assertEquals(hangUps, [calls[0]!.id]);
    // Settings of the page are kept; media and id are those of the new call.
    assertEquals([voice.muted, track.enabled, voice.call.volume], [true, false, 0.5]);
    assertEquals([voice.call.peer, voice.call.callId], [peers[1], calls[1]!.id] as unknown[]);
    assertEquals(audioContext.sources.filter(({ isConnected }) => isConnected).length, 2);
    const session = calls[1]!.session as unknown as { items: { id: string }[] };
    assertEquals(session.items.map(({ id }) => id), before);
    const update = JSON.parse(peers[1]!.channel.sent[0]!);
    assertEquals([update.type, update.session.instructions], ["session.update", "Be brief."]);
    assertEquals((await until(voice.session.ask("What is my name?"))).status, "completed");

    assertEquals((await until(voice.close())).code, 1000);
    assertEquals([track.readyState, track.listeners, peers[1]!.closes], ["ended", 0, 1]);
    assertEquals(audioContext.sources.filter(({ isConnected }) => isConnected).length, 0);
    await clock.advance(60_000);
    assertEquals([peers.length, clock.pending], [2, 0]);
  });
}

Deno.test("A new call receives no audio before it has the conversation, and follows a device change", async () => {
  const { clock, devices, open, peers, track, until } = callWorld();
  const voice = await open();
  peers[0]!.become("failed");
  const recovered = new Promise((resolve) => voice.session.on("recovered", resolve));
  while (peers.length < 2) await clock.advance(10);
  const other = new FakeTrack("other");
  devices.next = () => ({ getAudioTracks: () => [other] });
  const atRecovery = recovered.then(() => peers[1]!.replaced.length);
  await voice.call.microphone!.switchTo("other");
  await until(recovered);
  assertEquals(await atRecovery, 1);
  assertEquals(peers[1]!.replaced.at(-1), other);
  assertEquals([track.readyState, other.readyState], ["ended", "live"]);
  await until(voice.close());
  assertEquals(other.readyState, "ended");
});

Deno.test("An answer cut off by a lost call counts as far as it was heard, and playback has stopped", async () => {
  const { calls, clock, events, open, peers, until } = callWorld({ simulation: { pace: "realtime" } });
  const voice = await open({ outputModalities: ["audio"], turnDetection: null });
  const told: { type: string; heardText?: string; text?: string }[] = [];
  for (const type of ["playback_started", "playback_stopped", "interrupted"] as const) {
    voice.on(type, (event) => void told.push(event));
  }
  await until(voice.sendMessage("Tell me a long story about the sea, the wind and a small boat."));
  const answer = voice.respond();
  for (let ms = 0; ms < 20_000 && told.length === 0; ms += 50) await clock.advance(50);
  await clock.advance(1500);
  peers[0]!.become("failed");
  await clock.advance(0);
  assertEquals(typesOf(told), ["playback_started", "playback_stopped", "interrupted"]);
  const { heardText = "", text = "" } = told[2]!;
  assert(
    heardText.length > 0 && heardText.length < text.length && text.startsWith(heardText),
    `${heardText} of ${text}`,
  );
  await until(new Promise((resolve) => voice.session.on("recovered", resolve)));
  const outcome = await answer.done;
  // It may be complete by then, as a server generates faster than real time.
  assert(outcome.status === "lost" || outcome.status === "completed");
  assert(events[1]?.type === "recovered");
  const { items } = calls[1]!.session as unknown as { items: { role: string; content: { text?: string }[] }[] };
  assertEquals(items.at(-1)?.content[0]?.text, heardText);
  await until(voice.close());
});

Deno.test("Speech cut off by a lost call is reported lost", async () => {
  const { clock, events, open, peers, until } = callWorld();
  const voice = await open();
  peers[0]!.channel.receive(JSON.stringify({
    type: "input_audio_buffer.speech_started",
    event_id: "event_1",
    audio_start_ms: 0,
    item_id: "item_speech",
  }));
  await clock.advance(1200);
  peers[0]!.become("failed");
  await until(new Promise((resolve) => voice.session.on("recovered", resolve)));
  const recovered = events.at(-1);
  assert(recovered?.type === "recovered");
  assertEquals(recovered.lost.map(({ kind }) => kind), ["audio"]);
  assert((recovered.lost[0]?.durationMs ?? 0) >= 1200);
  await until(voice.close());
});

Deno.test("A call is renewed in a quiet moment before its session ends, and the old one is hung up", async () => {
  const { calls, clock, events, hangUps, open, peers, track, until } = callWorld();
  const voice = await open({ turnDetection: null });
  await until(voice.session.ask("My name is Ada."));
  const speak = (type: string, fields: object) =>
    peers[0]!.channel.receive(JSON.stringify({ type, event_id: `event_${type}`, ...fields }));
  speak("output_audio_buffer.started", { response_id: "resp_x" });
  await clock.advance(56 * 60_000);
  // The new call is ready, but the model is speaking: there is no switch in the middle of a word.
  assertEquals([peers.length, typesOf(events), peers[1]?.replaced], [2, [], []]);
  speak("output_audio_buffer.stopped", { response_id: "resp_x" });
  await clock.advance(1000);
  assertEquals(typesOf(events), ["renewed"]);
  assertEquals([peers[1]!.replaced, peers[0]!.closes, track.readyState], [[track], 1, "live"]);
  assertEquals((await calls[0]!.ended).reason, "caller");
  assertEquals(hangUps, [calls[0]!.id]);
  assertEquals(voice.call.peer, peers[1] as unknown);
  assertEquals((await until(voice.session.ask("What is my name?"))).status, "completed");
  await until(voice.close());
  assertEquals([track.readyState, hangUps], ["ended", calls.map(({ id }) => id)]);
});

Deno.test("Without recovery, or with a single-use secret, the session ends with its call and releases everything", async () => {
  const once = callWorld();
  const cases: [ReturnType<typeof callWorld>, Partial<ConnectVoiceWebRtcOptions>][] = [
    [callWorld(), { recovery: false }],
    [once, { exchange: Object.assign(once.exchange, { isOnce: true }) }],
  ];
  for (const [{ audioContext, clock, events, open, peers, track }, options] of cases) {
    const voice = await open(options);
    peers[0]!.channel.end();
    assertEquals((await voice.closed).code, 1005);
    await clock.advance(60_000);
    assertEquals([typesOf(events), peers.length, clock.pending], [["closed"], 1, 0]);
    assertEquals([track.readyState, track.listeners], ["ended", 0]);
    assertEquals(audioContext.sources.filter(({ isConnected }) => isConnected).length, 0);
  }
});

Deno.test("A call that is hung up again before any speech is not replaced", async () => {
  const { calls, clock, events, open, peers, track, until } = callWorld();
  const voice = await open({ turnDetection: null });
  const lose = () => {
    const recovered = new Promise((resolve) => voice.session.on("recovered", resolve));
    calls.at(-1)!.session.fault({ type: "drop" });
    return Promise.race([recovered, voice.closed]);
  };
  await until(lose());
  await until(voice.session.ask("Hello."));
  await until(lose());
  assertEquals(typesOf(events), ["reconnecting", "recovered", "reconnecting", "recovered"]);
  await until(lose());
  assertEquals((await until(voice.closed)).code, 1005);
  assertEquals(typesOf(events.slice(4)), ["reconnecting", "recovery_failed", "closed"]);
  const [, failed] = events.slice(4);
  assert(failed?.type === "recovery_failed" && failed.cause instanceof ConnectionError);
  assertMatch(failed.cause.message, /hung up twice/);
  assertEquals([peers.length, track.readyState, clock.pending], [3, "ended", 0]);
});

Deno.test("A call that the server has ended is not replaced, and the cause explains it", async () => {
  for (const reason of ["host", "max_duration", "idle", "quota", "hung_up"]) {
    for (const end of [ENDS["its data channel is lost"], ENDS["its connection fails"]]) {
      const world = callWorld({ onHangUp: () => reason });
      const { clock, events, open, peers, track, until } = world;
      const voice = await open();
      end(world);
      await until(voice.closed);
      assertEquals(typesOf(events), ["reconnecting", "recovery_failed", "closed"], reason);
      const [, failed] = events;
      assert(failed?.type === "recovery_failed" && failed.cause instanceof ConnectionError);
      assertMatch(failed.cause.message, new RegExp(`the server has ended the call: ${reason}`));
      assertEquals([failed.cause.close?.reason, peers.length, track.readyState, clock.pending], [
        reason,
        1,
        "ended",
        0,
      ]);
    }
  }
});

Deno.test("Through the edge app, a call that the host or a limit ended is not replaced, and a lost one is", async () => {
  for (const end of ["host", "max_duration", "lost"]) {
    // Tokens are signed in real time.
    const busy = new Set<Promise<unknown>>();
    const { calls, clock, events, open, peers, simulator, until } = callWorld({ busy });
    const edgeCalls: EdgeCall[] = [];
    const app = createRealtimeApp({
      apiKey: "sk-test",
      authorize: () => "alice",
      session: { type: "realtime", model: "gpt-realtime" },
      calls: { dataChannel: "allow" },
      limits: { maxDurationMs: 60_000 },
      onCall: (call) => void edgeCalls.push(call),
      fetch: simulator.fetch,
      dial: simulator.dial,
      clock,
    });
    const fetch = async (url: string, init: RequestInit) => {
      // The offer of the page's fake peer is not valid.
      const request = { ...init, body: init.body ? OFFER : null };
      const answer = Promise.resolve(app.request(new URL(url).pathname.slice("/realtime".length), request));
      busy.add(answer);
      return await answer.finally(() => busy.delete(answer));
    };
    const voice = await open({ exchange: viaApp("https://shop.example.com/realtime", { fetch }) });
    const over = Promise.race([voice.closed, new Promise((resolve) => voice.session.on("recovered", resolve))]);
    if (end === "host") void edgeCalls[0]!.hangUp();
    else if (end === "lost") calls[0]!.session.fault({ type: "drop" });
    else await clock.advance(60_000);
    await until(over);
    const isLost = end === "lost";
    assertEquals([edgeCalls.length, peers.length], isLost ? [2, 2] : [1, 1], end);
    assertEquals(typesOf(events)[1], isLost ? "recovered" : "recovery_failed", end);
    await until(voice.close());
    await until(app.close());
  }
});

Deno.test("A lost call is replaced even if the server gives no reason, or not in time", async () => {
  const answers: Record<string, (attempt: number) => Promise<string | undefined>> = {
    "that the API ended it": () => Promise.resolve("api"),
    "that it stops": () => Promise.resolve("shutdown"),
    "that it lost it": () => Promise.resolve("sideband_lost"),
    nothing: () => Promise.resolve(undefined),
    "that it failed": () => Promise.reject(new Error("broken")),
    "nothing ever": () => new Promise(() => {}),
  };
  for (const [name, onHangUp] of Object.entries(answers)) {
    const world = callWorld({ onHangUp });
    const { clock, events, open, peers, until } = world;
    const voice = await open();
    ENDS["its data channel is lost"](world);
    const start = clock.now();
    await until(new Promise((resolve) => voice.session.on("recovered", resolve)));
    assert(clock.now() - start < 3_000, name);
    assertEquals([typesOf(events), peers.length], [["reconnecting", "recovered"], 2], name);
    await until(voice.close());
  }
});

Deno.test("A page without a network asks for the reason of the end once it is online", async () => {
  const world = callWorld({
    onHangUp: (attempt) => attempt === 1 ? Promise.reject(new TypeError("Failed to fetch")) : "max_duration",
  });
  const { events, hangUps, open, peers, until } = world;
  const voice = await open();
  ENDS["its connection fails"](world);
  await until(voice.closed);
  assertEquals([typesOf(events), hangUps.length], [["reconnecting", "recovery_failed", "closed"], 2]);
  assertEquals(peers.length, 1);
});

Deno.test("A new call that is refused for good ends the session, and a temporary failure is retried", async () => {
  const fatal = callWorld({
    onExchange: (attempt) => {
      if (attempt > 1) throw new ConnectionError("No", { kind: "refused", status: 403 });
    },
  });
  const refused = await fatal.open();
  fatal.peers[0]!.become("failed");
  assertEquals((await fatal.until(refused.closed)).code, 1006);
  assertEquals(typesOf(fatal.events), ["reconnecting", "recovery_failed", "closed"]);
  // The refused call created a peer, which is released.
  assertEquals(fatal.peers.map(({ closes }) => closes), [1, 1]);
  assertEquals([fatal.track.readyState, fatal.track.listeners, fatal.clock.pending], ["ended", 0, 0]);

  const busy = callWorld({
    onExchange: (attempt) => {
      if (attempt === 2) throw new ConnectionError("Busy", { kind: "refused", status: 429 });
      if (attempt === 3) throw new TypeError("Failed to fetch");
    },
  });
  const voice = await busy.open({ recovery: { backoff: { firstMs: 10 }, maxAttempts: 2 } });
  busy.peers[0]!.become("failed");
  await busy.until(voice.closed);
  // Errors other than connection errors are faults of the program, as for every other session.
  assertEquals(typesOf(busy.events), ["reconnecting", "reconnecting", "recovery_failed", "closed"]);

  const patient = callWorld({
    onExchange: (attempt) => {
      if (attempt === 2) throw new ConnectionError("Busy", { kind: "refused", status: 429 });
    },
  });
  const kept = await patient.open();
  patient.peers[0]!.become("failed");
  await patient.until(new Promise((resolve) => kept.session.on("recovered", resolve)));
  assertEquals(typesOf(patient.events), ["reconnecting", "reconnecting", "recovered"]);
  assertEquals(patient.peers.map(({ closes }) => closes), [1, 1, 0]);
  await patient.until(kept.close());
});

Deno.test("A session that closes, or whose page closes, while it reconnects makes no more calls", async () => {
  for (const how of ["close", "pagehide"]) {
    const { clock, events, open, peers, track, until } = callWorld();
    const voice = await open({ recovery: { backoff: { firstMs: 5000, maxMs: 5000 } } });
    peers[0]!.become("failed");
    await clock.advance(0);
    assertEquals(voice.session.state, "reconnecting");
    if (how === "close") void voice.close();
    else dispatchEvent(new Event("pagehide"));
    assertEquals((await until(voice.closed)).code, how === "close" ? 1000 : 1001);
    assertEquals([track.readyState, track.listeners], ["ended", 0]);
    await clock.advance(60_000);
    assertEquals([peers.length, typesOf(events), clock.pending], [1, ["reconnecting", "closed"], 0], how);
  }
});

Deno.test("Closing the page ends its session, and no new call is made when the page returns", async () => {
  const { clock, events, open, peers, track, until } = callWorld();
  const voice = await open();
  dispatchEvent(new Event("pagehide"));
  assertEquals([peers[0]!.closes, track.readyState], [1, "ended"]);
  assertEquals((await until(voice.closed)).code, 1001);
  await clock.advance(60_000);
  assertEquals([peers.length, typesOf(events), clock.pending], [1, ["closed"], 0]);
});

Deno.test("Closing the page also hangs up a new call that is not yet in use", async () => {
  const { calls, clock, hangUps, open, peers } = callWorld();
  await open({ turnDetection: null });
  const started = { type: "output_audio_buffer.started", event_id: "event_1", response_id: "resp_x" };
  peers[0]!.channel.receive(JSON.stringify(started));
  // The next call is ready, and waits for a quiet moment.
  await clock.advance(56 * 60_000);
  assertEquals(peers.length, 2);
  dispatchEvent(new Event("pagehide"));
  await clock.advance(1000);
  assertEquals(hangUps.toSorted(), calls.map(({ id }) => id).toSorted());
  assertEquals(peers.map(({ closes }) => closes), [1, 1]);
});

Deno.test("A silently dead connection is given up, and its microphone moves to the next call", async () => {
  const { clock, events, open, peers, track, until } = callWorld();
  const voice = await open();
  peers[0]!.channel.send = () => {};
  peers[0]!.channel.receive = () => {};
  const recovered = new Promise((resolve) => voice.session.on("recovered", resolve));
  await until(recovered, 120_000);
  assertEquals(typesOf(events), ["reconnecting", "recovered"]);
  assertEquals([peers[0]!.closes, peers[1]!.replaced, track.readyState], [1, [track], "live"]);
  await clock.advance(1000);
  await until(voice.close());
});

Deno.test("connectVoiceWebRtc() rejects unknown options before it requests the microphone", async () => {
  const { devices, open } = callWorld();
  const misspelt = { turnDetektion: null } as unknown as ConnectVoiceWebRtcOptions;
  assertMatch(
    (await assertRejects(() => open(misspelt), TypeError)).message,
    /turnDetektion.*did you mean turnDetection/,
  );
  await assertRejects(() => open({ recovery: { maxAttempts: 0 } }), RangeError, "maxAttempts");
  assertEquals(devices.asked, []);
});

Deno.test("A microphone that is lost while its session begins ends the call", async () => {
  const { calls, devices, hangUps, open, peers, track } = callWorld();
  devices.next = () =>
    track.readyState === "live" ? streamOf(track) : Promise.reject(new DOMException("", "NotFoundError"));
  // The first event of the session: the dial is over, and there are no listeners yet.
  const logger = { debug: () => track.readyState === "live" && track.pull(), info() {}, warn() {}, error() {} };
  const error = await assertRejects(() => open({ logger }), MicrophoneError);
  assertEquals([error.code, track.listeners, calls.length, hangUps], ["lost", 0, 1, [calls[0]!.id]] as unknown[]);
  assertEquals(peers.map(({ closes }) => closes), [1]);
});

Deno.test("A session that the server refuses releases everything", async () => {
  const { calls, open, peers, track } = callWorld();
  const refusal = assertRejects(() => open({ session: { audio: { output: { voice: "nobody" as never } } } }), Error);
  const error = await refusal;
  assert(error instanceof RealtimeApiError || error instanceof Error);
  assertEquals(track.readyState, calls.length > 0 ? "ended" : "live");
  assertEquals(peers.map(({ closes }) => closes), calls.map(() => 1));
});
