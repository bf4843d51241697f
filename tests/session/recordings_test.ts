import { assertEquals } from "@std/assert";
import { Session } from "../../src/session/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { readRecording, RECORDED_SERVERS, type RecordedLine } from "../simulator/recording/_recording.ts";
import { FakeServer, type Frame } from "./_fake_server.ts";

function received(lines: readonly RecordedLine[], type: string): Frame[] {
  return lines.filter(({ dir, event }) => dir === "recv" && event.type === type).map(({ event }) => event);
}

/** The items of a recording, in the order in which each names its predecessor. */
function itemsIn(lines: readonly RecordedLine[]): string[] {
  const ids: string[] = [];
  for (const { item, previous_item_id } of received(lines, "conversation.item.added")) {
    ids.splice(ids.indexOf(previous_item_id) + 1, 0, item.id);
  }
  const transcripts = received(lines, "conversation.item.input_audio_transcription.completed");
  const done = new Map(received(lines, "conversation.item.done").map(({ item }) => [item.id, item]));
  return ids.map((id) => {
    const heard = transcripts.find(({ item_id }) => item_id === id)?.transcript;
    const { content = [], output, arguments: args } = done.get(id);
    const words = content.map((part: Frame) => part.text ?? part.transcript ?? heard).join("\n");
    return words || output || args;
  });
}

// Voice Live uses the beta names, and xAI its own order.
const NAMES = [...RECORDED_SERVERS].filter(([, server]) => server === "openai" || server === "azure").map(([name]) =>
  name
);

for (const name of NAMES) {
  Deno.test(`Session reduces the recording ${name} to its expected result`, async () => {
    const lines = await readRecording(name);
    if (!lines) return;
    const calls = received(lines, "response.function_call_arguments.done");
    const sent = lines.filter(({ dir }) => dir === "sent").map(({ event }) => event as Frame);
    const answers = sent.filter(({ item }) => item?.type === "function_call_output").map(({ item }) => item);
    const tools = [...new Set(calls.map((call) => call.name))].map((name) =>
      defineTool({
        name,
        run: (_args, { callId }) => answers.find(({ call_id }) => call_id === callId)?.output ?? "",
      })
    );
    const server = new FakeServer();
    // The recording contains the outputs.
    server.takesOutputs = false;
    const session = new Session(server.transport, { clock: server.clock, tools });
    const reader = session.responses();
    for (const { dir, event } of lines) if (dir === "recv") server.emitText(JSON.stringify(event));
    await server.settle();

    const entries = session.conversation.getSnapshot();
    assertEquals(entries.map(({ text }) => text), itemsIn(lines));
    assertEquals(entries.filter(({ final, interrupted }) => !final || interrupted), []);

    const outputs = server.sentOf("conversation.item.create").map(({ item }) => [item.call_id, item.output]);
    assertEquals(outputs, answers.map(({ call_id, output }) => [call_id, output]));

    const done = received(lines, "response.done").map(({ response }) => response);
    const tokens = done.reduce((sum, { usage }) => sum + usage.total_tokens, 0);
    const transcriptions = received(lines, "conversation.item.input_audio_transcription.completed");
    const seconds = transcriptions.reduce((sum, { usage }) => sum + usage.seconds, 0);
    const total = (unit: "tokens" | "seconds") => session.usage.reduce((sum, line) => sum + line[unit], 0);
    assertEquals([total("tokens"), total("seconds")], [tokens, seconds]);

    await session.close();
    const handles = await Array.fromAsync(reader);
    const outcomes = await Promise.all(handles.map(async ({ id, done }) => [id, (await done).status]));
    assertEquals(outcomes, done.map(({ id, status }) => [id, status]));
    const words = await Promise.all(handles.map(async (handle) => await handle.text() + await handle.transcript()));
    const said = done.map(({ output }) =>
      output.flatMap(({ content = [] }: Frame) => content.map((part: Frame) => part.text ?? part.transcript)).join("\n")
    );
    assertEquals(words, said);
  });
}

/** Contents of recordings of servers that omit fields, read by hand. */
const DIALECTS = {
  voice_live_tool_call_round: [
    "What is the weather in London?",
    '{  \n  "city": "London" \n} \n',
    "It is foggy and 12 degrees in London.",
    "It's foggy and 12 degrees in London right now.",
  ],
  xai_tool_call_round: [
    "What is the weather in London?",
    "I'll check the weather for London right away.",
    '{"city":"London"}',
    "It is foggy and 12 degrees in London.",
    "It is foggy and 12 degrees in London. The weather is foggy and 12 degrees.",
  ],
  xai_audio_in_server_vad_turn: [
    "Hello, my name is Marcelo.",
    "Hello Marcelo! Nice to meet you. How can I help you today?",
  ],
};

for (const [name, texts] of Object.entries(DIALECTS)) {
  Deno.test(`Session reads the recording ${name} without malformed events`, async () => {
    const lines = await readRecording(name);
    if (!lines) return;
    const server = new FakeServer();
    const session = new Session(server.transport, { clock: server.clock });
    const types: string[] = [];
    session.on("*", ({ type }) => types.push(type));
    for (const { dir, event } of lines) if (dir === "recv") server.emitText(JSON.stringify(event));
    await server.settle();
    assertEquals(types.filter((type) => type === "malformed_event"), []);
    // The recorded client had tools; this session answers their calls once more.
    assertEquals(session.conversation.getSnapshot().map(({ text }) => text).slice(0, texts.length), texts);
    await session.close();
  });
}
