/** How a command ended. */
export interface CommandResult {
  /** Exit code; 124 when the command was stopped for taking too long. */
  readonly code: number;
  /** Its standard output and standard error, in order. */
  readonly output: string;
}

/** Options of {@linkcode runCommand}. */
export interface CommandOptions {
  /** Directory to run in. */
  cwd: string;
  /** Environment variables to add. */
  env?: Record<string, string>;
  /**
   * Milliseconds after which the command is stopped.
   *
   * @default {600_000}
   */
  timeoutMs?: number;
}

/**
 * Starts a command without input and colours, and without a proxy for servers on this machine, in a process group of its
 * own, so that its children (npx starts the real command) can be stopped with it.
 */
export function spawnGroup(
  command: string,
  args: readonly string[],
  { cwd, env }: Pick<CommandOptions, "cwd" | "env">,
): Deno.ChildProcess {
  // A CI may force colours, which programs prefer to NO_COLOR, or have programs log much more.
  const { DEBUG: _, FORCE_COLOR: _forced, ...inherited } = Deno.env.toObject();
  // Servers of tests are on this machine, where no proxy finds them.
  const noProxy = [inherited.NO_PROXY ?? inherited.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return new Deno.Command(command, {
    args: [...args],
    cwd,
    clearEnv: true,
    env: {
      ...inherited,
      NO_COLOR: "1",
      NO_PROXY: noProxy,
      no_proxy: noProxy,
      NPM_CONFIG_UPDATE_NOTIFIER: "false",
      ...env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
}

/** Runs a command to its end, without input and without colours. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { timeoutMs = 600_000 } = options;
  const child = spawnGroup(command, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    Deno.kill(-child.pid, "SIGKILL");
  }, timeoutMs);
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  };
  const [status] = await Promise.all([child.status, collect(child.stdout), collect(child.stderr)]);
  clearTimeout(timer);
  if (late) return { code: 124, output: `${output}\nStopped after ${timeoutMs} ms\n` };
  return { code: status.code, output };
}

/**
 * The option that gives Deno the configuration of tests, and of examples that need more packages than the library. Deno
 * finds the one of the library by itself.
 */
export const TEST_CONFIG = "--config=tests/deno.json";

/** Runs this very Deno, whether or not one is on the `PATH`. */
export function runDeno(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return runCommand(Deno.execPath(), args, options);
}
