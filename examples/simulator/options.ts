import { parseArgs } from "node:util";
import { dirname, resolve } from "node:path";
import {
  type Fault,
  loadScenario,
  type Scenario,
  SERVER_PROFILES,
  type ServerName,
  type SimulatorLatency,
  type SimulatorPace,
} from "@oai-rt/edge/simulator";
import { messageOf } from "./command.ts";
import { parseJsonText } from "./parse_json_text.ts";

/** Output of `--help`. */
export const HELP = `Serves the Realtime simulator over WebSocket and HTTP.

Usage: deno task simulator [options]

  --port N          port to listen on; 0 takes a free one (default 8787)
  --pace P          speed of the model's audio: realtime, fast, or a multiple of real time (default 4)
  --latency L       delay of answers: none, recorded (that of the real server) or milliseconds (default recorded at
                    --pace realtime, else none)
  --server S        server to imitate: openai (default), azure, voice-live, xai or self-hosted
  --scenario FILE   script of the user's and the model's words, as JSON; without it an echo model answers anything.
                    Events that it expects of the client are checked at the end: if one is missing, the exit code is 1
  --faults FAULTS   faults of every session: a list as JSON, or the name of a file that contains one, e.g.
                    '[{ "type": "drop", "at": "response.output_audio.delta", "skip": 3 }]'
  --record FOLDER   write the events of each session to a file in the folder, as JSON lines, without secrets, and with
                    the length of audio in its place
  --ring URL        simulate an incoming telephone call: send its webhook to an app, which accepts or rejects it
  --ring-secret S   secret that signs the webhook: whsec_ and base64, or any text
  --tls-cert FILE   certificate, PEM; with --tls-key the address is wss:
  --tls-key FILE    private key, PEM
  --webrtc          carry the audio of WebRTC calls; the first time, this installs node-datachannel and libopus-wasm
  --log             print every event in both directions
  --help            print this help`;

/** A telephone to ring. */
export interface Ring {
  /** Destination of the call's webhook. */
  readonly webhookUrl: URL;
  /** Secret of the signature. */
  readonly secret: string;
}

/** Options of the command. */
export interface CommandOptions {
  readonly port: number;
  readonly pace: SimulatorPace;
  readonly latency: "none" | "recorded" | SimulatorLatency;
  readonly server: ServerName;
  readonly scenario: Scenario | undefined;
  readonly faults: readonly Fault[];
  readonly record: string | undefined;
  readonly ring: Ring | undefined;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly log: boolean;
  readonly webrtc: boolean;
}

/** An invalid option; its message is shown to the user. */
export class OptionError extends Error {}

/** Reads the options, and the files that they name; `undefined` for `--help`. */
export async function readOptions(args: string[]): Promise<CommandOptions | undefined> {
  const values = parse(args);
  if (values.help) return undefined;
  const pace = readPace(values.pace ?? "4");
  return {
    port: readPort(values.port ?? "8787"),
    pace,
    latency: readLatency(values.latency ?? (pace === "realtime" ? "recorded" : "none")),
    server: readServer(values.server ?? "openai"),
    scenario: values.scenario === undefined ? undefined : await readScenario(values.scenario),
    faults: values.faults === undefined ? [] : await readFaults(values.faults),
    record: values.record,
    ring: readRing(values.ring, values["ring-secret"]),
    tls: await readTls(values["tls-cert"], values["tls-key"]),
    log: values.log ?? false,
    webrtc: values.webrtc ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        pace: { type: "string" },
        latency: { type: "string" },
        server: { type: "string" },
        scenario: { type: "string" },
        faults: { type: "string" },
        record: { type: "string" },
        ring: { type: "string" },
        "ring-secret": { type: "string" },
        "tls-cert": { type: "string" },
        "tls-key": { type: "string" },
        webrtc: { type: "boolean" },
        log: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new OptionError(`${messageOf(error)} (see --help)`);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new OptionError(`Cannot listen as --port must be an integer from 0 to 65535: current value is ${text}`);
}

function readPace(text: string): SimulatorPace {
  if (text === "realtime" || text === "fast") return text;
  const pace = Number(text);
  if (pace > 0 && pace < Infinity) return pace;
  throw new OptionError(`Cannot start as --pace must be realtime, fast or a number > 0: current value is ${text}`);
}

function readLatency(text: string): CommandOptions["latency"] {
  if (text === "none" || text === "recorded") return text;
  const ackMs = Number(text);
  if (text.trim() !== "" && ackMs >= 0 && ackMs < Infinity) return { ackMs };
  throw new OptionError(
    `Cannot start as --latency must be none, recorded or milliseconds >= 0: current value is ${text}`,
  );
}

function readServer(text: string): ServerName {
  if (Object.hasOwn(SERVER_PROFILES, text)) return text as ServerName;
  const names = Object.keys(SERVER_PROFILES).join(", ");
  throw new OptionError(`Cannot start as --server must be one of ${names}: current value is ${text}`);
}

async function readScenario(file: string): Promise<Scenario> {
  const text = await readFile(file, (path) => Deno.readTextFile(path));
  const read = (path: string) => readFile(resolve(dirname(file), path), (file) => Deno.readFile(file));
  try {
    return await loadScenario(parseJsonText(text), { read });
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`Cannot use the scenario ${file}: ${messageOf(error)}`);
  }
}

/** Reads a list of faults; whether there are such faults is checked by the simulator. */
async function readFaults(faults: string): Promise<readonly Fault[]> {
  const text = /^\s*[[{]/.test(faults) ? faults : await readFile(faults, (path) => Deno.readTextFile(path));
  let list: unknown;
  try {
    list = parseJsonText(text);
  } catch (error) {
    throw new OptionError(`Cannot use the faults ${faults}: ${messageOf(error)}`);
  }
  const isFault = (each: unknown): each is Fault => typeof each === "object" && each !== null && "type" in each;
  if (Array.isArray(list) && list.every(isFault)) return list;
  throw new OptionError(`Cannot use the faults ${faults}: they must be a list of objects with a type`);
}

function readRing(url: string | undefined, secret: string | undefined): Ring | undefined {
  if (url === undefined && secret === undefined) return undefined;
  if (!url || !secret) {
    throw new OptionError("Cannot ring as --ring and --ring-secret go together: one of them is missing");
  }
  const webhookUrl = URL.parse(url);
  if (webhookUrl) return { webhookUrl, secret };
  throw new OptionError(`Cannot ring as --ring must be an address: current value is ${url}`);
}

async function readTls(certFile: string | undefined, keyFile: string | undefined): Promise<CommandOptions["tls"]> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new OptionError("Cannot serve TLS as --tls-cert and --tls-key go together: one of them is missing");
  }
  const [cert, key] = await Promise.all([certFile, keyFile].map((file) => readFile(file, Deno.readTextFile)));
  return { cert: cert!, key: key! };
}

async function readFile<Content>(path: string, read: (path: string) => Promise<Content>): Promise<Content> {
  try {
    return await read(path);
  } catch (error) {
    throw new OptionError(`Cannot read ${path}: ${messageOf(error)}`);
  }
}
