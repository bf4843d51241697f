import { bundleModule } from "../../_tools/bundle.ts";
import { TEST_CONFIG } from "../../_tools/command.ts";
import { ROOT } from "../../_tools/repository.ts";
import { BUN, NODE } from "../../_tools/runtimes.ts";

/** Creates the command that starts a client with these arguments. */
export type StartClient = (args: readonly string[]) => Deno.Command;

/** Data received by the server since the last query. */
export interface CallStats {
  /** Appends, and those of them that were late. */
  readonly appends: number;
  readonly late: number;
  /** How late the latest was, in milliseconds. */
  readonly mostLateMs: number;
  /** Travel time of each frame with a timestamp, in milliseconds. */
  readonly travelMs: readonly number[];
}

/** The server of calls, in a process of its own. */
export interface CallServer {
  /** Port of the loopback address. */
  readonly port: number;
  /** Returns the data received since the last query. */
  stats(): Promise<CallStats>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** How a runtime is started with the client's arguments: Bun and Node run a bundle. */
export async function clientOn(runtime: string, client: string, folder: string): Promise<StartClient> {
  const command = (name: string, args: readonly string[]) =>
    new Deno.Command(name, { args: [...args], cwd: ROOT, stdout: "piped", stderr: "piped" });
  if (runtime === "deno") {
    const flags = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", TEST_CONFIG, client];
    return (args) => command(Deno.execPath(), [...flags, ...args]);
  }
  const bundle = `${folder}/client.mjs`;
  await Deno.writeTextFile(bundle, await bundleModule(ROOT, client, [TEST_CONFIG, "--platform", "deno"]));
  if (runtime === "bun") return (args) => command("npx", ["-y", BUN, bundle, ...args]);
  return (args) => command("npx", ["-y", "-p", NODE, "node", "--expose-gc", bundle, ...args]);
}

/** Starts the server; resolves with its port. */
export async function startCallServer(): Promise<CallServer> {
  const server = new URL("./_call_server.ts", import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-check", server], stdout: "piped" })
    .spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  return {
    port,
    stats: async () => await (await fetch(`http://127.0.0.1:${port}/stats`)).json(),
    async stop() {
      child.kill();
      await child.status;
      await reader.cancel();
    },
  };
}
