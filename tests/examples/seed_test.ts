import { assert, assertEquals, assertMatch } from "@std/assert";
import { next } from "../../examples/seed/audio_and_transcripts.ts";
import { bargeIn } from "../../examples/seed/barge_in.ts";
import { callAndHangUp } from "../../examples/seed/call_control.ts";
import { createResponse } from "../../examples/seed/create_response.ts";
import { environment } from "../../examples/seed/environment.ts";
import { lowLevel } from "../../examples/seed/low_level.ts";
import { addWeatherServer } from "../../examples/seed/mcp.ts";
import { approveAll } from "../../examples/seed/mcp_approval.ts";
import { quickstart } from "../../examples/seed/quickstart.ts";
import { summarize } from "../../examples/seed/response_builder.ts";
import { sendAudio, sendTurn } from "../../examples/seed/send_audio.ts";
import { streamAudio } from "../../examples/seed/stream_audio.ts";
import { askForSum } from "../../examples/seed/typed_tools.ts";
import { connect, type ConnectOptions, connectVoice } from "../../mod.ts";
import { RealtimeRest } from "../../src/rest/mod.ts";
import { createSimulator, createVirtualClock, type ReplyPlan, type SimulatorOptions } from "../../src/simulator/mod.ts";
import { OFFER } from "../simulator/_api.ts";
import { converse, saying, settled, startStory, STORY, until } from "../voice/_conversation.ts";

/** A server that answers without waiting, and options to connect to it. */
function server(options: SimulatorOptions = {}) {
  const sent: Record<string, unknown>[] = [];
  const simulator = createSimulator({
    pace: "fast",
    ...options,
    onFrame: ({ data, from }) => void (from === "client" && sent.push(JSON.parse(String(data)))),
  });
  return { sent, simulator, options: { apiKey: "sk-test", dial: simulator.dial } satisfies ConnectOptions };
}

const typesOf = (events: readonly { readonly type?: unknown }[]) => events.map(({ type }) => type);

Deno.test("the seed's quickstart logs audio and words", async () => {
  const lines: string[] = [];
  const clock = createVirtualClock();
  const { options } = server({ ...STORY, clock });
  await settled(clock, quickstart({ ...options, clock }, (line) => lines.push(line)));
  const bytes = lines.map((line) => Number(/^audio bytes: (\d+)$/.exec(line)?.[1] ?? 0));
  assertEquals(bytes.reduce((sum, count) => sum + count, 0), 10_000 * 48);
  assertEquals(lines.filter((line) => line.startsWith("assistant: ")), ["assistant: A long story."]);
});

Deno.test("the seed's barge-in cuts the audio that is playing", async () => {
  await using conversation = await converse({ turnDetection: null }, STORY);
  const itemId = await startStory(conversation);
  const cuts = await settled(conversation.clock, bargeIn(conversation.voice));
  assertEquals(cuts.map((cut) => [cut.itemId, cut.action]), [[itemId, "truncate"]]);
});

Deno.test("the seed's convenience streams yield audio and words one by one", async () => {
  const clock = createVirtualClock();
  const { options } = server({ ...STORY, clock });
  const voice = await settled(clock, connectVoice({ ...options, clock }));
  voice.session.respond();
  const [chunk, utterance] = await settled(clock, next(voice));
  assertEquals([chunk?.bytes.length, utterance?.role, utterance?.text], [4800, "assistant", "A long story."]);
  await settled(clock, voice.close());
});

Deno.test("the seed's response builder gets a text answer", async () => {
  const { options, sent } = server(saying({ outputs: [{ type: "message", text: "In short." }] }));
  await using session = await connect(options);
  assertEquals(await summarize(session, "Summarize this."), "In short.");
  const response = sent.at(-1)?.response as { instructions: string; input: readonly unknown[] };
  assertEquals([response.instructions, response.input.length], ["Be concise.", 1]);
});

Deno.test("the seed's microphone audio is appended, and becomes an item when committed", async () => {
  const { options, sent } = server();
  await using session = await connect({ ...options, turnDetection: null });
  sendAudio(session, new Int16Array(2400));
  assertMatch(await sendTurn(session, new Int16Array(2400)), /^item_/);
  const append = "input_audio_buffer.append";
  assertEquals(typesOf(sent).slice(1), [append, append, "input_audio_buffer.commit"]);
});

Deno.test("the seed's microphone stream is appended, and not committed", async () => {
  await using conversation = await converse({ turnDetection: null });
  const { appended, clock, sent, voice } = conversation;
  await streamAudio(voice, [new Int16Array(480), new Int16Array(2000)]);
  await until(clock, () => appended.length === 2);
  assertEquals([appended, typesOf(sent)], [[4800, 160], ["session.update"]]);
});

Deno.test("the seed's typed tool runs with checked arguments, and the model answers", async () => {
  let round = 0;
  const call = { type: "function_call", name: "sum", arguments: '{"a":19,"b":23}' } as const;
  const plans: ReplyPlan[] = [{ outputs: [call] }, { outputs: [{ type: "message", text: "42." }] }];
  const { options, sent } = server({ createModel: () => ({ hear: () => "", reply: () => plans[round++]! }) });
  assertEquals(await askForSum(options, "What is 19 and 23?"), '{"sum":42}');
  assert(typesOf(sent).includes("response.create"));
});

Deno.test("the seed's low-level client configures a session event by event", async () => {
  const lines: string[] = [];
  await lowLevel(server().options, (line) => lines.push(line));
  assertEquals(lines, ["Received event: session.created", "Received event: session.updated"]);
});

Deno.test("the seed's REST helpers make a call and hang up", async () => {
  const { simulator } = server();
  const paths: string[] = [];
  const rest = new RealtimeRest({
    apiKey: "sk-test",
    fetch: (input, init) => {
      const request = new Request(input, init);
      paths.push(new URL(request.url).pathname);
      return simulator.fetch(request);
    },
  });
  const callId = await callAndHangUp(rest, OFFER);
  assertMatch(callId ?? "", /^rtc_/);
  assertEquals(paths, ["/v1/realtime/calls", `/v1/realtime/calls/${callId}/hangup`]);
});

Deno.test("the seed's MCP server is added, and its calls are approved", async () => {
  const call = {
    type: "mcp_call",
    server_label: "weather",
    name: "search",
    arguments: '{"city":"Paris"}',
    output: "Sun.",
  } as const;
  const { options } = server(saying({ outputs: [call] }));
  await using session = await connect({ ...options, outputModalities: ["text"] });
  await addWeatherServer(session);
  const lines: string[] = [];
  approveAll(session, (line) => lines.push(line));
  const events = session.events();
  session.respond();
  for await (const event of events) if (event.type === "response.mcp_call.completed") break;
  assertEquals(lines, ['approved: search({"city":"Paris"})']);
});

Deno.test("the seed's response creation requests a response to its own input", async () => {
  const { options, sent } = server(saying({ outputs: [{ type: "message", text: "Hello." }] }));
  await using session = await connect(options);
  assertMatch(await createResponse(session) ?? "", /^resp_/);
  assertEquals(sent.at(-1)?.type, "response.create");
});

Deno.test("the seed's examples take key and URL from the environment", () => {
  assertEquals(Object.keys(environment()), ["apiKey", "baseUrl"]);
});
