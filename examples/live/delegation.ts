/**
 * A voice assistant whose tasks are handled by this program: the voice model delegates, the program reads the request
 * from the transcript, reports progress to the model, and answers.
 *
 * ```sh
 * OPENAI_API_KEY=sk-… deno run -A examples/live/delegation.ts
 * ```
 *
 * @module
 */
import type { LiveDelegationTask, LiveSession } from "@oai-rt/edge/live";
import { connectLive } from "@oai-rt/edge/live";

/** Orders by number. */
const ORDERS: Readonly<Record<string, string>> = { seven: "on its way", eight: "waiting for payment" };

/** Handles the tasks that the model delegates, until the session ends. */
export async function serveDelegations(session: LiveSession): Promise<void> {
  for await (const task of session.delegations()) {
    // Not awaited: the next one may come before this one is answered.
    void answer(task).catch((error) => console.error(`Delegation ${task.id} failed`, error));
  }
}

async function answer(task: LiveDelegationTask): Promise<void> {
  const request = await task.request();
  const [number, state] = Object.entries(ORDERS).find(([number]) => request.toLowerCase().includes(number)) ?? [];
  if (number === undefined) return void await task.answer("Ask for the number of the order.");
  await task.tell(`Order number ${number} is ${state}.`);
  // Something else may be wanted by now.
  if (!task.isStale) await task.answer(`Order number ${number} is ${state}.`);
}

if (import.meta.main) {
  const session = await connectLive({
    apiKey: Deno.env.get("OPENAI_API_KEY"),
    instructions: "You answer the phone of a shop. Look up orders before you speak about them.",
    limits: { maxDurationMs: 60_000 },
  });
  session.on("turn_done", ({ turn }) => console.log(`${turn.role}: ${turn.text}`));
  await session.say("Welcome to the shop. Which order is it about?");
  await serveDelegations(session);
  console.log(await session.closed);
}
