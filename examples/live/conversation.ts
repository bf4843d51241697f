/**
 * A spoken conversation over the Live API: a question that a backend answers with a tool, a longer answer that is talked
 * over, and a goodbye. `deno task demo --live` holds it.
 *
 * @module
 */
import { type Clock, type Dial, RealtimeApiError } from "@oai-rt/edge";
import { readWav, toInt16 } from "@oai-rt/edge/audio";
import { connectLive, type LiveSession, type LiveTurn } from "@oai-rt/edge/live";
import { createSimulator, type LiveScenario } from "@oai-rt/edge/simulator";
import { Microphone } from "../demo/microphone.ts";
import { weatherTool } from "../demo/weather_tool.ts";

const ASSETS = new URL("../assets/", import.meta.url);

/** Timeout of an expected utterance, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Options of the conversation. */
export interface LiveConversation {
  /** Key for the server. */
  readonly apiKey: string;
  /** Server to talk to; `undefined` for the embedded simulator. */
  readonly baseUrl: string | undefined;
  /** Model to ask for. */
  readonly model: string | undefined;
  /** Source of time. */
  readonly clock: Clock;
  /** The first question. */
  readonly question: Int16Array;
  /** A request for a longer answer. */
  readonly storyRequest: Int16Array;
  /** Words that interrupt that answer. */
  readonly interruption: Int16Array;
  /** Shows a line. */
  readonly write: (who: string, text: string) => void;
}

/** Holds the conversation; resolves with the speech of the model, without silence. */
export async function holdLiveConversation(conversation: LiveConversation): Promise<Int16Array> {
  const { apiKey, baseUrl, clock, interruption, model, question, storyRequest, write } = conversation;
  const session = await connectLive({
    apiKey,
    baseUrl,
    dial: baseUrl === undefined ? await embeddedServer(clock) : undefined,
    model,
    clock,
    instructions: "You are a helpful travel assistant. Speak calmly. Keep it short.",
    backend: { model: "gpt-5.2", instructions: "Use get_weather for any question about the weather." },
    tools: [weatherTool],
    limits: { maxDurationMs: 180_000 },
  });
  write(
    "connected",
    `to ${baseUrl ?? "the embedded simulator"}, session ${session.id}, model ${session.config?.model}`,
  );
  const said: Int16Array[] = [];
  const microphone = new Microphone(clock);
  const listening = session.pipe({
    from: microphone.audio,
    to: (bytes) => void (session.isSpeaking && said.push(toInt16(bytes).slice())),
  });
  show(session, write);
  try {
    await talk(session, microphone, question, clock);
    await talk(session, microphone, storyRequest, clock, 3_000);
    await talk(session, microphone, interruption, clock);
    await session.say("Goodbye, and have a safe journey.");
    await speechOf(session, clock);
  } finally {
    microphone.switchOff();
    const { confirmed, reason, seconds } = await session.close();
    await listening;
    const { backend } = session.usage;
    write("closed", `${reason}, ${confirmed ? "confirmed" : "not confirmed"}: ${seconds.toFixed(1)} s are billed`);
    write("backend", `${backend.responses} responses, ${backend.inputTokens} tokens in, ${backend.outputTokens} out`);
  }
  const samples = new Int16Array(said.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of said) {
    samples.set(piece, offset);
    offset += piece.length;
  }
  return samples;
}

/** Says something and waits for the answer, or for so much of it. */
async function talk(
  session: LiveSession,
  microphone: Microphone,
  words: Int16Array,
  clock: Clock,
  heardMs?: number,
): Promise<void> {
  await microphone.say(words);
  await speechOf(session, clock, heardMs);
}

/** Waits until the model has spoken and paused, or has spoken for so long. */
async function speechOf(session: LiveSession, clock: Clock, heardMs?: number): Promise<void> {
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  let cancelPause = () => {};
  const cancelPatience = clock.schedule(() => reject(new RealtimeApiError("The model does not speak")), PATIENCE_MS);
  const leave = [
    session.on("speech_started", () => {
      cancelPause();
      if (heardMs !== undefined) cancelPause = clock.schedule(resolve, heardMs);
    }),
    // A pause may lie between an acknowledgement and the answer.
    session.on("speech_stopped", () => {
      if (heardMs === undefined) cancelPause = clock.schedule(resolve, 2_500);
    }),
  ];
  try {
    await promise;
  } finally {
    for (const stop of [...leave, cancelPause, cancelPatience]) stop();
  }
}

/** Prints transcripts and lookups. */
function show(session: LiveSession, write: LiveConversation["write"]): void {
  session.on("turn_done", ({ turn }) => write(turn.role, quoted(turn)));
  session.on("session.delegation.created", ({ delegation }) => write("delegated", `to ${delegation.target}`));
  session.on("tool_call_done", ({ call, output }) => write("tool", `${call.name}(${call.arguments}) gave ${output}`));
}

function quoted({ isBackchannel, text }: LiveTurn): string {
  return `“${text.trim()}”${isBackchannel ? " (while listening)" : ""}`;
}

/** The dialer of the embedded simulator, which knows its part of the conversation. */
async function embeddedServer(clock: Clock): Promise<Dial> {
  const [reply, story, goodbye] = await Promise.all(
    ["reply.wav", "story.wav", "goodbye.wav"].map(async (name) =>
      readWav(await Deno.readFile(new URL(name, ASSETS))).samples
    ),
  );
  const scenario: LiveScenario = {
    turns: [
      {
        user: "What is the weather like in Paris today?",
        delegates: {
          acknowledgement: "Let me look that up.",
          calls: [[{ name: "get_weather", arguments: `{"city":"Paris"}` }]],
          result: "It is sunny in Paris today, with twenty one degrees and a light breeze from the west.",
          audio: reply,
        },
      },
      {
        user: "Tell me what I should pack for a whole week there.",
        says:
          "For a week in Paris, start with comfortable shoes, because you will walk a lot. Take three light shirts, " +
          "two pairs of trousers, and a thin jacket for the evenings by the river.",
        audio: story,
      },
      { user: "Stop, thank you. That is enough.", says: "Of course. Have a lovely trip!", audio: goodbye },
    ],
  };
  return createSimulator({ clock, live: { scenario } }).dial;
}
