/** Milliseconds that a host may take until it listens, and until it ends. */
const TIMEOUT_MS = 60_000;

/** A simulator in a process of another runtime, which ends with its input. */
export interface HostProcess extends AsyncDisposable {
  /** Base URL of the API. */
  readonly baseUrl: string;
}

/** Starts a host, and waits until it says where it listens. */
export async function startHost(command: string, args: readonly string[]): Promise<HostProcess> {
  const child = new Deno.Command(command, {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const output = child.stdout.pipeThrough(new TextDecoderStream());
  const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
  let text = "";
  for await (const part of output.values({ preventCancel: true })) {
    text += part;
    if (/^Listening on \S+\n/m.test(text)) break;
  }
  clearTimeout(timer);
  const drained = output.pipeTo(new WritableStream());
  const baseUrl = /^Listening on (\S+)\n/m.exec(text)?.[1];
  if (baseUrl === undefined) {
    await Promise.all([child.stdin.close(), child.status, drained]);
    throw new Error(`${command} ended before it listened: ${text}${await errors}`);
  }
  return {
    baseUrl,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await Promise.all([child.status, drained, errors]);
    },
  };
}
