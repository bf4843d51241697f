import type { ConnectVoiceOptions, VoiceEvent, VoiceEventMap, VoiceSession } from "../../mod.ts";
import { connectVoice } from "../../mod.ts";
import type { ClientEvent, ServerEvent } from "../../src/protocol/mod.ts";
import {
  createSimulator,
  createVirtualClock,
  type ReplyPlan,
  type Simulator,
  type SimulatorOptions,
  type VirtualClock,
} from "../../src/simulator/mod.ts";

/** A voice session with a simulator on a virtual clock, and everything that either side sent. */
export interface TestConversation extends AsyncDisposable {
  readonly voice: VoiceSession;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  /** The client's events, without audio. */
  readonly sent: readonly ClientEvent[];
  /** Sizes of the audio that the client sent, in bytes. */
  readonly appended: readonly number[];
  /** The server's events. */
  readonly received: readonly ServerEvent[];
  /** The events of the voice session. */
  readonly events: readonly VoiceEvent[];
  /** Audio read from `voice.output`, in milliseconds by item. */
  readonly taken: ReadonlyMap<string, number>;
  /** Lets the server end the session. */
  end(): Promise<void>;
}

/** Advances the clock until a promise has settled. */
export async function settled<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let pending = true;
  promise.finally(() => pending = false).catch(() => {});
  for (let elapsed = 0; pending && elapsed < 120_000; elapsed += 10) await clock.advance(10);
  if (pending) throw new Error("It did not settle within two minutes of virtual time");
  return await promise;
}

/** Advances the clock until a condition holds. */
export async function until(clock: VirtualClock, holds: () => boolean): Promise<void> {
  for (let elapsed = 0; !holds() && elapsed < 120_000; elapsed += 5) await clock.advance(5);
  if (!holds()) throw new Error(`It did not come to hold within two minutes of virtual time: ${holds}`);
}

/** Starts a conversation whose output is being read. */
export async function converse(
  options: Partial<ConnectVoiceOptions> = {},
  simulatorOptions: SimulatorOptions = {},
): Promise<TestConversation> {
  const clock = createVirtualClock();
  const sent: ClientEvent[] = [];
  const appended: number[] = [];
  const received: ServerEvent[] = [];
  const simulator = createSimulator({
    clock,
    ...simulatorOptions,
    onFrame: ({ data, from }) => {
      const event = JSON.parse(String(data));
      if (from === "server") received.push(event);
      else if (event.type === "input_audio_buffer.append") appended.push(atob(event.audio).length);
      else sent.push(event);
    },
  });
  const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, ...options });
  const voice = await settled(clock, connecting);
  const events: VoiceEvent[] = [];
  voice.on("*", (event) => void events.push(event));
  const taken = new Map<string, number>();
  const reading = (async () => {
    for await (const { itemId, durationMs } of voice.output) taken.set(itemId, (taken.get(itemId) ?? 0) + durationMs);
  })();
  return {
    voice,
    clock,
    simulator,
    sent,
    appended,
    received,
    events,
    taken,
    end: () => simulator.close(),
    async [Symbol.asyncDispose]() {
      await settled(clock, voice.close());
      await settled(clock, reading);
      await simulator.close();
    },
  };
}

/** A model that gives the same answer to any input. */
export function saying(plan: ReplyPlan) {
  return { createModel: () => ({ hear: () => "whatever", reply: () => plan }) };
}

/** A tone that an energy VAD detects as speech. */
export function tone(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 24 }, (_, i) => 8000 * Math.sin(i * 2 * Math.PI * 220 / 24_000));
}

/** A model that tells a story of ten seconds. */
export const STORY = saying({ outputs: [{ type: "message", text: "A long story.", audio: tone(10_000) }] });

/** The events of the voice session of one type. */
export function eventsOf<T extends VoiceEvent["type"]>({ events }: TestConversation, type: T): VoiceEventMap[T][] {
  return events.filter((event) => event.type === type) as unknown as VoiceEventMap[T][];
}

/** Lets the model speak; resolves with the id of its message, once some of it was heard. */
export async function startStory(conversation: TestConversation): Promise<string> {
  const { voice, clock } = conversation;
  voice.session.respond();
  await until(clock, () => (voice.playback.items[0]?.heardMs ?? 0) > 0);
  return voice.playback.items[0]!.itemId;
}
