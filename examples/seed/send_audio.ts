/** Audio of the microphone, sent immediately. Counterpart of “Sending microphone audio”. */
import { connect, type Session } from "@oai-rt/edge";
import { toBytes } from "@oai-rt/edge/audio";
import { environment } from "./environment.ts";

/** Sends samples at 24 kHz without making an item of them. */
export function sendAudio(session: Session, samples: Int16Array): void {
  session.appendAudio(toBytes(samples));
}

/** Sends samples at 24 kHz and creates an item from them, which must be at least 100 ms long; resolves with its id. */
export function sendTurn(session: Session, samples: Int16Array): Promise<string> {
  sendAudio(session, samples);
  return session.commitAudio();
}

if (import.meta.main) {
  await using session = await connect(environment());
  sendAudio(session, new Int16Array(2400)); // 100 ms
}
