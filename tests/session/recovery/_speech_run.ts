import { toBytes } from "../../../src/audio/mod.ts";
import type { RecoveryLoss } from "../../../src/session/mod.ts";
import type { Fault } from "../../../src/simulator/mod.ts";
import { randomFrom } from "../../_random.ts";
import { openWorld, withPauses } from "./_world.ts";

/** Length of an utterance, and of the windows in which its pitch is looked for, in milliseconds. */
const SPEECH_MS = 1200;
const WINDOW_MS = 100;
const STEP_HZ = 40;

/** Moments at which a connection drops. */
const MOMENTS = [
  "input_audio_buffer.speech_started",
  "input_audio_buffer.speech_stopped",
  "input_audio_buffer.committed",
  "conversation.item.added",
  "conversation.item.done",
  "conversation.item.input_audio_transcription.completed",
  "response.created",
  "response.done",
];

/**
 * A user speaks into a session with voice activity detection, each utterance at a pitch of its own, while connections
 * drop, stall and die by chance. Returns the utterances that are neither in the conversation of the last connection, once
 * and whole, nor reported lost.
 */
export function runSpeech(seed: number, utterances: number): Promise<readonly string[]> {
  const random = randomFrom(seed);
  return withPauses(random, () => run(random, utterances));
}

async function run(random: () => number, utterances: number): Promise<readonly string[]> {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  const createModel = () => ({ hear: pitchesOf, reply: () => ({ outputs: [] }) });
  const latency = pick(["none", { ackMs: 60, transcriptionMs: 400 }] as const);
  const { clock, end, server, session, simulator } = await openWorld({
    turnDetection: { type: "server_vad" },
    session: { audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } },
    recovery: { replay: { maxTokens: 1e9 } },
  }, { createModel, latency });
  const losses: RecoveryLoss[] = [];
  session.on("recovered", ({ lost }) => void losses.push(...lost));
  /** The newest utterance when an item was first named. */
  const utteranceOf = new Map<string | undefined, number>();
  let spoken = -1;
  for (const type of ["input_audio_buffer.speech_started", "input_audio_buffer.committed"] as const) {
    session.on(type, ({ item_id }) => {
      if (item_id && !utteranceOf.has(item_id)) utteranceOf.set(item_id, spoken);
    });
  }
  const stream = async (samples: Int16Array) => {
    for (let start = 0; start < samples.length; start += WINDOW_MS * 24) {
      session.appendAudio(toBytes(samples.subarray(start, start + WINDOW_MS * 24)));
      await clock.advance(WINDOW_MS);
    }
  };
  for (spoken = 0; spoken < utterances; spoken++) {
    if (random() < 0.6) {
      const type = pick(["drop", "drop", "expire", "silence", "stall"] as const);
      const timing = random() < 0.5 ? { at: pick(MOMENTS) } : { afterMs: Math.floor(random() * 3000) };
      const ms = Math.floor(random() * 5000);
      const fault: Fault = type === "stall" ? { type, ms, ...timing } : { type, ...timing };
      // Otherwise, there is no connection to disturb; a server may also have ended during a stall, which hides that.
      if (session.state === "open") simulator.sessions.at(-1)?.fault(fault);
    }
    await stream(toneOf(spoken));
    await stream(new Int16Array(24 * Math.floor(800 + random() * 3000)));
  }
  // A dead connection is detected meanwhile.
  await stream(new Int16Array(24 * 62_000));
  const heard = server().items.flatMap((item) =>
    (item as unknown as { readonly content: readonly { readonly text?: string; readonly transcript?: string }[] })
      .content
      .flatMap(({ text, transcript }) => (text ?? transcript ?? "").split(" "))
  );
  const faults: string[] = [];
  for (let index = 0; index < utterances; index++) {
    const found = heard.map((words) => words.split(":").map(Number)).filter(([pitch]) => pitch === index);
    const missingMs = SPEECH_MS - 2 * WINDOW_MS - (found[0]?.[1] ?? 0);
    // A line that stalled for long may lose the beginning, and says so.
    const isWhole = missingMs <= 0 ||
      losses.some(({ durationMs = 0, kind }) => kind === "audio" && durationMs >= missingMs);
    const isOnce = found.length === 1 && isWhole;
    const isReported = losses.some(({ id, kind }) =>
      // Its beginning may have been reported late: after a stall, or by the next connection.
      kind === "utterance" && utteranceOf.get(id)! >= index && utteranceOf.get(id)! <= index + 3
    );
    if (!isOnce && !(found.length === 0 && isReported)) faults.push(`utterance ${index}: heard ${found.join("; ")}`);
  }
  await end();
  if (clock.pending > 0) faults.push(`${clock.pending} timers are left`);
  return faults;
}

/** The sound of an utterance. */
function toneOf(index: number): Int16Array {
  const step = 2 * Math.PI * (400 + STEP_HZ * index) / 24_000;
  return Int16Array.from({ length: SPEECH_MS * 24 }, (_, sample) => 8000 * Math.sin(step * sample));
}

/** The utterances in a recording, as words such as `3:1100`: utterance 3 for 1100 ms. */
function pitchesOf(audio: Int16Array): string {
  const lengths = new Map<number, number>();
  const width = WINDOW_MS * 24;
  const isLoud = (start: number) => audio.subarray(start, start + 120).some((sample) => Math.abs(sample) > 4000);
  for (let start = 0; start + width <= audio.length; start += width) {
    if (![0, width / 2, width - 120].every((offset) => isLoud(start + offset))) continue;
    let crossings = 0;
    for (let index = start + 1; index < start + width; index++) {
      if ((audio[index - 1]! < 0) !== (audio[index]! < 0)) crossings++;
    }
    const pitch = Math.round((crossings / 2 / WINDOW_MS * 1000 - 400) / STEP_HZ);
    lengths.set(pitch, (lengths.get(pitch) ?? 0) + WINDOW_MS);
  }
  // A window at the edge of a sound has another pitch.
  return Array.from(lengths).filter(([, ms]) => ms > WINDOW_MS).map(([pitch, ms]) => `${pitch}:${ms}`).join(" ");
}
