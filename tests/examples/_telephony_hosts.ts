import { TEST_CONFIG } from "../_tools/command.ts";
import { bundleOnce } from "../_tools/bundle.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, findProgram, NODE } from "../_tools/runtimes.ts";
import { type ServerProcess, startServer } from "../_tools/servers/server_process.ts";

/** Serves the telephone of the examples with these variables in its environment. */
export type StartTelephone = (env: Record<string, string>) => Promise<ServerProcess>;

/** The hosts of the examples, by the names of their runtimes. */
export const TELEPHONES: Readonly<Record<string, StartTelephone>> = {
  Deno: (env) => serve(Deno.execPath(), ["run", "-A", "--no-check", "examples/telephony/deno.ts"], env),
  Bun: async (env) => serve(await findProgram(BUN), ["run", "examples/telephony/bun.ts"], env),
  Node: startNode,
  workerd: startWorker,
};

function serve(command: string, args: readonly string[], env: Record<string, string>): Promise<ServerProcess> {
  return startServer(command, args, { cwd: ROOT, env: { ...env, PORT: "0" } });
}

async function startNode(env: Record<string, string>): Promise<ServerProcess> {
  const module = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(
      module,
      await bundleOnce("examples/telephony/node.ts", [TEST_CONFIG, "--platform", "deno"]),
    );
    return await serve(await findProgram(NODE), [module], env);
  } finally {
    await Deno.remove(module);
  }
}

async function startWorker(env: Record<string, string>): Promise<ServerProcess> {
  const worker = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(
      worker,
      await bundleOnce("examples/telephony/worker.ts", ["--platform", "browser"]),
    );
    const args = ["run", "-A", "--no-check", "tests/examples/_miniflare.ts", worker, JSON.stringify(env)];
    return await startServer(Deno.execPath(), args, { cwd: ROOT });
  } finally {
    await Deno.remove(worker);
  }
}
