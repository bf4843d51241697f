import { parseArgs } from "node:util";

/** Options of the demo. */
export interface DemoOptions {
  /** WAV file with the first question. */
  readonly input: URL | string;
  /** WAV file that the reply is written to. */
  readonly output: string;
  /** Whether time runs eight times as fast. */
  readonly fast: boolean;
  /** Server to talk to; `undefined` for the embedded simulator. */
  readonly baseUrl: string | undefined;
  /** Key for that server. */
  readonly apiKey: string;
  /** Model to ask for. */
  readonly model: string | undefined;
  /** Whether the conversation is held over the Live API. */
  readonly live: boolean;
}

export const HELP = `A spoken conversation: a WAV file in, a WAV file and transcripts out.

Usage: deno task demo [options]

  --input FILE    the question, a WAV file: 24 kHz, mono, 16-bit PCM (a recording of ours by default)
  --output FILE   where the reply goes (default demo_reply.wav)
  --fast          let time run eight times as fast
  --simulator     talk to the embedded simulator, even when OPENAI_API_KEY is set
  --url URL       talk to this server, e.g. ws://127.0.0.1:8787/v1/realtime
  --model NAME    ask for this model (default gpt-realtime-2.1, with --live gpt-live-1)
  --live          hold the same conversation over the Live API, where a backend looks up the weather
  --help          show this

Without --url the demo talks to the real API when OPENAI_API_KEY is set (at OPENAI_BASE_URL, if set), and to the
embedded simulator otherwise: no key, no network.`;

/** Names the server that the demo uses, and its cost: the first line. */
export function describeServer({ baseUrl }: Pick<DemoOptions, "baseUrl">): string {
  if (baseUrl === undefined) return "Server: the embedded simulator. It is free: no key, no network.";
  const { hostname, host } = new URL(baseUrl);
  if (hostname === "api.openai.com") {
    return "Server: the OpenAI API. It bills your account, some US cents a run; --simulator is free.";
  }
  return `Server: ${host}. Its operator decides what it costs.`;
}

/** Default question. */
export const QUESTION = new URL("../assets/question.wav", import.meta.url);

/**
 * Reads the command line and the environment.
 *
 * @returns the options, or `undefined` when only help is wanted.
 * @throws {TypeError} when the command line is not understood.
 */
export function readOptions(
  args: string[],
  env: (name: string) => string | undefined,
): DemoOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  if (values.simulator && values.url !== undefined) {
    throw new TypeError("Only one of --simulator and --url may be given");
  }
  if (values.url !== undefined && !URL.canParse(values.url)) {
    throw new TypeError(`Cannot connect as --url must be an address: current value is ${values.url}`);
  }
  const apiKey = values.simulator ? undefined : env("OPENAI_API_KEY");
  const realApi = apiKey ? env("OPENAI_BASE_URL") ?? "https://api.openai.com/v1" : undefined;
  return {
    input: values.input ?? QUESTION,
    output: values.output,
    fast: values.fast,
    // The address that the simulator prints is that of the socket, one level below the base of the API.
    baseUrl: values.url?.replace(/\/(realtime|live\/sessions)\/?(\?.*)?$/, "") ?? realApi,
    apiKey: apiKey || "sk-demo",
    model: values.model,
    live: values.live,
  };
}

function parse(args: string[]) {
  const config = {
    args,
    options: {
      input: { type: "string" },
      output: { type: "string", default: "demo_reply.wav" },
      fast: { type: "boolean", default: false },
      simulator: { type: "boolean", default: false },
      url: { type: "string" },
      model: { type: "string" },
      live: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  } as const;
  try {
    return parseArgs(config).values;
  } catch (error) {
    throw new TypeError(`${error instanceof Error ? error.message : error} (see --help)`);
  }
}
