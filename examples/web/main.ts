/**
 * A page to talk to: `npx -y deno@2.9.6 task demo:web`. The edge app serves it next to the simulator, or connects to
 * the real API when `OPENAI_API_KEY` is set.
 *
 * @module
 */
import { messageOf } from "../simulator/command.ts";
import { hasMediaPackages } from "../simulator/media/mod.ts";
import { readOptions } from "./options.ts";
import { serveDemo } from "./server.ts";

if (import.meta.main) {
  try {
    const options = readOptions(Deno.args);
    if (!hasMediaPackages()) throw new Error("Start it with: npx -y deno@2.9.6 task demo:web");
    const demo = await serveDemo(options);
    const api = options.apiKey ? "the real API: talking costs money" : "the simulator: nothing costs anything";
    console.log(`Talk at ${demo.url} with ${api}`);
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => void demo.close());
    await demo.closed;
    Deno.exit(0);
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(1);
  }
}
