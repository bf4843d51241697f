import { fileURLToPath } from "node:url";

/** Signals that end the command, and are forwarded to the child program. */
const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

/**
 * Runs a program again, with the same arguments and the configuration that installs the packages for media; returns its
 * exit code. They are therefore installed only for `--webrtc`.
 */
export async function runWithMedia(program: string): Promise<number> {
  const config = new URL("./media/deno.json", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--no-check", "--config", fileURLToPath(config), program, ...Deno.args],
    stdin: "inherit",
  }).spawn();
  for (const signal of SIGNALS) Deno.addSignalListener(signal, () => child.kill(signal));
  const { code } = await child.status;
  return code;
}
