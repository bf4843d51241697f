// This module is browser compatible.

import * as v from "valibot";
import { readWav } from "../audio/mod.ts";
import { describeIssue, ScenarioSchema } from "./_scenario_schema.ts";
import type { PlannedOutcome } from "./brain.ts";

/** A message that the simulated model says or writes. */
export interface ScenarioMessage {
  /** Kind of output. */
  readonly type: "message";
  /** What is written, or the transcript of what is said. */
  readonly text: string;
  /**
   * What is heard in an audio response: samples (24 kHz mono), or in a file the path of a WAV file, which
   * {@linkcode loadScenario} replaces by its samples.
   *
   * @default {synthesizeSpeech(text)}
   */
  readonly audio?: string | Int16Array | undefined;
  /** Phase that the item carries. */
  readonly phase?: "commentary" | "final_answer" | undefined;
}

/** A function that the simulated model calls. */
export interface ScenarioFunctionCall {
  /** Kind of output. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments; a string is sent as it is, even when it is not JSON. */
  readonly arguments: string | Readonly<Record<string, unknown>>;
}

/** One output item of a response. */
export type ScenarioOutput = ScenarioMessage | ScenarioFunctionCall;

/** One response of the simulated model. */
export interface ScenarioResponse {
  /** Output items in order; may be empty. */
  readonly outputs: readonly ScenarioOutput[];
  /**
   * Milliseconds from `response.created` to the first output.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /** How the response ends; absent: it completes. */
  readonly outcome?: PlannedOutcome | undefined;
}

/** One turn of the user and what the simulated model does about it. */
export interface ScenarioTurn {
  /**
   * What the user is heard to say when the turn is spoken: its transcript. A typed turn has its own words.
   *
   * @default {a remark on how long the speech was}
   */
  readonly user?: string | undefined;
  /**
   * Text that a typed message must contain, in any case, to take this turn. One that does not is answered by the
   * persona, and the turn waits. Speech always takes it.
   *
   * @default {""}
   */
  readonly match?: string | undefined;
  /** The first one answers the user, the following ones the outputs of its function calls. */
  readonly responses: readonly ScenarioResponse[];
}

/** What a simulated model hears and says: the content of a scenario file, or an object in a test. */
export interface Scenario {
  /** What it says when it is to speak before the user has; absent: what the persona would. */
  readonly opening?: ScenarioResponse | undefined;
  /** The user's turns, in the order in which they are taken. */
  readonly turns: readonly ScenarioTurn[];
}

/** Options of {@linkcode loadScenario}. */
export interface LoadScenarioOptions {
  /** Reads the WAV file of a path in the scenario, which is relative to the scenario's file. */
  read: (path: string) => Promise<Uint8Array>;
}

/**
 * Checks that a value is a scenario. Unknown fields are refused: they are misspelt ones.
 *
 * @param json the parsed content of a scenario file.
 * @throws {TypeError} when it is not a scenario; the message names the path of the field.
 *
 * @example A scenario with a function call
 * ```ts
 * import { createScenarioBrain, parseScenario } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const scenario = parseScenario({
 *   turns: [{
 *     user: "What is the weather like in Paris?",
 *     responses: [
 *       { outputs: [{ type: "function_call", name: "get_weather", arguments: { city: "Paris" } }] },
 *       { outputs: [{ type: "message", text: "It is sunny in Paris." }], delayMs: 200 },
 *     ],
 *   }],
 * });
 * const brain = createScenarioBrain(scenario);
 * assertEquals(brain.hear(new Int16Array(24_000), "item_1"), "What is the weather like in Paris?");
 * ```
 */
export function parseScenario(json: unknown): Scenario {
  const result = v.safeParse(ScenarioSchema, json, { abortEarly: true });
  if (!result.success) throw new TypeError(`Cannot parse scenario as ${describeIssue(result.issues[0])}`);
  return result.output;
}

/**
 * Checks a scenario and reads the recordings that it names, each once.
 *
 * @param json the parsed content of a scenario file.
 * @param options how files are read.
 * @returns the scenario with samples in the place of paths.
 * @throws {TypeError} when it is not a scenario.
 * @throws {SyntaxError} when a recording is not a WAV file of 24 kHz mono PCM16. What `read` throws is thrown on.
 */
export async function loadScenario(json: unknown, options: LoadScenarioOptions): Promise<Scenario> {
  const scenario = parseScenario(json);
  const recordings = new Map<string, Int16Array>();
  const responses = [scenario.opening, ...scenario.turns.flatMap((turn) => turn.responses)];
  for (const output of responses.flatMap((response) => response?.outputs ?? [])) {
    if (output.type !== "message" || typeof output.audio !== "string" || recordings.has(output.audio)) continue;
    recordings.set(output.audio, decodeRecording(output.audio, await options.read(output.audio)));
  }
  const loaded = (response: ScenarioResponse): ScenarioResponse => ({
    ...response,
    outputs: response.outputs.map((output) => {
      if (output.type !== "message" || typeof output.audio !== "string") return output;
      return { ...output, audio: recordings.get(output.audio) };
    }),
  });
  return {
    ...scenario,
    ...(scenario.opening === undefined ? {} : { opening: loaded(scenario.opening) }),
    turns: scenario.turns.map((turn) => ({ ...turn, responses: turn.responses.map(loaded) })),
  };
}

function decodeRecording(path: string, bytes: Uint8Array): Int16Array {
  let wav;
  try {
    wav = readWav(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot load scenario as "${path}" is not readable: ${reason}`, { cause });
  }
  const { format, sampleRate, channels, samples } = wav;
  if (format === "audio/pcm" && sampleRate === 24_000 && channels === 1) return samples;
  throw new SyntaxError(
    `Cannot load scenario as "${path}" must be 24000 Hz mono audio/pcm: current value is ${sampleRate} Hz, ` +
      `${channels} channel${channels === 1 ? "" : "s"}, ${format}`,
  );
}
