// This module is browser compatible.
import type { HeardSpeech } from "../../model/heard_speech.ts";
import type { SimulatedModel } from "../../model/simulated_model.ts";

/**
 * Passes the audio of an item to the model.
 *
 * @throws {TypeError} when a model that a test has written returns no transcript.
 */
export function hearSpeech(model: SimulatedModel, audio: Int16Array, itemId: string): HeardSpeech {
  const heard = model.hear(audio, itemId);
  if (typeof heard === "string") return { transcript: heard };
  if (typeof heard?.transcript === "string") return heard;
  throw new TypeError(`Cannot hear speech as hear() must return a transcript: current value is ${heard}`);
}
