/** A voice session: the model's speech, as audio and as text. Counterpart of “Quickstart (Voice-first SDK)”. */
import { connectVoice, type ConnectVoiceOptions } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Logs the transcripts until the session ends. */
export async function quickstart(options: ConnectVoiceOptions, log: (line: string) => void): Promise<void> {
  await using voice = await connectVoice({
    model: "gpt-realtime",
    voice: "alloy",
    turnDetection: "server_vad",
    transcription: { model: "gpt-4o-transcribe" },
    autoBargeIn: true,
    ...options,
  });
  const events = voice.events({ audio: true });
  void voice.output.pipeTo(new WritableStream());
  voice.session.respond();
  for await (const event of events) {
    // PCM16 at 24 kHz.
    if (event.type === "audio_delta") log(`audio bytes: ${event.bytes.length}`);
    if (event.type === "transcript_done") log(`assistant: ${event.transcript}`);
    if (event.type === "response_done") break;
  }
}

if (import.meta.main) await quickstart(environment(), console.log);
