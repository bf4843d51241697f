/**
 * The simulator in an isolate of its own, with a heap of its own, in virtual time. It takes the client's frames of a step
 * and how long the step is, and answers with its own frames of the step.
 */
import type { Clock } from "../../src/_internal/clock.ts";
import { createSimulator, createVirtualClock, type SimulatedModel, synthesizeSpeech } from "../../src/simulator/mod.ts";
import { FACTS, QUESTION, QUESTION_FOR_TOOL, TOOL } from "./_talk_script.ts";
import type { StepRequest } from "./_stepped_simulator.ts";

const speech = FACTS.map((text) => ({ text, audio: synthesizeSpeech(text) }));

/** The global scope of a worker. */
interface WorkerScope {
  onmessage: (message: MessageEvent<StepRequest>) => void;
  postMessage(frames: readonly string[]): void;
}

/** Calls the tool when it is asked to, and says something of some ten seconds otherwise. */
function createModel(): SimulatedModel {
  let said = 0;
  return {
    hear: () => QUESTION,
    reply({ items }) {
      const last = items.at(-1);
      const isAsked = JSON.stringify(last).includes(QUESTION_FOR_TOOL);
      if (isAsked) return { outputs: [{ type: "function_call", name: TOOL, arguments: `{"city":"Oslo"}` }] };
      return { outputs: [{ type: "message", ...speech[said++ % speech.length]! }] };
    },
  };
}

const scope = globalThis as unknown as WorkerScope;
const clock = createVirtualClock();
/** The API's maximum duration of a session, in milliseconds: conversations here may be longer. */
const EXPIRY_MS = 3_600_000;
const endless: Clock = {
  now: () => clock.now(),
  schedule: (callback, ms) => ms >= EXPIRY_MS ? () => {} : clock.schedule(callback, ms),
};
const simulator = createSimulator({ clock: endless, createModel: createModel });
const socket = await simulator.dial({
  url: new URL("wss://simulator/v1/realtime?model=gpt-realtime"),
  headers: new Headers({ authorization: "Bearer sk-test" }),
  protocols: [],
  signal: new AbortController().signal,
});
let frames: string[] = [];
socket.listen({ message: (data) => void frames.push(String(data)), close() {} });
scope.onmessage = async ({ data }) => {
  for (const frame of data.frames) socket.send(frame);
  await clock.advance(data.ms);
  scope.postMessage(frames);
  frames = [];
};
scope.postMessage([]);
