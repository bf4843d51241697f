import { OpenAIRealtimeWebSocket as AgentsWebSocket, RealtimeAgent, RealtimeSession } from "@openai/agents-realtime";
import { connectVoice, type ConnectVoiceOptions } from "../../../mod.ts";
import * as audioKit from "../../../src/audio/mod.ts";
import { dialOpenai } from "../_delta_readers.ts";

const DELTA = "response.output_audio.delta";
const APPEND = "input_audio_buffer.append";
const REQUEST = { type: "response.create" } as const;

/** One call, from the side of the client. */
export interface Call {
  /** Sends 20 or 100 ms. */
  say(): void;
  /** Hangs up. */
  close(): unknown;
}

/** A way to hold a call. */
export interface CallWay {
  /** Milliseconds of audio per send. */
  readonly sayMs: number;
  /** Begins a call; `hear` is called with the milliseconds of each piece of audio that is heard. */
  open(port: number, hear: (ms: number) => void): Promise<Call>;
}

const speech = crypto.getRandomValues(new Uint8Array(4800));
const frame = crypto.getRandomValues(new Uint8Array(160));

/** The runtime's own base64. */
const decode = "fromBase64" in Uint8Array
  ? (text: string) => Uint8Array.fromBase64(text)
  : (text: string) => Buffer.from(text, "base64");
const encode = "toBase64" in speech
  ? (bytes: Uint8Array) => bytes.toBase64()
  : (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** Ways by name; the first is the minimum of a client. */
export const CALL_WAYS: Readonly<Record<string, CallWay>> = {
  "bare loop": { sayMs: 100, open: openBare },
  "openai": { sayMs: 100, open: openOpenai },
  "ours": { sayMs: 100, open: openVoice },
  "agents-realtime": { sayMs: 100, open: openAgents },
  "ours, telephony": { sayMs: 20, open: openTelephone },
};

async function openBare(port: number, hear: (ms: number) => void): Promise<Call> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((resolve) => socket.onopen = resolve);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === DELTA) hear(decode(event.delta).length / 48);
  };
  socket.send(JSON.stringify(REQUEST));
  return {
    say: () => socket.send(JSON.stringify({ type: APPEND, audio: encode(speech) })),
    close: () => socket.close(),
  };
}

async function openOpenai(port: number, hear: (ms: number) => void): Promise<Call> {
  const realtime = await dialOpenai(port);
  realtime.on(DELTA, ({ delta }) => hear(decode(delta).length / 48));
  realtime.send(REQUEST);
  return { say: () => realtime.send({ type: APPEND, audio: encode(speech) }), close: () => realtime.close() };
}

async function openAgents(port: number, hear: (ms: number) => void): Promise<Call> {
  const transport = new AgentsWebSocket();
  const session = new RealtimeSession(new RealtimeAgent({ name: "Listener" }), { transport, model: "gpt-realtime" });
  session.on("audio", ({ data }) => hear(data.byteLength / 48));
  await session.connect({ apiKey: "sk-test", url: `ws://127.0.0.1:${port}/realtime?model=gpt-realtime` });
  transport.sendEvent(REQUEST);
  return { say: () => session.sendAudio(speech.buffer), close: () => session.close() };
}

async function connectTo(port: number, options: ConnectVoiceOptions) {
  const voice = await connectVoice({ apiKey: "sk-test", baseUrl: `http://127.0.0.1:${port}`, ...options });
  const writer = voice.input.getWriter();
  writer.closed.catch(() => {});
  voice.session.send(REQUEST);
  return { voice, say: (audio: Uint8Array | Int16Array) => void writer.write(audio).catch(() => {}) };
}

async function openVoice(port: number, hear: (ms: number) => void): Promise<Call> {
  const { say, voice } = await connectTo(port, { overflow: "drop-oldest" });
  void (async () => {
    for await (const { durationMs } of voice.output) hear(durationMs);
  })();
  return { say: () => say(speech), close: () => voice.close() };
}

/** µ-law at 8 kHz in frames of 20 ms on the side of the telephone, PCM at 24 kHz on that of the API. */
async function openTelephone(port: number, hear: (ms: number) => void): Promise<Call> {
  const options = { inputRate: 8000, audioKit, chunkMs: 20, overflow: "drop-oldest" } as const;
  const { say, voice } = await connectTo(port, options);
  const resampler = audioKit.createResampler({ from: 24_000, to: 8000 });
  const framer = audioKit.createAudioChunker({ chunkMs: 20, format: "audio/pcmu" });
  void (async () => {
    for await (const { bytes, durationMs } of voice.output) {
      const muLaw = audioKit.encodeG711(audioKit.float32ToPcm16(resampler.push(audioKit.toInt16(bytes))), "audio/pcmu");
      for (const frame of framer.push(muLaw)) encode(frame);
      hear(durationMs);
    }
  })();
  return { say: () => say(audioKit.decodeG711(frame, "audio/pcmu")), close: () => voice.close() };
}
