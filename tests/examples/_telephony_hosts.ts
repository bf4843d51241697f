import { TEST_CONFIG } from "../_tools/command.ts";
import { bundleModule } from "../_tools/bundle.ts";
import { ROOT } from "../_tools/repository.ts";
import { type ServerProcess, startServer } from "../_tools/servers/server_process.ts";

/** Serves the telephone of the examples with these variables in its environment. */
export type StartTelephone = (env: Record<string, string>) => Promise<ServerProcess>;

/** The hosts of the examples, by the names of their runtimes. */
export const TELEPHONES: Readonly<Record<string, StartTelephone>> = {
  Deno: (env) => serve(Deno.execPath(), ["run", "-A", "--no-check", "examples/telephony/deno.ts"], env),
  Bun: (env) => serve("npx", ["-y", "bun@1.4.4", "run", "examples/telephony/bun.ts"], env),
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
      await bundleModule(ROOT, "examples/telephony/node.ts", [TEST_CONFIG, "--platform", "deno"]),
    );
    return await serve("npx", ["-y", "-p", "node@22.23.3", "node", module], env);
  } finally {
    await Deno.remove(module);
  }
}

async function startWorker(env: Record<string, string>): Promise<ServerProcess> {
  const worker = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(
      worker,
      await bundleModule(ROOT, "examples/telephony/worker.ts", ["--platform", "browser"]),
    );
    const args = ["run", "-A", "--no-check", "tests/examples/_miniflare.ts", worker, JSON.stringify(env)];
    return await startServer(Deno.execPath(), args, { cwd: ROOT });
  } finally {
    await Deno.remove(worker);
  }
}
