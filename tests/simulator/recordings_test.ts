import { encodeBase64, toBytes } from "../../src/audio/mod.ts";
import { synthesizeSpeech } from "../../src/simulator/speech.ts";
import { assertEquals } from "@std/assert";
import { Client, type Frame } from "./_client.ts";
import { brainOf, fieldsOf, readRecording, type RecordedLine, storiesOf } from "./_recording.ts";
import { joined, silence } from "./_sound.ts";

/** Sent by the simulator after every response; one of the recordings has it. */
const SOMETIMES = "rate_limits.updated";

/** Audio was cut from the recordings: this is what is said instead. */
const SPEECH = joined(silence(1460), synthesizeSpeech("Hello, my name is Marcelo."), silence(800));

for (
  const name of [
    "audio_in_server_vad_turn",
    "message_history_seeding",
    "text_in_audio_out_turn",
    "text_tool_round_parity_openai-current",
    "tool_call_round",
  ]
) {
  Deno.test(`The simulator answers the client of ${name} as the real server did`, async () => {
    const lines = await readRecording(name);
    if (!lines) return;
    const expected = lines.filter(({ dir }) => dir === "recv").map(({ event }) => event);
    const actual = await replay(lines);
    const without = (frames: readonly Frame[]) => frames.filter(({ type }) => type !== SOMETIMES);
    assertEquals(storiesOf(without(actual)), storiesOf(without(expected)));
    for (const type of new Set(without(expected).map((event) => event.type))) {
      const fields = (frames: readonly Frame[]) =>
        frames.filter((event) => event.type === type).map((e) => fieldsOf(e));
      const [ours, theirs] = [fields(actual), fields(expected)];
      const few = type.endsWith(".delta") ? 1 : Infinity;
      assertEquals(ours.slice(0, few), theirs.slice(0, few), type);
    }
  });
}

/** Sends what the recorded client sent, each when the simulator has come as far as the server had. */
async function replay(lines: readonly RecordedLine[]): Promise<readonly Frame[]> {
  const created = lines[0]!.event.session as { readonly model: string };
  const client = await Client.connect({
    brain: () => brainOf(lines),
    url: `wss://simulator/v1/realtime?model=${created.model}`,
  });
  const seen = new Map<string, number>();
  let last = "session.created";
  let spoken = false;
  for (const { dir, event } of lines) {
    if (dir === "recv") {
      if (event.type.endsWith(".delta") || event.type === SOMETIMES) continue;
      seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
      last = event.type;
      continue;
    }
    await until(client, last, seen.get(last) ?? 0);
    if (event.type !== "input_audio_buffer.append") {
      client.send(withOurCallId(event, client.received));
    } else if (!spoken) {
      spoken = true;
      client.send({ ...event, audio: encodeBase64(toBytes(SPEECH)) });
    }
  }
  await client.clock.advance(60_000);
  return client.received;
}

/** Lets time go by until so many events of a type have come. */
async function until(client: Client, type: string, count: number): Promise<void> {
  for (let ms = 0; ms < 60_000; ms++) {
    if (client.received.filter((frame) => frame.type === type).length >= count) return;
    await client.clock.advance(1);
  }
  throw new Error(`Expected ${count} of ${type}, got ${JSON.stringify(client.received.map((frame) => frame.type))}`);
}

/** The output of a function call, for the call that the simulator made. */
function withOurCallId(event: Frame, received: readonly Frame[]): Frame {
  const { item } = event as { readonly item?: { readonly type: string } };
  if (item?.type !== "function_call_output") return event;
  const call = received.findLast(({ type }) => type === "response.function_call_arguments.done");
  return { ...event, item: { ...item, call_id: call?.call_id } };
}
