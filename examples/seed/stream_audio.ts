/** Audio of the microphone as a stream. Counterpart of “Streaming microphone audio”. */
import { connectVoice, type VoiceSession } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Sends chunks of any size at 24 kHz, joined to appends of 100 ms; none is committed automatically. */
export function streamAudio(voice: VoiceSession, chunks: Iterable<Int16Array> | AsyncIterable<Int16Array>) {
  return ReadableStream.from(chunks).pipeTo(voice.input);
}

if (import.meta.main) {
  await using voice = await connectVoice(environment());
  await streamAudio(voice, [new Int16Array(480), new Int16Array(480).fill(1)]);
}
