/** The command that serves the simulator. */
const SIMULATOR = "examples/simulator/main.ts";
/** Milliseconds that it may take until it listens. */
const START_TIMEOUT_MS = 30_000;

/** A simulator that listens in a process of its own, until it is disposed of. */
export interface SimulatorProcess extends AsyncDisposable {
  /** Address to connect to. */
  readonly url: string;
  /** Its standard output so far. */
  readonly output: string;
  /** Id of the process. */
  readonly pid: number;
  /** Resolves when the process has ended, by itself or by being disposed of. */
  readonly ended: Promise<void>;
}

/**
 * Starts the simulator on a free port, with further options of its command line, and waits until it listens.
 *
 * @throws {Error} when the command ends before it listens, or is stopped as it takes too long.
 */
export async function startSimulator(root: string, options: readonly string[] = []): Promise<SimulatorProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", SIMULATOR, "--port", "0", ...options],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  const timer = setTimeout(() => child.kill(), START_TIMEOUT_MS);
  let output = "";
  let url: string | undefined;
  for await (const text of lines.values({ preventCancel: true })) {
    output += text;
    url = /^Listening on (wss?:\S+)\n/m.exec(output)?.[1];
    if (url !== undefined) break;
  }
  clearTimeout(timer);
  if (url !== undefined) return running(child, lines, url, output);
  const { code } = await child.status;
  throw new Error(`Cannot start the simulator as ${SIMULATOR} ended with code ${code}: ${output}`);
}

function running(
  child: Deno.ChildProcess,
  lines: ReadableStream<string>,
  url: string,
  output: string,
): SimulatorProcess {
  let alive = true;
  const drained = lines.pipeTo(new WritableStream({ write: (text) => void (output += text) }));
  const ended = child.status.then(() => {
    alive = false;
    return drained;
  });
  return {
    url,
    get output() {
      return output;
    },
    pid: child.pid,
    ended,
    async [Symbol.asyncDispose]() {
      if (alive) child.kill();
      await ended;
    },
  };
}
