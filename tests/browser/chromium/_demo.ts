import { ROOT } from "../../_tools/repository.ts";

/** The demo page, served by another process. */
export interface DemoProcess extends AsyncDisposable {
  readonly url: string;
}

/** Starts the demo as its task does. */
export async function startDemo(options: readonly string[] = []): Promise<DemoProcess> {
  const config = `${ROOT}/examples/simulator/media/deno.json`;
  const args = [
    "run",
    "--quiet",
    "-A",
    "--no-check",
    "--config",
    config,
    "examples/web/main.ts",
    "--port",
    "0",
    ...options,
  ];
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { OPENAI_API_KEY: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let output = "";
  let url: string | undefined;
  for await (const text of lines.values({ preventCancel: true })) {
    output += text;
    url = /http:\S+/.exec(output)?.[0];
    if (url) break;
  }
  const drained = lines.pipeTo(new WritableStream());
  if (!url) throw new Error(`Cannot start the demo: ${output}`);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.status;
      await drained;
    },
  };
}
