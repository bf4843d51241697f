import { connectVoice, defineTool, type VoiceSession } from "../../mod.ts";
import { synthesizeSpeech } from "../../src/simulator/speech.ts";
import type { SteppedSimulator } from "./_stepped_simulator.ts";
import { QUESTION, QUESTION_FOR_TOOL, TOOL } from "./_talk_script.ts";

/** Milliseconds of a step, and of a chunk of the microphone. */
const STEP_MS = 100;
const SAMPLES = 24 * STEP_MS;

/** Milliseconds of a round of the conversation: a little less than a minute, as the API ends sessions after an hour. */
export const ROUND_MS = 59_800;

/** When the user speaks in a round. The third time the model does, too. */
const SPEECH_MS: readonly number[] = [1000, 39_000, 46_000];
/** When the user writes in a round, and what. */
const WRITTEN: ReadonlyMap<number, string> = new Map([
  [14_000, "Would you write down what you know about honey?"],
  [26_000, QUESTION_FOR_TOOL],
]);

const SPEECH = synthesizeSpeech(QUESTION);
const SILENCE = new Int16Array(SAMPLES);

/**
 * A voice conversation: the microphone is always on, the output is played, events and transcripts are read, the user's
 * speech is transcribed, and there is a tool. In each round the user asks four times and interrupts once.
 */
export class Conversation {
  /** Number of events by type. */
  readonly counts: Map<string, number> = new Map();
  readonly #simulator: SteppedSimulator;
  readonly #voice: VoiceSession;
  readonly #microphone: WritableStreamDefaultWriter;

  /** Begins to listen; {@linkcode Conversation.begin} also connects. */
  constructor(simulator: SteppedSimulator, voice: VoiceSession) {
    this.#simulator = simulator;
    this.#voice = voice;
    this.#microphone = voice.input.getWriter();
    void readAll(voice.session.events(), ({ type }) => this.counts.set(type, (this.counts.get(type) ?? 0) + 1));
    for (const reader of [voice.output, voice.events(), voice.transcripts()]) void readAll<unknown>(reader, () => {});
  }

  /** Begins one. */
  static async begin(simulator: SteppedSimulator): Promise<Conversation> {
    const getWeather = defineTool({
      name: TOOL,
      description: "Tells the weather.",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      run: () => ({ sky: "fog", temperature: 4 }),
    });
    const { clock, dial } = simulator;
    const voice = await simulator.until(connectVoice({
      apiKey: "sk-test",
      dial,
      clock,
      turnDetection: "server_vad",
      transcription: { model: "gpt-4o-transcribe" },
      tools: [getWeather],
      // It would renew the session after 55 minutes, and there is one connection. `deno task chaos` measures renewals.
      recovery: false,
    }));
    return new Conversation(simulator, voice);
  }

  /** Talks for a round. */
  async round(): Promise<void> {
    for (let ms = 0; ms < ROUND_MS; ms += STEP_MS) {
      const written = WRITTEN.get(ms);
      if (written !== undefined) void this.#voice.session.ask(written);
      void this.#microphone.write(soundAt(ms));
      await this.#simulator.step(STEP_MS);
    }
  }

  /** Deletes every item; returns how many there were. */
  async deleteItems(): Promise<number> {
    const { session } = this.#voice;
    const ids = session.conversation.getSnapshot().map(({ id }) => id);
    await this.#simulator.until(Promise.all(ids.map((id) => session.deleteItem(id))));
    return ids.length;
  }

  /** Ends it. */
  async end(): Promise<void> {
    await this.#simulator.until(this.#voice.close());
  }
}

/** Sound of the microphone at a time of a round. */
function soundAt(ms: number): Int16Array {
  const startMs = SPEECH_MS.findLast((speechMs) => speechMs <= ms) ?? Infinity;
  const sound = SPEECH.slice((ms - startMs) * 24, (ms - startMs) * 24 + SAMPLES);
  return startMs < Infinity && sound.length === SAMPLES ? sound : SILENCE;
}

async function readAll<T>(values: AsyncIterable<T>, take: (value: T) => void): Promise<void> {
  for await (const value of values) take(value);
}
