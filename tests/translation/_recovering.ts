import {
  connectTranslation,
  type ConnectTranslationOptions,
  type RealtimeTranslation,
  type TranslationWords,
} from "../../src/connect_translation.ts";
import type { RecoveryEvent } from "../../src/session/mod.ts";
import { createSimulator, type SimulatedModel, type SimulatorOptions } from "../../src/simulator/mod.ts";
import type { SimulatedSession } from "../../src/simulator/simulated_session.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";

/** A second of a tone, which the simulator detects as speech, and the pause that ends it. */
export const SPEECH: Int16Array = Int16Array.from({ length: 24_000 }, (_, index) => Math.sin(index / 9) * 8000);
export const PAUSE: Int16Array = new Int16Array(12_000);

/** A translation against the simulator in virtual time, with its output and events. */
export interface Recovering {
  readonly clock: VirtualClock;
  readonly translation: RealtimeTranslation;
  readonly events: readonly RecoveryEvent[];
  readonly words: readonly TranslationWords[];
  /** The exception of `transcripts()`, if any. */
  readonly failure: { readonly error?: unknown };
  /** Seconds of the translated audio, one entry per piece. */
  readonly heard: readonly number[];
  /** The translation as read. */
  readonly output: readonly Uint8Array[];
  /** The server's side of the newest connection. */
  server(): SimulatedSession;
  /** Speaks these samples. */
  say(...audio: readonly Int16Array[]): Promise<void>;
  /** Awaits a promise while time passes. */
  until<T>(promise: Promise<T>, ms?: number): Promise<T>;
  /** Ends the session. */
  end(): Promise<boolean>;
}

/** Opens a translation; `dialed` is called with the number of each attempt, and may throw. */
export async function openRecovering(
  options: ConnectTranslationOptions = {},
  simulation: SimulatorOptions = {},
  dialed: (attempt: number) => void = () => {},
): Promise<Recovering> {
  const clock = createVirtualClock();
  const heard: number[] = [];
  const model: SimulatedModel = {
    hear: (audio) => {
      heard.push(Math.round(audio.filter((sample) => sample !== 0).length / 2400) / 10);
      return "Good day.";
    },
    reply: () => ({ outputs: [] }),
    translate: ({ language }) => ({ text: language === "it" ? "Buongiorno." : "Guten Tag.", audio: SPEECH }),
  };
  const simulator = createSimulator({ clock, pace: "fast", createModel: () => model, ...simulation });
  let attempt = 0;
  const opening = connectTranslation({
    apiKey: "sk-test",
    clock,
    language: "de",
    onUnhandled: (error, context) => {
      throw new Error(`Unexpected failure of ${context}`, { cause: error });
    },
    dial: async (request) => {
      dialed(++attempt);
      return await simulator.dial(request);
    },
    ...options,
  });
  await clock.advance(100);
  const translation = await opening;
  const events: RecoveryEvent[] = [];
  for (const type of ["reconnecting", "recovered", "renewed", "recovery_failed"] as const) {
    translation.on(type, (event) => void events.push(event));
  }
  const words: TranslationWords[] = [];
  const failure: { error?: unknown } = {};
  const output: Uint8Array[] = [];
  const fail = (error: unknown) => void (failure.error = error);
  const reading = Promise.all([
    (async () => {
      for await (const word of translation.transcripts()) words.push(word);
    })().catch(fail),
    translation.output.pipeTo(new WritableStream({ write: (bytes) => void output.push(bytes) })).catch(fail),
  ]);
  const until: Recovering["until"] = async (promise, ms = 60_000) => {
    let isSettled = false;
    promise.catch(() => {}).finally(() => isSettled = true);
    for (let waited = 0; !isSettled && waited < ms; waited += 50) await clock.advance(50);
    if (!isSettled) throw new Error(`The promise has not settled within ${ms} ms`);
    return await promise;
  };
  const writer = translation.input.getWriter();
  return {
    clock,
    translation,
    events,
    words,
    failure,
    heard,
    output,
    server: () => simulator.sessions.at(-1)!,
    say: async (...audio) => {
      for (const samples of audio) await until(writer.write(samples));
      await clock.advance(100);
    },
    until,
    end: async () => {
      const { confirmed } = await until(translation.close());
      await reading;
      return confirmed;
    },
  };
}

/** The words of one side. */
export function said(words: readonly TranslationWords[], side: TranslationWords["side"] = "output"): string {
  return words.filter((word) => word.side === side).map(({ text }) => text).join("");
}
