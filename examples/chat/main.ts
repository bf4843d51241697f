/**
 * A chat in the terminal with the agent of a shop: {@link openShopAgent}. Each line is a message of yours; an empty one
 * ends it.
 *
 * ```sh
 * deno run -A examples/chat/main.ts            # with OPENAI_API_KEY the real API, else the simulator
 * deno run -A examples/chat/main.ts --verbose  # every event as well
 * ```
 *
 * @module
 */
import { type ConnectOptions, costOf, type ResponseHandle, type Session } from "@oai-rt/edge";
import { createSimulator } from "@oai-rt/edge/simulator";
import { openShopAgent, PRICES, type Shop } from "./shop_agent.ts";

/** The lines of the standard input. */
async function* readLines(): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

const lines = readLines();

/** Asks the user for a line; empty at the end of the input. */
async function ask(question: string): Promise<string> {
  await Deno.stdout.write(new TextEncoder().encode(question));
  return (await lines.next()).value ?? "";
}

const SHOP: Shop = {
  findParcel: (orderId) => Promise.resolve(`Order ${orderId} left the house this morning.`),
  refund: () => Promise.resolve(),
  approveRefund: async (orderId) => await ask(`Give the money for order ${orderId} back? (y/n) `) === "y",
  onStopped: (words) => console.log(`\n(stopped: ${words})`),
};

/** Prints all responses of the model as they arrive. Returns a function that waits until those so far are printed. */
function printResponses(session: Session): () => Promise<void> {
  let printed: Promise<void> = Promise.resolve();
  const print = async (response: ResponseHandle) => {
    for await (const words of response.textStream()) await Deno.stdout.write(new TextEncoder().encode(words));
    if (await response.text()) console.log();
  };
  void (async () => {
    for await (const response of session.responses()) printed = printed.then(() => print(response));
  })();
  return () => printed;
}

async function main(args: readonly string[]): Promise<void> {
  const apiKey = Deno.env.get("OPENAI_API_KEY");
  const target: ConnectOptions = apiKey
    ? { apiKey, baseUrl: Deno.env.get("OPENAI_BASE_URL") }
    : { apiKey: "sk-test", dial: createSimulator().dial };
  const logger = args.includes("--verbose") ? console : undefined;
  await using session = await openShopAgent(SHOP, { ...target, logger });
  const printed = printResponses(session);
  let isOpen = true;
  void session.closed.then(() => isOpen = false);
  session.on("limit_reached", ({ limit }) => console.log(`The session has reached ${limit}`));
  session.on("tool_call_done", ({ name, output }) => console.log(`(${name}: ${output})`));
  for (let line = await ask("> "); line && isOpen; line = await ask("> ")) {
    await session.sendMessage(line);
    session.respond();
    await session.idle();
    await printed();
  }
  console.log(`It cost $${costOf(session.usage, PRICES).toFixed(4)}`);
}

if (import.meta.main) await main(Deno.args);
