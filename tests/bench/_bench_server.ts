/** A server in a process of its own, until it is disposed of. */
export interface BenchServer extends AsyncDisposable {
  /** Port of the loopback address. */
  readonly port: number;
}

/** Starts the server that sends `count` audio deltas when it is asked for a response. */
export async function startBenchServer(count: number): Promise<BenchServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("./_delta_server.ts", import.meta.url).href, `${count}`],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.status;
      await reader.cancel();
    },
  };
}
