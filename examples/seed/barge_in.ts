/** An interruption by hand. Counterpart of “Barge-in”. */
import { connectVoice, type PlayoutTruncation, type VoiceSession } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Stops the model's speech, and truncates the conversation at the heard position. */
export function bargeIn(voice: VoiceSession): Promise<readonly PlayoutTruncation[]> {
  return voice.bargeIn();
}

if (import.meta.main) {
  await using voice = await connectVoice(environment());
  const reader = voice.output.getReader();
  voice.session.respond({ instructions: "Tell a long story." });
  await reader.read();
  console.log(await bargeIn(voice));
}
