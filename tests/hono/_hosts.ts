import { bundleOnce } from "../_tools/bundle.ts";
import { TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, findProgram, NODE } from "../_tools/runtimes.ts";
import { startServer } from "../_tools/servers/server_process.ts";

/** An app that is served by one of the examples. */
export interface Host extends AsyncDisposable {
  /** Its address, without a slash at its end. */
  readonly url: string;
  /** Its log so far. */
  readonly output: string;
}

/** Serves the app of the examples with these variables in its environment. */
export type StartHost = (env: Record<string, string>) => Promise<Host>;

/** The hosts of the examples, by their names. */
export const HOSTS: Readonly<Record<string, StartHost>> = {
  Deno: (env) => startServer(Deno.execPath(), ["run", "-A", "--no-check", "examples/edge/deno.ts"], onFreePort(env)),
  Bun: async (env) => startServer(await findProgram(BUN), ["run", "examples/edge/bun.ts"], onFreePort(env)),
  Node: startNode,
  workerd: (env) => startWorker(env),
};

function onFreePort(env: Record<string, string>): { cwd: string; env: Record<string, string> } {
  return { cwd: ROOT, env: { ...env, PORT: "0" } };
}

async function startNode(env: Record<string, string>): Promise<Host> {
  const module = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(
    module,
    await bundleOnce("examples/edge/node.ts", [TEST_CONFIG, "--platform", "deno"]),
  );
  const server = await startServer(await findProgram(NODE), [module], onFreePort(env));
  await Deno.remove(module);
  return server;
}

/** Serves a Worker in workerd; its Durable Objects store their data in the folder `persist`, if given. */
export async function startWorker(
  env: Record<string, string>,
  persist = "",
  module = "examples/edge/worker.ts",
): Promise<Host> {
  const worker = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeTextFile(worker, await bundleOnce(module, ["--platform", "browser"]));
  const args = ["run", "-A", "--no-check", "tests/hono/_miniflare.ts", worker, JSON.stringify(env), persist];
  const server = await startServer(Deno.execPath(), args, { cwd: ROOT });
  await Deno.remove(worker);
  return server;
}
