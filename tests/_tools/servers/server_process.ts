import { spawnGroup } from "../command.ts";

/** Milliseconds that a server may take until it listens. */
const START_TIMEOUT_MS = 60_000;

/** A server in a process of its own, until it is disposed of. */
export interface ServerProcess extends AsyncDisposable {
  /** Address as the server said it, without a slash at its end. */
  readonly url: string;
  /** Its standard output and standard error so far. */
  readonly output: string;
}

/** Options of {@linkcode startServer}. */
export interface ServerOptions {
  /** Directory to run in. */
  cwd: string;
  /** Environment variables to add. */
  env?: Record<string, string>;
}

/**
 * Starts a server, and waits until it says an address that begins with `http:`.
 *
 * @throws {Error} when it ends before, or is stopped as it takes too long.
 */
export async function startServer(
  command: string,
  args: readonly string[],
  options: ServerOptions,
): Promise<ServerProcess> {
  const child = spawnGroup(command, args, options);
  const listening = Promise.withResolvers<string>();
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      const url = /http:\/\/[\w.]+:\d+(?=\D)/.exec(output)?.[0];
      if (url !== undefined) listening.resolve(url);
    }
  };
  const stop = () => Deno.kill(-child.pid, "SIGKILL");
  let alive = true;
  const ended = Promise.all([child.status, collect(child.stdout), collect(child.stderr)]).then(() => {
    alive = false;
    listening.reject(new Error(`Cannot start ${command} ${args.join(" ")} as it ended: ${output}`));
  });
  const timer = setTimeout(stop, START_TIMEOUT_MS);
  try {
    const url = await listening.promise;
    return {
      url: url.replace(/\/\/(?:0\.0\.0\.0|localhost):/, "//127.0.0.1:"),
      get output() {
        return output;
      },
      async [Symbol.asyncDispose]() {
        if (alive) stop();
        await ended;
      },
    };
  } finally {
    clearTimeout(timer);
  }
}
