// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../../_internal/check_options.ts";
import * as v from "valibot";
import { readWav } from "../../audio/mod.ts";
import { describeIssues } from "./_scenario_issue.ts";
import { ScenarioSchema } from "./_scenario_schema.ts";
import type { Scenario, ScenarioResponse } from "./scenario.ts";

/**
 * Checks that a value is a scenario. Unknown fields, such as misspelt ones, are rejected.
 *
 * @category Simulator
 *
 * @param json the parsed content of a scenario file.
 * @throws {TypeError} when it is not a scenario; the message names the path of the field.
 *
 * @example A scenario with a function call, and the expected reaction of the client
 * ```ts
 * import { createScenarioModel, parseScenario } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const scenario = parseScenario({
 *   turns: [{
 *     user: "What is the weather like in Paris?",
 *     responses: [
 *       { outputs: [{ type: "function_call", name: "get_weather", arguments: { city: "Paris" } }] },
 *       { outputs: [{ type: "message", text: "It is sunny in Paris." }], delayMs: 200 },
 *     ],
 *     expect: [
 *       { type: "conversation.item.create", item: { type: "function_call_output" } },
 *       { type: "response.create" },
 *     ],
 *   }],
 * });
 * const model = createScenarioModel(scenario);
 * assertEquals(model.hear(new Int16Array(24_000), "item_1"), { transcript: "What is the weather like in Paris?" });
 * ```
 */
export function parseScenario(json: unknown): Scenario {
  if (json instanceof Promise) {
    throw new TypeError(
      "Cannot parse scenario as the scenario must be an object: current value is a Promise, await loadScenario() first",
    );
  }
  const result = v.safeParse(ScenarioSchema, json);
  if (!result.success) throw new TypeError(`Cannot parse scenario as ${describeIssues(result.issues)}`);
  return result.output;
}

/**
 * Options of {@linkcode loadScenario}.
 *
 * @category Simulator
 */
export interface LoadScenarioOptions {
  /** Reads the WAV file of a path in the scenario, which is relative to the scenario's file. */
  read: (path: string) => Promise<Uint8Array>;
}

/** Something that may be a recording by its path. */
interface Recorded {
  readonly audio?: string | Int16Array | undefined;
}

/**
 * Checks a scenario and reads the recordings that it names, each once.
 *
 * @category Simulator
 *
 * @param json the parsed content of a scenario file.
 * @param options how files are read.
 * @returns the scenario with samples in place of paths.
 * @throws {TypeError} when it is not a scenario.
 * @throws {SyntaxError} when a recording is not a WAV file of 24 kHz mono PCM16. Exceptions of `read` are passed on.
 *
 * @throws {TypeError} when an option is unknown.
 */
export async function loadScenario(json: unknown, options: LoadScenarioOptions): Promise<Scenario> {
  checkRequiredOptions("load the scenario", options, { read: 1 } satisfies OptionNames<LoadScenarioOptions>);
  const scenario = parseScenario(json);
  const recordings = new Map<string, Int16Array>();
  for (const { audio } of recordedIn(scenario)) {
    if (typeof audio !== "string" || recordings.has(audio)) continue;
    recordings.set(audio, decodeRecording(audio, await options.read(audio)));
  }
  const play = <T extends Recorded>(recorded: T): T => {
    return typeof recorded.audio === "string" ? { ...recorded, audio: recordings.get(recorded.audio) } : recorded;
  };
  const loaded = (response: ScenarioResponse): ScenarioResponse => ({
    ...response,
    outputs: response.outputs.map((output) => output.type === "message" ? play(output) : output),
  });
  const { idle, opening, outOfBand, turns } = scenario;
  return {
    ...scenario,
    ...opening && { opening: loaded(opening) },
    ...idle && { idle: loaded(idle) },
    ...outOfBand && { outOfBand: outOfBand.map(loaded) },
    turns: turns.map((turn) => ({
      ...turn,
      ...turn.translation && { translation: play(turn.translation) },
      responses: turn.responses.map(loaded),
    })),
  };
}

/** Everything in a scenario that is heard. */
function recordedIn({ idle, opening, outOfBand = [], turns }: Scenario): Recorded[] {
  const responses = [opening, idle, ...outOfBand, ...turns.flatMap((turn) => turn.responses)];
  const messages = responses.flatMap((response) => response?.outputs ?? []).filter(({ type }) => type === "message");
  return [...messages as Recorded[], ...turns.flatMap(({ translation }) => translation ?? [])];
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
