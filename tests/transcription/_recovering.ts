import {
  connectTranscription,
  type ConnectTranscriptionOptions,
  type RealtimeTranscription,
  type TranscriptionUtterance,
} from "../../src/connect_transcription.ts";
import type { RecoveryEvent } from "../../src/session/mod.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { createSimulator, type SimulatorOptions } from "../../src/simulator/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";

/** A transcription against the simulator in virtual time, with its utterances and events. */
export interface Recovering {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly transcription: RealtimeTranscription;
  readonly events: readonly RecoveryEvent[];
  readonly utterances: readonly TranscriptionUtterance[];
  /** The exception of `utterances()`, if any. */
  readonly failure: { readonly error?: unknown };
  /** Frames that the client has sent on all connections. */
  readonly sent: { readonly type: string; readonly [field: string]: unknown }[];
  /** Awaits a promise while time passes. */
  until<T>(promise: Promise<T>, ms?: number): Promise<T>;
  /** Ends the session. */
  end(): Promise<void>;
}

/** Opens a transcription; `dialed` is called with the number of each attempt, and may throw. */
export async function openRecovering(
  options: ConnectTranscriptionOptions = {},
  simulation: SimulatorOptions = {},
  dialed: (attempt: number) => void = () => {},
): Promise<Recovering> {
  const clock = createVirtualClock();
  const sent: Recovering["sent"] = [];
  const simulator = createSimulator({
    clock,
    pace: "fast",
    onFrame: ({ from, data }) => void (from === "client" && sent.push(JSON.parse(String(data)))),
    ...simulation,
  });
  let attempt = 0;
  const opening = connectTranscription({
    apiKey: "sk-test",
    clock,
    dial: async (request) => {
      dialed(++attempt);
      return await simulator.dial(request);
    },
    ...options,
  });
  await clock.advance(100);
  const transcription = await opening;
  const events: RecoveryEvent[] = [];
  for (const type of ["reconnecting", "recovered", "renewed", "recovery_failed"] as const) {
    transcription.on(type, (event) => void events.push(event));
  }
  const utterances: TranscriptionUtterance[] = [];
  const failure: { error?: unknown } = {};
  const reading = (async () => {
    for await (const utterance of transcription.utterances()) utterances.push(utterance);
  })().catch((error) => void (failure.error = error));
  const until: Recovering["until"] = async (promise, ms = 30_000) => {
    let isSettled = false;
    promise.catch(() => {}).finally(() => isSettled = true);
    for (let waited = 0; !isSettled && waited < ms; waited += 50) await clock.advance(50);
    if (!isSettled) throw new Error(`The promise has not settled within ${ms} ms`);
    return await promise;
  };
  const end = async () => {
    await until(transcription.close());
    await reading;
  };
  return { clock, simulator, transcription, events, utterances, failure, sent, until, end };
}

/** Status and words of the utterances that were not partial. */
export function ended(utterances: readonly TranscriptionUtterance[]): readonly (readonly [string, string])[] {
  return utterances.filter(({ status }) => status !== "partial").map(({ status, text }) => [status, text] as const);
}
