/** A function that the model can call, its arguments checked. Counterpart of “Typed tools (simple)”. */
import { connect, type ConnectOptions, defineTool } from "@oai-rt/edge";
import * as v from "valibot";
import { environment } from "./environment.ts";

/** Adds two integers. */
export const sumTool = defineTool({
  name: "sum",
  description: "Add two integers.",
  parameters: v.object({ a: v.pipe(v.number(), v.integer()), b: v.pipe(v.number(), v.integer()) }),
  run: ({ a, b }) => ({ sum: a + b }),
});

/**
 * Asks a question for the tool. The model responds to its output automatically, unless `toolFollowUp` disables that.
 */
export async function askForSum(options: ConnectOptions, question: string): Promise<string> {
  await using session = await connect({ model: "gpt-realtime", tools: [sumTool], ...options });
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on("tool_call_done", ({ output }) => resolve(output));
  await session.sendMessage(question);
  session.respond();
  return await promise;
}

if (import.meta.main) console.log(await askForSum(environment(), "What is 19 and 23?"));
