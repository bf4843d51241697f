/**
 * A spoken conversation, end to end: a question from a WAV file, a tool call, a spoken answer, a longer answer that is
 * interrupted. Against the embedded simulator, any server, or the real API. See `deno task demo --help`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Clock, connectVoice, type Dial, systemClock, type VoiceSession } from "@oai-rt/edge";
import { readWav, writeWav } from "@oai-rt/edge/audio";
import { createScenarioModel, createSimulator, loadScenario } from "@oai-rt/edge/simulator";
import { holdLiveConversation } from "../live/conversation.ts";
import { Conversation } from "./conversation.ts";
import { Microphone } from "./microphone.ts";
import { type DemoOptions, describeServer, HELP, readOptions } from "./options.ts";
import { Screen } from "./screen.ts";
import { latencyTable, usageTable } from "./turn_log.ts";
import { weatherTool } from "./weather_tool.ts";

/** Speed of `--fast`, as a multiple of real time. */
const FAST = 8;

const SCENARIO = new URL("./scenario.json", import.meta.url);
const STORY_REQUEST = new URL("../assets/story_request.wav", import.meta.url);
const INTERRUPTION = new URL("../assets/interruption.wav", import.meta.url);

/** A clock that runs `factor` times as fast as another. */
function fasterClock(clock: Clock, factor: number): Clock {
  return {
    now: () => clock.now() * factor,
    schedule: (callback, delayMs) => clock.schedule(callback, delayMs / factor),
  };
}

/** Reads a recording, which must be in the format of the session. */
async function readRecording(file: URL | string): Promise<Int16Array> {
  const name = file instanceof URL ? fileURLToPath(file) : file;
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (cause) {
    throw new Error(`Cannot read ${name}: ${cause instanceof Deno.errors.NotFound ? "there is no such file" : cause}`);
  }
  try {
    const { format, sampleRate, channels, samples } = readWav(bytes);
    if (format !== "audio/pcm" || sampleRate !== 24_000 || channels !== 1) {
      throw new Error(`it must be 24000 Hz mono PCM, and is ${sampleRate} Hz ${format} with ${channels} channel(s)`);
    }
    return samples;
  } catch (cause) {
    throw new Error(`Cannot play ${name}: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** Writes a file whole or not at all. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.part`;
  try {
    await Deno.writeFile(partial, bytes);
    await Deno.rename(partial, file);
  } catch (cause) {
    await Deno.remove(partial).catch(() => {});
    throw new Error(`Cannot write ${file}: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** The dialer of the embedded simulator, which plays the demo's scenario. */
async function embeddedServer(clock: Clock): Promise<Dial> {
  const scenario = await loadScenario(JSON.parse(await Deno.readTextFile(SCENARIO)), {
    read: (path) => Deno.readFile(new URL(path, SCENARIO)),
  });
  return createSimulator({ createModel: () => createScenarioModel(scenario), clock }).dial;
}

function connectTo(options: DemoOptions, clock: Clock, dial: Dial | undefined): Promise<VoiceSession> {
  return connectVoice({
    apiKey: options.apiKey,
    baseUrl: options.baseUrl,
    model: options.model,
    instructions:
      "You are a helpful travel assistant. Speak calmly. Use get_weather for any question about the weather.",
    transcription: { model: "gpt-4o-mini-transcribe" },
    turnDetection: "server_vad",
    tools: [weatherTool],
    clock,
    dial,
  });
}

/** Holds the conversation. */
async function run(options: DemoOptions): Promise<void> {
  const [question, storyRequest, interruption] = await Promise.all(
    [options.input, STORY_REQUEST, INTERRUPTION].map(readRecording),
  ) as [Int16Array, Int16Array, Int16Array];
  const clock = options.fast ? fasterClock(systemClock, FAST) : systemClock;
  const startedAt = clock.now();
  const encoder = new TextEncoder();
  const screen = new Screen({
    write: (text) => void Deno.stdout.writeSync(encoder.encode(text)),
    isTerminal: Deno.stdout.isTerminal(),
    // As specified by https://no-color.org.
    hasColour: Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR"),
    columns: terminalColumns,
    elapsedMs: () => clock.now() - startedAt,
  });
  screen.plain(describeServer(options));
  const dial = options.baseUrl === undefined ? await embeddedServer(clock) : undefined;
  await using voice = await connectTo(options, clock, dial);
  screen.plain(`Connected, model ${modelOf(voice)}`);
  const microphone = new Microphone(clock);
  const conversation = new Conversation({ voice, microphone, screen, clock });
  void voice.pipe({ from: microphone.audio, to: conversation.loudspeaker });
  try {
    await conversation.ask("question", question);
    await conversation.hearOut();
    await writeWhole(options.output, writeWav(conversation.played, { sampleRate: 24_000 }));
    screen.plain(`The reply is in ${options.output}`);

    await conversation.ask("long answer", storyRequest);
    await conversation.hearSome();
    await conversation.ask("interruption", interruption);
    await conversation.hearOut();
  } finally {
    microphone.switchOff();
    conversation.end();
  }
  screen.plain();
  for (const line of latencyTable(conversation.log.turns)) screen.plain(line);
  screen.plain();
  for (const line of usageTable(conversation.log.usage)) screen.plain(line);
}

/** The width of the terminal, which may change. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

function modelOf(voice: VoiceSession): string {
  const { config } = voice.session;
  return config?.type === "realtime" ? config.model ?? "unknown" : "unknown";
}

/** Holds the same conversation over the Live API. */
async function runLive(options: DemoOptions): Promise<void> {
  const [question, storyRequest, interruption] = await Promise.all(
    [options.input, STORY_REQUEST, INTERRUPTION].map(readRecording),
  ) as [Int16Array, Int16Array, Int16Array];
  const clock = options.fast ? fasterClock(systemClock, FAST) : systemClock;
  const startedAt = clock.now();
  const { apiKey, baseUrl, model } = options;
  console.log(describeServer(options));
  const said = await holdLiveConversation({
    apiKey,
    baseUrl,
    model,
    clock,
    question,
    storyRequest,
    interruption,
    write: (who, text) => {
      console.log(`${((clock.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${who.padEnd(9)} ${text}`);
    },
  });
  await writeWhole(options.output, writeWav(said, { sampleRate: 24_000 }));
  console.log(`Everything that the model said is in ${options.output}`);
}

async function main(): Promise<number> {
  try {
    const options = readOptions(Deno.args, (name) => Deno.env.get(name));
    if (options?.live) await runLive(options);
    else if (options) await run(options);
    else console.log(HELP);
    return 0;
  } catch (error) {
    console.error(`demo: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
