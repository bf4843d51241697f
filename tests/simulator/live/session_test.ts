import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeBase64 } from "../../../src/audio/mod.ts";
import { safeParseLiveServerEvent } from "../../../src/protocol/mod.ts";
import { usageRatio } from "../../../src/simulator/_live/service/session_resource.ts";
import { errorOf, type Frame, only, typesOf } from "../_client.ts";
import { joined, silence, tone } from "../_sound.ts";
import { LiveClient, transcriptOf, withoutAudio } from "./_live_client.ts";

Deno.test("a Live session starts, sends continuous audio and closes with its usage", async () => {
  const client = await LiveClient.connect();
  const [started] = await client.ask({ type: "session.start", event_id: "mine", session: { model: "gpt-live-1" } });
  assertEquals(started!.client_event_id, "mine");
  const { id, expires_at, ...session } = started!.session as Record<string, unknown>;
  assertMatch(String(id), /^live_[A-Za-z0-9_-]{1,128}$/);
  assert(Number(expires_at) > 0);
  assertEquals(session, {
    model: "gpt-live-1",
    status: "active",
    audio: { format: { type: "audio/pcm", rate: 24_000 }, output: { voice: "marin" } },
    delegation: { type: "client" },
    input: [],
    instructions: null,
    store: false,
    triggers: [],
  });
  const frames = await client.hear(1_000);
  assertEquals(typesOf(frames), ["session.output_audio.delta"]);
  assertEquals(frames.length, 10);
  for (const { delta, ...rest } of frames) {
    assertEquals(rest, { type: "session.output_audio.delta" });
    assertEquals(decodeBase64(String(delta)), new Uint8Array(4_800));
  }
  const [closed] = await client.ask({ type: "session.close", event_id: "bye" });
  assertEquals([closed!.reason, closed!.usage, closed!.client_event_id], ["close_requested", { seconds: 1 }, "bye"]);
  assertEquals((closed!.session as Frame).status, "active");
  assertEquals(client.closed?.code, 1000);
  assertEquals(client.clock.pending, 0);
});

Deno.test("without input nothing happens, however much time passes", async () => {
  const client = await LiveClient.started();
  client.send({ type: "session.commentary.append", event_id: "say", content: "Good morning!", delegation_id: null });
  assertEquals(typesOf(await client.wait(14_000)), []);
  const frames = await client.hear(3_000);
  const appended = only(frames, "session.commentary.appended");
  assertEquals([appended.start_ms, appended.end_ms, appended.client_event_id], [0, 200, "say"]);
  assertEquals(transcriptOf(frames, "output"), "Good morning!");
});

Deno.test("commentary is spoken after 0.6 s, aligned to 200 ms, and appears in the transcript", async () => {
  const client = await LiveClient.started();
  await client.hear(1_000);
  client.send({ type: "session.commentary.append", content: "Good morning to you!", delegation_id: null });
  const frames = await client.hear(4_000);
  const audible = frames.filter(({ delta, type }) =>
    type === "session.output_audio.delta" && decodeBase64(String(delta)).some((byte) => byte !== 0)
  );
  const deltas = frames.filter(({ type }) => type === "session.output_audio.delta");
  assertEquals(deltas.indexOf(audible[0]!), 6);
  for (const { start_ms, end_ms } of frames.filter(({ type }) => type === "session.output_transcript.delta")) {
    assertEquals([Number(start_ms) % 200, Number(end_ms) - Number(start_ms)], [0, 200]);
    assert(Number(start_ms) >= 1_600);
  }
  assertEquals(transcriptOf(frames, "output"), "Good morning to you!");
});

Deno.test("instructions are spoken later than commentary, and thinking is silent", async () => {
  const client = await LiveClient.started();
  client.send({ type: "session.instructions.append", content: "Greet the caller.", delegation_id: null });
  const frames = await client.hear(4_000);
  const first = frames.find(({ type }) => type === "session.output_transcript.delta");
  // 1.2 s later than after a commentary.
  assertEquals(first?.start_ms, 1_800);
  client.send({ type: "session.thinking.append", content: "The caller is Ada.", delegation_id: null });
  assertEquals(typesOf(withoutAudio(await client.hear(3_000))), ["session.thinking.appended"]);
});

Deno.test("the user's transcript is aligned to 200 ms and arrives during speech, and the model answers", async () => {
  const live = { scenario: { turns: [{ user: "Where is my order?", says: "It is on its way." }] } };
  const client = await LiveClient.started(live);
  await client.hear(400);
  const frames = await client.hear(joined(tone(1_200), silence(4_000)));
  assertEquals(transcriptOf(frames, "input"), "Where is my order?");
  const inputs = frames.filter(({ type }) => type === "session.input_transcript.delta");
  assert(inputs.length > 1);
  assertEquals(Number(inputs[0]!.start_ms) % 200, 0);
  assertEquals(transcriptOf(frames, "output"), "It is on its way.");
  const events = withoutAudio(frames);
  assert(
    events.findIndex(({ type }) => type.includes("output")) >
      events.findLastIndex(({ type }) => type.includes("input")),
  );
  const next = await client.hear(joined(tone(800), silence(4_000)));
  assertEquals(transcriptOf(next, "input"), "Some speech, 0.8s");
  assertEquals(transcriptOf(next, "output"), "You said: Some speech, 0.8s");
});

Deno.test("words that are spoken slowly have no empty deltas among them", async () => {
  const client = await LiveClient.started({ scenario: { turns: [{ user: "Well, yes.", says: "Fine." }] } });
  const frames = withoutAudio(await client.hear(joined(tone(3_000), silence(3_000))));
  assertEquals(frames.map(({ delta }) => delta), ["Well,", " yes.", "Fine."]);
});

Deno.test("the model stops without an event when the user interrupts", async () => {
  const client = await LiveClient.started();
  const content = "This is a long story about a king who had three daughters and a very large garden.";
  client.send({ type: "session.commentary.append", content, delegation_id: null });
  await client.hear(2_000);
  assert(client.session.isSpeaking);
  const frames = await client.hear(tone(600));
  assert(!client.session.isSpeaking);
  assertEquals(withoutAudio(frames).filter(({ type }) => !type.endsWith("_transcript.delta")), []);
  const said = transcriptOf(client.received, "output");
  assert(content.startsWith(said) && said.length < content.length);
});

Deno.test("clicks and short words of the user do not stop the model, and instructions and recordings do", async () => {
  const content = "This is a long story about a king who had three daughters and a very large garden.";
  const audio = btoa("\0".repeat(4_800));
  const noises: [event: Frame | undefined, samples: Int16Array, stops: boolean, words: RegExp][] = [
    [undefined, joined(tone(100), silence(700)), false, /^$/],
    [undefined, joined(tone(200), silence(700)), false, /^Some speech, 0\.2s$/],
    [undefined, joined(tone(300), silence(700)), true, /^Some speech, 0\.3s$/],
    [{ type: "session.instructions.append", content: "Say hello.", delegation_id: null }, silence(300), true, /^$/],
    [{ type: "session.instructions.append", content: "Be brief.", delegation_id: null }, silence(300), false, /^$/],
    [{ type: "session.output_audio.fixture.play", audio }, silence(300), true, /^$/],
  ];
  for (const [event, samples, stops, words] of noises) {
    const client = await LiveClient.started();
    client.send({ type: "session.commentary.append", content, delegation_id: null });
    await client.hear(2_000);
    assert(client.session.isSpeaking);
    if (event) client.send(event);
    assertMatch(transcriptOf(await client.hear(samples), "input"), words);
    assertEquals(client.session.isSpeaking, !stops, `${event?.content ?? samples.length}`);
  }
});

Deno.test("server-side mute hides the input, and time continues", async () => {
  const client = await LiveClient.started();
  assertEquals(typesOf(await client.ask({ type: "session.input_audio.mute", event_id: "m" })), [
    "session.input_audio.muted",
  ]);
  const frames = await client.hear(joined(tone(1_000), silence(2_000)));
  assertEquals(typesOf(frames), ["session.output_audio.delta"]);
  assertEquals(frames.length, 30);
  const [unmuted] = await client.ask({ type: "session.input_audio.unmute", event_id: "u" });
  assertEquals([unmuted!.type, unmuted!.client_event_id], ["session.input_audio.unmuted", "u"]);
  assertEquals(transcriptOf(await client.hear(joined(tone(800), silence(1_000))), "input"), "Some speech, 0.8s");
});

Deno.test("usage is reported every 15 s, and the session ends after two hours", async () => {
  const client = await LiveClient.started();
  const usages = (await client.wait(46_000)).map(({ type, usage }) => [type, usage]);
  assertEquals(usages, [15, 30, 45].map((seconds) => ["session.usage.updated", { seconds }]));
  const frames = await client.wait(7_200_000 - 46_000);
  const closed = only(frames, "session.closed");
  assertEquals([closed.reason, closed.usage], ["expired", { seconds: 7_200 }]);
  assertEquals(client.closed?.code, 1000);
});

Deno.test("the time and the usage of a session count from its start", async () => {
  const client = await LiveClient.connect({ live: { latency: "recorded" } });
  await client.wait(60_000);
  const earliest = Math.floor(Date.now() / 1000 + 1.123 + 7_200);
  const [started] = await client.ask({ type: "session.start", session: { model: "gpt-live-1" } }, 1_123);
  const { expires_at } = started!.session as { readonly expires_at: number };
  assert(expires_at >= earliest && expires_at <= Date.now() / 1000 + 1.123 + 7_200, `${expires_at}`);
  assertEquals((await client.wait(15_000)).map(({ usage }) => usage), [{ seconds: 15 }]);
  assertEquals((await client.ask({ type: "session.close" }))[0]!.usage, { seconds: 15 });
});

Deno.test("the context fills with the input, until the server replaces it", () => {
  const [none, some, more, most] = [0, 600_000, 1_200_000, 7_200_000].map(usageRatio);
  assertEquals([none, more, most], [0, 2 * some!, 0.9]);
});

Deno.test("blank instructions are those of the server", async () => {
  for (const [instructions, shown] of [[undefined, null], [null, null], [" \n", null], ["Be brief.", "Be brief."]]) {
    const client = await LiveClient.started({}, { instructions });
    assertEquals(client.session.session?.instructions, shown);
  }
});

Deno.test("a refused start closes the socket two seconds later", async () => {
  for (
    const [session, code, param] of [
      [{ model: "gpt-live-1", colour: "red" }, "unknown_parameter", "session.colour"],
      [{ model: "gpt-live-1", audio: { input: {} } }, "unknown_parameter", "session.audio.input"],
      [{ model: "gpt-live-1", audio: { output: { voice: "nova" } } }, "forbidden", "session.audio.output.voice"],
      [{ model: "gpt-realtime-2.1" }, "model_not_found", "session.model"],
      [{}, "missing_required_parameter", "session.model"],
    ] as const
  ) {
    const client = await LiveClient.connect();
    const [error] = await client.ask({ type: "session.start", event_id: "mine", session }, 1_999);
    assertEquals(error!.type, "error");
    assert(!("client_event_id" in error!) && !("client_event_id" in (error!.error as Frame)));
    assertEquals([(error!.error as Frame).code, (error!.error as Frame).param], [code, param]);
    assertEquals(client.closed, undefined);
    assertEquals(await client.wait(2), []);
    assert(client.closed, JSON.stringify(session));
    assertEquals(client.simulator.liveSessions, []);
  }
});

Deno.test("a start that is too long is refused in the unit of its limit", async () => {
  const message = (text: string) => ({ role: "user", content: [{ type: "input_text", text }] });
  const limits = [
    [{ instructions: "word ".repeat(16_385) }, "Invalid 'session.instructions': it has more than 16384 tokens."],
    [{ input: [message("word ".repeat(8_193))] }, "Invalid 'session.input': it has more than 8192 tokens."],
    [
      { input: Array.from({ length: 129 }, () => message("Hi")) },
      "Invalid 'session.input': array too long. Expected an array with maximum length 128, " +
      "but got an array with length 129 instead.",
    ],
  ] as const;
  for (const [session, words] of limits) {
    const client = await LiveClient.connect();
    const refused = await client.ask({ type: "session.start", session: { model: "gpt-live-1", ...session } });
    assertEquals((errorOf(refused) as Frame).message, words);
  }
});

Deno.test("early, repeated and unknown commands are refused, and the session continues", async () => {
  const client = await LiveClient.connect();
  const early = errorOf(
    await client.ask({ type: "session.input_audio.append", audio: "AAAA", event_id: "a" }),
  ) as Frame;
  assertMatch(String(early.message), /must wait for session\.started/);
  assertEquals(early.client_event_id, "a");
  await client.ask({ type: "session.start", session: { model: "gpt-live-1" } });
  const again = await client.ask({ type: "session.start", event_id: "b", session: { model: "gpt-live-1" } });
  assertEquals((errorOf(again) as Frame).client_event_id, "b");
  const unknown = errorOf(await client.ask({ type: "response.cancel", event_id: "c" })) as Frame;
  assertMatch(String(unknown.message), /Supported values are: 'decision\.create'/);
  assertEquals((errorOf(await client.ask("nonsense")) as Frame).code, null);
  const odd = errorOf(await client.ask({ type: "session.input_audio.append", audio: "AAAB" })) as Frame;
  assertMatch(String(odd.message), /whole 16-bit samples/);
  assertEquals((await client.hear(100)).length, 1);
});

Deno.test("input during a fixture is dropped", async () => {
  const client = await LiveClient.started();
  const audio = btoa("\0".repeat(48_000 * 2));
  await client.ask({ type: "session.output_audio.fixture.play", audio });
  assertEquals(transcriptOf(await client.hear(joined(tone(1_500), silence(1_500))), "input"), "");
  assertEquals(transcriptOf(await client.hear(joined(tone(800), silence(1_000))), "input"), "Some speech, 0.8s");
});

Deno.test("appends are refused if they are too long, name an unknown delegation, or arrive while a fixture plays", async () => {
  const client = await LiveClient.started();
  const append = (content: string, delegation_id: string | null = null) =>
    client.ask({ type: "session.thinking.append", event_id: "t", content, delegation_id });
  assertEquals((errorOf(await append("abcd ".repeat(401))) as Frame).code, "string_above_max_length");
  assertEquals((errorOf(await append("Hi", "item_none")) as Frame).param, "delegation_id");
  const audio = btoa(String.fromCharCode(...new Uint8Array(9_600).fill(7)));
  const [playing] = await client.ask({ type: "session.output_audio.fixture.play", event_id: "f", audio });
  assertEquals([playing!.type, playing!.client_event_id], ["session.output_audio.fixture.playing", "f"]);
  assertEquals((errorOf(await append("Hi")) as Frame).code, "context_injection_incomplete");
  const frames = await client.hear(300);
  assertEquals(typesOf(frames), [
    "session.output_audio.delta",
    "session.output_audio.fixture.played",
    "session.output_audio.delta",
  ]);
  assertEquals(decodeBase64(String(frames[0]!.delta)), new Uint8Array(4_800).fill(7));
  assertEquals(decodeBase64(String(frames.at(-1)!.delta)), new Uint8Array(4_800));
  assertEquals(await append("Hi"), []);
});

Deno.test("recorded latency: 1123 ms to session.started, and 854 ms more to the first audio", async () => {
  const client = await LiveClient.connect({ live: { latency: "recorded" } });
  assertEquals(await client.ask({ type: "session.start", session: { model: "gpt-live-1" } }, 1_122), []);
  assertEquals(typesOf(await client.wait(1)), ["session.started"]);
  assertEquals(await client.hear(800), []);
  assertEquals((await client.hear(100)).length, 9);
});

Deno.test("other formats are received and sent at their own rate", async () => {
  for (
    const [format, bytes, silent] of [
      [{ type: "audio/pcm", rate: 16_000 }, 3_200, 0],
      [{ type: "audio/pcmu", rate: 8_000 }, 800, 0xff],
      [{ type: "audio/pcma", rate: 8_000 }, 800, 0xd5],
    ] as const
  ) {
    const client = await LiveClient.started({}, { audio: { format } });
    const audio = btoa(String.fromCharCode(...new Uint8Array(bytes).fill(silent)));
    for (let block = 0; block < 10; block++) client.send({ type: "session.input_audio.append", audio });
    const frames = await client.wait(0);
    assertEquals(frames.length, 10);
    for (const { delta } of frames) assertEquals(decodeBase64(String(delta)), new Uint8Array(bytes).fill(silent));
    assertEquals(client.session.inputMs, 1_000);
  }
});

Deno.test("every event that the simulator sends is in the protocol", async () => {
  const client = await LiveClient.started({}, { store: true });
  client.send({ type: "session.commentary.append", content: "Hello!", delegation_id: null });
  client.send({ type: "session.update", session: { triggers: [] } });
  await client.hear(joined(tone(800), silence(3_000)));
  client.send({ type: "session.close" });
  await client.wait(0);
  for (const frame of client.received) {
    const result = safeParseLiveServerEvent(JSON.stringify(frame));
    assert(result.ok, JSON.stringify(result));
  }
});
