import { assert, assertEquals } from "@std/assert";
import { encodeBase64, toBytes } from "../../../src/audio/mod.ts";
import type { ServerName } from "../../../src/simulator/server_profile.ts";
import { synthesizeSpeech } from "../../../src/simulator/speech.ts";
import { Api } from "../_api.ts";
import type { Client, Frame } from "../_client.ts";
import { essenceOf } from "../_essence.ts";
import {
  fieldsOf,
  framesBySequence,
  idForms,
  orderOf,
  readOurRecording,
  readRecording,
  RECORDED_SERVERS,
  type RecordedLine,
  scenarioOf,
} from "./_recording.ts";
import { joined, silence } from "../_sound.ts";

/** Our own, made with the simulator when it agreed with those: they show in every clone that it still does. */
const OURS = ["spoken_turn", "tool_round", "sideband"];

/** Sent by the simulator after every response; the real server did so once in seven responses. */
const SOMETIMES = "rate_limits.updated";

/** Audio was removed from the recordings: this is said instead. */
const SPEECH = joined(silence(1460), synthesizeSpeech("Hello, my name is Marcelo."), silence(800));

// The simulator plays each with one scenario, made of what was heard and said in it; the client's events are the
// recorded ones, except for changes by `replay()`.
for (const [name, server] of RECORDED_SERVERS) {
  Deno.test(`The simulator answers the client of the recording ${name} as the real server did`, async () => {
    const lines = await readRecording(name);
    if (lines) await assertReplays(lines, server);
    else console.log("      The recordings of the real server are not at hand: only our own are checked");
  });
}

for (const name of OURS) {
  Deno.test(`The simulator answers the client of its own recording ${name} as it did when recorded`, async () => {
    await assertReplays(await readOurRecording(name));
  });
}

async function assertReplays(lines: readonly RecordedLine[], server: ServerName = "openai"): Promise<void> {
  const recorded = lines.filter(({ dir }) => dir === "recv").map(({ event }) => event);
  const played = await replay(lines, server);
  const compared = server === "xai" ? isComparedWithXai : ({ type }: Frame) => type !== SOMETIMES;
  const [ours, theirs] = [played, recorded].map((frames) => frames.filter(compared));
  assert(ours && theirs);
  // All deltas have the fields of a recorded one; the values of the first are compared below.
  for (const type of new Set(recorded.map((event) => event.type))) {
    if (type === SOMETIMES) continue;
    const shapes = (frames: readonly Frame[]) =>
      new Set(frames.filter((event) => event.type === type).map((event) => fieldsOf(event).join()));
    assertEquals(shapes(played), shapes(recorded), type);
    const orders = (frames: readonly Frame[]) =>
      new Set(frames.filter((event) => event.type === type).map((event) => JSON.stringify(orderOf(event))));
    assertEquals(orders(played), orders(recorded), type);
  }
  assertEquals(framesBySequence(essence(ours)), framesBySequence(essence(theirs)));
  assertEquals(new Set(idForms(ours)).difference(new Set(idForms(theirs))), new Set());
  if (recorded.some(({ type }) => type === SOMETIMES)) {
    const limits = (frames: readonly Frame[]) => essence(frames.filter(({ type }) => type === SOMETIMES)).slice(0, 1);
    assertEquals(limits(played), limits(recorded));
  }
}

/**
 * xAI repeatedly transcribes what it has heard so far: how often varies between runs, and so does whether audio or
 * words come first.
 */
function isComparedWithXai({ type }: Frame): boolean {
  return !type.startsWith("conversation.item.input_audio_transcription.") && type !== "response.output_audio.delta";
}

function essence(frames: readonly Frame[]): Frame[] {
  const [first] = frames;
  const created = first?.type === "session.created" ? first.session as { readonly instructions: string } : undefined;
  return essenceOf(frames, created?.instructions);
}

/**
 * Sends the recorded client's events, each when the simulator has reached the same point as the server had, with our
 * audio in place of the removed audio, and with the simulator's `call_id`.
 */
async function replay(lines: readonly RecordedLine[], server: ServerName): Promise<readonly Frame[]> {
  const client = await open(lines, server);
  const seen = new Map<string, number>();
  let last = "";
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

/** Opens a session, or joins that of a call if the recording has no `session.created`. */
async function open(lines: readonly RecordedLine[], server: ServerName): Promise<Client> {
  const { session } = lines.find(({ dir }) => dir === "recv")!.event as unknown as { session: { model: string } };
  const api = new Api({ scenario: scenarioOf(lines), server });
  if (lines[0]?.event.type === "session.created") return await api.connect(`?model=${session.model}`);
  const call = await api.call(`/realtime/calls?model=${session.model}`);
  return await api.connect(`?call_id=${call.id}`);
}

/** Advances time until that many events of a type have arrived. */
async function until(client: Client, type: string, count: number): Promise<void> {
  for (let ms = 0; ms < 60_000; ms++) {
    if (client.received.filter((frame) => frame.type === type).length >= count) return;
    await client.clock.advance(1);
  }
  throw new Error(`Expected ${count} of ${type}, got ${JSON.stringify(client.received.map((frame) => frame.type))}`);
}

/** The output of a function call, with the simulator's call id. */
function withOurCallId(event: Frame, received: readonly Frame[]): Frame {
  const { item } = event as { readonly item?: { readonly type: string } };
  if (item?.type !== "function_call_output") return event;
  const call = received.findLast(({ type }) => type === "response.function_call_arguments.done");
  return { ...event, item: { ...item, call_id: call?.call_id } };
}
