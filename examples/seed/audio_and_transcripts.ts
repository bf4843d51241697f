/** Audio and words one by one. Counterpart of “Convenience audio/transcript streams”. */
import { type AudioChunk, connectVoice, type Utterance, type VoiceSession } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** The next piece of audio, and the next complete transcript. */
export async function next(voice: VoiceSession): Promise<readonly [AudioChunk | undefined, Utterance | undefined]> {
  const utterances = voice.transcripts();
  const reader = voice.output.getReader();
  const chunk = await reader.read();
  reader.releaseLock();
  const utterance = await utterances.next();
  return [chunk.value, utterance.value];
}

if (import.meta.main) {
  await using voice = await connectVoice(environment());
  voice.session.respond();
  const [chunk, utterance] = await next(voice);
  console.log(`audio bytes: ${chunk?.bytes.length}`);
  console.log(`transcript: ${utterance?.text}`);
}
