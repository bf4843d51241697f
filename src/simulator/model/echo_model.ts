// This module is browser compatible.

import { echoReply, heardSpeech } from "./_echo_reply.ts";
import { wordsBy } from "./_words_by.ts";
import type { SimulatedModel } from "./simulated_model.ts";

/**
 * Creates the default model of the simulator, which answers any client:
 *
 * - audio is echoed, with a transcript (`You said: …` in a text response); it recognizes no words, so its transcripts
 *   tell only the duration of the speech;
 * - text is answered with `You said: …`, and with at least 20 seconds of speech (up to 120, if a duration is given)
 *   when a long answer is requested: by the user ("a long story", "in detail", "count to 50", "for 30 seconds") or by
 *   the instructions;
 * - a function is called when `tool_choice` demands it, or when the user's text names it ("get_weather", "get the
 *   weather") or is about it ("How is the weather in Oslo?"), with arguments from its JSON Schema and the user's words;
 *   several when several are named, unless the session allows only one at a time;
 * - tools of MCP servers are called in the same way, once they have been listed; they answer with a remark;
 * - the output of a function is answered with a message that repeats it. Until the user speaks again no further function
 *   is called, unless that response's own `tool_choice` demands it;
 * - images, system messages, silence and an empty conversation are answered with a remark on them;
 * - in a translation session everything is echoed.
 *
 * @category Simulator
 *
 * @example A model for your own simulator
 * ```ts
 * import { createEchoModel } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = createEchoModel().reply({
 *   items: [{ id: "item_1", type: "message", role: "user", content: [{ type: "input_text", text: "Hello!" }] }],
 *   outOfBand: false,
 *   instructions: "",
 *   tools: [],
 *   toolChoice: "auto",
 *   ownToolChoice: false,
 *   modality: "text",
 *   audioOf: () => undefined,
 * });
 * assertEquals(plan, { outputs: [{ type: "message", text: "You said: Hello!" }] });
 * ```
 */
export function createEchoModel(): SimulatedModel {
  const nothingKnown: ReadonlyMap<string, string> = new Map();
  return {
    hear: (audio) => heardSpeech(audio),
    hearSoFar: (_itemId, heardMs) => wordsBy("Some speech", heardMs),
    reply: (context) => echoReply(context, nothingKnown),
  };
}
