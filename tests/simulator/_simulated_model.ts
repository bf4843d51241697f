import type { ReplyContext, SimulatedModel } from "../../src/simulator/model/simulated_model.ts";
import type { PlannedOutput } from "../../src/simulator/model/planned_output.ts";
import type { ReplyPlan } from "../../src/simulator/model/reply_plan.ts";
import { tone } from "./_sound.ts";

/** A model that hears "Hello there." and gives the plans one after the other, repeating the last one. */
export function scripted(...plans: readonly (ReplyPlan | readonly PlannedOutput[])[]): {
  readonly createModel: () => SimulatedModel;
  readonly contexts: ReplyContext[];
} {
  const contexts: ReplyContext[] = [];
  const createModel = (): SimulatedModel => ({
    hear: () => "Hello there.",
    reply(context) {
      const plan = plans[Math.min(contexts.length, plans.length - 1)] ?? [];
      contexts.push(context);
      return "outputs" in plan ? plan : { outputs: plan };
    },
  });
  return { createModel, contexts };
}

/** A message with a number of milliseconds of audio. */
export function spoken(text: string, ms: number, fields: Partial<PlannedOutput> = {}): PlannedOutput {
  return { type: "message", text, audio: tone(ms), ...fields } as PlannedOutput;
}

/** A text message. */
export function written(text: string, phase?: "commentary" | "final_answer"): PlannedOutput {
  return { type: "message", text, phase };
}

/** A call of a function. */
export function called(name: string, args: unknown): PlannedOutput {
  return { type: "function_call", name, arguments: JSON.stringify(args) };
}
