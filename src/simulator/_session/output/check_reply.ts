// This module is browser compatible.
import { isRecord } from "../../../_internal/wire.ts";
import type { ReplyPlan } from "../../model/reply_plan.ts";

/** The texts that an output of each type requires. */
const TEXTS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["message", ["text"]],
  ["function_call", ["name", "arguments"]],
  ["mcp_call", ["server_label", "name", "arguments"]],
]);

/**
 * Checks the reply of a model that a test has written: a mistake in it would otherwise be thrown while it is streamed,
 * where no session can report it.
 *
 * @throws {TypeError} when it is not a plan that can be played.
 */
export function checkReply(plan: ReplyPlan): ReplyPlan {
  const { outputs }: { readonly outputs?: unknown } = Object(plan);
  if (!Array.isArray(outputs)) {
    const received = plan instanceof Promise ? "a Promise, as reply() is asynchronous" : JSON.stringify(plan);
    throw new TypeError(
      `Cannot play a reply as it must be an object with a list outputs: current value is ${received}`,
    );
  }
  for (const [index, output] of outputs.entries()) {
    const texts = isRecord(output) ? TEXTS.get(output.type) : undefined;
    if (!texts) {
      const types = [...TEXTS.keys()].join(", ");
      throw new TypeError(
        `Cannot play a reply as outputs[${index}].type must be one of ${types}: current value is ${output?.type}`,
      );
    }
    const { audio } = output;
    if (audio !== undefined && !(audio instanceof Int16Array)) {
      throw new TypeError(
        `Cannot play a reply as outputs[${index}].audio must be an Int16Array: current value is ${audio}`,
      );
    }
    const wrong = texts.find((name) => typeof output[name] !== "string");
    if (wrong === undefined) continue;
    const received = JSON.stringify(output[wrong]);
    throw new TypeError(
      `Cannot play a reply as outputs[${index}].${wrong} must be a string: current value is ${received}`,
    );
  }
  return plan;
}
