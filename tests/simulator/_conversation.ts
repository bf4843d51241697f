import type { FunctionTool, Item } from "../../src/protocol/mod.ts";
import type { ReplyContext } from "../../src/simulator/model/simulated_model.ts";
import type { PlannedMessage } from "../../src/simulator/model/planned_output.ts";
import type { ReplyPlan } from "../../src/simulator/model/reply_plan.ts";

/** The context of a createModel call in a conversation of `items`, which get ids if they have none. */
export function contextOf(items: readonly Item[], more: Partial<ReplyContext> = {}): ReplyContext {
  return {
    items: items.map((item, index) => item.id === undefined ? { ...item, id: `item_${index}` } : item),
    outOfBand: false,
    instructions: "",
    tools: [],
    toolChoice: "auto",
    ownToolChoice: false,
    modality: "audio",
    audioOf: () => undefined,
    ...more,
  };
}

export function typed(text: string, id?: string): Item {
  return { id, type: "message", role: "user", content: [{ type: "input_text", text }] };
}

export function spoken(id: string, transcript: string | null = null): Item {
  return { id, type: "message", role: "user", content: [{ type: "input_audio", transcript }] };
}

export function said(text: string): Item {
  return { type: "message", role: "assistant", content: [{ type: "output_text", text }] };
}

export function told(text: string): Item {
  return { type: "message", role: "system", content: [{ type: "input_text", text }] };
}

export function call(name: string, callId = "call_1"): Item {
  return { type: "function_call", name, call_id: callId, arguments: "{}" };
}

export function output(text: string, callId = "call_1", id?: string): Item {
  return { id, type: "function_call_output", call_id: callId, output: text };
}

export function tool(name: string, properties: Record<string, unknown> = {}): FunctionTool {
  return { type: "function", name, parameters: { type: "object", properties, required: Object.keys(properties) } };
}

/** The calls of a plan, as `name arguments`. */
export function callsOf(plan: ReplyPlan): string[] {
  return plan.outputs.flatMap((each) => each.type === "function_call" ? [`${each.name} ${each.arguments}`] : []);
}

/** The only message of a plan. */
export function messageOf(plan: ReplyPlan): PlannedMessage {
  const [message, ...more] = plan.outputs;
  if (message?.type !== "message" || more.length > 0) throw new TypeError("The plan is not one message");
  return message;
}
